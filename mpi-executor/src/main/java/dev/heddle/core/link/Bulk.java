package dev.heddle.core.link;

import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.wire.Header.Refusal;
import dev.heddle.wire.Port;
import dev.heddle.wire.frame.AnnounceFields;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.GoFields;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Frames that are too large for a message: pulled when the receiver has room.
///
/// A rank that needs a value asks for it, and knows its length from the task that names it: the
/// receive is posted, then FETCH carries its number, and the bytes come at once. Any other frame is
/// announced, waited for, and told to GO.
///
/// Shape: the receiver has at most `inFlightBulkBytesMax` under way, or one frame if it is larger;
/// it allocates when it posts a receive. The sender keeps a frame until it has left. Transfers that
/// a sender numbers are even, those that a receiver numbers are odd. What was announced travels
/// under a checksum; a value does not, its head is held against what was asked for
/// (docs/builders/adr/0004). Threading: the progress role.
public final class Bulk {
  /// Announced frames that wait for room; more than credit and fetches can cause, so more is
  /// forged.
  private static final int WAITING_MAX = 1 << 16;

  private static final class Outgoing {
    final Edge edge;
    final int transferId;
    final MemorySegment frame;

    /// Nobody else has the memory, so that it is free once it was sent.
    boolean isSpare;

    Outgoing(Edge edge, int transferId, MemorySegment frame, boolean isSpare) {
      this.edge = edge;
      this.transferId = transferId;
      this.frame = frame;
      this.isSpare = isSpare;
    }
  }

  private static final class Incoming {
    final Edge edge;
    final int transferId;
    final int kind;
    final int length;
    final int crc;

    /// Of a value that was asked for: its id and the bytes of its encoding, which may be 0; else
    /// -1.
    final long valueId;

    final long valueLength;

    /// Null until it has started.
    @Nullable MemorySegment target;

    Incoming(
        Edge edge, int transferId, int kind, int length, int crc, long valueId, long valueLength) {
      this.edge = edge;
      this.transferId = transferId;
      this.kind = kind;
      this.length = length;
      this.crc = crc;
      this.valueId = valueId;
      this.valueLength = valueLength;
    }

    boolean isFetched() {
      return valueLength >= 0;
    }
  }

  private final Link link;
  private final Port port;
  private final ValueMemory memory;
  private final Limits limits;
  private final Counters counters;

  // Made when first needed: most workers never see a large frame, and the simulator has a million
  // of them.
  private @Nullable Map<Long, Outgoing> outgoing;

  /// What was announced, whether it has started or waits.
  private @Nullable Map<Long, Incoming> incoming;

  private @Nullable ArrayDeque<Outgoing> going;
  private @Nullable ArrayDeque<Incoming> waiting;

  /// Memory that the port may still read for a neighbour that was lost.
  private @Nullable List<MemorySegment> stuck;

  private int nextTransferId;
  private int nextFetchId = 1;
  private long inFlightBytes;

  Bulk(Link link, Port port, ValueMemory memory, Limits limits, Counters counters) {
    this.link = link;
    this.port = port;
    this.memory = memory;
    this.limits = limits;
    this.counters = counters;
  }

  void announce(Edge edge, int kind, byte[] frame) {
    if (frame.length > limits.frameBytesMax()) {
      throw new IllegalStateException(
          "frame is larger than the bound: frameBytes="
              + frame.length
              + " frameBytesMax="
              + limits.frameBytesMax());
    }
    int transferId = nextTransferId;
    nextTransferId = (nextTransferId + 2) & Integer.MAX_VALUE;
    outgoing()
        .put(
            key(edge, transferId),
            new Outgoing(edge, transferId, MemorySegment.ofArray(frame), false));
    byte[] head = new byte[24];
    MemorySegment s = MemorySegment.ofArray(head);
    Frame.head(s, 0, Frame.ANNOUNCE, kind, 0, head.length);
    AnnounceFields.putTransferId(s, 0, transferId);
    AnnounceFields.putChecksum(s, 0, crc(MemorySegment.ofArray(frame)));
    AnnounceFields.putFrameLength(s, 0, frame.length);
    link.control(edge, head);
  }

  private Map<Long, Outgoing> outgoing() {
    Map<Long, Outgoing> map = outgoing;
    if (map == null) {
      map = new HashMap<>();
      outgoing = map;
    }
    return map;
  }

  void onGo(Edge edge, int transferId) {
    Outgoing transfer = outgoing == null ? null : outgoing.get(key(edge, transferId));
    if (transfer == null || isFetchId(transferId)) {
      counters.strayFrames++;
      return;
    }
    go(transfer);
  }

  private void go(Outgoing transfer) {
    if (going == null) {
      going = new ArrayDeque<>();
    }
    if (!going.contains(transfer)) {
      going.add(transfer);
    }
    pump();
  }

  /// Where values lie.
  public ValueMemory valueMemory() {
    return memory;
  }

