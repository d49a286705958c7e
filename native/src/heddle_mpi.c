#include "heddle_mpi.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mpi.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * A run makes at most seven communicators, and MPICH itself allows about 2,000. Start-up code fills
 * the table on one thread.
 */
#define COMMS_MAX 4096

static MPI_Comm comms[COMMS_MAX];
static int32_t comm_count = 0;

struct heddle_requests {
    int32_t count;
    MPI_Request *request;
    MPI_Status *status;
    int *index;
};

/* The MPI of mpi.h. The header of the standard ABI serves several MPIs and names none of them. */
#if defined(OPEN_MPI)
static const char HEADER_FAMILY[] = "openmpi";
#elif defined(MPICH_VERSION) || defined(MPICH_NAME)
static const char HEADER_FAMILY[] = "mpich";
#else
static const char HEADER_FAMILY[] = "unknown";
#endif

/* The file of heddle_beat; -1 as long as it isn't open. */
static atomic_int beats_file = -1;
/* The family of the loaded library, by its own description; MPICH's heirs count as mpich. */
static const char *family_of(const char *library) {
    static const char *const HEIRS[] = {"MPICH", "mpich", "Intel(R) MPI", "MVAPICH"};
    if (strstr(library, "Open MPI") != NULL) {
        return "openmpi";
    }
    for (size_t i = 0; i < sizeof HEIRS / sizeof *HEIRS; i++) {
        if (strstr(library, HEIRS[i]) != NULL) {
            return "mpich";
        }
    }
    return HEADER_FAMILY;
}

static void copy_text(const char *from, int32_t capacity, char *to) {
    if (capacity <= 0) {
        return;
    }
    size_t length = strnlen(from, (size_t)capacity - 1);
    memcpy(to, from, length);
    to[length] = '\0';
}

static int32_t keep_comm(MPI_Comm comm, int32_t *result) {
    *result = -1;
    if (comm == MPI_COMM_NULL) {
        return MPI_SUCCESS;
    }
    for (int32_t i = 1; i < comm_count; i++) {
        if (comms[i] == MPI_COMM_NULL) {
            comms[i] = comm;
            *result = i;
            return MPI_SUCCESS;
        }
    }
    if (comm_count == COMMS_MAX) {
        MPI_Comm_free(&comm);
        return MPI_ERR_OTHER;
    }
    comms[comm_count] = comm;
    *result = comm_count++;
    return MPI_SUCCESS;
}

/*
 * Waits for a collective of the start. MPI's own blocking calls spin. With more ranks than cores,
 * ranks that have arrived then take the time of ranks that have not, and each step of a collective
 * waits for its turn among them (32 ranks on 2 cores, MPICH: half of the start). So this function
 * spins as long as a round trip takes, then yields, then sleeps.
 */
#define SPINS 200
#define YIELDS 50
#define SLEEP_NS_MIN 50000
#define SLEEP_NS_MAX 1000000

static int wait_quietly(int code, MPI_Request *request) {
    int done = 0;
    long sleep_ns = SLEEP_NS_MIN;
    for (long round = 0; code == MPI_SUCCESS; round++) {
        code = MPI_Test(request, &done, MPI_STATUS_IGNORE);
        if (code != MPI_SUCCESS || done) {
            break;
        }
        if (round >= SPINS + YIELDS) {
            struct timespec time = {0, sleep_ns};
            nanosleep(&time, NULL);
            sleep_ns = sleep_ns * 2 < SLEEP_NS_MAX ? sleep_ns * 2 : SLEEP_NS_MAX;
        } else if (round >= SPINS) {
            sched_yield();
        }
    }
    return code;
}

/* There is no non-blocking split: wait for all ranks first, so that the split itself is short. */
static int gather_quietly(MPI_Comm comm) {
    MPI_Request request = MPI_REQUEST_NULL;
    return wait_quietly(MPI_Ibarrier(comm, &request), &request);
}

