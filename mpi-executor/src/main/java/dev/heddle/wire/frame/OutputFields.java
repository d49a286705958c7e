package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#OUTPUT] before its text. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class OutputFields {
  private static final int RANK = 8;
  private static final int TEXT_LENGTH = 12;
  private static final int DROPPED_BYTES = 16;

  private OutputFields() {}

  /// The rank that printed the text.
  public static int rank(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANK);
  }

  /// Sets this field.
  public static void putRank(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANK, value);
  }

  /// Bytes of the text, without padding.
  public static int textLength(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TEXT_LENGTH);
  }

  /// Sets this field.
  public static void putTextLength(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TEXT_LENGTH, value);
  }

  /// Bytes that were dropped instead.
  public static long droppedBytes(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + DROPPED_BYTES);
  }

  /// Sets this field.
  public static void putDroppedBytes(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + DROPPED_BYTES, value);
  }
}
