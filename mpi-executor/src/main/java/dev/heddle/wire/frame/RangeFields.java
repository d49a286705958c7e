package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#RANGE]. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class RangeFields {
  private static final int TASK_ID = 8;
  private static final int FROM = 16;
  private static final int TO = 24;

  private RangeFields() {}

  /// The number of its array.
  public static long taskId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASK_ID);
  }

  /// Sets this field.
  public static void putTaskId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TASK_ID, value);
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
}
