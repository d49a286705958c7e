package dev.heddle.core.link;

import dev.heddle.wire.Header;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Port;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What goes out of a rank: frames for one neighbour collect in its open batch, and leave as one
/// message at the end of a turn, or earlier where it is full.
///
/// Shape: one open batch per neighbour; control frames that find no buffer wait in the edge's
/// backlog. Threading: the progress role. Errors: back-pressure is a negative number or false, and
/// the caller tries again in a later turn.
final class Batches {
  private static final int FRAMES_PER_MESSAGE_MAX = 0xffff;

  private final int rank;
  private final long runId;
  private final int treeEpoch;
  private final Limits limits;
  private final Port port;
  private final Link.Handler handler;
  private final Counters counters;
  private final Bulk bulk;
  private final Pacing pacing;
  private final CRC32C crc;
  private final Edge[] touched;
  private int touchedCount;

  private @Nullable Edge claimedEdge;
  private int claimedKind;
  private int claimedBytes;

  private long nowNs;
  private boolean isHolding;

  /// Of `link`, for this many neighbours.
  Batches(
      Link link,
      long runId,
      int treeEpoch,
      Port port,
      Link.Handler handler,
      Bulk bulk,
      Pacing pacing,
      CRC32C crc,
      int neighbours) {
    this.rank = link.rank();
    this.runId = runId;
    this.treeEpoch = treeEpoch;
    this.limits = link.limits();
    this.port = port;
    this.handler = handler;
    this.counters = link.counters();
    this.bulk = bulk;
    this.pacing = pacing;
    this.crc = crc;
    this.touched = new Edge[neighbours];
  }

  /// What is sent from here on is sent now.
  void at(long ns) {
    nowNs = ns;
  }

  /// Nothing more is sent to a neighbour that is lost.
  void drop(Edge edge) {
    if (edge.open != null) {
      port.release(edge.open);
      edge.open = null;
    }
    edge.backlog = null;
  }

  /// True when a frame of `bytes` fits into a message.
  boolean fits(int bytes) {
    return bytes <= frameBytesInMessageMax();
  }

  /// Bytes of the largest frame that fits into a message.
  int frameBytesInMessageMax() {
    return port.eagerBytesMax() - Header.BYTES;
  }

  /// Room for a frame of `bytes` in the open batch of `edge`: its offset in [#segment()], or
  /// [Link#NO_BUFFER], or [Link#NO_CREDIT].
  int claim(Edge edge, int kind, int bytes) {
    if (MessageCheck.isCounted(kind) && !edge.hasCredit()) {
      return Link.NO_CREDIT;
    }
    // Nothing overtakes control frames that wait for a buffer: a task that is sent after MISSING,
    // and needs that value, must not find the earlier question for it open at its receiver.
    return drainBacklog(edge) ? open(edge, kind, bytes) : Link.NO_BUFFER;
  }

  private int open(Edge edge, int kind, int bytes) {
    if (edge.open != null
        && (edge.openBytes + bytes > port.eagerBytesMax()
            || edge.openFrames == FRAMES_PER_MESSAGE_MAX)) {
      sendOpen(edge);
    }
    if (edge.open == null) {
      MessageBuffer buffer = port.claim(pool(edge, kind));
      if (buffer == null) {
        return Link.NO_BUFFER;
      }
      edge.open = buffer;
      edge.openBytes = Header.BYTES;
      edge.openFrames = 0;
      edge.openedNs = nowNs;
      edge.isOpenUrgent = false;
      touch(edge);
    }
    edge.isOpenUrgent |= kind != Frame.RESULT;
    claimedEdge = edge;
    claimedKind = kind;
    claimedBytes = bytes;
    return edge.openBytes;
  }

  /// The memory that [#claim] found room in.
  MemorySegment segment() {
    return opened(claimed()).segment();
  }

  /// Ends the frame that was claimed last.
  void commit() {
    Edge edge = claimed();
    edge.openBytes += claimedBytes;
    edge.openFrames++;
    if (MessageCheck.isCounted(claimedKind)) {
      edge.framesSent++;
      edge.bytesSent += claimedBytes;
    }
    claimedEdge = null;
  }

  private Edge claimed() {
    Edge edge = claimedEdge;
    if (edge == null) {
      throw new IllegalStateException("nothing is claimed: rank=" + rank);
    }
    return edge;
  }

  private static MessageBuffer opened(Edge edge) {
    MessageBuffer buffer = edge.open;
    if (buffer == null) {
      throw new IllegalStateException("no open batch: rank=" + edge.rank);
    }
    return buffer;
  }

  /// Sends a whole frame, in a message or in bulk; false when it is back-pressured. `frame` must
  /// not change any more.
  boolean send(Edge edge, byte[] frame) {
    MemorySegment source = MemorySegment.ofArray(frame);
    int kind = Frame.kind(source, 0);
    if (!fits(frame.length)) {
      if (MessageCheck.isCounted(kind) && !edge.hasCredit()) {
        return false;
      }
      if (MessageCheck.isCounted(kind)) {
        edge.framesSent++;
        edge.bytesSent += frame.length;
      }
      bulk.announce(edge, kind, frame);
      return true;
    }
    return claim(edge, kind, frame.length) >= 0 && copy(source);
  }

