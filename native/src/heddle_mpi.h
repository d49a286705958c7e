/*
 * The C shim below dev.heddle.transport.mpi.
 *
 * The shim exists because MPI's handles differ between libraries (ints in MPICH, pointers in Open
 * MPI). It keeps the handles, speaks int32_t and int64_t, returns MPI's error code (0 =
 * MPI_SUCCESS), puts out-parameters last, never calls back and contains no policy.
 *
 * Communicators are small numbers: HEDDLE_WORLD, and the results of dup and split; -1 stands for
 * none. Requests live in sets (`heddle_requests`), addressed by index; an unused index is
 * MPI_REQUEST_NULL. A request index must be free (completed, forgotten or never used) before it is
 * used again.
 *
 * Threads: any thread may call, one thread at a time. Only heddle_init and heddle_finalize need the
 * same thread, and heddle_beat has a thread of its own.
 */
#ifndef HEDDLE_MPI_H
#define HEDDLE_MPI_H

#include <stdint.h>

#define HEDDLE_WORLD 0
#define HEDDLE_ANY_SOURCE (-1)

/* Values of `level` after heddle_init. */
#define HEDDLE_THREAD_SINGLE 0
#define HEDDLE_THREAD_FUNNELED 1
#define HEDDLE_THREAD_SERIALIZED 2
#define HEDDLE_THREAD_MULTIPLE 3

#define HEDDLE_EXPORT __attribute__((visibility("default")))

typedef struct heddle_requests heddle_requests;

/*
 * The family of the loaded library (openmpi, mpich) and its own description. May be called before
 * heddle_init.
 */
HEDDLE_EXPORT int32_t heddle_describe(int32_t capacity, char *family, char *library);

/* Asks for MPI_THREAD_MULTIPLE. Makes HEDDLE_WORLD, which is MPI_COMM_WORLD itself. */
HEDDLE_EXPORT int32_t heddle_init(int32_t *level);
HEDDLE_EXPORT int32_t heddle_finalize(void);
HEDDLE_EXPORT int32_t heddle_processor_name(int32_t capacity, char *name);
HEDDLE_EXPORT int32_t heddle_tag_max(int32_t *tag_max);
HEDDLE_EXPORT int32_t heddle_error(int32_t code, int32_t capacity, char *text,
                                   int32_t *error_class);

/* Communicators. A negative colour means MPI_UNDEFINED: the caller gets -1. */
HEDDLE_EXPORT int32_t heddle_comm_rank(int32_t comm, int32_t *rank);
HEDDLE_EXPORT int32_t heddle_comm_size(int32_t comm, int32_t *size);
HEDDLE_EXPORT int32_t heddle_comm_dup(int32_t comm, int32_t *result);
HEDDLE_EXPORT int32_t heddle_comm_split(int32_t comm, int32_t colour, int32_t key, int32_t *result);
HEDDLE_EXPORT int32_t heddle_comm_split_host(int32_t comm, int32_t key, int32_t *result);
HEDDLE_EXPORT int32_t heddle_comm_free(int32_t comm);
/* The world ranks of all members of `comm`, in the order of their ranks there. */
HEDDLE_EXPORT int32_t heddle_comm_world_ranks(int32_t comm, int32_t *ranks);

/* Blocking collectives, for the start only. */
HEDDLE_EXPORT int32_t heddle_bcast(int32_t comm, void *bytes, int32_t byte_count, int32_t root);
HEDDLE_EXPORT int32_t heddle_allreduce_sum(int32_t comm, int32_t count, const int64_t *in,
                                           int64_t *out);
HEDDLE_EXPORT int32_t heddle_allreduce_max(int32_t comm, int32_t count, const int64_t *in,
                                           int64_t *out);

/*
 * Signs of life among the ranks of a host, which need no JVM. heddle_beat writes the time (ns,
 * CLOCK_MONOTONIC) into the place of `rank` in the file `beats` of the folder HEDDLE_SHM, every
 * interval_ns. It returns only where it can't begin or can't write, with errno. For the JVM its
 * thread is in native code: no safepoint waits for the thread, and no safepoint stops it.
 * heddle_heard gives how long ago (ns) another rank wrote its place, or -1 where that rank never
 * did. Neither function calls MPI. The folder's name is read from the environment here, byte for
 * byte, since Java decodes it by the locale.
 */
HEDDLE_EXPORT int32_t heddle_beat(int32_t rank, int64_t interval_ns);
HEDDLE_EXPORT int32_t heddle_heard(int32_t rank, int64_t *silence_ns);

/* Memory that the JVM does not count, page-aligned, for buffers that live until exit. */
HEDDLE_EXPORT int32_t heddle_allocate(int64_t byte_count, void **bytes);

/* Requests. */
HEDDLE_EXPORT int32_t heddle_requests_new(int32_t count, heddle_requests **requests);
HEDDLE_EXPORT int32_t heddle_requests_free(heddle_requests *requests);

/* Starts a send. `done` is 1 where it completed at once: then its index is free again. */
HEDDLE_EXPORT int32_t heddle_isend(const void *bytes, int32_t byte_count, int32_t target,
                                   int32_t tag, int32_t comm, heddle_requests *requests,
                                   int32_t index, int32_t *done);
HEDDLE_EXPORT int32_t heddle_irecv(void *bytes, int32_t byte_count, int32_t source, int32_t tag,
                                   int32_t comm, heddle_requests *requests, int32_t index);
HEDDLE_EXPORT int32_t heddle_ibarrier(int32_t comm, heddle_requests *requests, int32_t index);

/*
 * Posts `count` receives for the ring positions from, from + 1, ... (modulo the size of the set);
 * position i receives at bytes + i * stride.
 */
HEDDLE_EXPORT int32_t heddle_irecv_ring(char *bytes, int64_t stride, int32_t byte_count,
                                        int32_t tag, int32_t comm, heddle_requests *requests,
                                        int32_t from, int32_t count);

/* Tests ring positions from, from + 1, ... and stops at the first receive that is not complete. */
HEDDLE_EXPORT int32_t heddle_test_ring(heddle_requests *requests, int32_t from, int32_t max,
                                       int32_t *completed, int32_t *sources, int32_t *byte_counts);

/* Tests the first `count` indices at once; `indices` and `byte_counts` have room for `count`. */
HEDDLE_EXPORT int32_t heddle_test_some(heddle_requests *requests, int32_t count, int32_t *completed,
                                       int32_t *indices, int32_t *byte_counts);
HEDDLE_EXPORT int32_t heddle_test(heddle_requests *requests, int32_t index, int32_t *done);

/* Asks MPI to cancel; the request still has to be tested. */
HEDDLE_EXPORT int32_t heddle_cancel(heddle_requests *requests, int32_t index);

/* Lets go of a request that may never complete; its buffer must never be used again. */
HEDDLE_EXPORT int32_t heddle_forget(heddle_requests *requests, int32_t index);

#endif
