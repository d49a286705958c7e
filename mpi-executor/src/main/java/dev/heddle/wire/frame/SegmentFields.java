package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a segment of a [Frame#PART], before its value; from the segment's own start. The byte
/// map stands in [Frame].
///
/// Shape: `offset` is where the part starts. Errors: nothing is checked here.
public final class SegmentFields {
  private static final int FROM = 0;
  private static final int TO = 8;
  private static final int VALUE_LENGTH = 16;

  private SegmentFields() {}

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

  /// Bytes of the value, without padding.
  public static long valueLength(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + VALUE_LENGTH);
  }

  /// Sets this field.
  public static void putValueLength(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + VALUE_LENGTH, value);
  }
}
