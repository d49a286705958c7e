package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// The field of a [Frame#CANCEL]. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class CancelFields {
  private static final int TASK_ID = 8;

  private CancelFields() {}

  /// The task whose result is not wanted.
  public static long taskId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASK_ID);
  }

  /// Sets this field.
  public static void putTaskId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TASK_ID, value);
  }
}
