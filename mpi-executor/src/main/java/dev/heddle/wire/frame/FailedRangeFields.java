package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a failed range of a [Frame#PART], from its own start. The byte map stands in [Frame].
///
/// Shape: `offset` is where the part starts. Errors: nothing is checked here.
public final class FailedRangeFields {
  private static final int FROM = 0;
  private static final int TO = 8;

  private FailedRangeFields() {}

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
