package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// The field of a [Frame#GO]. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class GoFields {
  private static final int TRANSFER_ID = 8;

  private GoFields() {}

  /// The transfer that the receiver is ready for.
  public static int transferId(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TRANSFER_ID);
  }

  /// Sets this field.
  public static void putTransferId(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TRANSFER_ID, value);
  }
}
