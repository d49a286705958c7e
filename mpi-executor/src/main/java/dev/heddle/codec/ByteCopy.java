package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.Tags;
import java.util.Arrays;

/// Walks over the bytes of an encoded value. From [#beginCopying] on it passes them on to an
/// output.
///
/// Shape: the walk decides what is passed on, so the output may differ from the input. Threading:
/// one walk, one thread. Errors: [TaskSerializationException] for damaged bytes.
abstract sealed class ByteCopy permits Canonical {
  final byte[] bytes;
  final int start;
  final int end;
  int position;

  private boolean isCopying;
  private byte[] out = {};

  /// Bytes in the output.
  private int length;

  ByteCopy(byte[] bytes, int offset, int count) {
    this.bytes = bytes;
    this.start = offset;
    this.end = offset + count;
  }

  /// Passes on all bytes that the walk visits from now on.
  final void beginCopying() {
    out = new byte[end - start + 16];
    isCopying = true;
  }

  final boolean isCopying() {
    return isCopying;
  }

  /// Bytes in the output so far.
  final int length() {
    return length;
  }

  /// Takes the bytes from `from` on out of the output.
  final byte[] takeBack(int from) {
    byte[] taken = Arrays.copyOfRange(out, from, length);
    length = from;
    return taken;
  }

  final byte[] result() {
    return Arrays.copyOf(out, length);
  }

  static TaskSerializationException malformed(String fact) {
    return new TaskSerializationException("a value's bytes are damaged: " + fact, null);
  }

  /// Adds bytes to the output.
  final void put(byte[] source, int from, int count) {
    if (count > out.length - length) {
      out = Arrays.copyOf(out, (int) Math.min(Integer.MAX_VALUE - 16, 2L * (length + count)));
    }
    System.arraycopy(source, from, out, length, count);
    length += count;
  }

  final void putVarint(int value) {
    byte[] varint = new byte[5];
    int at = 0;
    for (int rest = value; ; rest >>>= 7) {
      boolean isLast = rest >>> 7 == 0;
      varint[at++] = (byte) (isLast ? rest : rest | 0x80);
      if (isLast) {
        break;
      }
    }
    put(varint, 0, at);
  }

  /// Passes `count` bytes on as they are.
  final void copy(long count) {
    if (count < 0 || count > end - position) {
      throw malformed("bytes needed=" + count + " left=" + (end - position));
    }
    if (isCopying) {
      put(bytes, position, (int) count);
    }
    position += (int) count;
  }

  /// The byte that is this many bytes `ahead` of the position.
  final int peek(int ahead) {
    if (ahead >= end - position) {
      throw malformed("it ends at byte " + (end - start));
    }
    return bytes[position + ahead];
  }

  /// Reads a varint without passing it on.
  final int readVarint() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = peek(0);
      position++;
      value |= (b & 0x7f) << shift;
      if (b >= 0 && value >= 0) {
        return value;
      }
    }
    throw malformed("a count is out of range");
  }

  /// Passes a varint on and tells its value.
  final int varint() {
    int value = readVarint();
    if (isCopying) {
      putVarint(value);
    }
    return value;
  }

  /// Passes on a string that belongs to the encoding rather than to the value: it has no number,
  /// however long it is.
  final void text() {
    copy(1);
    int tag = peek(0);
    if (tag != Tags.STRING_LATIN1 && tag != Tags.STRING_UTF16) {
      throw malformed("text of tag=" + tag);
    }
    block(tag == Tags.STRING_UTF16 ? 2 : 1);
  }

  /// The length of the string at `position`.
  final int chars() {
    int here = position++;
    int chars = readVarint();
    position = here;
    return chars;
  }

  /// Passes a memory segment on without its zeroes, whose number varies.
  final void segment() {
    copy(1);
    int zeroes = peek(0) & 0xff;
    if (zeroes > end - position - 1) {
      throw malformed("bytes needed=" + zeroes + " left=" + (end - position - 1));
    }
    position += 1 + zeroes;
    copy(varint());
  }

  /// Passes on a tag, a count, and this many elements.
  final void block(int elementBytes) {
    copy(1);
    copy((long) elementBytes * varint());
  }
}
