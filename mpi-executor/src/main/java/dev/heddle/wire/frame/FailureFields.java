package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a failure in a [Frame#PART], before host and failure; from its own start. The byte map
/// stands in [Frame].
///
/// Shape: `offset` is where the part starts. Errors: nothing is checked here.
public final class FailureFields {
  private static final int PLACE = 0;
  private static final int RANK = 8;
  private static final int PAYLOAD_LENGTH = 12;

  private FailureFields() {}

  /// The place that failed.
  public static long place(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + PLACE);
  }

  /// Sets this field.
  public static void putPlace(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + PLACE, value);
  }

  /// The rank that ran it.
  public static int rank(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANK);
  }

  /// Sets this field.
  public static void putRank(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANK, value);
  }

  /// Bytes of host and failure, without padding.
  public static int payloadLength(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + PAYLOAD_LENGTH);
  }

  /// Sets this field.
  public static void putPayloadLength(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + PAYLOAD_LENGTH, value);
  }
}
