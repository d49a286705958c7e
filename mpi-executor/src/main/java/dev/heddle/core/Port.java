package dev.heddle.core;

import dev.heddle.wire.MessageBuffer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What the protocol asks of whatever carries its messages: a transport, or the simulator's virtual
/// network.
///
/// Threading: the holder of the progress role. Errors: `null` and `false` are back-pressure. The
/// contract is that of `dev.heddle.transport.Transport`, which this room can't import.
public interface Port {
  /// Pool for messages towards the children.
  int POOL_DOWN = 0;

  /// Pool for messages towards the parent.
  int POOL_UP = 1;

  /// Pool for credit, heartbeats, announcements and shutdown.
  int POOL_CONTROL = 2;

  /// Most bytes of one message.
  int eagerBytesMax();

  /// A free send buffer, or null.
  @Nullable MessageBuffer claim(int pool);

  /// Gives a claimed buffer back unsent.
  void release(MessageBuffer buffer);

  /// Sends a claimed buffer; it is the port's from here on.
  void send(MessageBuffer buffer, int bytes, int targetRank);

  /// Posts the receive of a bulk transfer.
  boolean bulkReceive(int sourceRank, int transferId, MemorySegment target);

  /// Gives up a posted receive that its sender will not serve. True when its target is free again;
  /// else the port keeps it.
  boolean bulkWithdraw(int sourceRank, int transferId);

  /// Where received values go.
  default ValueMemory valueMemory() {
    return ValueMemory.HEAP;
  }

  /// Starts a bulk transfer that the receiver is ready for.
  boolean bulkSend(int targetRank, int transferId, MemorySegment source);

  /// Hands received messages and finished bulk transfers to `link`; returns the work done.
  int poll(Link link, long nowNs, int messagesMax);

  /// Sends nothing more to a rank that was lost.
  void abandon(int rank);

  /// Nanoseconds since the process of a neighbour gave a sign of life, whatever its JVM does;
  /// `Long.MAX_VALUE` where nothing is known of it.
  default long processSilenceNs(int rank) {
    return Long.MAX_VALUE;
  }
}
