package dev.heddle.transport;

import dev.heddle.wire.MessageBuffer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Carries messages between a rank and its neighbours in the tree: its parent and its children,
/// nobody else.
///
/// Shape: a message has 0 to [#eagerBytesMax()] bytes, so that a send completes without the
/// receiver's help. Messages of one sender arrive in the order of their sends (MPI's non-overtaking
/// rule per communicator and tag; MPI-4.1, section 3.5). Anything larger is a *bulk transfer*: the
/// two sides agree by messages, the receiver posts [#bulkReceive] before it tells the sender to go
/// ahead, and the bytes travel apart from the messages.
///
/// Threading: one thread at a time, the holder of the progress role; nothing here blocks.
/// Ownership: see [MessageBuffer]. Errors: running out of buffers is back-pressure (`null`,
/// `false`), never an exception; a wrong argument is [IllegalArgumentException], use after
/// [#close()] [IllegalStateException], an error of MPI [TransportException]. A neighbour's death is
/// silence: no call reports it.
public interface Transport extends AutoCloseable {

  /// Pool for messages towards the children.
  int POOL_DOWN = 0;

  /// Pool for messages towards the parent.
  int POOL_UP = 1;

  /// Pool for messages without tasks or results: credit, heartbeats, shutdown. Apart, so that two
  /// neighbours whose pools are full still tell each other so.
  int POOL_CONTROL = 2;

  /// Number of pools.
  int POOLS = 3;

  /// Our number in the run, 0 for the coordinator.
  int rank();

  /// Number of ranks in the run.
  int size();

  /// The name of this rank's host, for people.
  String host();

  /// What is below, for people: `local`, `openmpi 4.1.4`, `mpich 4.0.2`.
  String description();

  /// The parent's rank, or -1 on rank 0.
  int parentRank();

  /// The children's ranks, in ascending order; the caller's own copy.
  int[] childRanks();

  /// True where this rank's place in the tree allows it to run tasks: not above host level, not on
  /// rank 0 unless alone.
  boolean runsTasks();

  /// Most bytes of one message.
  int eagerBytesMax();

  /// Takes a free send buffer of `pool`, or returns `null` when all are under way: back-pressure.
  @Nullable MessageBuffer claim(int pool);

  /// Gives a claimed buffer back unsent.
  void release(MessageBuffer buffer);

  /// Sends the first `bytes` of a claimed buffer to a neighbour; the buffer is the transport's from
  /// here on.
  ///
  /// Errors: [IllegalArgumentException] where `targetRank` is neither parent nor child, or `bytes`
  /// is out of bounds.
  void send(MessageBuffer buffer, int bytes, int targetRank);

  /// Hands at most `messagesMax` received messages to `handler`, in order per sender, and completes
  /// sends. Returns how many.
  ///
  /// An exception of the handler passes through; the message counts as handled.
  int poll(MessageHandler handler, int messagesMax);

  /// Receives a message; `buffer` is valid during the call only.
  @FunctionalInterface
  interface MessageHandler {
    /// `bytes` bytes from `sourceRank` start at offset 0 of `buffer`.
    void onMessage(int sourceRank, MessageBuffer buffer, int bytes);
  }

  /// Posts the receive of a bulk transfer into the whole of `target`; false when too many are open:
  /// try again later.
  ///
  /// Shape: `transferId` is the sender's, `>= 0`, unique among its open transfers to us. Ownership:
  /// `target` is the transport's until `onBulkReceived`; heap segments are fine. A length of 0
  /// completes at the next [#pollBulk]. Unlike messages, bulk transfers may come from any rank.
  boolean bulkReceive(int sourceRank, int transferId, MemorySegment target);

  /// Gives up a receive that [#bulkReceive] has posted and nothing was sent for; no report comes.
  ///
  /// Ownership: `target` is the caller's again if the answer is true; else it stays the transport's
  /// for ever. Errors: [IllegalArgumentException] where no such receive is open.
  boolean bulkWithdraw(int sourceRank, int transferId);

  /// Sends the whole of `source` as bulk transfer `transferId`, after the receiver's go-ahead;
  /// false when too many are open.
  ///
  /// Ownership: `source` must not change until `onBulkSent`. Memory outside the heap is sent from
  /// where it lies, and received to where it lies.
  boolean bulkSend(int targetRank, int transferId, MemorySegment source);

  /// Moves bulk transfers on and reports finished ones. Returns the work done, 0 when nothing
  /// moved.
  int pollBulk(BulkHandler handler);

  /// Hears about finished bulk transfers.
  interface BulkHandler {
    /// All bytes of the transfer are in its target.
    void onBulkReceived(int sourceRank, int transferId);

    /// The source may be reused.
    void onBulkSent(int targetRank, int transferId);
  }

  /// Gives a neighbour up: what is sent to it from here on is dropped in silence, its bulk
  /// transfers end without a report, and buffers under way to it go to the quarantine, since their
  /// sends may never complete. The pools keep their sizes.
  void abandon(int rank);

  /// Nanoseconds since a neighbour's process gave a sign of life, which it does even while its JVM
  /// is stopped by a collection; `Long.MAX_VALUE` where nothing is known of it, as of a rank on
  /// another host. May read a file: for a neighbour whose messages have ceased.
  default long processSilenceNs(int rank) {
    return Long.MAX_VALUE;
  }

  /// Number of send buffers that are lost to the quarantine.
  int quarantined();

  /// Messages received so far from a neighbour, or from anybody else for `rank = -1` (never more
  /// than 0, unless the tree is broken).
  long messagesFrom(int rank);

  /// True when every send has completed, quarantined ones aside.
  boolean isFlushed();

  /// Ends all traffic; cancels posted receives, does not wait for sends. Idempotent.
  @Override
  void close();
}
