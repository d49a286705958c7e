package dev.heddle.core;

import dev.heddle.wire.Frame;
import dev.heddle.wire.Header.Refusal;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Frames that are too large for a message: announced, waited for, and pulled when the receiver has
/// room.
///
/// Shape: the receiver has at most `inFlightBulkBytesMax` under way, or one frame if it is larger;
/// it allocates when it says GO, not when a frame is announced. The sender keeps a frame until it
/// has left. Threading: the progress role.
@SuppressWarnings("ReferenceEquality") // NOT_STARTED is told apart by identity
final class Bulk {
  /// Announced frames that wait for room; more than credit and fetches can cause, so more is
  /// forged.
  private static final int WAITING_MAX = 1 << 16;

  private record Outgoing(Edge edge, int transferId, byte[] frame) {}

  private static final byte[] NOT_STARTED = {};

  private static final class Incoming {
    final Edge edge;
    final int transferId;
    final int kind;
    final int length;
    final int crc;
    byte[] target = NOT_STARTED;

    Incoming(Edge edge, int transferId, int kind, int length, int crc) {
      this.edge = edge;
      this.transferId = transferId;
      this.kind = kind;
      this.length = length;
      this.crc = crc;
    }
  }

  private final Link link;
  private final Port port;
  private final Limits limits;
  private final Counters counters;

  // Made when first needed: most workers never see a large frame, and the simulator has a million
  // of them.
  private @Nullable Map<Integer, Outgoing> outgoing;

  /// What was announced, whether it has started or waits.
  private @Nullable Map<Long, Incoming> incoming;

  private @Nullable ArrayDeque<Outgoing> going;
  private @Nullable ArrayDeque<Incoming> waiting;
  private int nextTransferId;
  private long inFlightBytes;

  Bulk(Link link, Port port, Limits limits, Counters counters) {
    this.link = link;
    this.port = port;
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
    Map<Integer, Outgoing> map = outgoing;
    if (map == null) {
      map = new HashMap<>();
      outgoing = map;
    }
    int transferId = nextTransferId;
    nextTransferId = (nextTransferId + 1) & Integer.MAX_VALUE;
    map.put(transferId, new Outgoing(edge, transferId, frame));
    byte[] head = new byte[24];
    MemorySegment s = MemorySegment.ofArray(head);
    Frame.head(s, 0, Frame.ANNOUNCE, kind, 0, head.length);
    Frame.putInt(s, 8, transferId);
    Frame.putInt(s, 12, crc(frame));
    Frame.putLong(s, 16, frame.length);
    link.control(edge, head);
  }

  void onGo(Edge edge, int transferId) {
    Outgoing transfer = outgoing == null ? null : outgoing.get(transferId);
    if (transfer == null || transfer.edge() != edge) {
      counters.strayFrames++;
      return;
    }
    if (going == null) {
      going = new ArrayDeque<>();
    }
    if (!going.contains(transfer)) {
      going.add(transfer);
    }
    pump();
  }

  void onSent(int transferId) {
    if (outgoing != null) {
      outgoing.remove(transferId);
    }
  }

  /// Takes note of an announced frame; false when it can't be right, or comes too late.
  boolean onAnnounce(Edge edge, MemorySegment s, long offset) {
    if (edge.left) {
      return false;
    }
    int kind = Frame.flags(s, offset);
    long length = Frame.getLong(s, offset + 16);
    int transferId = Frame.getInt(s, offset + 8);
    boolean right =
        (kind == Frame.TASK || kind == Frame.RESULT || kind == Frame.VALUE)
            && Admittance.mayCome(edge, kind)
            && length >= Frame.HEAD_BYTES
            && (length & 7) == 0
            && length <= limits.frameBytesMax()
            && transferId >= 0
            && (waiting == null || waiting.size() < WAITING_MAX)
            && (incoming == null || !incoming.containsKey(key(edge, transferId)));
    if (!right) {
      counters.strayFrames++;
      return false;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>();
    }
    if (incoming == null) {
      incoming = new HashMap<>();
    }
    Incoming transfer =
        new Incoming(edge, transferId, kind, (int) length, Frame.getInt(s, offset + 12));
    waiting.add(transfer);
    incoming.put(key(edge, transferId), transfer);
    pump();
    return true;
  }

  /// The frame of a finished transfer, or null when it is unknown or not what was announced.
  ///
  /// A task or result that was lost this way would be waited for without end, so the edge counts as
  /// broken, as it does after a message that got lost.
  byte @Nullable [] onReceived(Edge edge, int transferId) {
    Incoming transfer = incoming == null ? null : incoming.get(key(edge, transferId));
    if (incoming == null || transfer == null || transfer.target == NOT_STARTED) {
      counters.strayFrames++;
      return null;
    }
    incoming.remove(key(edge, transferId));
    inFlightBytes -= transfer.length;
    byte[] frame = transfer.target;
    MemorySegment s = MemorySegment.ofArray(frame);
    Refusal refusal =
        crc(frame) != transfer.crc
            ? Refusal.CHECKSUM
            : Frame.check(s, 0, frame.length)
                    && Frame.length(s, 0) == frame.length
                    && Frame.kind(s, 0) == transfer.kind
                ? Refusal.NONE
                : Refusal.FRAMES;
    if (refusal != Refusal.NONE) {
      counters.refuse(refusal);
      edge.broken = true;
      return null;
    }
    return frame;
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
      if (!port.bulkSend(
          next.edge().rank, next.transferId(), MemorySegment.ofArray(next.frame()))) {
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
    byte[] target = new byte[next.length];
    if (!port.bulkReceive(next.edge.rank, next.transferId, MemorySegment.ofArray(target))) {
      return false;
    }
    next.target = target;
    inFlightBytes += next.length;
    byte[] go = new byte[16];
    MemorySegment s = MemorySegment.ofArray(go);
    Frame.head(s, 0, Frame.GO, 0, 0, go.length);
    Frame.putInt(s, 8, next.transferId);
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
                if (transfer.edge == edge && transfer.target != NOT_STARTED) {
                  inFlightBytes -= transfer.length;
                }
                return transfer.edge == edge;
              });
    }
  }

  /// Forgets what was under way to a neighbour that takes nothing more.
  void abandonOutgoing(Edge edge) {
    if (outgoing != null) {
      outgoing.values().removeIf(transfer -> transfer.edge() == edge);
    }
    if (going != null) {
      going.removeIf(transfer -> transfer.edge() == edge);
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
        if (transfer.target == NOT_STARTED) {
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
    return (long) edge.rank << 32 | transferId;
  }

  private static int crc(byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame);
    return (int) crc.getValue();
  }
}