  /// Sends a frame that needs no credit, ahead of what waits.
  private boolean sendNext(Edge edge, byte[] frame) {
    MemorySegment source = MemorySegment.ofArray(frame);
    int kind = Frame.kind(source, 0);
    if (!fits(frame.length)) {
      bulk.announce(edge, kind, frame);
      return true;
    }
    return open(edge, kind, frame.length) >= 0 && copy(source);
  }

  private boolean copy(MemorySegment source) {
    int offset = claimed().openBytes;
    MemorySegment.copy(source, 0, segment(), offset, source.byteSize());
    commit();
    return true;
  }

  /// Sends a frame that needs no credit now, or as soon as there is a buffer.
  void control(Edge edge, byte[] frame) {
    if (edge.lost || edge.left) {
      return;
    }
    ArrayDeque<byte[]> backlog = edge.backlog;
    if ((backlog == null || backlog.isEmpty()) && sendNext(edge, frame)) {
      return;
    }
    if (backlog == null) {
      backlog = new ArrayDeque<>();
      edge.backlog = backlog;
    }
    backlog.add(frame);
    touch(edge);
  }

  /// A frame of the common head alone.
  void control(Edge edge, int kind, int flags) {
    byte[] frame = new byte[Frame.HEAD_BYTES];
    Frame.head(MemorySegment.ofArray(frame), 0, kind, flags, 0, frame.length);
    control(edge, frame);
  }

  /// Looks at this edge in the next [#flush], for grants to tell.
  void touch(Edge edge) {
    if (!edge.touched) {
      edge.touched = true;
      touched[touchedCount++] = edge;
    }
  }

  /// Sends every open batch, and grants that their receivers may be waiting for. Returns the
  /// messages sent.
  int flush() {
    long before = counters.messagesSent;
    int count = touchedCount;
    // An edge that is touched again below goes to a place that this loop has already read.
    touchedCount = 0;
    isHolding = false;
    for (int i = 0; i < count; i++) {
      Edge edge = touched[i];
      edge.touched = false;
      if (edge.lost) {
        continue;
      }
      drainBacklog(edge);
      if (edge.open != null && pacing.isHeld(edge, nowNs)) {
        touch(edge);
        isHolding = true;
      } else if (edge.open != null) {
        sendOpen(edge);
      } else {
        handler.refreshGrants(edge);
        if (isGrantDue(edge)) {
          sendEmpty(edge);
        }
      }
    }
    return (int) (counters.messagesSent - before);
  }

  /// True while a batch of results waits for more: a turn is due within [Pacing#HOLD_NS].
  boolean isHolding() {
    return isHolding;
  }

  private boolean drainBacklog(Edge edge) {
    ArrayDeque<byte[]> backlog = edge.backlog;
    while (backlog != null && !backlog.isEmpty()) {
      if (!sendNext(edge, backlog.peek())) {
        touch(edge);
        return false;
      }
      backlog.poll();
    }
    return true;
  }

  /// A grant is told by itself when the neighbour may be about to run out: at the first one, and
  /// from half of a window on.
  private boolean isGrantDue(Edge edge) {
    long frames = edge.frameGrant - edge.frameGrantTold;
    long bytes = edge.byteGrant - edge.byteGrantTold;
    if (frames <= 0 && bytes <= 0) {
      return false;
    }
    if (edge.isParent()) {
      // frames rise with the results we send, which carry the grant; without a result, capacity has
      // grown below us
      return frames > 0 || bytes >= limits.taskBytesMax() / 2;
    }
    return edge.frameGrantTold == 0
        || frames >= limits.resultFramesMax() / 2
        || bytes >= limits.resultBytesMax() / 2;
  }

  private void sendEmpty(Edge edge) {
    MessageBuffer buffer = port.claim(Port.POOL_CONTROL);
    if (buffer == null) {
      touch(edge);
      return;
    }
    edge.open = buffer;
    edge.openBytes = Header.BYTES;
    edge.openFrames = 0;
    sendOpen(edge);
  }

  private void sendOpen(Edge edge) {
    MessageBuffer buffer = opened(edge);
    handler.refreshGrants(edge);
    MemorySegment message = buffer.segment();
    Header.write(
        message,
        edge.openFrames,
        edge.openBytes,
        runId,
        rank,
        treeEpoch,
        Header.FIRST_INCARNATION,
        ++edge.sequenceSent);
    if (edge.isParent()) {
      Header.grantTasks(message, edge.frameGrant, edge.byteGrant);
    } else {
      Header.grantResults(message, edge.frameGrant, edge.byteGrant);
      if (pacing.isBusy()) {
        Header.sayBusy(message);
      }
    }
    Header.seal(buffer, edge.openBytes, crc);
    edge.frameGrantTold = edge.frameGrant;
    edge.byteGrantTold = edge.byteGrant;
    edge.lastSentNs = nowNs;
    edge.open = null;
    counters.messagesSent++;
    port.send(buffer, edge.openBytes, edge.rank);
  }

  private static int pool(Edge edge, int kind) {
    return switch (kind) {
      case Frame.TASK,
          Frame.FUNCTION,
          Frame.VALUE,
          Frame.RESULT,
          Frame.OUTPUT,
          Frame.ARRAY,
          Frame.RANGE,
          Frame.PART ->
          edge.isParent() ? Port.POOL_UP : Port.POOL_DOWN;
      default -> Port.POOL_CONTROL;
    };
  }
}
