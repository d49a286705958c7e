package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#FETCH]. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class FetchFields {
  private static final int VALUE_ID = 8;
  private static final int VALUE_LENGTH = 16;
  private static final int TRANSFER_ID = 24;

  private FetchFields() {}

  /// The value asked for.
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

  /// The posted receive for the value, or [Frame#NO_TRANSFER].
  public static int transferId(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TRANSFER_ID);
  }

  /// Sets this field.
  public static void putTransferId(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TRANSFER_ID, value);
  }
}
