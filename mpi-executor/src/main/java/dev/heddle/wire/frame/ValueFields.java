package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#VALUE] before the value. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class ValueFields {
  private static final int VALUE_ID = 8;
  private static final int VALUE_LENGTH = 16;

  private ValueFields() {}

  /// The value's number.
  public static long valueId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + VALUE_ID);
  }

  /// Sets this field.
  public static void putValueId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + VALUE_ID, value);
  }

  /// Bytes of the value, without padding.
  public static long valueLength(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + VALUE_LENGTH);
  }

  /// Sets this field.
  public static void putValueLength(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + VALUE_LENGTH, value);
  }
}
