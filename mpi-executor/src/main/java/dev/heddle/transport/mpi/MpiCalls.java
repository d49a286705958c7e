package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.heddle.transport.TransportException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The shim's functions (`native/src/heddle_mpi.h`), every return code checked.
///
/// Pointers travel as longs on the hot path, so that a call allocates nothing. None is
/// `Linker.Option.critical`: all of them may make MPI progress. Threading: one at a time.
final class MpiCalls {
  static final int WORLD = 0;

  private static final MethodHandle ISEND =
      handle(
          "heddle_isend",
          JAVA_LONG,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_LONG,
          JAVA_INT,
          JAVA_LONG);
  private static final MethodHandle IRECV =
      handle(
          "heddle_irecv", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle IRECV_RING =
      handle(
          "heddle_irecv_ring",
          JAVA_LONG,
          JAVA_LONG,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_LONG,
          JAVA_INT,
          JAVA_INT);
  private static final MethodHandle TEST_RING =
      handle("heddle_test_ring", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle TEST_SOME =
      handle("heddle_test_some", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle TEST = handle("heddle_test", JAVA_LONG, JAVA_INT, JAVA_LONG);

  /// One handle for all functions that are called a few times in a rank's life: the code that the
  /// JDK makes for each combination of types costs 10 to 20 ms, once per rank. Numbers and
  /// addresses go as sign-extended words: in every 64-bit calling convention the first four travel
  /// in registers of that width, of which a function reads the part, and the number, that it
  /// declares.
  private static final MethodHandle COLD =
      MpiLibrary.unbound(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final int COLD_ARGUMENTS = 4;

  private static final int TEXT_BYTES_MAX = 1024;

  private MpiCalls() {}

  /// Starts a send; `doneAddress` gets 1 when it completed at once.
  static void isend(
      long bytes, int count, int target, int tag, int comm, long requests, int index, long done) {
    int code;
    try {
      code = (int) ISEND.invokeExact(bytes, count, target, tag, comm, requests, index, done);
    } catch (Throwable t) {
      throw rethrow(t);
    }
    check(code, "MPI_Isend", target, tag);
  }

  static void irecv(
      long bytes, int count, int source, int tag, int comm, long requests, int index) {
    int code;
    try {
      code = (int) IRECV.invokeExact(bytes, count, source, tag, comm, requests, index);
    } catch (Throwable t) {
      throw rethrow(t);
    }
    check(code, "MPI_Irecv", source, tag);
  }

  static void irecvRing(
      long bytes, long stride, int byteCount, int tag, int comm, long requests, int from, int n) {
    int code;
    try {
      code = (int) IRECV_RING.invokeExact(bytes, stride, byteCount, tag, comm, requests, from, n);
    } catch (Throwable t) {
      throw rethrow(t);
    }
    check(code, "MPI_Irecv", -1, tag);
  }

  static void testRing(
      long requests, int from, int max, long completed, long sources, long counts) {
    int code;
    try {
      code = (int) TEST_RING.invokeExact(requests, from, max, completed, sources, counts);
    } catch (Throwable t) {
      throw rethrow(t);
    }
    check(code, "MPI_Test", -1, -1);
  }

  static void testSome(long requests, int count, long completed, long indices, long counts) {
    int code;
    try {
      code = (int) TEST_SOME.invokeExact(requests, count, completed, indices, counts);
    } catch (Throwable t) {
      throw rethrow(t);
    }
    check(code, "MPI_Testsome", -1, -1);
  }

  static void test(long requests, int index, long done) {
    int code;
    try {
      code = (int) TEST.invokeExact(requests, index, done);
    } catch (Throwable t) {
      throw rethrow(t);
    }
    check(code, "MPI_Test", -1, -1);
  }

  static void cancel(long requests, int index) {
    check(coldCode("heddle_cancel", requests, index), "MPI_Cancel", -1, -1);
  }

  static void forget(long requests, int index) {
    check(coldCode("heddle_forget", requests, index), "heddle_forget", -1, -1);
  }

  /// Calls a function of the start or the end by name; arguments are ints, longs and segments, four
  /// at most.
  static void cold(String function, Object... arguments) {
    check(coldCode(function, arguments), function, -1, -1);
  }

  /// A new set of `count` unused requests.
  static long newRequests(int count) {
    return out("heddle_requests_new", count);
  }

  /// Page-aligned memory of `bytes` bytes that lives until exit, zero only by accident.
  ///
  /// It does not come from an [Arena]: that would count against `-XX:MaxDirectMemorySize`, which
  /// follows the heap, and touch every page at once.
  @SuppressWarnings("restricted")
  static MemorySegment allocate(long bytes) {
    return MemorySegment.ofAddress(out("heddle_allocate", bytes)).reinterpret(bytes);
  }

  /// Throws where `code` is not MPI_SUCCESS; rank and tag are left out where they are negative.
  static void check(int code, String call, int rank, int tag) {
    if (code != 0) {
      throw failure(code, call, rank, tag);
    }
  }

  /// Passes runtime exceptions and errors of a downcall on; a checked one cannot come.
  static RuntimeException rethrow(Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("a downcall threw a checked exception", thrown);
    }
  }

  private static TransportException failure(int code, String call, int rank, int tag) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(TEXT_BYTES_MAX);
      MemorySegment errorClass = arena.allocate(JAVA_INT);
      int ignored = coldCode("heddle_error", code, TEXT_BYTES_MAX, text, errorClass);
      String what = ignored == 0 ? text.getString(0) : "no text";
      return new TransportException(
          "MPI refused a call: call=%s code=%d class=%d text=\"%s\"%s%s"
              .formatted(
                  call,
                  code,
                  errorClass.get(JAVA_INT, 0),
                  what,
                  rank < 0 ? "" : " rank=" + rank,
                  tag < 0 ? "" : " tag=" + tag));
    }
  }

  private static long out(String function, Object size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      cold(function, size, out);
      return out.get(JAVA_LONG, 0);
    }
  }

  private static int coldCode(String function, Object... arguments) {
    long[] words = new long[COLD_ARGUMENTS];
    for (int i = 0; i < arguments.length; i++) {
      words[i] =
          switch (arguments[i]) {
            case Integer number -> number;
            case Long number -> number;
            case MemorySegment memory -> memory.address();
            default -> throw new IllegalArgumentException("no such argument: " + arguments[i]);
          };
    }
    MemorySegment address = MpiLibrary.load().address(function);
    try {
      return (int) COLD.invokeExact(address, words[0], words[1], words[2], words[3]);
    } catch (Throwable t) {
      throw rethrow(t);
    }
  }

  private static MethodHandle handle(String name, MemoryLayout... arguments) {
    return MpiLibrary.load().downcall(name, arguments);
  }
}
