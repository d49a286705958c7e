package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.Tags;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the bytes of a [ByteOutput], from input that may be forged.
///
/// Shape: reads within `offset .. offset + length` only. Every count is checked against the bytes
/// left and against a budget of one element per byte of input, so that nested counts can't
/// multiply. Threading: one decode, one thread. Errors: [TaskSerializationException].
abstract sealed class ByteInput permits ValueReader {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  final byte[] bytes;
  final int end;
  int position;
  private int elementsLeft;

  ByteInput(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
    this.elementsLeft = length;
  }

  static TaskSerializationException malformed(String fact) {
    return new TaskSerializationException("a value's bytes are damaged: " + fact, null);
  }

  final void need(long count) {
    if (count > end - position) {
      throw malformed("bytes needed=" + count + " left=" + (end - position));
    }
  }

  final int getByte() {
    need(1);
    return bytes[position++];
  }

  final short getShort() {
    need(2);
    short value = (short) SHORT.get(bytes, position);
    position += 2;
    return value;
  }

  final int getInt() {
    need(4);
    int value = (int) INT.get(bytes, position);
    position += 4;
    return value;
  }

  final long getLong() {
    need(8);
    long value = (long) LONG.get(bytes, position);
    position += 8;
    return value;
  }

  final double getDouble() {
    return Double.longBitsToDouble(getLong());
  }

  final int getVarint() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = getByte();
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        if (value < 0) {
          break;
        }
        return value;
      }
    }
    throw malformed("a count is out of range");
  }

  /// A count of elements of `elementBytes` each, all of which must still be there.
  final int getCount(int elementBytes) {
    int count = getVarint();
    need((long) count * elementBytes);
    return count;
  }

  /// A count of nested values; each takes a byte or more, over the whole input.
  final int getElementCount() {
    int count = getCount(1);
    if (count > elementsLeft) {
      throw malformed("elements claimed=" + count + " possible=" + elementsLeft);
    }
    elementsLeft -= count;
    return count;
  }

  final byte[] getBytes() {
    int count = getCount(1);
    position += count;
    return Arrays.copyOfRange(bytes, position - count, position);
  }

  /// A string with its tag; the string has no number.
  final String getString() {
    return getString(getByte());
  }

  final String getString(int tag) {
    if (tag == Tags.STRING_LATIN1) {
      int count = getCount(1);
      position += count;
      return new String(bytes, position - count, count, StandardCharsets.ISO_8859_1);
    }
    if (tag == Tags.STRING_UTF16) {
      int count = getCount(2);
      char[] chars = new char[count];
      view(2 * count).asCharBuffer().get(chars);
      return new String(chars);
    }
    throw malformed("tag=" + tag + " where a string must be");
  }

  /// An array of primitives behind its tag, one of [Tags#BYTES] to [Tags#DOUBLES].
  final Object getArray(int tag) {
    return switch (tag) {
      case Tags.BYTES -> getBytes();
      case Tags.BOOLEANS -> {
        boolean[] array = new boolean[getCount(1)];
        for (int i = 0; i < array.length; i++) {
          array[i] = bytes[position++] != 0;
        }
        yield array;
      }
      case Tags.SHORTS -> {
        short[] array = new short[getCount(2)];
        view(2 * array.length).asShortBuffer().get(array);
        yield array;
      }
      case Tags.CHARACTERS -> {
        char[] array = new char[getCount(2)];
        view(2 * array.length).asCharBuffer().get(array);
        yield array;
      }
      case Tags.INTEGERS -> {
        int[] array = new int[getCount(4)];
        view(4 * array.length).asIntBuffer().get(array);
        yield array;
      }
      case Tags.LONGS -> {
        long[] array = new long[getCount(8)];
        view(8 * array.length).asLongBuffer().get(array);
        yield array;
      }
      case Tags.FLOATS -> {
        float[] array = new float[getCount(4)];
        view(4 * array.length).asFloatBuffer().get(array);
        yield array;
      }
      default -> {
        double[] array = new double[getCount(8)];
        view(8 * array.length).asDoubleBuffer().get(array);
        yield array;
      }
    };
  }

  /// The next `count` bytes, known to be there, as a little-endian buffer; moves the position
  /// behind them.
  final ByteBuffer view(int count) {
    position += count;
    return ByteBuffer.wrap(bytes, position - count, count).slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
