package dev.heddle.scale;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.Receiver;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Messages between ranks of one thread, through memory: what is sent is at its target at once.
///
/// Shape: a queue for each rank; large values don't travel. Messages and bytes are counted for one
/// rank. Threading: one thread, which says whose turn it is.
final class MemoryPort implements Port {
  static final int EAGER_BYTES_MAX = 8192;

  private final MessageStore store = new MessageStore(EAGER_BYTES_MAX);
  private final int counted;
  private final int[] inboxFirst;
  private final int[] inboxLast;
  private int rank;
  private long messages;
  private long bytes;

  /// Between this many ranks; what `counted` sends is counted.
  MemoryPort(int ranks, int counted) {
    this.counted = counted;
    this.inboxFirst = new int[ranks];
    this.inboxLast = new int[ranks];
    Arrays.fill(inboxFirst, -1);
  }

  /// From here on `turn` sends and receives.
  void turnOf(int turn) {
    rank = turn;
  }

  /// Whose turn it is.
  int rank() {
    return rank;
  }

  /// Whether messages wait for `target`.
  boolean hasInput(int target) {
    return inboxFirst[target] >= 0;
  }

  /// Whether none wait for any rank.
  boolean isEmpty() {
    return Arrays.stream(inboxFirst).allMatch(message -> message < 0);
  }

  /// Counts from 0.
  void startCounting() {
    messages = 0;
    bytes = 0;
  }

  /// Messages counted.
  long messages() {
    return messages;
  }

  /// Their bytes.
  long bytes() {
    return bytes;
  }

  /// Counts messages that wait for `target`, which is about to take them in.
  void countInput(int target) {
    for (int at = inboxFirst[target]; at >= 0; at = store.next(at)) {
      messages++;
      bytes += store.length(at);
    }
  }

  @Override
  public int eagerBytesMax() {
    return EAGER_BYTES_MAX;
  }

  @Override
  public @Nullable MessageBuffer claim(int pool) {
    return store.claim();
  }

  @Override
  public void release(MessageBuffer buffer) {
    store.release(buffer);
  }

  @Override
  public void send(MessageBuffer buffer, int length, int target) {
    if (rank == counted) {
      messages++;
      bytes += length;
    }
    int message = store.send(buffer, length, rank, target);
    if (inboxFirst[target] < 0) {
      inboxFirst[target] = message;
    } else {
      store.setNext(inboxLast[target], message);
    }
    inboxLast[target] = message;
  }

  @Override
  public int poll(Receiver receiver, int messagesMax) {
    int work = 0;
    int at = inboxFirst[rank];
    while (work < messagesMax && at >= 0) {
      int next = store.next(at);
      int source = store.source(at);
      int length = store.length(at);
      receiver.onMessage(source, store.deliver(at), length);
      work++;
      at = next;
    }
    inboxFirst[rank] = at;
    return work;
  }

  @Override
  public int pollBulk(Receiver receiver) {
    return 0;
  }

  @Override
  public boolean bulkReceive(int sourceRank, int transferId, MemorySegment target) {
    return false;
  }

  @Override
  public boolean bulkSend(int targetRank, int transferId, MemorySegment source) {
    return false;
  }

  @Override
  public boolean bulkWithdraw(int sourceRank, int transferId) {
    return true;
  }

  @Override
  public void abandon(int lostRank) {}
}
