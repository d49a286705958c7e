package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One encoding for all equal values: what a memo key or a content hash is made from.
///
/// Shape: walks the bytes that [ValueWriter] wrote, without loading a class or making an object.
/// The result differs from the input in two ways: elements of hash sets and hash maps, whose order
/// depends on their history, are sorted by their bytes; and classes are numbered by name in a table
/// in front, since their first mention moves with that order. It can't be decoded.
///
/// Threading: one walk, one thread. Errors: [TaskSerializationException] for damaged bytes.
final class Canonical {
  /*
   * Linked sets and maps, and the views and wrappers that may hide one, keep their order: the order
   * is content that a task can see. So two such wrappers of equal hash sets may differ here, which
   * costs a miss and never a wrong hit.
   */

  private final byte[] bytes;
  private final int start;
  private final int end;
  private int position;
  private int depth;

  /// Classes in order of first mention: what the input's numbers mean.
  private final List<String> classes = new ArrayList<>();

  private final List<Integer> components = new ArrayList<>();

  /// Null while classes are collected; then their numbers in the table.
  private @Nullable TreeMap<String, Integer> numbers;

  private byte[] out = {};
  private int length;

  /// Why there is no canonical form, or null.
  private @Nullable String reason;

  private Canonical(byte[] bytes, int offset, int count) {
    this.bytes = bytes;
    this.start = offset;
    this.end = offset + count;
  }

  /// The canonical bytes, or null if [#reason(byte[], int, int)] has something to say.
  static byte @Nullable [] of(byte[] bytes, int offset, int count) {
    Canonical walk = new Canonical(bytes, offset, count);
    if (walk.collect() != null) {
      return null;
    }
    walk.write();
    return Arrays.copyOf(walk.out, walk.length);
  }

  /// Why equal values may have unequal encodings, or null if they haven't.
  static @Nullable String reason(byte[] bytes, int offset, int count) {
    return new Canonical(bytes, offset, count).collect();
  }

  private @Nullable String collect() {
    try {
      walk();
    } catch (Refusal stopped) {
      // the reason says it
    }
    return reason;
  }

  private void walk() {
    position = start;
    value();
    if (position != end) {
      throw malformed("bytes left over=" + (end - position));
    }
  }

  private void write() {
    TreeMap<String, Integer> table = new TreeMap<>();
    classes.forEach(name -> table.put(name, 0));
    out = new byte[end - start + 16];
    putVarint(table.size());
    int number = 0;
    for (var entry : table.entrySet()) {
      entry.setValue(number++);
      byte[] name = entry.getKey().getBytes(StandardCharsets.ISO_8859_1);
      putVarint(name.length);
      put(name, 0, name.length);
    }
    numbers = table;
    classes.clear();
    components.clear();
    walk();
  }

  private static TaskSerializationException malformed(String fact) {
    return new TaskSerializationException("a value's bytes are damaged: " + fact, null);
  }

  private void put(byte[] source, int from, int count) {
    if (count > out.length - length) {
      out = Arrays.copyOf(out, (int) Math.min(Integer.MAX_VALUE - 16, 2L * (length + count)));
    }
    System.arraycopy(source, from, out, length, count);
    length += count;
  }

