package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.heddle.transport.TransportException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The shim's functions (`native/src/heddle_mpi.h`), every return code checked.
///
/// Pointers travel as longs on the hot path, so that a call allocates nothing. Threading: one
/// thread at a time.
final class MpiCalls {
  static final int WORLD = 0;

  private static final MemorySegment ISEND = address("heddle_isend");
  private static final MemorySegment IRECV = address("heddle_irecv");
  private static final MemorySegment IRECV_RING = address("heddle_irecv_ring");
  private static final MemorySegment TEST_RING = address("heddle_test_ring");
  private static final MemorySegment TEST_SOME = address("heddle_test_some");
  private static final MemorySegment TEST = address("heddle_test");

  private static final int COLD_ARGUMENTS = 4;

  private static final int TEXT_BYTES_MAX = 1024;

  private MpiCalls() {}

  /// Starts a send; `doneAddress` gets 1 when it completed at once.
  static void isend(
      long bytes, int count, int target, int tag, int comm, long requests, int index, long done) {
    int code = (int) NativeCall.call(ISEND, bytes, count, target, tag, comm, requests, index, done);
    check(code, "MPI_Isend", target, tag);
  }

  static void irecv(
      long bytes, int count, int source, int tag, int comm, long requests, int index) {
    int code = (int) NativeCall.call(IRECV, bytes, count, source, tag, comm, requests, index, 0);
    check(code, "MPI_Irecv", source, tag);
  }

  static void irecvRing(
      long bytes, long stride, int byteCount, int tag, int comm, long requests, int from, int n) {
    int code =
        (int) NativeCall.call(IRECV_RING, bytes, stride, byteCount, tag, comm, requests, from, n);
    check(code, "MPI_Irecv", -1, tag);
  }

  static void testRing(
      long requests, int from, int max, long completed, long sources, long counts) {
    int code =
        (int) NativeCall.call(TEST_RING, requests, from, max, completed, sources, counts, 0, 0);
    check(code, "MPI_Test", -1, -1);
  }

  static void testSome(long requests, int count, long completed, long indices, long counts) {
    int code =
        (int) NativeCall.call(TEST_SOME, requests, count, completed, indices, counts, 0, 0, 0);
    check(code, "MPI_Testsome", -1, -1);
  }

  static void test(long requests, int index, long done) {
    int code = (int) NativeCall.call(TEST, requests, index, done, 0);
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
      words[i] = word(arguments[i]);
    }
    return (int) NativeCall.call(address(function), words[0], words[1], words[2], words[3]);
  }

  /// Not a switch: see [dev.heddle.codec.FlatValues] on what that costs a start.
  private static long word(Object argument) {
    if (argument instanceof Number number) {
      return number.longValue();
    }
    if (argument instanceof MemorySegment memory) {
      return memory.address();
    }
    throw new IllegalArgumentException("no such argument: " + argument);
  }

  private static MemorySegment address(String function) {
    return MpiLibrary.load().address(function);
  }
}
