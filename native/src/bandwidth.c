/*
 * The bare bandwidth from rank 0 to rank 1 with 16 messages in flight: the yardstick for payloads.
 *
 *   mpirun -n 2 heddle-bandwidth-openmpi [BYTES_MAX]
 *
 * Sizes are powers of 4 from 16 bytes to BYTES_MAX (default 64 MiB). It uses 16 preposted Irecv,
 * each into a buffer of its own, 16 Isend, and Test in a loop, as the transport does. The time ends
 * with rank 1's answer to the last message. Rank 0 prints one line of BYTES=BYTES_PER_SECOND,
 * separated by commas.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MIN 16L
#define BYTES_MAX (64L << 20)
#define WINDOW 16
#define TAG 1
#define TAG_DONE 2

/* Enough bytes for a measurement; 32 messages of 64 MiB are 2 GiB. */
#define VOLUME_BYTES (128L << 20)
#define MESSAGES_MIN 32
#define MESSAGES_MAX 20000

static void await(MPI_Request *request) {
    int done = 0;
    while (!done) {
        MPI_Test(request, &done, MPI_STATUS_IGNORE);
    }
}

static void finish(int rank, MPI_Request *request) {
    char done = 0;
    if (rank == 0) {
        MPI_Irecv(&done, 1, MPI_BYTE, 1, TAG_DONE, MPI_COMM_WORLD, request);
    } else {
        MPI_Isend(&done, 1, MPI_BYTE, 0, TAG_DONE, MPI_COMM_WORLD, request);
    }
    await(request);
}

static void stream(int rank, char *buffers, long bytes, long messages) {
    MPI_Request requests[WINDOW];
    MPI_Request last = MPI_REQUEST_NULL;
    for (long i = 0; i < messages + WINDOW; i++) {
        MPI_Request *request = &requests[i % WINDOW];
        if (i >= WINDOW) {
            await(request);
        }
        if (i >= messages) {
            continue;
        }
        if (rank == 0) {
            MPI_Isend(buffers, (int)bytes, MPI_BYTE, 1, TAG, MPI_COMM_WORLD, request);
        } else {
            MPI_Irecv(buffers + i % WINDOW * bytes, (int)bytes, MPI_BYTE, 0, TAG, MPI_COMM_WORLD,
                      request);
        }
    }
    finish(rank, &last);
}

int main(int argc, char **argv) {
    int provided = 0;
    int rank = 0;
    int size = 0;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    long bytes_max = argc > 1 ? strtol(argv[1], NULL, 10) : BYTES_MAX;
    if (size != 2 || bytes_max < BYTES_MIN || bytes_max > BYTES_MAX) {
        if (rank == 0) {
            fprintf(stderr,
                    "heddle-bandwidth: ranks=%d bytesMax=%ld; start it with 2 ranks and 16 to "
                    "67108864 bytes\n",
                    size, bytes_max);
        }
        MPI_Finalize();
        return 2;
    }
    size_t room = (size_t)bytes_max * (rank == 0 ? 1 : WINDOW);
    char *buffers = malloc(room);
    if (buffers == NULL) {
        fprintf(stderr, "heddle-bandwidth: no memory for bytes=%zu\n", room);
        MPI_Abort(MPI_COMM_WORLD, 1);
        return 1;
    }
    memset(buffers, 1, room);
    for (long bytes = BYTES_MIN; bytes <= bytes_max; bytes *= 4) {
        long messages = VOLUME_BYTES / bytes;
        messages = messages < MESSAGES_MIN ? MESSAGES_MIN : messages;
        messages = messages > MESSAGES_MAX ? MESSAGES_MAX : messages;
        stream(rank, buffers, bytes, WINDOW);
        MPI_Barrier(MPI_COMM_WORLD);
        double start = MPI_Wtime();
        stream(rank, buffers, bytes, messages);
        double seconds = MPI_Wtime() - start;
        if (rank == 0) {
            printf("%s%ld=%.0f", bytes == BYTES_MIN ? "" : ",", bytes,
                   (double)bytes * (double)messages / seconds);
        }
    }
    if (rank == 0) {
        printf("\n");
    }
    free(buffers);
    MPI_Finalize();
    return 0;
}
