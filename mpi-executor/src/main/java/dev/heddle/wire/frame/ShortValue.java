package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// An encoded value of at most nine bytes as two numbers, so that it needs no array: the first
/// byte, and the others from the lowest one up.
///
/// Errors: nothing is checked here. `offset` is where the value starts; behind it the frame is
/// padded.
public final class ShortValue {
  private ShortValue() {}

  /// The first byte.
  public static byte head(MemorySegment s, long offset) {
    return (byte) Frame.getLong(s, offset);
  }

  /// The other bytes of a value of `length` bytes.
  public static long tail(MemorySegment s, long offset, int length) {
    long tail = Frame.getLong(s, offset) >>> 8;
    return length > 8
        ? tail | (long) Frame.getByte(s, offset + 8) << 56
        : tail & ((1L << (8 * (length - 1))) - 1);
  }

  /// Writes a value of `length` bytes, and its padding.
  public static void put(MemorySegment s, long offset, int length, byte head, long tail) {
    Frame.putLong(s, offset, (head & 0xffL) | tail << 8);
    if (length > 8) {
      Frame.putLong(s, offset + 8, tail >>> 56);
    }
  }
}
