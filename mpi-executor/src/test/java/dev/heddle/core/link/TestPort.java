package dev.heddle.core.link;

import dev.heddle.core.frames.ValueMemory;
import dev.heddle.wire.Header;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.Receiver;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps what a role sends until the test takes it; has as many buffers as the test says.
public final class TestPort implements Port {
  /// A message as it left.
  public record Sent(int source, int target, byte[] bytes) {
    public MessageBuffer buffer() {
      return new MessageBuffer(0, MemorySegment.ofArray(bytes));
    }

    /// The kinds of its frames.
    public List<Integer> kinds() {
      List<Integer> kinds = new ArrayList<>();
      MemorySegment s = MemorySegment.ofArray(bytes);
      for (long at = Header.BYTES; at < bytes.length; at += Frame.length(s, at)) {
        kinds.add(Frame.kind(s, at));
      }
      return kinds;
    }

    /// What it grants: tasks if it goes up, results if it goes down.
    public long frameLimit() {
      MemorySegment s = MemorySegment.ofArray(bytes);
      return Math.max(Header.taskFrameLimit(s), Header.resultFrameLimit(s));
    }
  }

  private record Arrived(int source, MessageBuffer buffer, int length) {}

  /// One side of a transfer that was asked for.
  public record Transfer(int source, int target, int transferId, MemorySegment memory) {}

  public static final int EAGER_BYTES_MAX = 1024;

  public final int rank;
  public final ArrayDeque<Sent> outbox = new ArrayDeque<>();
  public final List<Transfer> bulkSends = new ArrayList<>();
  public final List<Transfer> bulkReceives = new ArrayList<>();
  public final List<Integer> abandoned = new ArrayList<>();
  public int free = Integer.MAX_VALUE;
  public int claimed;
  private @Nullable Arrived arrived;

  /// What is known of each neighbour's process.
  public long processSilenceNs = Long.MAX_VALUE;

  /// Memory that was given back.
  public final List<MemorySegment> given = new ArrayList<>();

  public final ValueMemory memory =
      new ValueMemory() {
        @Override
        public MemorySegment take(long bytes) {
          return HEAP.take(bytes);
        }

        @Override
        public void give(MemorySegment segment) {
          given.add(segment);
        }
      };

  public TestPort(int rank) {
    this.rank = rank;
  }

  /// The only message that was sent since the last call.
  public Sent takeOnly() {
    if (outbox.size() != 1) {
      throw new AssertionError("messages=" + outbox.stream().map(Sent::kinds).toList());
    }
    return outbox.poll();
  }

  @Override
  public int eagerBytesMax() {
    return EAGER_BYTES_MAX;
  }

  @Override
  public @Nullable MessageBuffer claim(int pool) {
    if (free == 0) {
      return null;
    }
    free--;
    claimed++;
    return new MessageBuffer(0, MemorySegment.ofArray(new byte[EAGER_BYTES_MAX]));
  }

  @Override
  public void release(MessageBuffer buffer) {
    free++;
    claimed--;
  }

  @Override
  public void send(MessageBuffer buffer, int bytes, int targetRank) {
    claimed--;
    outbox.add(new Sent(rank, targetRank, Frame.getBytes(buffer.segment(), 0, bytes)));
  }

  @Override
  public boolean bulkReceive(int sourceRank, int transferId, MemorySegment target) {
    return bulkReceives.add(new Transfer(sourceRank, rank, transferId, target));
  }

  @Override
  public boolean bulkWithdraw(int sourceRank, int transferId) {
    return bulkReceives.removeIf(
        one -> one.source() == sourceRank && one.transferId() == transferId);
  }

  @Override
  public boolean bulkSend(int targetRank, int transferId, MemorySegment source) {
    return bulkSends.add(new Transfer(rank, targetRank, transferId, source));
  }

  @Override
  public int poll(Receiver receiver, int messagesMax) {
    Arrived message = arrived;
    if (message == null) {
      return 0;
    }
    arrived = null;
    receiver.onMessage(message.source(), message.buffer(), message.length());
    return 1;
  }

  @Override
  public int pollBulk(Receiver receiver) {
    return 0;
  }

  /// Hands a message of `source` to the link that this port belongs to.
  public void deliver(Link link, int source, MessageBuffer message, int length, long nowNs) {
    arrived = new Arrived(source, message, length);
    int _ = link.poll(nowNs, 1);
  }

  /// A message of `source`, of this many bytes, is there for the next [#poll].
  public void arrive(int source, int bytes) {
    arrived =
        new Arrived(source, new MessageBuffer(0, MemorySegment.ofArray(new byte[bytes])), bytes);
  }

  @Override
  public long processSilenceNs(int neighbour) {
    return processSilenceNs;
  }

  @Override
  public void abandon(int lost) {
    abandoned.add(lost);
  }
}
