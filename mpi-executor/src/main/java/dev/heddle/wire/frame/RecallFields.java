package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// The field of a [Frame#RECALL]. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class RecallFields {
  private static final int TASK_ID = 8;

  private RecallFields() {}

  /// The task that is to come back if it has not begun.
  public static long taskId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASK_ID);
  }

  /// Sets this field.
  public static void putTaskId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TASK_ID, value);
  }
}