static int is_comm(int32_t comm) {
    return comm >= 0 && comm < comm_count && comms[comm] != MPI_COMM_NULL;
}

static int is_free(const heddle_requests *requests, int32_t index) {
    return index >= 0 && index < requests->count && requests->request[index] == MPI_REQUEST_NULL;
}

static int is_index(const heddle_requests *requests, int32_t index) {
    return index >= 0 && index < requests->count;
}

int32_t heddle_describe(int32_t capacity, char *family, char *library) {
    char text[MPI_MAX_LIBRARY_VERSION_STRING + 1] = {0};
    int length = 0;
    int code = MPI_Get_library_version(text, &length);
    if (code == MPI_SUCCESS) {
        copy_text(family_of(text), capacity, family);
        copy_text(text, capacity, library);
    }
    return code;
}

int32_t heddle_init(int32_t *level) {
    int provided = MPI_THREAD_SINGLE;
    int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &provided);
    if (code != MPI_SUCCESS) {
        return code;
    }
    code = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    if (code != MPI_SUCCESS) {
        return code;
    }
    comms[HEDDLE_WORLD] = MPI_COMM_WORLD;
    comm_count = 1;
    *level = provided == MPI_THREAD_MULTIPLE     ? HEDDLE_THREAD_MULTIPLE
             : provided == MPI_THREAD_SERIALIZED ? HEDDLE_THREAD_SERIALIZED
             : provided == MPI_THREAD_FUNNELED   ? HEDDLE_THREAD_FUNNELED
                                                 : HEDDLE_THREAD_SINGLE;
    return MPI_SUCCESS;
}

int32_t heddle_finalize(void) { return MPI_Finalize(); }

int32_t heddle_processor_name(int32_t capacity, char *name) {
    char text[MPI_MAX_PROCESSOR_NAME + 1] = {0};
    int length = 0;
    int code = MPI_Get_processor_name(text, &length);
    copy_text(text, capacity, name);
    return code;
}

int32_t heddle_tag_max(int32_t *tag_max) {
    int *value = NULL;
    int found = 0;
    int code = MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &value, &found);
    /* The standard promises at least 32,767. */
    *tag_max = code == MPI_SUCCESS && found ? *value : 32767;
    return code;
}

int32_t heddle_error(int32_t code, int32_t capacity, char *text, int32_t *error_class) {
    char buffer[MPI_MAX_ERROR_STRING + 1] = {0};
    int length = 0;
    int class = MPI_ERR_UNKNOWN;
    int result = MPI_Error_string(code, buffer, &length);
    copy_text(buffer, capacity, text);
    if (result == MPI_SUCCESS) {
        result = MPI_Error_class(code, &class);
    }
    *error_class = class;
    return result;
}

int32_t heddle_comm_rank(int32_t comm, int32_t *rank) {
    int value = -1;
    int code = is_comm(comm) ? MPI_Comm_rank(comms[comm], &value) : MPI_ERR_COMM;
    *rank = value;
    return code;
}

int32_t heddle_comm_size(int32_t comm, int32_t *size) {
    int value = 0;
    int code = is_comm(comm) ? MPI_Comm_size(comms[comm], &value) : MPI_ERR_COMM;
    *size = value;
    return code;
}

int32_t heddle_comm_dup(int32_t comm, int32_t *result) {
    MPI_Comm made = MPI_COMM_NULL;
    MPI_Request request = MPI_REQUEST_NULL;
    int code = is_comm(comm) ? wait_quietly(MPI_Comm_idup(comms[comm], &made, &request), &request)
                             : MPI_ERR_COMM;
    return code == MPI_SUCCESS ? keep_comm(made, result) : code;
}

