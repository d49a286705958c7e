package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Checks that the frames of arrays are well-formed. Their layout stands in [Frame].
final class ArrayCheck {
  /// Forms with the bit for lists.
  private static final int FORMS_MAX = 16;

  private ArrayCheck() {}

  static boolean isArray(MemorySegment s, long offset, int length) {
    if (length < Frame.ARRAY_BYTES) {
      return false;
    }
    int form = ArrayFields.form(s, offset);
    int combinerCaptures = ArrayFields.combinerCaptures(s, offset);
    int captures = ArrayFields.captures(s, offset);
    int combiner = ArrayFields.combinerId(s, offset);
    return ArrayFields.taskId(s, offset) > 0
        && ArrayFields.functionId(s, offset) >= 0
        && form >= 0
        && form < FORMS_MAX
        && (form & 7) <= 5
        && (form & 7) >= 3 == combiner >= 0
        && combiner >= -1
        && ArrayFields.indexCount(s, offset) > 0
        && combinerCaptures >= 0
        && captures >= 0
        && FrameCheck.checkArguments(
            s,
            offset + Frame.ARRAY_BYTES,
            offset + length,
            ArrayFields.argumentCount(s, offset),
            0);
  }

  static boolean isRange(MemorySegment s, long offset) {
    return RangeFields.taskId(s, offset) > 0
        && areOrdered(RangeFields.from(s, offset), RangeFields.to(s, offset));
  }

  private static boolean areOrdered(long from, long to) {
    return from >= 0 && from < to;
  }

  static boolean isPart(MemorySegment s, long offset, int length) {
    long from = PartFields.from(s, offset);
    long to = PartFields.to(s, offset);
    int segments = PartFields.segmentCount(s, offset);
    int ranges = PartFields.failedRangeCount(s, offset);
    int failures = PartFields.failureCount(s, offset);
    if (PartFields.taskId(s, offset) <= 0
        || Frame.getInt(s, offset + Frame.PART_BYTES - 4) != 0
        || !areOrdered(from, to)
        || segments < 0
        || ranges < 0
        || failures < 0) {
      return false;
    }
    long end = offset + length;
    long at = results(s, offset + Frame.PART_BYTES, end, segments, ranges, from, to);
    for (int i = 0; i < failures && at >= 0; i++) {
      if (end - at < Frame.FAILURE_BYTES) {
        return false;
      }
      long place = FailureFields.place(s, at);
      int payload = FailureFields.payloadLength(s, at);
      long left = end - at - Frame.FAILURE_BYTES;
      if (place < from
          || place >= to
          || payload < 2
          || payload > left
          || Frame.padded(payload) > left
          || 2 + Frame.getShort(s, at + Frame.FAILURE_BYTES) > payload) {
        return false;
      }
      at += Frame.FAILURE_BYTES + Frame.padded(payload);
    }
    return at == end;
  }

  /// The offset behind segments and failed ranges, which together are all places from `from` to
  /// `to`; or -1.
  private static long results(
      MemorySegment s, long start, long end, int segments, int ranges, long from, long to) {
    long firstRange = start;
    for (int i = 0; i < segments; i++) {
      if (end - firstRange < Frame.SEGMENT_BYTES) {
        return -1;
      }
      long value = SegmentFields.valueLength(s, firstRange);
      long left = end - firstRange - Frame.SEGMENT_BYTES;
      if (value < 0 || value > left || Frame.padded((int) value) > left) {
        return -1;
      }
      firstRange += Frame.SEGMENT_BYTES + Frame.padded((int) value);
    }
    if (ranges > (end - firstRange) / Frame.FAILED_RANGE_BYTES) {
      return -1;
    }
    long behindRanges = firstRange + (long) Frame.FAILED_RANGE_BYTES * ranges;
    long segment = start;
    long range = firstRange;
    long reached = from;
    while (segment < firstRange || range < behindRanges) {
      boolean isSegment = segment < firstRange && SegmentFields.from(s, segment) == reached;
      if (!isSegment && (range == behindRanges || FailedRangeFields.from(s, range) != reached)) {
        return -1;
      }
      long behind = isSegment ? SegmentFields.to(s, segment) : FailedRangeFields.to(s, range);
      if (behind <= reached) {
        return -1;
      }
      reached = behind;
      if (isSegment) {
        segment += Frame.SEGMENT_BYTES + Frame.padded((int) SegmentFields.valueLength(s, segment));
      } else {
        range += Frame.FAILED_RANGE_BYTES;
      }
    }
    return reached == to ? behindRanges : -1;
  }
}