  /// Answers a FETCH; `isSpare` gives the memory away with it. False when nobody is there to take
  /// it, and the memory is still the caller's.
  public boolean send(Edge edge, int transferId, MemorySegment frame, boolean isSpare) {
    if (edge.lost || edge.left) {
      return false;
    }
    if (transferId == Frame.NO_TRANSFER && link.fits((int) frame.byteSize())) {
      link.control(edge, Frame.getBytes(frame, 0, (int) frame.byteSize()));
      if (isSpare) {
        memory.give(frame);
      }
      return true;
    }
    if (!isFetchId(transferId) || outgoing().containsKey(key(edge, transferId))) {
      counters.strayFrames++;
      return false;
    }
    Outgoing transfer = new Outgoing(edge, transferId, frame, isSpare);
    outgoing().put(key(edge, transferId), transfer);
    go(transfer);
    return true;
  }

  private static boolean isFetchId(int transferId) {
    return transferId >= 0 && (transferId & 1) != 0;
  }

  /// Gives memory back that nobody names any more: at once, or when it has left where a neighbour
  /// is still being sent it. Results may overtake the end of the transfer of what they were made
  /// from.
  public void giveWhenSent(MemorySegment frame) {
    Outgoing sending = null;
    if (outgoing != null) {
      for (Outgoing transfer : outgoing.values()) {
        if (transfer.frame.equals(frame)) {
          if (sending != null) {
            return; // two neighbours read it: left to the collector
          }
          sending = transfer;
        }
      }
    }
    if (sending != null) {
      sending.isSpare = true;
    } else if (stuck == null || !stuck.contains(frame)) {
      memory.give(frame);
    }
  }

  void onSent(int targetRank, int transferId) {
    Outgoing transfer = outgoing == null ? null : outgoing.remove(key(targetRank, transferId));
    if (transfer != null && transfer.isSpare) {
      memory.give(transfer.frame);
    }
  }

  /// Asks for a value of `length` encoded bytes: with its receive posted, as soon as there is room
  /// for it, where it doesn't fit into a message. False when it can't be that long, or too much
  /// waits already.
  public boolean fetch(Edge edge, long valueId, long length) {
    long bytes = ValueFrame.bytes(length);
    if (bytes > limits.frameBytesMax()) {
      return false;
    }
    if (link.fits((int) bytes)) {
      link.control(edge, ValueFrame.fetch(valueId, length, Frame.NO_TRANSFER));
      return true;
    }
    if (edge.left || edge.lost || (waiting != null && waiting.size() >= WAITING_MAX)) {
      return false;
    }
    int transferId = nextFetchId;
    nextFetchId = (nextFetchId + 2) & Integer.MAX_VALUE;
    expect(new Incoming(edge, transferId, Frame.VALUE, (int) bytes, 0, valueId, length));
    return true;
  }

  private void expect(Incoming transfer) {
    if (waiting == null) {
      waiting = new ArrayDeque<>();
    }
    if (incoming == null) {
      incoming = new HashMap<>();
    }
    waiting.add(transfer);
    incoming.put(key(transfer.edge, transfer.transferId), transfer);
    pump();
  }

  /// The neighbour has no such value: nothing comes.
  public void withdraw(Edge edge, long valueId) {
    if (incoming == null) {
      return;
    }
    for (Incoming transfer : incoming.values()) {
      MemorySegment target = transfer.target;
      if (transfer.edge == edge
          && transfer.isFetched()
          && transfer.valueId == valueId
          && target != null) {
        incoming.remove(key(edge, transfer.transferId));
        inFlightBytes -= transfer.length;
        if (port.bulkWithdraw(edge.rank, transfer.transferId)) {
          memory.give(target);
        }
        return;
      }
    }
  }

  /// Takes note of an announced frame; false when it can't be right, or comes too late.
  boolean onAnnounce(Edge edge, MemorySegment s, long offset) {
    if (edge.left) {
      return false;
    }
    int kind = Frame.flags(s, offset);
    long length = AnnounceFields.frameLength(s, offset);
    int transferId = AnnounceFields.transferId(s, offset);
    boolean right =
        (kind == Frame.TASK
                || kind == Frame.RESULT
                || kind == Frame.VALUE
                || kind == Frame.ARRAY
                || kind == Frame.PART)
            && MessageCheck.mayCome(edge, kind)
            && length >= Frame.HEAD_BYTES
            && (length & 7) == 0
            && length <= limits.frameBytesMax()
            && transferId >= 0
            && !isFetchId(transferId)
            && (waiting == null || waiting.size() < WAITING_MAX)
            && (incoming == null || !incoming.containsKey(key(edge, transferId)));
    if (!right) {
      counters.strayFrames++;
      return false;
    }
    expect(
        new Incoming(
            edge,
            transferId,
            kind,
            (int) length,
            AnnounceFields.checksum(s, offset),
            0,
            NOT_FETCHED));
    return true;
  }

  private static final long NOT_FETCHED = -1;

