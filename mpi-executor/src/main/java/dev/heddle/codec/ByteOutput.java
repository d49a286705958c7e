package dev.heddle.codec;

import dev.heddle.codec.form.Tags;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing array of bytes with a bound, and the numbers and texts in it.
///
/// Shape: little-endian. Threading: one encode, one thread. Errors: [Refusal] as soon as a call
/// asks for more bytes than `bytesMax`, before memory is taken for them.
sealed class ByteOutput permits GraphOutput {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Strings up to this length are copied char by char, which is cheaper than two passes with an
  /// allocation.
  private static final int SHORT_STRING_CHARS = 48;

  /// The JVM's longest array is a little shorter than 2 GiB.
  static final int ARRAY_BYTES_MAX = Integer.MAX_VALUE - 16;

  /// Bytes that may be reserved but not written in the end: most numbers are shorter than their
  /// longest form.
  private static final int SLACK_BYTES = 16;

  byte[] bytes;
  int position;
  private final long bytesMax;

  ByteOutput(int bytesExpected, long bytesMax) {
    this.bytesMax = bytesMax;
    this.bytes = new byte[(int) Math.min(bytesExpected, arrayBytesMax())];
  }

  private long arrayBytesMax() {
    return Math.min(ARRAY_BYTES_MAX, bytesMax + SLACK_BYTES);
  }

  /// Makes room for `count` more bytes.
  final void reserve(long count) {
    if (position + count > bytes.length) {
      grow(position + count);
    }
  }

  private void grow(long needed) {
    long max = arrayBytesMax();
    if (needed > max) {
      throw Refusal.tooLarge(Math.min(bytesMax, ARRAY_BYTES_MAX));
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(max, Math.max(needed, bytes.length * 2L)));
  }

  final void putByte(int value) {
    reserve(1);
    bytes[position++] = (byte) value;
  }

  final void putShort(short value) {
    reserve(Short.BYTES);
    SHORT.set(bytes, position, value);
    position += Short.BYTES;
  }

  final void putInt(int value) {
    reserve(Integer.BYTES);
    INT.set(bytes, position, value);
    position += Integer.BYTES;
  }

  final void putLong(long value) {
    reserve(Long.BYTES);
    LONG.set(bytes, position, value);
    position += Long.BYTES;
  }

  /// A varint of up to five bytes.
  final void putCount(int value) {
    reserve(5);
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
  }

  /// Count and bytes.
  final void putBytes(byte[] value) {
    putCount(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, position, value.length);
    position += value.length;
  }

  /// A string with its tag; the string has no number, even if it is long.
  final void putString(String s) {
    int length = s.length();
    reserve(length + 6L);
    int start = position;
    bytes[position++] = Tags.STRING_LATIN1;
    putCount(length);
    if (length <= SHORT_STRING_CHARS) {
      byte[] target = bytes;
      int at = position;
      for (int i = 0; i < length; i++) {
        char c = s.charAt(i);
        if (c > 0xff) {
          putUtf16(s, start);
          return;
        }
        target[at++] = (byte) c;
      }
      position = at;
      return;
    }
    byte[] latin1 = s.getBytes(StandardCharsets.ISO_8859_1);
    // A char above 0xff became '?': the conversion back shows it, and is a plain copy for the JDK.
    if (latin1.length != length || !new String(latin1, StandardCharsets.ISO_8859_1).equals(s)) {
      putUtf16(s, start);
      return;
    }
    System.arraycopy(latin1, 0, bytes, position, length);
    position += length;
  }

  private void putUtf16(String s, int start) {
    position = start;
    reserve(6 + 2L * s.length());
    bytes[position++] = Tags.STRING_UTF16;
    putCount(s.length());
    reserve(2L * s.length());
    ByteBuffer.wrap(bytes, position, 2 * s.length())
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asCharBuffer()
        .put(s);
    position += 2 * s.length();
  }

  /// `head`, then the bytes written so far, in an array of exactly that length.
  final byte[] result(byte[] head) {
    if (head.length == 0) {
      return position == bytes.length ? bytes : Arrays.copyOf(bytes, position);
    }
    long length = (long) head.length + position;
    if (length > arrayBytesMax()) {
      throw Refusal.tooLarge(bytesMax);
    }
    byte[] whole = Arrays.copyOf(head, (int) length);
    System.arraycopy(bytes, 0, whole, head.length, position);
    return whole;
  }

  static void setInt(byte[] target, int offset, int value) {
    INT.set(target, offset, value);
  }
}
