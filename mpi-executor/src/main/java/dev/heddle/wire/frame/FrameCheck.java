package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Looks at a frame that has arrived before anybody reads its fields: [Frame] has the byte map.
///
/// Errors: a frame that was damaged or forged is refused, and never read beyond its end.
final class FrameCheck {
  private FrameCheck() {}

  /// True when the frame at `offset` is whole and well-formed, and ends at or before `end`.
  static boolean check(MemorySegment s, long offset, long end) {
    if (end - offset < Frame.HEAD_BYTES) {
      return false;
    }
    int length = Frame.length(s, offset);
    if (length < Frame.HEAD_BYTES || (length & 7) != 0 || length > end - offset) {
      return false;
    }
    if (!isHeadPlain(s, offset)) {
      return false;
    }
    return switch (Frame.kind(s, offset)) {
      case Frame.TASK -> checkTask(s, offset, length);
      case Frame.RESULT ->
          length >= Frame.RESULT_BYTES
              && fits(ResultFields.payloadLength(s, offset), length - Frame.RESULT_BYTES)
              && checkResult(s, offset);
      case Frame.FUNCTION ->
          length >= Frame.FUNCTION_BYTES
              && FunctionFields.functionId(s, offset) >= 0
              && fits(FunctionFields.definitionLength(s, offset), length - Frame.FUNCTION_BYTES);
      case Frame.VALUE ->
          length >= Frame.VALUE_BYTES
              && ValueFields.valueLength(s, offset) >= 0
              && ValueFields.valueLength(s, offset) <= length - Frame.VALUE_BYTES;
      case Frame.MISSING, Frame.CANCEL, Frame.RECALL -> length == 16;
      case Frame.FETCH ->
          length == Frame.FETCH_BYTES
              && FetchFields.valueLength(s, offset) >= 0
              && FetchFields.transferId(s, offset) >= Frame.NO_TRANSFER
              && Frame.getInt(s, offset + Frame.FETCH_BYTES - 4) == 0;
      case Frame.HEARTBEAT, Frame.SHUTDOWN, Frame.BYE -> length == Frame.HEAD_BYTES;
      case Frame.HELLO ->
          length >= 48
              && HelloFields.hostLength(s, offset) + HelloFields.versionLength(s, offset)
                  <= length - Frame.HELLO_BYTES;
      case Frame.ANNOUNCE -> length == 24;
      case Frame.GO -> length == 16;
      case Frame.LOST -> checkLost(s, offset, length);
      case Frame.OUTPUT -> length >= Frame.OUTPUT_BYTES && checkOutput(s, offset, length);
      case Frame.ARRAY -> ArrayCheck.isArray(s, offset, length);
      case Frame.RANGE -> length == Frame.RANGE_BYTES && ArrayCheck.isRange(s, offset);
      case Frame.PART -> length >= Frame.PART_BYTES && ArrayCheck.isPart(s, offset, length);
      case Frame.STATISTICS -> checkStatistics(s, offset, length);
      case Frame.ATTACH -> length >= Frame.ATTACH_BYTES && AttachFields.isRight(s, offset, length);
      default -> false;
    };
  }

  /// Whether flags and attempt are zero where they mean nothing.
  private static boolean isHeadPlain(MemorySegment s, long offset) {
    int flags = Frame.flags(s, offset);
    return switch (Frame.kind(s, offset)) {
      case Frame.TASK, Frame.RESULT -> true;
      case Frame.ARRAY -> flags == 0;
      case Frame.CANCEL -> isAtMost(Frame.FLAG_INTERRUPT, s, offset);
      case Frame.RANGE -> isAtMost(Frame.FLAG_ADVANCE, s, offset);
      case Frame.STATISTICS -> isAtMost(Frame.FLAG_ASK, s, offset);
      case Frame.SHUTDOWN -> isAtMost(Frame.FLAG_ABORT | Frame.FLAG_HALT, s, offset);
      case Frame.OUTPUT -> isAtMost(Frame.OUTPUT_NOTE, s, offset);
      case Frame.ANNOUNCE -> flags > 0 && isAtMost(Frame.KINDS, s, offset);
      default -> isAtMost(0, s, offset);
    };
  }

  private static boolean isAtMost(int flagsMax, MemorySegment s, long offset) {
    return Frame.flags(s, offset) <= flagsMax && Frame.attempt(s, offset) == 0;
  }

