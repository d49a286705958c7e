package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.Tags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Copies primitive arrays and memory segments between the heap and the memory that is sent, once
/// and in one piece.
///
/// Shape: the layout of [Tags], the same as in [ValueWriter] and [ValueReader]. Code that a rank
/// runs for its first task uses `instanceof` and compares classes: a `switch` over types is linked
/// at its first use, which takes milliseconds on each rank, and the JDK's archive doesn't hold the
/// result (JDK 25). Threading: any.
public final class FlatValues {
  /// Bytes before a segment's content. So the content begins 64 bytes behind the start of the frame
  /// that carries the value, since the frame's head has 24 bytes.
  private static final int SEGMENT_HEAD_BYTES = 40;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfChar CHAR =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FlatValues() {}

  /// The bytes of an encoded `double[]` or `long[]` of `count` elements before the elements, which
  /// have eight bytes each in little-endian order.
  public static byte[] packedHead(boolean isDouble, int count) {
    byte[] bytes = new byte[6];
    int at = 0;
    bytes[at++] = (byte) (isDouble ? Tags.DOUBLES : Tags.LONGS);
    int left = count;
    for (; left >>> 7 != 0; left >>>= 7) {
      bytes[at++] = (byte) (left | 0x80);
    }
    bytes[at++] = (byte) left;
    return Arrays.copyOf(bytes, at);
  }

  /// Bytes of the encoding of `value`, a primitive array or a memory segment; -1 for a value of any
  /// other kind, arrays of booleans included.
  public static long bytes(Object value) {
    if (value instanceof MemorySegment segment) {
      return SEGMENT_HEAD_BYTES + segment.byteSize();
    }
    int elementBytes = elementBytes(value.getClass());
    return elementBytes == 0 ? -1 : array(Array.getLength(value), elementBytes);
  }

  /// Bytes of an element of a primitive array of this class; 0 for other classes, and for arrays of
  /// booleans.
  private static int elementBytes(Class<?> array) {
    if (array == byte[].class) {
      return Byte.BYTES;
    }
    if (array == short[].class || array == char[].class) {
      return Short.BYTES;
    }
    if (array == int[].class || array == float[].class) {
      return Integer.BYTES;
    }
    return array == long[].class || array == double[].class ? Long.BYTES : 0;
  }

  private static long array(int count, int elementBytes) {
    return 1L + countBytes(count) + (long) count * elementBytes;
  }

  private static int countBytes(int count) {
    return Math.max(1, (38 - Integer.numberOfLeadingZeros(count)) / 7);
  }

  /// Writes the [#bytes] of `value`.
  static void write(Object value, MemorySegment target, long offset) {
    if (value instanceof MemorySegment segment) {
      int length = Math.toIntExact(segment.byteSize());
      int zeroes = SEGMENT_HEAD_BYTES - 2 - countBytes(length);
      target.asSlice(offset, SEGMENT_HEAD_BYTES).fill((byte) 0);
      target.set(ValueLayout.JAVA_BYTE, offset, (byte) Tags.SEGMENT);
      target.set(ValueLayout.JAVA_BYTE, offset + 1, (byte) zeroes);
      putCount(target, offset + 2 + zeroes, length);
      MemorySegment.copy(segment, 0, target, offset + SEGMENT_HEAD_BYTES, length);
    } else if (value instanceof byte[] a) {
      long at = head(Tags.BYTES, a.length, target, offset);
      MemorySegment.copy(a, 0, target, ValueLayout.JAVA_BYTE, at, a.length);
    } else if (value instanceof short[] a) {
      long at = head(Tags.SHORTS, a.length, target, offset);
      MemorySegment.copy(a, 0, target, SHORT, at, a.length);
    } else if (value instanceof char[] a) {
      long at = head(Tags.CHARACTERS, a.length, target, offset);
      MemorySegment.copy(a, 0, target, CHAR, at, a.length);
    } else if (value instanceof int[] a) {
      long at = head(Tags.INTEGERS, a.length, target, offset);
      MemorySegment.copy(a, 0, target, INT, at, a.length);
    } else if (value instanceof float[] a) {
      long at = head(Tags.FLOATS, a.length, target, offset);
      MemorySegment.copy(a, 0, target, FLOAT, at, a.length);
    } else if (value instanceof long[] a) {
      long at = head(Tags.LONGS, a.length, target, offset);
      MemorySegment.copy(a, 0, target, LONG, at, a.length);
    } else if (value instanceof double[] a) {
      long at = head(Tags.DOUBLES, a.length, target, offset);
      MemorySegment.copy(a, 0, target, DOUBLE, at, a.length);
    } else {
      throw new IllegalArgumentException("no flat value: " + value.getClass());
    }
  }

  private static long head(int tag, int count, MemorySegment target, long offset) {
    target.set(ValueLayout.JAVA_BYTE, offset, (byte) tag);
    return putCount(target, offset + 1, count);
  }

  private static long putCount(MemorySegment target, long offset, int count) {
    long at = offset;
    int rest = count;
    for (; (rest & ~0x7f) != 0; rest >>>= 7) {
      target.set(ValueLayout.JAVA_BYTE, at++, (byte) (rest | 0x80));
    }
    target.set(ValueLayout.JAVA_BYTE, at++, (byte) rest);
    return at;
  }

  /// The value in the whole of `encoded`, or null where it is of another kind.
  ///
  /// Errors: [TaskSerializationException] where the number of bytes doesn't fit the encoded count.
  static @Nullable Object read(MemorySegment encoded, SegmentMemory segments) {
    int tag = encoded.byteSize() < 2 ? Tags.NULL : encoded.get(ValueLayout.JAVA_BYTE, 0);
    return switch (tag) {
      case Tags.BYTES -> body(encoded, 1, 1).toArray(ValueLayout.JAVA_BYTE);
      case Tags.SHORTS -> body(encoded, 1, 2).toArray(SHORT);
      case Tags.CHARACTERS -> body(encoded, 1, 2).toArray(CHAR);
      case Tags.INTEGERS -> body(encoded, 1, 4).toArray(INT);
      case Tags.FLOATS -> body(encoded, 1, 4).toArray(FLOAT);
      case Tags.LONGS -> body(encoded, 1, 8).toArray(LONG);
      case Tags.DOUBLES -> body(encoded, 1, 8).toArray(DOUBLE);
      case Tags.SEGMENT -> {
        int zeroes = Byte.toUnsignedInt(encoded.get(ValueLayout.JAVA_BYTE, 1));
        yield segments.view(body(encoded, 2L + zeroes, 1));
      }
      default -> null;
    };
  }

  /// The content behind the count at `offset`, which must be all remaining bytes.
  private static MemorySegment body(MemorySegment encoded, long offset, int elementBytes) {
    long count = 0;
    long at = offset;
    for (int shift = 0; shift < 35; shift += 7) {
      if (at >= encoded.byteSize()) {
        break;
      }
      int b = encoded.get(ValueLayout.JAVA_BYTE, at++);
      count |= (b & 0x7fL) << shift;
      if (b >= 0) {
        if (count * elementBytes == encoded.byteSize() - at) {
          return encoded.asSlice(at);
        }
        break;
      }
    }
    throw new TaskSerializationException(
        "a value's bytes are damaged: elements claimed="
            + count
            + " bytes left="
            + (encoded.byteSize() - at),
        null);
  }
}
