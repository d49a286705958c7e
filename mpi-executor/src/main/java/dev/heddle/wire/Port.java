package dev.heddle.wire;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Carries the protocol's messages between a rank and its neighbours in the tree: a transport, or a
/// simulator's virtual network.
///
/// Shape: a message has 0 to [#eagerBytesMax()] bytes, so that a send completes without the
/// receiver's help. Messages of one sender arrive in the order of their sends (MPI's non-overtaking
/// rule per communicator and tag; MPI-4.1, section 3.5). Anything larger is a *bulk transfer*: the
/// two sides agree by messages, the receiver posts [#bulkReceive] before it tells the sender to go
/// ahead, and the bytes travel apart from the messages.
///
/// Threading: one thread at a time, the holder of the progress role; nothing here blocks.
/// Ownership: see [MessageBuffer]. Errors: running out of buffers is back-pressure (`null`,
/// `false`), never an exception; a wrong argument is [IllegalArgumentException], use after the end
/// [IllegalStateException]. A neighbour's death is silence: no call reports it.
public interface Port {
  /// Pool for messages towards the children.
  int POOL_DOWN = 0;

  /// Pool for messages towards the parent.
  int POOL_UP = 1;

  /// Pool for messages without tasks or results: credit, heartbeats, shutdown. A pool apart, so
  /// that two neighbours whose other pools are full can still tell each other so.
  int POOL_CONTROL = 2;

  /// Number of pools.
  int POOLS = 3;

  /// Most bytes of one message.
  int eagerBytesMax();

  /// Takes a free send buffer of `pool`, or returns `null` when all are under way: back-pressure.
  @Nullable MessageBuffer claim(int pool);

  /// Gives a claimed buffer back unsent.
  void release(MessageBuffer buffer);

  /// Sends the first `bytes` of a claimed buffer to a neighbour; the buffer is the port's from here
  /// on.
  ///
  /// Errors: [IllegalArgumentException] where `targetRank` is neither parent nor child, or `bytes`
  /// is out of bounds.
  void send(MessageBuffer buffer, int bytes, int targetRank);

  /// Hands at most `messagesMax` received messages to `receiver`, in order per sender, and
  /// completes sends. Returns how many.
  ///
  /// An exception of the receiver passes through; the message counts as handled.
  int poll(Receiver receiver, int messagesMax);

  /// Posts the receive of a bulk transfer into the whole of `target`; false when too many are open:
  /// try again later.
  ///
  /// Shape: `transferId` is the sender's, `>= 0`, unique among its open transfers to this rank.
  /// Ownership: `target` is the port's until [Receiver#onBulkReceived]; heap segments are fine. A
  /// length of 0 completes at the next [#pollBulk]. Unlike messages, bulk transfers may arrive from
  /// any rank.
  boolean bulkReceive(int sourceRank, int transferId, MemorySegment target);

  /// Gives up a receive that [#bulkReceive] has posted and to which nothing was sent; no report
  /// follows.
  ///
  /// Ownership: `target` is the caller's again if the answer is true; otherwise it stays the port's
  /// for ever. Errors: [IllegalArgumentException] where no such receive is open.
  boolean bulkWithdraw(int sourceRank, int transferId);

  /// Sends the whole of `source` as bulk transfer `transferId`, after the receiver's go-ahead;
  /// false when too many are open.
  ///
  /// Ownership: `source` must not change until [Receiver#onBulkSent]. Memory outside the heap is
  /// sent and received in place.
  boolean bulkSend(int targetRank, int transferId, MemorySegment source);

  /// Moves bulk transfers on and reports finished ones to `receiver`. Returns the work done, 0
  /// where nothing moved.
  int pollBulk(Receiver receiver);

  /// Gives a neighbour up. Messages to it are dropped silently from here on, its bulk transfers end
  /// without a report, and buffers under way to it are never used again, since their sends may
  /// never complete. The pools keep their sizes.
  void abandon(int rank);

  /// Nanoseconds since a neighbour's process gave a sign of life, which it gives even while a
  /// collection stops its JVM; `Long.MAX_VALUE` where the process is unknown, as on another host.
  /// May read a file, so call it only for a neighbour that sends no messages any more.
  default long processSilenceNs(int rank) {
    return Long.MAX_VALUE;
  }
}
