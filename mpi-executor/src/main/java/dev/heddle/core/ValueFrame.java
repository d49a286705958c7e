package dev.heddle.core;

import dev.heddle.graph.BigValue;
import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;

/// VALUE frames: a large value as it travels and as it is kept, one array for all who need it.
public final class ValueFrame {
  /// Where the encoded value starts.
  public static final int OFFSET = 24;

  private ValueFrame() {}

  /// The first `length` bytes from `offset` of `bytes` as value `valueId`; copied.
  public static BigValue of(long valueId, byte[] bytes, int offset, int length) {
    byte[] frame = new byte[OFFSET + Frame.padded(length)];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.VALUE, 0, 0, frame.length);
    Frame.putLong(s, 8, valueId);
    Frame.putLong(s, 16, length);
    System.arraycopy(bytes, offset, frame, OFFSET, length);
    return new BigValue(valueId, frame, OFFSET, length);
  }

  /// Bytes of the encoded value in a VALUE frame.
  public static int length(byte[] frame) {
    return (int) Frame.getLong(MemorySegment.ofArray(frame), 16);
  }

  /// The frame at `offset`: its own array if that is all it holds, as after a bulk transfer, else a
  /// copy.
  static byte[] array(MemorySegment s, long offset, int length) {
    return s.heapBase().isPresent()
            && s.heapBase().get() instanceof byte[] whole
            && offset == 0
            && whole.length == length
        ? whole
        : Frame.getBytes(s, offset, length);
  }

  /// A FETCH or MISSING frame.
  static byte[] about(int kind, long valueId) {
    byte[] frame = new byte[16];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, kind, 0, 0, frame.length);
    Frame.putLong(s, 8, valueId);
    return frame;
  }
}
