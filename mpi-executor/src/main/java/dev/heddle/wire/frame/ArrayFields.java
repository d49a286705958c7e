package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#ARRAY] before its arguments. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class ArrayFields {
  private static final int TASK_ID = 8;
  private static final int TICKET = 16;
  private static final int FUNCTION_ID = 20;
  private static final int PRIORITY = 24;
  private static final int ARGUMENT_COUNT = 28;
  private static final int COMBINER_ID = 32;
  private static final int FORM = 36;
  private static final int FIRST_INDEX = 40;
  private static final int STEP = 48;
  private static final int INDEX_COUNT = 56;
  private static final int COMBINER_CAPTURES = 64;
  private static final int CAPTURES = 68;

  private ArrayFields() {}

  /// The array's number, above 0.
  public static long taskId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASK_ID);
  }

  /// The array's number, above 0.
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

  /// The number of the function that combines results, or -1.
  public static int combinerId(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + COMBINER_ID);
  }

  /// The number of the function that combines results, or -1.
  public static int combinerId(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + COMBINER_ID);
  }

  /// Sets this field.
  public static void putCombinerId(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + COMBINER_ID, value);
  }

  /// The form of the results, with a bit for lists.
  public static int form(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + FORM);
  }

  /// The form of the results, with a bit for lists.
  public static int form(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + FORM);
  }

  /// Sets this field.
  public static void putForm(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + FORM, value);
  }

  /// The index at place 0.
  public static long firstIndex(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + FIRST_INDEX);
  }

  /// The index at place 0.
  public static long firstIndex(byte[] frame, int offset) {
    return Frame.getLong(frame, offset + FIRST_INDEX);
  }

  /// Sets this field.
  public static void putFirstIndex(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + FIRST_INDEX, value);
  }

  /// From one index to the next.
  public static long step(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + STEP);
  }

  /// From one index to the next.
  public static long step(byte[] frame, int offset) {
    return Frame.getLong(frame, offset + STEP);
  }

  /// Sets this field.
  public static void putStep(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + STEP, value);
  }

  /// Places.
  public static long indexCount(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + INDEX_COUNT);
  }

  /// Places.
  public static long indexCount(byte[] frame, int offset) {
    return Frame.getLong(frame, offset + INDEX_COUNT);
  }

  /// Sets this field.
  public static void putIndexCount(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + INDEX_COUNT, value);
  }

  /// Captures of the combiner, the first of the arguments.
  public static int combinerCaptures(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + COMBINER_CAPTURES);
  }

  /// Captures of the combiner, the first of the arguments.
  public static int combinerCaptures(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + COMBINER_CAPTURES);
  }

  /// Sets this field.
  public static void putCombinerCaptures(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + COMBINER_CAPTURES, value);
  }

  /// Captures of the function.
  public static int captures(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + CAPTURES);
  }

  /// Captures of the function.
  public static int captures(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + CAPTURES);
  }

  /// Sets this field.
  public static void putCaptures(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + CAPTURES, value);
  }
}