  private static boolean checkStatistics(MemorySegment s, long offset, int length) {
    boolean isQuestion = Frame.flags(s, offset) == Frame.FLAG_ASK;
    return length == (isQuestion ? Frame.QUESTION_BYTES : Frame.STATISTICS_BYTES)
        && StatisticsFields.question(s, offset) > 0
        && (isQuestion || StatisticsFields.isRight(s, offset));
  }

  private static boolean fits(int length, int room) {
    return length >= 0 && length <= room;
  }

  private static boolean checkResult(MemorySegment s, long offset) {
    int payload = ResultFields.payloadLength(s, offset);
    int prefetch = ResultFields.prefetch(s, offset);
    if (prefetch < 0 || prefetch > Frame.PREFETCH_MAX) {
      return false;
    }
    return switch (Frame.flags(s, offset)) {
      case Frame.SUCCEEDED -> true;
      case Frame.CANCELLED, Frame.NOT_RUN, Frame.RETURNED, Frame.RECALLED -> payload == 0;
      case Frame.FAILED ->
          payload >= 2 && 2 + Frame.getShort(s, offset + Frame.RESULT_BYTES) <= payload;
      default -> false;
    };
  }

  private static boolean checkTask(MemorySegment s, long offset, int length) {
    int flags = Frame.flags(s, offset);
    int options = flags & ~(Frame.PREFETCH_MAX << Frame.PREFETCH_SHIFT);
    if ((options & ~(Frame.FLAG_TIMEOUT | Frame.FLAG_ARRAY | Frame.FLAG_AVOID)) != 0) {
      return false;
    }
    int start = Frame.argumentsOffset(flags);
    return length >= start
        && TaskFields.taskId(s, offset) > 0
        && TaskFields.functionId(s, offset) >= 0
        && checkArguments(
            s, offset + start, offset + length, TaskFields.argumentCount(s, offset), 0);
  }

  static boolean checkArguments(MemorySegment s, long offset, long end, int count, int depth) {
    long at = offset;
    for (int i = 0; i < count; i++) {
      if (end - at < Frame.HEAD_BYTES) {
        return false;
      }
      int body = ArgumentFields.bodyLength(s, at);
      if (body < 0
          || body > end - at - Frame.HEAD_BYTES
          || Frame.padded(body) > end - at - Frame.HEAD_BYTES) {
        return false;
      }
      boolean right =
          switch (ArgumentFields.tag(s, at) & ~Frame.ARGUMENT_CAPTURE) {
            case Frame.ARGUMENT_INLINE, Frame.ARGUMENT_LABEL -> true;
            case Frame.ARGUMENT_HANDLE ->
                body == Frame.HANDLE_BYTES && ArgumentFields.valueLength(s, at) >= 0;
            case Frame.ARGUMENT_RESULT_OF ->
                body == Frame.RESULT_OF_BYTES && ArgumentFields.resultOf(s, at) > 0;
            case Frame.ARGUMENT_LIST, Frame.ARGUMENT_PIECES ->
                body >= 8
                    && depth < Frame.ARGUMENT_DEPTH_MAX
                    && checkArguments(
                        s,
                        at + Frame.LIST_BYTES,
                        at + Frame.HEAD_BYTES + body,
                        (int) ArgumentFields.count(s, at),
                        depth + 1);
            default -> false;
          };
      if (!right) {
        return false;
      }
      at += Frame.HEAD_BYTES + Frame.padded(body);
    }
    return count >= 0 && at == end;
  }

  private static boolean checkOutput(MemorySegment s, long offset, int length) {
    int text = OutputFields.textLength(s, offset);
    return OutputFields.rank(s, offset) >= 0
        && text <= Frame.OUTPUT_TEXT_BYTES_MAX
        && fits(text, length - Frame.OUTPUT_BYTES)
        && OutputFields.droppedBytes(s, offset) >= 0;
  }

  private static boolean checkLost(MemorySegment s, long offset, int length) {
    if (length < 40) {
      return false;
    }
    int listed = LostFields.listedTasks(s, offset);
    if (listed < 0 || listed > (length - 40) / 8) {
      return false;
    }
    int hostAt = LostFields.hostOffset(listed);
    return fits(Frame.getInt(s, offset + hostAt - 4), length - hostAt);
  }
}
