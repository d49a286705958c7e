package dev.heddle.sim;

import java.util.zip.CRC32C;

/// What values are drawn from and told apart by.
final class Hashes {
  private Hashes() {}

  /// A well-spread function of `value`; not 0 for small ones. Source: Steele, Lea and Flood, *Fast
  /// Splittable Pseudorandom Number Generators*, OOPSLA 2014.
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// `length` bytes that depend on `seed` alone.
  static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    long state = seed;
    for (int i = 0; i < length; i++) {
      if ((i & 7) == 0) {
        state = mix(state);
      }
      bytes[i] = (byte) (state >>> (8 * (i & 7)));
    }
    return bytes;
  }

  /// Length and checksum of a part of `bytes`.
  static long of(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (long) length << 32 | crc.getValue();
  }

  static long of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }
}
