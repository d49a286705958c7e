package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#ANNOUNCE]. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class AnnounceFields {
  private static final int TRANSFER_ID = 8;
  private static final int CHECKSUM = 12;
  private static final int FRAME_LENGTH = 16;

  private AnnounceFields() {}

  /// The sender's number of the transfer.
  public static int transferId(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TRANSFER_ID);
  }

  /// Sets this field.
  public static void putTransferId(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TRANSFER_ID, value);
  }

  /// CRC32C of the frame.
  public static int checksum(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + CHECKSUM);
  }

  /// Sets this field.
  public static void putChecksum(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + CHECKSUM, value);
  }

  /// Bytes of the frame that follows in bulk.
  public static long frameLength(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + FRAME_LENGTH);
  }

  /// Sets this field.
  public static void putFrameLength(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + FRAME_LENGTH, value);
  }
}
