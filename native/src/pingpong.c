/*
 * The bare round trip of 64 bytes between 2 ranks: the yardstick for latencies.
 *
 *   mpirun -n 2 heddle-pingpong-openmpi [ITERATIONS]
 *
 * It ends after ITERATIONS or after 2 seconds. It uses preposted Irecv, Isend, and Test in a
 * loop, as the transport does. Rank 0 prints one JSON line: p50Us and meanUs are of one whole round
 * trip; version is the MPI's name for itself.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

#define BYTES 64
#define TAG 1
/* Bounds the loop: ranks that share a core take milliseconds for a round trip. */
#define SECONDS_MAX 2.0

static void await(MPI_Request *request) {
    int done = 0;
    while (!done) {
        MPI_Test(request, &done, MPI_STATUS_IGNORE);
    }
}

static int by_value(const void *left, const void *right) {
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The first words of the library's description, such as "Open MPI v4.1.4" from a page of text,
 * without characters that JSON escapes. */
static void library_version(char *version, size_t length_max) {
    char whole[MPI_MAX_LIBRARY_VERSION_STRING];
    int whole_length = 0;
    size_t length = 0;
    if (MPI_Get_library_version(whole, &whole_length) == MPI_SUCCESS) {
        for (int i = 0; i < whole_length && length < length_max - 1; i++) {
            char c = whole[i];
            if (c == '\0' || c == '\n' || c == ',') {
                break;
            }
            version[length++] = c < ' ' || c > '~' || c == '"' || c == '\\' ? ' ' : c;
        }
    }
    version[length] = '\0';
}

int main(int argc, char **argv) {
    int provided = 0;
    int rank = 0;
    int size = 0;
    char in[BYTES] = {0};
    char out[BYTES] = {0};
    MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    long iterations = argc > 1 ? strtol(argv[1], NULL, 10) : 100000;
    if (size != 2 || iterations < 1 || iterations > 100000000) {
        if (rank == 0) {
            fprintf(stderr,
                    "heddle-pingpong: ranks=%d iterations=%ld; start it with 2 ranks and 1 to "
                    "100000000 iterations\n",
                    size, iterations);
        }
        MPI_Finalize();
        return 2;
    }
    long warmup = iterations / 10 + 100;
    double *times = malloc(sizeof *times * (size_t)iterations);
    if (times == NULL) {
        fprintf(stderr, "heddle-pingpong: no memory for iterations=%ld\n", iterations);
        MPI_Abort(MPI_COMM_WORLD, 1);
        return 1;
    }
    int peer = 1 - rank;
    MPI_Request receive = MPI_REQUEST_NULL;
    MPI_Request send = MPI_REQUEST_NULL;
    MPI_Irecv(in, BYTES, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &receive);
    MPI_Barrier(MPI_COMM_WORLD);
    double total = 0;
    double begin = MPI_Wtime();
    long count = 0;
    /* Rank 0 counts and reads the clock. The first byte of its last message marks the end. */
    for (long i = -warmup, last = 0; !last; i++) {
        double start = MPI_Wtime();
        if (rank == 1) {
            await(&receive);
            last = in[0];
            MPI_Irecv(in, BYTES, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &receive);
        } else {
            if (i < 0 && start - begin > SECONDS_MAX / 2) {
                i = 0;
            }
            last = i == iterations - 1 || start - begin > SECONDS_MAX;
            out[0] = (char)last;
        }
        MPI_Isend(out, BYTES, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &send);
        if (rank == 0) {
            await(&receive);
            MPI_Irecv(in, BYTES, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &receive);
        }
        await(&send);
        if (rank == 0 && i >= 0) {
            times[count] = (MPI_Wtime() - start) * 1e6;
            total += times[count++];
        }
    }
    MPI_Cancel(&receive);
    MPI_Wait(&receive, MPI_STATUS_IGNORE);
    if (rank == 0) {
        qsort(times, (size_t)count, sizeof *times, by_value);
        char version[80];
        library_version(version, sizeof version);
        printf("{\"p50Us\": %.4f, \"meanUs\": %.4f, \"iterations\": %ld, \"bytes\": %d, "
               "\"version\": \"%s\"}\n",
               times[count / 2], total / (double)count, count, BYTES, version);
    }
    free(times);
    MPI_Finalize();
    return 0;
}
