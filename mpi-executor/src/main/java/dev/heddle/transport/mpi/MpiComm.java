package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A communicator, by its number in the shim. All methods but `rank`, `size` and `worldRanks` are
/// collective and blocking, for the start only.
record MpiComm(int number, int rank, int size) {

  static MpiComm world() {
    return of(MpiCalls.WORLD);
  }

  MpiComm dup() {
    return of(make("heddle_comm_dup", number));
  }

  /// The communicator of all callers with the same colour, ordered by `key`; null where our colour
  /// is negative.
  @Nullable MpiComm split(int colour, int key) {
    int made = make("heddle_comm_split", number, colour, key);
    return made < 0 ? null : of(made);
  }

  /// The communicator of all ranks that share memory with us, ordered by `key`.
  MpiComm splitHost(int key) {
    return of(make("heddle_comm_split_host", number, key));
  }

  void free() {
    MpiCalls.cold("heddle_comm_free", number);
  }

  /// The members' ranks in the world, in the order of their ranks here.
  int[] worldRanks() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ranks = arena.allocate(JAVA_INT, size);
      MpiCalls.cold("heddle_comm_world_ranks", number, ranks);
      return ranks.toArray(JAVA_INT);
    }
  }

  /// Fills `bytes` on every rank with rank 0's.
  void broadcast(MemorySegment bytes) {
    broadcast(bytes, 0);
  }

  /// Fills `bytes` on every rank with those of rank `root`.
  void broadcast(MemorySegment bytes, int root) {
    MpiCalls.cold("heddle_bcast", number, bytes, Math.toIntExact(bytes.byteSize()), root);
  }

  /// The sums of all ranks' values.
  long[] sum(long... values) {
    return reduce("heddle_allreduce_sum", values);
  }

  /// The maxima of all ranks' values.
  long[] max(long... values) {
    return reduce("heddle_allreduce_max", values);
  }

  private long[] reduce(String function, long[] values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocateFrom(JAVA_LONG, values);
      MemorySegment out = arena.allocate(JAVA_LONG, values.length);
      MpiCalls.cold(function, number, values.length, in, out);
      return out.toArray(JAVA_LONG);
    }
  }

  private static MpiComm of(int number) {
    return new MpiComm(number, make("heddle_comm_rank", number), make("heddle_comm_size", number));
  }

  private static int make(String function, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      Object[] all = new Object[arguments.length + 1];
      System.arraycopy(arguments, 0, all, 0, arguments.length);
      all[arguments.length] = out;
      MpiCalls.cold(function, all);
      return out.get(JAVA_INT, 0);
    }
  }
}
