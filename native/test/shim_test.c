/*
 * Tests what Java relies on, with the shim alone. Runs with any number of ranks. Every wait has a
 * deadline, so that a fault names itself instead of hanging.
 */
#include "heddle_mpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RING 4
#define BYTES 512
#define MESSAGES 200
#define TAG 7
/* Its own tag: a rank may begin the bulk test while rank 0 still receives from any source. */
#define BULK_TAG 8

static int32_t rank = -1;
static int32_t size = 0;

static void fail(const char *what, int line) {
    fprintf(stderr, "shim_test: rank=%d size=%d line=%d: %s\n", rank, size, line, what);
    exit(1);
}

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fail(#condition, __LINE__);                                                            \
        }                                                                                          \
    } while (0)

#define OK(call)                                                                                   \
    do {                                                                                           \
        int32_t code_ = (call);                                                                    \
        if (code_ != 0) {                                                                          \
            char text_[512] = {0};                                                                 \
            int32_t class_ = 0;                                                                    \
            heddle_error(code_, sizeof text_, text_, &class_);                                     \
            fprintf(stderr, "code=%d class=%d text=%s\n", code_, class_, text_);                   \
            fail(#call, __LINE__);                                                                 \
        }                                                                                          \
    } while (0)

static void pause_a_little(time_t start, int line) {
    struct timespec nap = {0, 50000};
    if (time(NULL) - start > 30) {
        fail("no progress within 30 s", line);
    }
    nanosleep(&nap, NULL);
}

static void await(heddle_requests *requests, int32_t index, int line) {
    time_t start = time(NULL);
    int32_t done = 0;
    while (1) {
        OK(heddle_test(requests, index, &done));
        if (done) {
            return;
        }
        pause_a_little(start, line);
    }
}

static void test_communicators(void) {
    int32_t dup = -1;
    int32_t odd = -1;
    int32_t none = 0;
    int32_t host = -1;
    int32_t value = -1;
    OK(heddle_comm_dup(HEDDLE_WORLD, &dup));
    OK(heddle_comm_size(dup, &value));
    CHECK(value == size);
    OK(heddle_comm_split(HEDDLE_WORLD, rank % 2, rank, &odd));
    int32_t *ranks = calloc((size_t)size, sizeof *ranks);
    OK(heddle_comm_size(odd, &value));
    CHECK(value == (size + 1 - rank % 2) / 2);
    OK(heddle_comm_world_ranks(odd, ranks));
    for (int32_t i = 0; i < value; i++) {
        CHECK(ranks[i] == 2 * i + rank % 2);
    }
    free(ranks);
    OK(heddle_comm_split(HEDDLE_WORLD, -1, 0, &none));
    CHECK(none == -1);
    OK(heddle_comm_split_host(HEDDLE_WORLD, rank, &host));
    OK(heddle_comm_rank(host, &value));
    CHECK(value >= 0 && value <= rank);
    CHECK(heddle_comm_rank(99, &value) != 0);
    CHECK(heddle_comm_free(HEDDLE_WORLD) != 0);
    OK(heddle_comm_free(odd));
    OK(heddle_comm_free(host));
    OK(heddle_comm_free(dup));
}

static void test_collectives(void) {
    char text[16] = {0};
    if (rank == 0) {
        strcpy(text, "heddle");
    }
    OK(heddle_bcast(HEDDLE_WORLD, text, sizeof text, 0));
    CHECK(strcmp(text, "heddle") == 0);
    int64_t in[2] = {rank, 1};
    int64_t out[2] = {-1, -1};
    OK(heddle_allreduce_sum(HEDDLE_WORLD, 2, in, out));
    CHECK(out[0] == (int64_t)size * (size - 1) / 2 && out[1] == size);
    OK(heddle_allreduce_max(HEDDLE_WORLD, 2, in, out));
    CHECK(out[0] == size - 1 && out[1] == 1);
}

/* All ranks send to rank 0, which sees every sender's messages in order. */
static void test_ring(void) {
    void *memory = NULL;
    heddle_requests *ring = NULL;
    heddle_requests *sends = NULL;
    OK(heddle_allocate(RING * BYTES, &memory));
    OK(heddle_requests_new(RING, &ring));
    CHECK(heddle_requests_new(0, &sends) != 0 && sends == NULL);
    OK(heddle_requests_new(1, &sends));
    if (rank == 0) {
        int32_t *next = calloc((size_t)size, sizeof *next);
        int32_t sources[RING];
        int32_t bytes[RING];
        int32_t head = 0;
        int64_t open = (int64_t)MESSAGES * (size - 1);
        time_t start = time(NULL);
        OK(heddle_irecv_ring(memory, BYTES, BYTES, TAG, HEDDLE_WORLD, ring, 0, RING));
        CHECK(heddle_irecv_ring(memory, BYTES, BYTES, TAG, HEDDLE_WORLD, ring, 0, 1) != 0);
        while (open > 0) {
            int32_t got = 0;
            OK(heddle_test_ring(ring, head, RING, &got, sources, bytes));
            for (int32_t i = 0; i < got; i++) {
                int32_t value = -1;
                memcpy(&value, (char *)memory + ((head + i) % RING) * BYTES, sizeof value);
                CHECK(sources[i] > 0 && sources[i] < size);
                CHECK(bytes[i] == 4 + next[sources[i]] % (BYTES - 4));
                CHECK(value == next[sources[i]]++);
            }
            OK(heddle_irecv_ring(memory, BYTES, BYTES, TAG, HEDDLE_WORLD, ring, head, got));
            head = (head + got) % RING;
            open -= got;
            if (got == 0) {
                pause_a_little(start, __LINE__);
            }
        }
        for (int32_t i = 0; i < RING; i++) {
            OK(heddle_cancel(ring, i));
            await(ring, i, __LINE__);
        }
        CHECK(heddle_cancel(ring, 0) != 0);
        free(next);
    } else {
        for (int32_t i = 0; i < MESSAGES; i++) {
            int32_t done = 0;
            memcpy(memory, &i, sizeof i);
            OK(heddle_isend(memory, 4 + i % (BYTES - 4), 0, TAG, HEDDLE_WORLD, sends, 0, &done));
            if (!done) {
                await(sends, 0, __LINE__);
            }
        }
    }
    OK(heddle_requests_free(ring));
    OK(heddle_requests_free(sends));
    free(memory);
}

/* Large messages along a ring of ranks, several at once, tested together. */
static void test_some(void) {
    enum { CHUNKS = 3, CHUNK = 1 << 20 };
    heddle_requests *receives = NULL;
    heddle_requests *sends = NULL;
    char *in = malloc((size_t)CHUNKS * CHUNK);
    char *out = malloc((size_t)CHUNKS * CHUNK);
    int32_t indices[CHUNKS];
    int32_t bytes[CHUNKS];
    int32_t received = 0;
    int32_t sent = 0;
    time_t start = time(NULL);
    OK(heddle_requests_new(CHUNKS, &receives));
    OK(heddle_requests_new(CHUNKS, &sends));
    for (int32_t i = 0; i < CHUNKS; i++) {
        memset(out + (size_t)i * CHUNK, rank + i, CHUNK);
        OK(heddle_irecv(in + (size_t)i * CHUNK, CHUNK, (rank + size - 1) % size, BULK_TAG,
                        HEDDLE_WORLD, receives, i));
    }
    for (int32_t i = 0; i < CHUNKS; i++) {
        int32_t done = 0;
        OK(heddle_isend(out + (size_t)i * CHUNK, CHUNK, (rank + 1) % size, BULK_TAG, HEDDLE_WORLD,
                        sends, i, &done));
        sent += done;
    }
    while (received < CHUNKS || sent < CHUNKS) {
        int32_t got = 0;
        OK(heddle_test_some(receives, CHUNKS, &got, indices, bytes));
        for (int32_t i = 0; i < got; i++) {
            char *chunk = in + (size_t)indices[i] * CHUNK;
            char expected = (char)((rank + size - 1) % size + indices[i]);
            CHECK(bytes[i] == CHUNK);
            CHECK(chunk[0] == expected && chunk[CHUNK - 1] == expected);
        }
        received += got;
        OK(heddle_test_some(sends, CHUNKS, &got, indices, bytes));
        sent += got;
        pause_a_little(start, __LINE__);
    }
    OK(heddle_requests_free(receives));
    OK(heddle_requests_free(sends));
    free(in);
    free(out);
}

int main(void) {
    char family[32] = {0};
    char library[512] = {0};
    char host[256] = {0};
    int32_t level = -1;
    int32_t tag_max = 0;
    int32_t value = 0;
    heddle_requests *barrier = NULL;
    OK(heddle_describe(sizeof family, family, library));
    CHECK(strcmp(family, "openmpi") == 0 || strcmp(family, "mpich") == 0);
    OK(heddle_init(&level));
    CHECK(level >= HEDDLE_THREAD_SERIALIZED);
    OK(heddle_comm_rank(HEDDLE_WORLD, &rank));
    OK(heddle_comm_size(HEDDLE_WORLD, &size));
    CHECK(rank >= 0 && rank < size);
    OK(heddle_processor_name(sizeof host, host));
    CHECK(strlen(host) > 0);
    OK(heddle_tag_max(&tag_max));
    CHECK(tag_max >= 32767);
    CHECK(heddle_bcast(HEDDLE_WORLD, host, 1, size) != 0);
    OK(heddle_error(heddle_bcast(HEDDLE_WORLD, host, 1, size), sizeof library, library, &value));
    CHECK(strlen(library) > 0);
    test_communicators();
    test_collectives();
    test_ring();
    test_some();
    OK(heddle_requests_new(1, &barrier));
    OK(heddle_ibarrier(HEDDLE_WORLD, barrier, 0));
    await(barrier, 0, __LINE__);
    OK(heddle_requests_free(barrier));
    OK(heddle_finalize());
    if (rank == 0) {
        printf("shim_test: family=%s ranks=%d level=%d ok\n", family, size, level);
    }
    return 0;
}
