package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of an argument, from its own start. The byte map stands in [Frame].
///
/// Shape: `offset` is where the part starts. Errors: nothing is checked here.
public final class ArgumentFields {
  private static final int TAG = 0;
  private static final int BODY_LENGTH = 4;
  private static final int VALUE_ID = 8;
  private static final int VALUE_LENGTH = 16;
  private static final int RESULT_OF = 8;
  private static final int COUNT = 8;

  private ArgumentFields() {}

  /// What the body is, with [Frame#ARGUMENT_CAPTURE] beside it.
  public static int tag(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TAG);
  }

  /// What the body is, with [Frame#ARGUMENT_CAPTURE] beside it.
  public static int tag(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + TAG);
  }

  /// Sets this field.
  public static void putTag(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TAG, value);
  }

  /// Bytes of the body, without padding.
  public static int bodyLength(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + BODY_LENGTH);
  }

  /// Bytes of the body, without padding.
  public static int bodyLength(byte[] frame, int offset) {
    return Frame.getInt(frame, offset + BODY_LENGTH);
  }

  /// Sets this field.
  public static void putBodyLength(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + BODY_LENGTH, value);
  }

  /// HANDLE: the number of the value.
  public static long valueId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + VALUE_ID);
  }

  /// HANDLE: the number of the value.
  public static long valueId(byte[] frame, int offset) {
    return Frame.getLong(frame, offset + VALUE_ID);
  }

  /// Sets this field.
  public static void putValueId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + VALUE_ID, value);
  }

  /// HANDLE: the bytes of the value.
  public static long valueLength(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + VALUE_LENGTH);
  }

  /// HANDLE: the bytes of the value.
  public static long valueLength(byte[] frame, int offset) {
    return Frame.getLong(frame, offset + VALUE_LENGTH);
  }

  /// Sets this field.
  public static void putValueLength(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + VALUE_LENGTH, value);
  }

  /// RESULT_OF: the number of the task.
  public static long resultOf(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + RESULT_OF);
  }

  /// RESULT_OF: the number of the task.
  public static long resultOf(byte[] frame, int offset) {
    return Frame.getLong(frame, offset + RESULT_OF);
  }

  /// Sets this field.
  public static void putResultOf(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + RESULT_OF, value);
  }

  /// LIST, PIECES: arguments in it.
  public static long count(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + COUNT);
  }

  /// LIST, PIECES: arguments in it.
  public static long count(byte[] frame, int offset) {
    return Frame.getLong(frame, offset + COUNT);
  }

  /// Sets this field.
  public static void putCount(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + COUNT, value);
  }
}