  /// The frame of a finished transfer, or null when it is unknown or not what was announced or
  /// asked for.
  ///
  /// A task or result that was lost this way would be waited for without end, so the edge counts as
  /// broken, as it does after a message that got lost.
  @Nullable MemorySegment onReceived(Edge edge, int transferId) {
    Incoming transfer = incoming == null ? null : incoming.get(key(edge, transferId));
    MemorySegment frame = transfer == null ? null : transfer.target;
    if (incoming == null || transfer == null || frame == null) {
      counters.strayFrames++;
      return null;
    }
    incoming.remove(key(edge, transferId));
    inFlightBytes -= transfer.length;
    Refusal refusal = check(transfer, frame);
    if (refusal != Refusal.NONE) {
      counters.refuse(refusal);
      edge.broken = true;
      return null;
    }
    return frame;
  }

  private static Refusal check(Incoming transfer, MemorySegment frame) {
    if (!transfer.isFetched() && crc(frame) != transfer.crc) {
      return Refusal.CHECKSUM;
    }
    boolean right =
        Frame.check(frame, 0, frame.byteSize())
            && Frame.length(frame, 0) == frame.byteSize()
            && Frame.kind(frame, 0) == transfer.kind
            && (!transfer.isFetched()
                || (ValueFrame.valueId(frame) == transfer.valueId
                    && ValueFrame.length(frame) == transfer.valueLength));
    return right ? Refusal.NONE : Refusal.FRAMES;
  }

  /// Whether a frame of `kind` is on its way from `edge`.
  boolean expects(Edge edge, int kind) {
    if (incoming != null) {
      for (Incoming transfer : incoming.values()) {
        if (transfer.edge == edge && transfer.kind == kind) {
          return true;
        }
      }
    }
    return false;
  }

  /// Starts what can be started. Returns the number of transfers started.
  int pump() {
    int work = 0;
    while (going != null && !going.isEmpty()) {
      Outgoing next = going.peek();
      if (!port.bulkSend(next.edge.rank, next.transferId, next.frame)) {
        break;
      }
      going.poll();
      work++;
    }
    while (waiting != null && !waiting.isEmpty()) {
      Incoming next = waiting.peek();
      if (!start(next)) {
        break;
      }
      waiting.poll();
      work++;
    }
    return work;
  }

  private boolean start(Incoming next) {
    if (inFlightBytes > 0 && inFlightBytes + next.length > limits.inFlightBulkBytesMax()) {
      return false;
    }
    ValueMemory whose = next.isFetched() ? memory : ValueMemory.HEAP;
    MemorySegment target = whose.take(next.length);
    if (!port.bulkReceive(next.edge.rank, next.transferId, target)) {
      whose.give(target);
      return false;
    }
    next.target = target;
    inFlightBytes += next.length;
    if (next.isFetched()) {
      link.control(next.edge, ValueFrame.fetch(next.valueId, next.valueLength, next.transferId));
      return true;
    }
    byte[] go = new byte[16];
    MemorySegment s = MemorySegment.ofArray(go);
    Frame.head(s, 0, Frame.GO, 0, 0, go.length);
    GoFields.putTransferId(s, 0, next.transferId);
    link.control(next.edge, go);
    return true;
  }

  /// Forgets what was under way to and from a lost neighbour; memory that a receive may still write
  /// to stays with the port.
  void abandon(Edge edge) {
    abandonOutgoing(edge);
    if (waiting != null) {
      waiting.removeIf(transfer -> transfer.edge == edge);
    }
    if (incoming != null) {
      incoming
          .values()
          .removeIf(
              transfer -> {
                if (transfer.edge == edge && transfer.target != null) {
                  inFlightBytes -= transfer.length;
                }
                return transfer.edge == edge;
              });
    }
  }

  /// Forgets what was under way to a neighbour that takes nothing more.
  void abandonOutgoing(Edge edge) {
    if (outgoing != null) {
      outgoing
          .values()
          .removeIf(
              transfer -> {
                if (transfer.edge == edge && isFetchId(transfer.transferId)) {
                  if (stuck == null) {
                    stuck = new ArrayList<>();
                  }
                  stuck.add(transfer.frame);
                }
                return transfer.edge == edge;
              });
    }
    if (going != null) {
      going.removeIf(transfer -> transfer.edge == edge);
    }
  }

  boolean isEmpty() {
    return (outgoing == null || outgoing.isEmpty()) && (incoming == null || incoming.isEmpty());
  }

  void checkInvariants() {
    long sum = 0;
    int waits = 0;
    if (incoming != null) {
      for (Incoming transfer : incoming.values()) {
        if (transfer.target == null) {
          waits++;
        } else {
          sum += transfer.length;
        }
      }
    }
    if (sum != inFlightBytes || waits != (waiting == null ? 0 : waiting.size())) {
      throw new IllegalStateException(
          "inFlightBytes=" + inFlightBytes + " counted=" + sum + " waiting=" + waits);
    }
  }

  private static long key(Edge edge, int transferId) {
    return key(edge.rank, transferId);
  }

  private static long key(int rank, int transferId) {
    return (long) rank << 32 | transferId;
  }

  private static int crc(MemorySegment frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame.asByteBuffer());
    return (int) crc.getValue();
  }
}