  private void putVarint(int value) {
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
  private void copy(long count) {
    if (count < 0 || count > end - position) {
      throw malformed("bytes needed=" + count + " left=" + (end - position));
    }
    if (numbers != null) {
      put(bytes, position, (int) count);
    }
    position += (int) count;
  }

  private int peek(int ahead) {
    if (ahead >= end - position) {
      throw malformed("it ends at byte " + (end - start));
    }
    return bytes[position + ahead];
  }

  /// Reads a varint without passing it on.
  private int readVarint() {
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

  private int varint() {
    int value = readVarint();
    if (numbers != null) {
      putVarint(value);
    }
    return value;
  }

  /// Passes a class on; its number in the input, from 0.
  private int type() {
    int number = readVarint();
    if (number > classes.size()) {
      throw malformed("class number=" + number + " of " + classes.size());
    }
    if (number == 0) {
      int from = position;
      // its name, fingerprint and count of components: together they make the class
      int width = peek(0) == Tags.STRING_UTF16 ? 2 : 1;
      position++;
      long count = (long) readVarint() * width + 4;
      if (count > end - position) {
        throw malformed("bytes needed=" + count + " left=" + (end - position));
      }
      position += (int) count;
      components.add(readVarint());
      classes.add(new String(bytes, from, position - from, StandardCharsets.ISO_8859_1));
      number = classes.size();
    }
    if (numbers != null) {
      putVarint(Objects.requireNonNull(numbers.get(classes.get(number - 1))));
    }
    return number - 1;
  }

  private void value() {
    int tag = peek(0);
    if (++depth > ValueWriter.DEPTH_MAX + 1) {
      throw malformed("nested deeper than " + ValueWriter.DEPTH_MAX);
    }
    switch (tag) {
      case Tags.NULL, Tags.FALSE, Tags.TRUE -> copy(1);
      case Tags.BYTE -> copy(2);
      case Tags.SHORT, Tags.CHARACTER -> copy(3);
      case Tags.INTEGER, Tags.FLOAT -> copy(5);
      case Tags.LONG, Tags.DOUBLE, Tags.LOCAL_DATE, Tags.LOCAL_TIME -> copy(9);
      case Tags.DURATION, Tags.INSTANT -> copy(13);
      case Tags.UUID, Tags.LOCAL_DATE_TIME -> copy(17);
      case Tags.STRING_LATIN1, Tags.BYTES, Tags.BOOLEANS, Tags.BIG_INTEGER, Tags.BIT_SET ->
          block(1);
      case Tags.STRING_UTF16, Tags.SHORTS, Tags.CHARACTERS -> block(2);
      case Tags.INTEGERS, Tags.FLOATS -> block(4);
      case Tags.LONGS, Tags.DOUBLES -> block(8);
      case Tags.SEGMENT -> segment();
      case Tags.BIG_DECIMAL -> {
        copy(5);
        copy(varint());
      }
      case Tags.URI, Tags.OPTIONAL, Tags.OPTIONAL_INT, Tags.OPTIONAL_LONG, Tags.OPTIONAL_DOUBLE -> {
        copy(1);
        value();
      }
      case Tags.ENTRY -> {
        copy(1);
        value();
        value();
      }
      case Tags.TYPED_ARRAY -> {
        copy(1);
        type();
        values(varint());
      }
      default -> composite(tag);
    }
    depth--;
  }

  /// Without the zeroes, of which there are more or less.
  private void segment() {
    copy(1);
    int zeroes = peek(0) & 0xff;
    if (zeroes > end - position - 1) {
      throw malformed("bytes needed=" + zeroes + " left=" + (end - position - 1));
    }
    position += 1 + zeroes;
    copy(varint());
  }

  private void block(int elementBytes) {
    copy(1);
    copy((long) elementBytes * varint());
  }

  private void composite(int tag) {
    switch (tag) {
      case Tags.ENUM -> {
        copy(1);
        type();
        varint();
      }
      case Tags.ENUM_SET -> {
        copy(1);
        type();
        for (int i = varint(); i > 0; i--) {
          varint();
        }
      }
      case Tags.ENUM_MAP -> {
        copy(1);
        type();
        for (int i = varint(); i > 0; i--) {
          varint();
          value();
        }
      }
      case Tags.RECORD -> {
        copy(1);
        values(components.get(type()));
      }
      case Tags.TREE_SET, Tags.TREE_MAP -> {
        int comparator = peek(1);
        copy(2);
        if (comparator == 4) {
          value(); // a lambda or an enum
        }
        values((tag == Tags.TREE_SET ? 1L : 2L) * varint());
      }
      case Tags.HASH_SET, Tags.IMMUTABLE_SET -> unordered(1);
      case Tags.HASH_MAP, Tags.IMMUTABLE_MAP, Tags.CONCURRENT_HASH_MAP -> unordered(2);
      case Tags.LINKED_HASH_MAP,
          Tags.UNMODIFIABLE_MAP,
          Tags.SYNCHRONIZED_MAP,
          Tags.EMPTY_MAP,
          Tags.SINGLETON_MAP -> {
        copy(1);
        values(2L * varint());
      }
      case Tags.STRING_ARRAY,
          Tags.OBJECT_ARRAY,
          Tags.ARRAY_LIST,
          Tags.IMMUTABLE_LIST,
          Tags.UNMODIFIABLE_LIST,
          Tags.FIXED_LIST,
          Tags.LINKED_LIST,
          Tags.ARRAY_DEQUE,
          Tags.EMPTY_LIST,
          Tags.SINGLETON_LIST,
          Tags.UNMODIFIABLE_COLLECTION,
          Tags.COPY_ON_WRITE_LIST,
          Tags.SYNCHRONIZED_LIST,
          Tags.CONCURRENT_LINKED_QUEUE,
          Tags.LINKED_HASH_SET,
          Tags.UNMODIFIABLE_SET,
          Tags.EMPTY_SET,
          Tags.SINGLETON_SET -> {
        copy(1);
        values(varint());
      }
      case Tags.FORY, Tags.FORY_PART -> stop("it holds an object of an ordinary class");
      case Tags.LAMBDA -> stop("it holds a lambda");
      case Tags.THROWABLE -> stop("it holds an exception");
      case Tags.TEMPLATE, Tags.FUTURE, Tags.COMPLETABLE_FUTURE -> stop("it holds a future");
      default -> throw malformed("unknown tag=" + tag);
    }
  }

  private void stop(String why) {
    reason = why;
    throw new Refusal(false);
  }

  private void values(long count) {
    for (long i = 0; i < count; i++) {
      value();
    }
  }

  /// Elements of `valuesPerElement` values each, brought into the order of their bytes.
  private void unordered(int valuesPerElement) {
    copy(1);
    int count = varint();
    if ((long) count * valuesPerElement > end - position) {
      throw malformed("elements claimed=" + count + " bytes left=" + (end - position));
    }
    if (numbers == null) {
      values((long) count * valuesPerElement);
      return;
    }
    int[][] elements = new int[count][];
    int first = length;
    for (int i = 0; i < count; i++) {
      int from = length;
      values(valuesPerElement);
      elements[i] = new int[] {from - first, length - first};
    }
    byte[] written = Arrays.copyOfRange(out, first, length);
    Arrays.sort(
        elements, (a, b) -> Arrays.compareUnsigned(written, a[0], a[1], written, b[0], b[1]));
    length = first;
    for (int[] element : elements) {
      put(written, element[0], element[1] - element[0]);
    }
  }
}
