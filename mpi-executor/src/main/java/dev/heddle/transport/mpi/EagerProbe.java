package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Finds how long a message may be to leave without the receiver's help, by trying.
///
/// Shape: in each group the first and the last child send to the parent one message of each size,
/// which no rank receives yet; their limit is the longest size up to which all messages complete.
/// The first child is near the parent and the last child far from it, in the usual orders of ranks.
/// A collective that takes the smallest limit of all ranks shows, too, that all have tried; only
/// then [#settle] may receive these messages. Both directions of an edge count as alike. Threading:
/// one thread; blocks until the neighbours have called it too, so for the start only.
final class EagerProbe {
  /*
   * Why not a constant: the limit differs per MPI, per version and per way to the neighbour, and a
   * message above it waits for the receiver's answer, at a tenth of the rate. Largest unmatched sends
   * that completed, in bytes: MPICH over shared memory 8,255 (4.0.2), 5,422 (4.2.1), 5,028 (5.0.2),
   * where UCX computes it from what it thinks of the machine; Open MPI 4,040 (4.1.4), 4,016 (5.0.7,
   * 6.0.0rc2), over TCP 65,480.
   *
   * A first message may have to wait until the way is made, which takes the neighbour's help. So
   * child and parent greet each other before.
   */

  /// The sizes to try, in bytes, a tenth apart where limits were seen. Longer messages gain
  /// nothing.
  private static final int[] SIZES = {
    1_024, 2_048, 3_072, 3_900, 4_400, 4_900, 5_400, 5_900, 6_600, 7_400, 8_192
  };

  static final int BYTES_MAX = SIZES[SIZES.length - 1];

  /// A tag apart from the transport's own tag.
  private static final int TAG = MpiTransport.TAG + 1;

  /// A send that needs no receive is done at once, when the network's card has read it, or, in Open
  /// MPI's shared memory, when the receiver has looked, which sleeps 1 ms at a time here. Turns
  /// count too, since this thread may have had no core meanwhile.
  private static final int QUIET_TURNS = 100;

  private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(10);

  /// Two groups as parent with two children each, one group as child.
  private static final int PARTNERS_MAX = 5;

  private static final int SPINS = 200;
  private static final long PARK_NS = 50_000;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment done = arena.allocate(JAVA_INT);
  private final List<MpiGroup> groups;
  private final long requests = MpiCalls.newRequests(PARTNERS_MAX * (2 + SIZES.length));
  private int requestCount;
  private int limitBytes = BYTES_MAX;

  /// Tries all sizes; collective over each group.
  EagerProbe(List<MpiGroup> groups) {
    this.groups = groups;
    greet();
    for (MpiGroup group : groups) {
      if (isProber(group)) {
        limitBytes = Math.min(limitBytes, tryToParent(group.comm().number()));
      }
    }
  }

  /// This rank's limit in bytes; the largest size where it had nothing to try.
  int limitBytes() {
    return limitBytes;
  }

  /// Receives the children's messages, and waits until this rank's own sends are done.
  void settle() {
    for (MpiGroup group : groups) {
      for (int child : probers(group)) {
        for (int bytes : SIZES) {
          receive(arena.allocate(bytes), child, group.comm().number());
        }
      }
    }
    awaitAll();
    MpiCalls.cold("heddle_requests_free", requests);
    arena.close();
  }

  private void greet() {
    for (MpiGroup group : groups) {
      int comm = group.comm().number();
      if (isProber(group)) {
        send(0, 0, comm);
        receive(done.asSlice(0, 0), 0, comm);
      }
      for (int child : probers(group)) {
        receive(done.asSlice(0, 0), child, comm);
        send(0, child, comm);
      }
    }
    awaitAll();
  }

  private int tryToParent(int comm) {
    int first = requestCount;
    for (int bytes : SIZES) {
      send(bytes, 0, comm);
    }
    int completed = 0;
    int turns = 0;
    long sinceNs = System.nanoTime();
    while (completed < SIZES.length
        && (turns < QUIET_TURNS || System.nanoTime() - sinceNs < QUIET_NS)) {
      if (isDone(first + completed)) {
        completed++;
        turns = 0;
        sinceNs = System.nanoTime();
      } else {
        pause(++turns);
      }
    }
    return SIZES[Math.max(0, completed - 1)];
  }

  private void send(int bytes, int target, int comm) {
    long address = arena.allocate(Math.max(1, bytes)).address();
    MpiCalls.isend(address, bytes, target, TAG, comm, requests, requestCount++, done.address());
  }

  private void receive(MemorySegment into, int source, int comm) {
    int bytes = Math.toIntExact(into.byteSize());
    MpiCalls.irecv(into.address(), bytes, source, TAG, comm, requests, requestCount++);
  }

  private boolean isDone(int request) {
    MpiCalls.test(requests, request, done.address());
    return done.get(JAVA_INT, 0) != 0;
  }

  private void awaitAll() {
    int turns = 0;
    for (int request = 0; request < requestCount; request++) {
      while (!isDone(request)) {
        pause(++turns);
      }
    }
  }

  /// Waits without spinning for long: there may be more ranks than cores.
  private static void pause(int turns) {
    if (turns > SPINS) {
      LockSupport.parkNanos(PARK_NS);
    }
  }

  private static boolean isProber(MpiGroup group) {
    int rank = group.comm().rank();
    return rank > 0 && (rank == 1 || rank == group.comm().size() - 1);
  }

  /// The children that try, by their ranks in the parent's group.
  private static int[] probers(MpiGroup group) {
    int last = group.comm().size() - 1;
    if (!group.isParent() || last == 0) {
      return new int[0];
    }
    return last == 1 ? new int[] {1} : new int[] {1, last};
  }
}
