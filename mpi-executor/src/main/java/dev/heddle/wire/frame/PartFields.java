package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#PART] before its segments. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class PartFields {
  private static final int TASK_ID = 8;
  private static final int TICKET = 16;
  private static final int RANK = 20;
  private static final int FROM = 24;
  private static final int TO = 32;
  private static final int SEGMENT_COUNT = 40;
  private static final int FAILED_RANGE_COUNT = 44;
  private static final int FAILURE_COUNT = 48;

  private PartFields() {}

  /// The number of its array.
  public static long taskId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASK_ID);
  }

  /// Sets this field.
  public static void putTaskId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TASK_ID, value);
  }

  /// As the array has it.
  public static int ticket(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TICKET);
  }

  /// Sets it.
  public static void putTicket(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TICKET, value);
  }

  /// The sending rank.
  public static int rank(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANK);
  }

  /// Sets this field.
  public static void putRank(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANK, value);
  }

  /// The first place.
  public static long from(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + FROM);
  }

  /// Sets this field.
  public static void putFrom(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + FROM, value);
  }

  /// The place behind the last.
  public static long to(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TO);
  }

  /// Sets this field.
  public static void putTo(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TO, value);
  }

  /// Segments.
  public static int segmentCount(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + SEGMENT_COUNT);
  }

  /// Sets this field.
  public static void putSegmentCount(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + SEGMENT_COUNT, value);
  }

  /// Failed ranges, behind the segments.
  public static int failedRangeCount(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + FAILED_RANGE_COUNT);
  }

  /// Sets this field.
  public static void putFailedRangeCount(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + FAILED_RANGE_COUNT, value);
  }

  /// Failures, behind the failed ranges.
  public static int failureCount(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + FAILURE_COUNT);
  }

  /// Sets this field.
  public static void putFailureCount(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + FAILURE_COUNT, value);
  }
}