int32_t heddle_comm_split(int32_t comm, int32_t colour, int32_t key, int32_t *result) {
    MPI_Comm made = MPI_COMM_NULL;
    int code = is_comm(comm) ? gather_quietly(comms[comm]) : MPI_ERR_COMM;
    if (code == MPI_SUCCESS) {
        code = MPI_Comm_split(comms[comm], colour < 0 ? MPI_UNDEFINED : colour, key, &made);
    }
    return code == MPI_SUCCESS ? keep_comm(made, result) : code;
}

int32_t heddle_comm_split_host(int32_t comm, int32_t key, int32_t *result) {
    MPI_Comm made = MPI_COMM_NULL;
    int code = is_comm(comm) ? gather_quietly(comms[comm]) : MPI_ERR_COMM;
    if (code == MPI_SUCCESS) {
        code = MPI_Comm_split_type(comms[comm], MPI_COMM_TYPE_SHARED, key, MPI_INFO_NULL, &made);
    }
    return code == MPI_SUCCESS ? keep_comm(made, result) : code;
}

int32_t heddle_comm_free(int32_t comm) {
    if (!is_comm(comm) || comm == HEDDLE_WORLD) {
        return MPI_ERR_COMM;
    }
    int code = MPI_Comm_free(&comms[comm]);
    comms[comm] = MPI_COMM_NULL;
    return code;
}

int32_t heddle_comm_world_ranks(int32_t comm, int32_t *ranks) {
    if (!is_comm(comm)) {
        return MPI_ERR_COMM;
    }
    MPI_Group world = MPI_GROUP_NULL;
    MPI_Group group = MPI_GROUP_NULL;
    int size = 0;
    int *from = NULL;
    int code = MPI_Comm_size(comms[comm], &size);
    if (code == MPI_SUCCESS) {
        code = MPI_Comm_group(MPI_COMM_WORLD, &world);
    }
    if (code == MPI_SUCCESS) {
        code = MPI_Comm_group(comms[comm], &group);
    }
    if (code == MPI_SUCCESS) {
        from = malloc(sizeof(int) * 2 * (size_t)size);
        code = from == NULL ? MPI_ERR_NO_MEM : MPI_SUCCESS;
    }
    if (code == MPI_SUCCESS) {
        for (int i = 0; i < size; i++) {
            from[i] = i;
        }
        code = MPI_Group_translate_ranks(group, size, from, world, from + size);
    }
    if (code == MPI_SUCCESS) {
        for (int i = 0; i < size; i++) {
            ranks[i] = from[size + i];
        }
    }
    free(from);
    if (group != MPI_GROUP_NULL) {
        MPI_Group_free(&group);
    }
    if (world != MPI_GROUP_NULL) {
        MPI_Group_free(&world);
    }
    return code;
}

int32_t heddle_bcast(int32_t comm, void *bytes, int32_t byte_count, int32_t root) {
    MPI_Request request = MPI_REQUEST_NULL;
    return is_comm(comm)
               ? wait_quietly(MPI_Ibcast(bytes, byte_count, MPI_BYTE, root, comms[comm], &request),
                              &request)
               : MPI_ERR_COMM;
}

static int reduce(int32_t comm, int32_t count, const int64_t *in, int64_t *out, MPI_Op op) {
    MPI_Request request = MPI_REQUEST_NULL;
    return is_comm(comm) ? wait_quietly(MPI_Iallreduce(in, out, count, MPI_INT64_T, op, comms[comm],
                                                       &request),
                                        &request)
                         : MPI_ERR_COMM;
}

int32_t heddle_allreduce_sum(int32_t comm, int32_t count, const int64_t *in, int64_t *out) {
    return reduce(comm, count, in, out, MPI_SUM);
}

int32_t heddle_allreduce_max(int32_t comm, int32_t count, const int64_t *in, int64_t *out) {
    return reduce(comm, count, in, out, MPI_MAX);
}

