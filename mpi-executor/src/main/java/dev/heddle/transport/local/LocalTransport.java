package dev.heddle.transport.local;

import dev.heddle.transport.Transport;
import dev.heddle.transport.TransportException;
import dev.heddle.transport.local.LocalNetwork.BulkKey;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.jctools.queues.atomic.MpscGrowableAtomicArrayQueue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// A rank's messages to ranks of the same process.
///
/// A message is not copied: the receiver reads the sender's buffer, which then returns to its pool.
/// So a full pool stays full until the receiver polls, which is stricter than MPI. Bulk transfers
/// are copied in chunks by the sender's thread.
///
/// Threading: as the port says, one thread at a time per rank; ranks on different threads meet in
/// the inbox, the return queue and the network's table of bulk receives.
final class LocalTransport implements Transport {
  private static final int BULK_OPEN_MAX = 32;

  /// A turn must not last: 1 MiB is copied in about 0.1 ms.
  private static final int BULK_CHUNK_BYTES = 1 << 20;

  private static final int INBOX_CAPACITY_MIN = 16;

  private final LocalNetwork network;
  private final int rank;
  private final int parentRank;
  private final int[] childRanks;
  private final boolean runsTasks;

  private final List<LocalBuffer> buffers = new ArrayList<>();
  private final LocalBuffer[][] free;
  private final int[] freeCount = new int[POOLS];
  private final int[] liveCount = new int[POOLS];
  private int underWayCount;
  private int quarantinedCount;
  private final Queue<LocalBuffer> returned;

  private final Queue<LocalBuffer> inbox;
  private final long[] messagesFrom;
  private final boolean[] isAbandoned;
  private long messagesFromOthers;

  private final List<LocalBulk> sends = new ArrayList<>();
  private final List<LocalBulk> receives = new ArrayList<>();
  private final Queue<LocalBulk> received = new MpscUnboundedAtomicArrayQueue<>(INBOX_CAPACITY_MIN);

  private volatile boolean isClosed;

  LocalTransport(LocalNetwork network, int rank) {
    this.network = network;
    this.rank = rank;
    this.parentRank = network.shape().parentOf(rank);
    this.childRanks = network.shape().childRanks(rank);
    this.runsTasks = network.shape().runsTasks(rank);
    int neighbours = childRanks.length + 1;
    this.messagesFrom = new long[neighbours];
    this.isAbandoned = new boolean[neighbours];
    this.free = new LocalBuffer[POOLS][];
    for (int pool = 0; pool < POOLS; pool++) {
      free[pool] = new LocalBuffer[network.buffers(rank, pool)];
    }
    // Holds all buffers of all neighbours, so an offer can't fail; it grows only as far as used.
    int inboxMax = parentRank < 0 ? 0 : network.buffers(parentRank);
    for (int child : childRanks) {
      inboxMax += network.buffers(child);
    }
    this.inbox =
        new MpscGrowableAtomicArrayQueue<>(
            INBOX_CAPACITY_MIN, Math.max(2 * INBOX_CAPACITY_MIN, inboxMax));
    this.returned =
        new MpscGrowableAtomicArrayQueue<>(
            INBOX_CAPACITY_MIN, Math.max(2 * INBOX_CAPACITY_MIN, network.buffers(rank)));
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return network.shape().size();
  }

  @Override
  public String host() {
    return network.host();
  }

  @Override
  public String description() {
    return "local";
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
    return runsTasks;
  }

  @Override
  public int eagerBytesMax() {
    return network.eagerBytesMax();
  }

  @Override
  public @Nullable MessageBuffer claim(int pool) {
    checkOpen();
    if (pool < 0 || pool >= POOLS) {
      throw new IllegalArgumentException("pool=" + pool + ", must be 0 to " + (POOLS - 1));
    }
    if (freeCount[pool] == 0) {
      collect();
    }
    LocalBuffer claimed;
    if (freeCount[pool] > 0) {
      claimed = free[pool][--freeCount[pool]];
    } else if (liveCount[pool] < free[pool].length) {
      claimed = new LocalBuffer(this, new MessageBuffer(buffers.size(), network.allocate()), pool);
      buffers.add(claimed);
      liveCount[pool]++;
    } else {
      return null;
    }
    claimed.state = LocalBuffer.CLAIMED;
    claimed.buffer.bytes().clear();
    return claimed.buffer;
  }

