package dev.heddle.core.link;

import dev.heddle.wire.Header;
import dev.heddle.wire.Header.Refusal;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;

/// Whether a message that is whole may come from its neighbour now: run, sender, sequence, kinds of
/// frames, credit. Shape: changes nothing.
final class MessageCheck {
  /// Credit that a neighbour can hold at most: a larger grant is damaged or forged.
  private static final long CREDIT_MAX = 1L << 40;

  private MessageCheck() {}

  static Refusal check(Edge edge, MemorySegment s, int length, long runId, int treeEpoch) {
    if (Header.runId(s) != runId) {
      return Refusal.RUN;
    }
    if (Header.sourceRank(s) != edge.rank) {
      return Refusal.SOURCE;
    }
    if (Header.treeEpoch(s) != treeEpoch || Header.incarnation(s) != Header.FIRST_INCARNATION) {
      return Refusal.EPOCH;
    }
    if (edge.broken || Header.sequence(s) != edge.sequenceReceived + 1) {
      return Refusal.SEQUENCE;
    }
    if (!Header.isPlain(s, edge.isParent())) {
      return Refusal.FIELDS;
    }
    long frameLimit = frameLimit(edge, s);
    long byteLimit = byteLimit(edge, s);
    if (frameLimit - edge.framesSent > CREDIT_MAX
        || byteLimit - edge.bytesSent > CREDIT_MAX
        || frameLimit < 0
        || byteLimit < 0) {
      return Refusal.FRAMES;
    }
    long offset = Header.BYTES;
    int frames = 0;
    long counted = edge.framesReceived;
    while (offset < length) {
      if (!Frame.check(s, offset, length) || !mayCome(edge, Frame.kind(s, offset))) {
        return Refusal.FRAMES;
      }
      int kind = Frame.kind(s, offset);
      if (isCounted(kind) || (kind == Frame.ANNOUNCE && isCounted(Frame.flags(s, offset)))) {
        counted++;
      }
      frames++;
      offset += Frame.length(s, offset);
    }
    return offset == length && frames == Header.frames(s) && counted <= edge.frameGrantTold
        ? Refusal.NONE
        : Refusal.FRAMES;
  }

  /// What this message lets us send to its sender in all: results upwards, tasks downwards.
  static long frameLimit(Edge edge, MemorySegment s) {
    return edge.isParent() ? Header.resultFrameLimit(s) : Header.taskFrameLimit(s);
  }

  /// The same in bytes.
  static long byteLimit(Edge edge, MemorySegment s) {
    return edge.isParent() ? Header.resultByteLimit(s) : Header.taskByteLimit(s);
  }

  /// Which kinds come from above, and which from below.
  static boolean mayCome(Edge edge, int kind) {
    return switch (kind) {
      case Frame.TASK,
          Frame.FUNCTION,
          Frame.VALUE,
          Frame.MISSING,
          Frame.SHUTDOWN,
          Frame.CANCEL,
          Frame.RECALL,
          Frame.ARRAY ->
          edge.isParent();
      case Frame.RESULT,
          Frame.FETCH,
          Frame.HELLO,
          Frame.BYE,
          Frame.LOST,
          Frame.OUTPUT,
          Frame.PART,
          Frame.ATTACH ->
          !edge.isParent();
      default -> true;
    };
  }

  /// Which kinds need credit.
  static boolean isCounted(int kind) {
    return kind == Frame.TASK || kind == Frame.RESULT || kind == Frame.OUTPUT || kind == Frame.PART;
  }
}
