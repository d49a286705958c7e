package dev.heddle.sim;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.Receiver;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// One rank's side of the virtual network. Shape: counts and two indices; no memory of its own.
final class SimPort implements Port {
  private record Finished(boolean isSent, int rank, int transferId) {}

  private final Network network;
  private final int rank;

  int inboxFirst = -1;
  int inboxLast = -1;

  private boolean starved;
  private int downOut;
  private int upOut;
  private int controlOut;
  private int bulksIn;
  private int bulksOut;
  private @Nullable ArrayDeque<Finished> finished;

  SimPort(Network network, int rank) {
    this.network = network;
    this.rank = rank;
  }

  @Override
  public int eagerBytesMax() {
    return network.plan().eagerBytesMax();
  }

  @Override
  public @Nullable MessageBuffer claim(int pool) {
    if (out(pool) >= network.plan().buffers(pool)) {
      starved = true;
      return null;
    }
    count(pool, 1);
    return network.take(rank, pool);
  }

  @Override
  public void release(MessageBuffer buffer) {
    count(network.pool(buffer.index()), -1);
    network.recycle(buffer.index());
  }

  @Override
  public void send(MessageBuffer buffer, int bytes, int targetRank) {
    network.send(buffer, bytes, targetRank);
  }

  /// A send has completed: its buffer may be claimed again.
  void onBufferFree(int pool) {
    count(pool, -1);
  }

  /// True once after a claim found nothing.
  boolean wasStarved() {
    boolean was = starved;
    starved = false;
    return was;
  }

  private int out(int pool) {
    return switch (pool) {
      case POOL_DOWN -> downOut;
      case POOL_UP -> upOut;
      default -> controlOut;
    };
  }

  private void count(int pool, int by) {
    switch (pool) {
      case POOL_DOWN -> downOut += by;
      case POOL_UP -> upOut += by;
      default -> controlOut += by;
    }
    if (out(pool) < 0) {
      throw new IllegalStateException("buffer given back twice: rank=" + rank + " pool=" + pool);
    }
  }

  @Override
  public boolean bulkReceive(int sourceRank, int transferId, MemorySegment target) {
    if (bulksIn == network.plan().bulksMax()) {
      return false;
    }
    bulksIn++;
    network.post(sourceRank, rank, transferId, target);
    return true;
  }

  @Override
  public boolean bulkWithdraw(int sourceRank, int transferId) {
    bulksIn--;
    network.withdraw(sourceRank, rank, transferId);
    return true;
  }

  @Override
  public boolean bulkSend(int targetRank, int transferId, MemorySegment source) {
    if (bulksOut == network.plan().bulksMax()) {
      return false;
    }
    bulksOut++;
    network.watch().onBulk(rank, targetRank, source);
    network.bulk(rank, targetRank, transferId, source);
    return true;
  }

  void onReceived(int source, int transferId) {
    finish(new Finished(false, source, transferId));
  }

  void onSent(int target, int transferId) {
    finish(new Finished(true, target, transferId));
  }

  private void finish(Finished one) {
    if (finished == null) {
      finished = new ArrayDeque<>();
    }
    finished.add(one);
  }

  @Override
  public int poll(Receiver receiver, int messagesMax) {
    int work = 0;
    while (work < messagesMax) {
      int at = network.takeFirst(this);
      if (at < 0) {
        break;
      }
      int source = network.source(at);
      network.watch().onMessage(source, rank, network.message(at), network.length(at));
      receiver.onMessage(source, network.message(at), network.length(at));
      network.recycle(at);
      work++;
    }
    return work;
  }

  @Override
  public int pollBulk(Receiver receiver) {
    int work = 0;
    while (finished != null && !finished.isEmpty()) {
      Finished next = finished.poll();
      if (next.isSent()) {
        bulksOut--;
        receiver.onBulkSent(next.rank(), next.transferId());
      } else {
        bulksIn--;
        receiver.onBulkReceived(next.rank(), next.transferId());
      }
      work++;
    }
    return work;
  }

  @Override
  public void abandon(int lost) {
    // What is on its way to the lost rank arrives nowhere; its buffers come back as after any eager
    // send. Transfers that never complete keep their places, as they do in MPI.
  }

  /// Forgets what waits here: the process has ended.
  void drop() {
    for (int at = network.takeFirst(this); at >= 0; at = network.takeFirst(this)) {
      network.recycle(at);
    }
    finished = null;
  }

  boolean hasInput() {
    return inboxFirst >= 0 || (finished != null && !finished.isEmpty());
  }

  /// True when no buffer is claimed or under way and no bulk transfer is open.
  boolean isQuiet() {
    return downOut + upOut + controlOut + bulksIn + bulksOut == 0 && !hasInput();
  }

  @Override
  public String toString() {
    return "rank="
        + rank
        + " buffersOut="
        + downOut
        + ","
        + upOut
        + ","
        + controlOut
        + " bulksIn="
        + bulksIn
        + " bulksOut="
        + bulksOut;
  }
}