  @Override
  public void release(MessageBuffer buffer) {
    checkOpen();
    free(claimed(buffer));
  }

  @Override
  public void send(MessageBuffer buffer, int bytes, int targetRank) {
    checkOpen();
    int neighbour = neighbour(targetRank);
    if (neighbour < 0) {
      throw new IllegalArgumentException(
          "neither parent nor child: rank=" + rank + " targetRank=" + targetRank);
    }
    if (bytes < 0 || bytes > eagerBytesMax()) {
      throw new IllegalArgumentException("bytes=" + bytes + ", must be 0 to " + eagerBytesMax());
    }
    LocalBuffer sent = claimed(buffer);
    if (isAbandoned[neighbour]) {
      free(sent);
      return;
    }
    sent.state = LocalBuffer.SENT;
    sent.targetRank = targetRank;
    sent.bytes = bytes;
    underWayCount++;
    network.transport(targetRank).deliver(sent);
  }

  @Override
  public int poll(Receiver receiver, int messagesMax) {
    checkOpen();
    if (messagesMax < 0) {
      throw new IllegalArgumentException("messagesMax=" + messagesMax + ", must not be negative");
    }
    collect();
    int handled = 0;
    while (handled < messagesMax && !isClosed) {
      LocalBuffer message = inbox.poll();
      if (message == null) {
        break;
      }
      handled++;
      int sourceRank = message.owner.rank;
      int neighbour = neighbour(sourceRank);
      if (neighbour < 0) {
        messagesFromOthers++;
      } else {
        messagesFrom[neighbour]++;
      }
      try {
        message.buffer.bytes().clear();
        receiver.onMessage(sourceRank, message.buffer, message.bytes);
      } finally {
        message.owner.returned.add(message);
      }
    }
    return handled;
  }

