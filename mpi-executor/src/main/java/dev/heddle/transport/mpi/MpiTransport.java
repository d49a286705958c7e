package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.heddle.transport.Transport;
import dev.heddle.transport.TreePlace;
import dev.heddle.transport.TreeTotals;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A rank's messages over MPI: one communicator per group of a parent and its children, one tag,
/// and a duplicate of the world for bulk transfers.
///
/// Nothing here blocks: `Isend`, preposted `Irecv`, `Test` and `Cancel` only. Memory lives until
/// the process ends, since MPI may hold addresses as long as it likes. State is O(children).
public final class MpiTransport implements Transport {
  /// One tag for all messages: MPI keeps the order per communicator *and* tag.
  static final int TAG = 1;

  /// Messages that may arrive between two polls before MPI has to buffer them.
  private static final int RING_MIN = 16;

  private static final int RING_MAX = 64;
  private static final int POOL_MIN = 32;
  private static final int POOL_MAX = 256;

  /// Credit, heartbeat and a spare buffer for each neighbour.
  private static final int CONTROL_PER_NEIGHBOUR = 3;

  private static final long CLOSE_NS_MAX = TimeUnit.SECONDS.toNanos(1);
  private static final long PARK_NS = 100_000;

  private final int rank;
  private final int size;
  private final String host;
  private final String description;
  private final int eagerBytesMax;
  private final TreePlace place;
  private final TreeTotals totals;
  private final @Nullable HostBeats beats;

  private final int parentRank;
  private final int[] childRanks;

  /// Neighbour 0 is the parent, neighbour `i + 1` the child `childRanks[i]`.
  private final int[] neighbourComm;

  private final int[] neighbourGroupRank;
  private final long[] messagesFrom;
  private final boolean[] isAbandoned;
  private long messagesFromOthers;

  private final ReceiveRing[] rings;
  private int ringAt;
  private final SendBuffers sends;
  private final BulkLane bulkSends;
  private final BulkLane bulkReceives;
  private boolean isClosed;

  MpiTransport(
      int rank,
      int size,
      String host,
      String description,
      int eagerBytesMax,
      int tagMax,
      TreePlace place,
      TreeTotals totals,
      List<MpiGroup> groups,
      MpiComm bulk,
      @Nullable HostBeats beats) {
    this.rank = rank;
    this.size = size;
    this.host = host;
    this.description = description;
    this.eagerBytesMax = eagerBytesMax;
    this.place = place;
    this.totals = totals;
    this.beats = beats;
    this.parentRank = parentRank(groups);
    this.childRanks = childRanks(groups);
    int neighbours = childRanks.length + 1;
    this.neighbourComm = new int[neighbours];
    this.neighbourGroupRank = new int[neighbours];
    this.messagesFrom = new long[neighbours];
    this.isAbandoned = new boolean[neighbours];
    for (MpiGroup group : groups) {
      int[] members = group.worldRanks();
      for (int member = group.isParent() ? 1 : 0; member < members.length; member++) {
        int neighbour = neighbour(members[member]);
        if (neighbour >= 0) {
          neighbourComm[neighbour] = group.comm().number();
          neighbourGroupRank[neighbour] = member;
        }
      }
    }
    this.sends =
        new SendBuffers(
            eagerBytesMax,
            Math.clamp(2L * childRanks.length, POOL_MIN, POOL_MAX),
            POOL_MIN,
            Math.max(POOL_MIN, CONTROL_PER_NEIGHBOUR * neighbours));
    this.bulkSends = new BulkLane(true, bulk, tagMax);
    this.bulkReceives = new BulkLane(false, bulk, tagMax);
    this.rings = new ReceiveRing[groups.size()];
    for (int i = 0; i < rings.length; i++) {
      int messages = Math.clamp(2L * groups.get(i).comm().size(), RING_MIN, RING_MAX);
      rings[i] = new ReceiveRing(groups.get(i), eagerBytesMax, messages);
    }
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public int parentRank() {
    return parentRank;
  }

  @Override
  public int[] childRanks() {
    return childRanks.clone();
  }

  @Override
  public boolean runsTasks() {
    return place.runsTasks();
  }

  @Override
  public int eagerBytesMax() {
    return eagerBytesMax;
  }

  /// Levels, relays and workers of the whole tree.
  public TreeTotals totals() {
    return totals;
  }

  /// This rank's place, in the numbers of hosts.
  public TreePlace place() {
    return place;
  }

  @Override
  public @Nullable MessageBuffer claim(int pool) {
    checkOpen();
    if (pool < 0 || pool >= POOLS) {
      throw new IllegalArgumentException("pool=" + pool + ", must be 0 to " + (POOLS - 1));
    }
    return sends.claim(pool);
  }

  @Override
  public void release(MessageBuffer buffer) {
    checkOpen();
    sends.release(buffer);
  }

  @Override
  public void send(MessageBuffer buffer, int bytes, int targetRank) {
    checkOpen();
    int neighbour = neighbour(targetRank);
    if (neighbour < 0) {
      throw new IllegalArgumentException(
          "neither parent nor child: rank=" + rank + " targetRank=" + targetRank);
    }
    if (bytes < 0 || bytes > eagerBytesMax) {
      throw new IllegalArgumentException("bytes=" + bytes + ", must be 0 to " + eagerBytesMax);
    }
    sends.checkClaimed(buffer);
    if (isAbandoned[neighbour]) {
      sends.release(buffer);
      return;
    }
    sends.send(buffer, bytes, neighbourGroupRank[neighbour], neighbourComm[neighbour], targetRank);
  }

  @Override
  public int poll(Receiver receiver, int messagesMax) {
    checkOpen();
    if (messagesMax < 0) {
      throw new IllegalArgumentException("messagesMax=" + messagesMax + ", must not be negative");
    }
    sends.complete();
    int handled = 0;
    // The group that goes first changes, so that a busy group does not starve all others.
    for (int i = 0; i < rings.length && handled < messagesMax && !isClosed; i++) {
      ringAt = ringAt + 1 >= rings.length ? 0 : ringAt + 1;
      handled += rings[ringAt].poll(this, receiver, messagesMax - handled);
    }
    return handled;
  }

  @Override
  public boolean bulkReceive(int sourceRank, int transferId, MemorySegment target) {
    checkBulk(sourceRank, transferId);
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("target is read-only: transferId=" + transferId);
    }
    return bulkReceives.open(sourceRank, transferId, target);
  }