static int64_t monotonic_ns(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int open_beats(void) {
    char path[PATH_MAX];
    const char *folder = getenv("HEDDLE_SHM");
    if (folder == NULL) {
        errno = ENOENT;
        return -1;
    }
    int length = snprintf(path, sizeof path, "%s/beats", folder);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

int32_t heddle_beat(int32_t rank, int64_t interval_ns) {
    int file = open_beats();
    if (file < 0) {
        return errno;
    }
    atomic_store(&beats_file, file);
    struct timespec pause = {(time_t)(interval_ns / 1000000000), (long)(interval_ns % 1000000000)};
    while (1) {
        /* A mapped page would be cheaper, but its fault in a full folder would end the JVM. */
        int64_t now_ns = monotonic_ns();
        if (pwrite(file, &now_ns, sizeof now_ns, (off_t)rank * (off_t)sizeof now_ns) < 0 &&
            errno != EINTR && errno != ENOSPC) {
            return errno;
        }
        nanosleep(&pause, NULL);
    }
}

int32_t heddle_heard(int32_t rank, int64_t *silence_ns) {
    int64_t then_ns = 0;
    int file = atomic_load(&beats_file);
    *silence_ns = -1;
    if (file >= 0 &&
        pread(file, &then_ns, sizeof then_ns, (off_t)rank * (off_t)sizeof then_ns) ==
            (ssize_t)sizeof then_ns &&
        then_ns > 0) {
        *silence_ns = monotonic_ns() - then_ns;
    }
    return MPI_SUCCESS;
}

int32_t heddle_allocate(int64_t byte_count, void **bytes) {
    long page = sysconf(_SC_PAGESIZE);
    *bytes = NULL;
    return posix_memalign(bytes, page > 0 ? (size_t)page : 4096, (size_t)byte_count) == 0
               ? MPI_SUCCESS
               : MPI_ERR_NO_MEM;
}

int32_t heddle_requests_new(int32_t count, heddle_requests **requests) {
    *requests = NULL;
    if (count <= 0) {
        return MPI_ERR_COUNT;
    }
    heddle_requests *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return MPI_ERR_NO_MEM;
    }
    made->count = count;
    made->request = malloc(sizeof *made->request * (size_t)count);
    made->status = malloc(sizeof *made->status * (size_t)count);
    made->index = malloc(sizeof *made->index * (size_t)count);
    if (made->request == NULL || made->status == NULL || made->index == NULL) {
        heddle_requests_free(made);
        return MPI_ERR_NO_MEM;
    }
    for (int32_t i = 0; i < count; i++) {
        made->request[i] = MPI_REQUEST_NULL;
    }
    *requests = made;
    return MPI_SUCCESS;
}

int32_t heddle_requests_free(heddle_requests *requests) {
    free(requests->request);
    free(requests->status);
    free(requests->index);
    free(requests);
    return MPI_SUCCESS;
}

int32_t heddle_isend(const void *bytes, int32_t byte_count, int32_t target, int32_t tag,
                     int32_t comm, heddle_requests *requests, int32_t index, int32_t *done) {
    *done = 0;
    if (!is_comm(comm)) {
        return MPI_ERR_COMM;
    }
    if (!is_free(requests, index)) {
        return MPI_ERR_REQUEST;
    }
    int code =
        MPI_Isend(bytes, byte_count, MPI_BYTE, target, tag, comms[comm], &requests->request[index]);
    return code == MPI_SUCCESS ? heddle_test(requests, index, done) : code;
}

int32_t heddle_irecv(void *bytes, int32_t byte_count, int32_t source, int32_t tag, int32_t comm,
                     heddle_requests *requests, int32_t index) {
    if (!is_comm(comm)) {
        return MPI_ERR_COMM;
    }
    if (!is_free(requests, index)) {
        return MPI_ERR_REQUEST;
    }
    return MPI_Irecv(bytes, byte_count, MPI_BYTE,
                     source == HEDDLE_ANY_SOURCE ? MPI_ANY_SOURCE : source, tag, comms[comm],
                     &requests->request[index]);
}

int32_t heddle_ibarrier(int32_t comm, heddle_requests *requests, int32_t index) {
    if (!is_comm(comm)) {
        return MPI_ERR_COMM;
    }
    if (!is_free(requests, index)) {
        return MPI_ERR_REQUEST;
    }
    return MPI_Ibarrier(comms[comm], &requests->request[index]);
}

int32_t heddle_irecv_ring(char *bytes, int64_t stride, int32_t byte_count, int32_t tag,
                          int32_t comm, heddle_requests *requests, int32_t from, int32_t count) {
    int32_t at = from;
    for (int32_t i = 0; i < count; i++) {
        int32_t code = heddle_irecv(bytes + at * stride, byte_count, HEDDLE_ANY_SOURCE, tag, comm,
                                    requests, at);
        if (code != MPI_SUCCESS) {
            return code;
        }
        at = at + 1 == requests->count ? 0 : at + 1;
    }
    return MPI_SUCCESS;
}

int32_t heddle_test_ring(heddle_requests *requests, int32_t from, int32_t max, int32_t *completed,
                         int32_t *sources, int32_t *byte_counts) {
    int32_t at = from;
    *completed = 0;
    for (int32_t i = 0; i < max; i++) {
        if (!is_index(requests, at) || requests->request[at] == MPI_REQUEST_NULL) {
            return MPI_ERR_REQUEST;
        }
        int flag = 0;
        int bytes = 0;
        MPI_Status status;
        int code = MPI_Test(&requests->request[at], &flag, &status);
        if (code != MPI_SUCCESS || !flag) {
            return code;
        }
        code = MPI_Get_count(&status, MPI_BYTE, &bytes);
        if (code != MPI_SUCCESS) {
            return code;
        }
        sources[i] = status.MPI_SOURCE;
        byte_counts[i] = bytes;
        *completed = i + 1;
        at = at + 1 == requests->count ? 0 : at + 1;
    }
    return MPI_SUCCESS;
}

int32_t heddle_test_some(heddle_requests *requests, int32_t count, int32_t *completed,
                         int32_t *indices, int32_t *byte_counts) {
    int done = 0;
    *completed = 0;
    if (count < 0 || count > requests->count) {
        return MPI_ERR_COUNT;
    }
    int code = MPI_Testsome(count, requests->request, &done, requests->index, requests->status);
    if (code == MPI_ERR_IN_STATUS) {
        for (int i = 0; i < done; i++) {
            if (requests->status[i].MPI_ERROR != MPI_SUCCESS) {
                return requests->status[i].MPI_ERROR;
            }
        }
    }
    if (code != MPI_SUCCESS || done == MPI_UNDEFINED) {
        return code;
    }
    for (int i = 0; i < done; i++) {
        int bytes = 0;
        MPI_Get_count(&requests->status[i], MPI_BYTE, &bytes);
        indices[i] = requests->index[i];
        byte_counts[i] = bytes;
    }
    *completed = done;
    return MPI_SUCCESS;
}

int32_t heddle_test(heddle_requests *requests, int32_t index, int32_t *done) {
    int flag = 0;
    int code = is_index(requests, index)
                   ? MPI_Test(&requests->request[index], &flag, MPI_STATUS_IGNORE)
                   : MPI_ERR_REQUEST;
    *done = flag ? 1 : 0;
    return code;
}

int32_t heddle_cancel(heddle_requests *requests, int32_t index) {
    if (!is_index(requests, index) || requests->request[index] == MPI_REQUEST_NULL) {
        return MPI_ERR_REQUEST;
    }
    return MPI_Cancel(&requests->request[index]);
}

int32_t heddle_forget(heddle_requests *requests, int32_t index) {
    if (!is_index(requests, index)) {
        return MPI_ERR_REQUEST;
    }
    requests->request[index] = MPI_REQUEST_NULL;
    return MPI_SUCCESS;
}
