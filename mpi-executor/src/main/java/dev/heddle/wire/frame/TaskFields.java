package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#TASK] before its arguments. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class TaskFields {
  private static final int TASK_ID = 8;
  private static final int TICKET = 16;
  private static final int FUNCTION_ID = 20;
  private static final int PRIORITY = 24;
  private static final int ARGUMENT_COUNT = 28;

  private TaskFields() {}

  /// The task's number, above 0.
  public static long taskId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASK_ID);
  }

  /// The task's number, above 0.
  public static long taskId(byte[] frame, int offset) {
    return Frame.getLong(frame, offset + TASK_ID);
  }

  /// Sets this field.
  public static void putTaskId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TASK_ID, value);
  }

  /// The coordinator's number of a pending task.
  public static int ticket(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TICKET);
  }

  /// The coordinator's number of a pending task.
  public static int ticket(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + TICKET);
  }

  /// Sets it.
  public static void putTicket(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TICKET, value);
  }

  /// The number of the function to call.
  public static int functionId(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + FUNCTION_ID);
  }

  /// The number of the function to call.
  public static int functionId(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + FUNCTION_ID);
  }

  /// Sets this field.
  public static void putFunctionId(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + FUNCTION_ID, value);
  }

  /// Priority; higher priorities start first.
  public static int priority(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + PRIORITY);
  }

  /// Priority; higher priorities start first.
  public static int priority(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + PRIORITY);
  }

  /// Sets this field.
  public static void putPriority(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + PRIORITY, value);
  }

  /// Arguments, captures and label included.
  public static int argumentCount(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + ARGUMENT_COUNT);
  }

  /// Arguments, captures and label included.
  public static int argumentCount(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + ARGUMENT_COUNT);
  }

  /// Sets this field.
  public static void putArgumentCount(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + ARGUMENT_COUNT, value);
  }
}
