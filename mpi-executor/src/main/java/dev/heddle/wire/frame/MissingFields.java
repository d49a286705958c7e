package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// The field of a [Frame#MISSING]. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class MissingFields {
  private static final int VALUE_ID = 8;

  private MissingFields() {}

  /// The value that no rank above has.
  public static long valueId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + VALUE_ID);
  }

  /// Sets this field.
  public static void putValueId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + VALUE_ID, value);
  }
}