  @Override
  public boolean bulkReceive(int sourceRank, int transferId, MemorySegment target) {
    checkBulk(sourceRank, transferId);
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("target is read-only: transferId=" + transferId);
    }
    if (receives.size() >= BULK_OPEN_MAX) {
      return false;
    }
    BulkKey key = new BulkKey(sourceRank, rank, transferId);
    LocalBulk receive = new LocalBulk(key, target);
    if (target.byteSize() == 0) {
      received.add(receive);
    } else if (!network.post(key, receive)) {
      return false;
    }
    receives.add(receive);
    return true;
  }

  @Override
  public boolean bulkWithdraw(int sourceRank, int transferId) {
    checkBulk(sourceRank, transferId);
    BulkKey key = new BulkKey(sourceRank, rank, transferId);
    for (int i = 0; i < receives.size(); i++) {
      LocalBulk receive = receives.get(i);
      if (receive.key.equals(key)) {
        receives.remove(i);
        // false where a sender has taken the receive meanwhile, and may be copying
        return network.withdraw(receive);
      }
    }
    throw new IllegalArgumentException(
        "no such receive: rank=%d sourceRank=%d transferId=%d"
            .formatted(rank, sourceRank, transferId));
  }

  @Override
  public boolean bulkSend(int targetRank, int transferId, MemorySegment source) {
    checkBulk(targetRank, transferId);
    if (sends.size() >= BULK_OPEN_MAX) {
      return false;
    }
    BulkKey key = new BulkKey(rank, targetRank, transferId);
    for (LocalBulk send : sends) {
      if (send.key.equals(key)) {
        return false;
      }
    }
    sends.add(new LocalBulk(key, source));
    return true;
  }

  @Override
  public int pollBulk(Receiver receiver) {
    checkOpen();
    int work = 0;
    LocalBulk done = received.poll();
    while (done != null) {
      work++;
      if (receives.remove(done)) {
        receiver.onBulkReceived(done.key.sourceRank(), done.key.transferId());
      }
      done = isClosed ? null : received.poll();
    }
    for (int i = sends.size() - 1; i >= 0 && !isClosed; i--) {
      LocalBulk send = sends.get(i);
      work += copy(send);
      if (send.copiedBytes == send.memory.byteSize()) {
        sends.remove(i);
        work++;
        receiver.onBulkSent(send.key.targetRank(), send.key.transferId());
      }
    }
    return work;
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
    collect();
    for (int i = 0; i < buffers.size(); i++) {
      LocalBuffer lost = buffers.get(i);
      if (lost.state == LocalBuffer.SENT && lost.targetRank == abandonedRank) {
        lost.isQuarantined = true;
        quarantinedCount++;
        underWayCount--;
        // The pool keeps its size, so that a neighbour's death is no back-pressure for other
        // neighbours.
        LocalBuffer made =
            new LocalBuffer(this, new MessageBuffer(i, network.allocate()), lost.pool);
        buffers.set(i, made);
        free(made);
      }
    }
    sends.removeIf(send -> send.key.targetRank() == abandonedRank);
    // A copy that has begun goes on into memory that is reported to no rank.
    receives.removeIf(
        receive -> {
          boolean isTheirs = receive.key.sourceRank() == abandonedRank;
          if (isTheirs) {
            network.withdraw(receive);
          }
          return isTheirs;
        });
  }

  @Override
  public int quarantined() {
    return quarantinedCount;
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
    collect();
    return underWayCount == 0 && sends.isEmpty();
  }

  @Override
  public void close() {
    isClosed = true;
    discard();
  }

  private void deliver(LocalBuffer message) {
    if (isClosed || !inbox.offer(message)) {
      message.owner.returned.add(message);
    } else if (isClosed) {
      // The target closed in between, and may have looked into its inbox for the last time.
      discard();
    }
  }

  /// Gives the buffers back that are left in a closed rank's inbox. The lock stands in for the one
  /// consumer that the queue allows; the rank itself no longer polls.
  private synchronized void discard() {
    LocalBuffer message = inbox.poll();
    while (message != null) {
      message.owner.returned.add(message);
      message = inbox.poll();
    }
  }

  private int copy(LocalBulk send) {
    long length = send.memory.byteSize();
    if (length == 0) {
      return 0;
    }
    LocalBulk receive = send.receive;
    if (receive == null) {
      receive = network.take(send.key);
      if (receive == null) {
        return 0;
      }
      if (receive.memory.byteSize() != length) {
        throw new TransportException(
            "bulk transfer of another length than agreed: sourceRank=%d targetRank=%d transferId=%d bytes=%d expectedBytes=%d"
                .formatted(
                    rank,
                    send.key.targetRank(),
                    send.key.transferId(),
                    length,
                    receive.memory.byteSize()));
      }
      send.receive = receive;
    }
    long bytes = Math.min(BULK_CHUNK_BYTES, length - send.copiedBytes);
    MemorySegment.copy(send.memory, send.copiedBytes, receive.memory, send.copiedBytes, bytes);
    send.copiedBytes += bytes;
    if (send.copiedBytes == length) {
      network.transport(send.key.targetRank()).received.add(receive);
    }
    return 1;
  }

  private void collect() {
    LocalBuffer buffer = returned.poll();
    while (buffer != null) {
      if (!buffer.isQuarantined) {
        underWayCount--;
        free(buffer);
      }
      buffer = returned.poll();
    }
  }

  private void free(LocalBuffer buffer) {
    buffer.state = LocalBuffer.FREE;
    free[buffer.pool][freeCount[buffer.pool]++] = buffer;
  }

  /// Errors: [IllegalArgumentException] where the caller does not hold `buffer`.
  private LocalBuffer claimed(MessageBuffer buffer) {
    int index = buffer.index();
    LocalBuffer mine = index < 0 || index >= buffers.size() ? null : buffers.get(index);
    if (mine == null || mine.buffer != buffer || mine.state != LocalBuffer.CLAIMED) {
      throw new IllegalArgumentException("not a claimed buffer of this transport: index=" + index);
    }
    return mine;
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
    if (otherRank < 0 || otherRank >= size() || otherRank == rank || transferId < 0) {
      throw new IllegalArgumentException(
          "no such transfer: rank=%d otherRank=%d size=%d transferId=%d"
              .formatted(rank, otherRank, size(), transferId));
    }
  }

  private void checkOpen() {
    if (isClosed) {
      throw new IllegalStateException("the transport is closed: rank=" + rank);
    }
  }
}