  @Override
  public boolean bulkWithdraw(int sourceRank, int transferId) {
    checkBulk(sourceRank, transferId);
    return bulkReceives.withdraw(sourceRank, transferId);
  }

  @Override
  public boolean bulkSend(int targetRank, int transferId, MemorySegment source) {
    checkBulk(targetRank, transferId);
    return bulkSends.open(targetRank, transferId, source);
  }

  @Override
  public int pollBulk(Receiver receiver) {
    checkOpen();
    int work = bulkReceives.poll(receiver);
    return isClosed ? work : work + bulkSends.poll(receiver);
  }

  @Override
  public void abandon(int abandonedRank) {
    checkOpen();
    int neighbour = neighbour(abandonedRank);
    if (neighbour < 0) {
      throw new IllegalArgumentException(
          "neither parent nor child: rank=" + rank + " abandonedRank=" + abandonedRank);
    }
    isAbandoned[neighbour] = true;
    sends.abandon(abandonedRank);
    bulkSends.abandon(abandonedRank);
    bulkReceives.abandon(abandonedRank);
  }

  @Override
  public long processSilenceNs(int neighbourRank) {
    return beats == null ? Long.MAX_VALUE : beats.silenceNs(neighbourRank);
  }

  @Override
  public int quarantined() {
    return sends.quarantined() + bulkSends.quarantined();
  }

  @Override
  public long messagesFrom(int sourceRank) {
    if (sourceRank == -1) {
      return messagesFromOthers;
    }
    int neighbour = neighbour(sourceRank);
    return neighbour < 0 ? 0 : messagesFrom[neighbour];
  }

  @Override
  public boolean isFlushed() {
    checkOpen();
    return sends.isFlushed() && bulkSends.isIdle();
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    long deadlineNs = System.nanoTime() + CLOSE_NS_MAX;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment done = arena.allocate(JAVA_INT);
      for (ReceiveRing ring : rings) {
        ring.cancel(done, deadlineNs);
      }
      bulkReceives.cancel(done, deadlineNs);
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  void countMessage(int sourceRank) {
    int neighbour = neighbour(sourceRank);
    if (neighbour < 0) {
      messagesFromOthers++;
    } else {
      messagesFrom[neighbour]++;
    }
  }

  /// Tests a cancelled receive until it is gone; forgets it after the deadline.
  static void awaitCancelled(long requests, int index, MemorySegment done, long deadlineNs) {
    while (true) {
      MpiCalls.test(requests, index, done.address());
      if (done.get(JAVA_INT, 0) != 0) {
        return;
      }
      if (deadlineNs - System.nanoTime() <= 0) {
        MpiCalls.forget(requests, index);
        return;
      }
      LockSupport.parkNanos(PARK_NS);
    }
  }

  private static int parentRank(List<MpiGroup> groups) {
    for (MpiGroup group : groups) {
      if (!group.isParent()) {
        return group.parentRank();
      }
    }
    return -1;
  }

  private static int[] childRanks(List<MpiGroup> groups) {
    int count = 0;
    for (MpiGroup group : groups) {
      count += group.isParent() ? group.worldRanks().length - 1 : 0;
    }
    int[] ranks = new int[count];
    int at = 0;
    for (MpiGroup group : groups) {
      if (group.isParent()) {
        int children = group.worldRanks().length - 1;
        System.arraycopy(group.worldRanks(), 1, ranks, at, children);
        at += children;
      }
    }
    Arrays.sort(ranks);
    return ranks;
  }

  private int neighbour(int otherRank) {
    if (otherRank == parentRank) {
      return otherRank < 0 ? -1 : 0;
    }
    int child = Arrays.binarySearch(childRanks, otherRank);
    return child < 0 ? -1 : child + 1;
  }

  private void checkBulk(int otherRank, int transferId) {
    checkOpen();
    if (otherRank < 0 || otherRank >= size || otherRank == rank || transferId < 0) {
      throw new IllegalArgumentException(
          "no such transfer: rank=%d otherRank=%d size=%d transferId=%d"
              .formatted(rank, otherRank, size, transferId));
    }
  }

  private void checkOpen() {
    if (isClosed) {
      throw new IllegalStateException("the transport is closed: rank=" + rank);
    }
  }
}
