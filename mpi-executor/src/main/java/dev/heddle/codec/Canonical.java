package dev.heddle.codec;

import dev.heddle.codec.form.SerialForm;
import dev.heddle.codec.form.Tags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One encoding for all equal values, from which a memo key or a content hash is made.
///
/// Shape: walks the bytes that [ValueWriter] wrote, without loading a class or making an object.
/// The result differs from the input in two ways: elements of hash sets and hash maps, whose order
/// depends on their history, are sorted by their bytes; and classes are numbered by name in a table
/// in front, since their first mention moves with that order. A part that the input holds once and
/// then refers to is written out at each reference, so that equal values have one key whatever they
/// share. The result can't be decoded.
///
/// Threading and errors: as [ByteCopy].
final class Canonical extends ByteCopy {
  /// Deepest nesting of values with a canonical form: the walk takes a third of the stack of a
  /// reader.
  private static final int DEPTH_MAX = 256;

  /*
   * Linked sets and maps, and the views and wrappers that may hide such a set or map, keep their
   * order: the order is content that a task can see. So two such wrappers of equal hash sets may
   * differ here, which costs a miss and never a wrong hit.
   */

  /// Bytes that references may add in any case: a few KiB in a small value.
  private static final int REPLAY_BYTES = 1 << 16;

  private int depth;

  /// Classes in the order of their first mention, to which the input's numbers refer.
  private final List<String> classes = new ArrayList<>();

  /// Their kinds of components.
  private final List<byte[]> components = new ArrayList<>();

  /// Places in the input at which a class is mentioned first, for a second walk over such a place.
  private final Map<Integer, Integer> firstMentions = new HashMap<>();

  /// Places of numbered values, in a graph.
  private int[] numbered = {};

  /// Places of long strings, in a graph: the writer numbers them apart.
  private final List<Integer> longStrings = new ArrayList<>();

  private boolean isGraph;
  private int numberCount;

  /// Numbers of the values that are being walked.
  private final BitSet walked = new BitSet();

  /// Depth of references of the walk: inside a reference no value gets a number.
  private int replays;

  /// Bytes that references may still add; a few references can stand for a very large number of
  /// bytes.
  private long replayBytesLeft;

  /// The numbers of the classes in the table; null while classes are collected.
  private @Nullable TreeMap<String, Integer> numbers;

  /// Why there is no canonical form, or null.
  private @Nullable String reason;

  private Canonical(byte[] bytes, int offset, int count) {
    super(bytes, offset, count);
  }

  /// The canonical bytes, or null where [#reason(byte[], int, int)] gives a reason.
  static byte @Nullable [] of(byte[] bytes, int offset, int count) {
    try {
      return found(bytes, offset, count);
    } catch (StackOverflowError e) {
      // the caller's stack is short, or nearly full
      return DeepStack.call(() -> found(bytes, offset, count));
    }
  }

  private static byte @Nullable [] found(byte[] bytes, int offset, int count) {
    Canonical walk = new Canonical(bytes, offset, count);
    if (walk.collect() != null) {
      return null;
    }
    walk.write();
    return walk.result();
  }

  /// Why equal values may have unequal encodings; null if they can't.
  static @Nullable String reason(byte[] bytes, int offset, int count) {
    try {
      return new Canonical(bytes, offset, count).collect();
    } catch (StackOverflowError e) {
      return DeepStack.call(() -> new Canonical(bytes, offset, count).collect());
    }
  }

  private @Nullable String collect() {
    try {
      walk();
    } catch (Refusal stopped) {
      // `reason` is set
    }
    return reason;
  }

  private void walk() {
    position = start;
    replayBytesLeft = 16L * (end - start) + REPLAY_BYTES;
    if (peek(0) == Tags.GRAPH) {
      openGraph();
    }
    value();
    if (position != end) {
      throw malformed("bytes left over=" + (end - position));
    }
  }

  private void write() {
    TreeMap<String, Integer> table = new TreeMap<>();
    classes.forEach(name -> table.put(name, 0));
    beginCopying();
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
    firstMentions.clear();
    walk();
  }

  private void openGraph() {
    if (end - position < Tags.GRAPH_HEAD_BYTES) {
      throw malformed("it ends at byte " + (end - start));
    }
    // flags and count are not content
    position += Tags.GRAPH_HEAD_BYTES;
    isGraph = true;
    numberCount = 0;
    walked.clear();
    longStrings.clear();
  }

  /// Gives the value at `position` the next number; -1 where it has none.
  private int nextNumber() {
    if (!isGraph || replays > 0) {
      return -1;
    }
    if (numberCount == numbered.length) {
      numbered = Arrays.copyOf(numbered, Math.max(16, 2 * numberCount));
    }
    numbered[numberCount] = position;
    walked.set(numberCount);
    return numberCount++;
  }

  private void back() {
    position++;
    int number = readVarint();
    if (number >= numberCount) {
      throw malformed("value number=" + number + " of " + numberCount);
    }
    if (walked.get(number)) {
      stop("it leads back to itself");
    }
    replay(numbered[number]);
  }

  private void backString() {
    position++;
    int number = readVarint();
    if (number >= longStrings.size()) {
      throw malformed("string number=" + number + " of " + longStrings.size());
    }
    replay(longStrings.get(number));
  }

  /// Passes on the value at `place` as if it stood here.
  private void replay(int place) {
    int here = position;
    position = place;
    replays++;
    value();
    replays--;
    replayBytesLeft -= position - place;
    if (replayBytesLeft < 0) {
      stop("its parts refer to each other too often to be compared");
    }
    position = here;
  }

  /// Passes a class on. Returns its number in the input, from 0.
  private int type() {
    int number = readVarint();
    if (number > classes.size()) {
      throw malformed("class number=" + number + " of " + classes.size());
    }
    if (number == 0) {
      int from = position;
      Integer known = firstMentions.get(from);
      // name, fingerprint and count of components together identify the class
      int width = peek(0) == Tags.STRING_UTF16 ? 2 : 1;
      position++;
      long count = (long) readVarint() * width + 4;
      if (count > end - position) {
        throw malformed("bytes needed=" + count + " left=" + (end - position));
      }
      position += (int) count;
      int kinds = readVarint();
      if (kinds > end - position) {
        throw malformed("bytes needed=" + kinds + " left=" + (end - position));
      }
      position += kinds;
      if (known == null) {
        components.add(Arrays.copyOfRange(bytes, position - kinds, position));
        classes.add(new String(bytes, from, position - from, StandardCharsets.ISO_8859_1));
        known = classes.size();
        firstMentions.put(from, known);
      }
      number = known;
    }
    if (numbers != null) {
      putVarint(Objects.requireNonNull(numbers.get(classes.get(number - 1))));
    }
    return number - 1;
  }

  private void value() {
    int tag = peek(0);
    if (tag == Tags.BACK) {
      back();
      return;
    }
    if (tag == Tags.BACK_STRING) {
      backString();
      return;
    }
    if (++depth > DEPTH_MAX + 1) {
      stop("it is nested deeper than " + DEPTH_MAX + " levels");
    }
    int number = hasNumber(tag) ? nextNumber() : -1;
    value(tag);
    if (number >= 0) {
      walked.clear(number);
    }
    depth--;
  }

  /// See [Tags].
  private boolean hasNumber(int tag) {
    return switch (tag) {
      case Tags.ENUM, Tags.FUTURE, Tags.COMPLETABLE_FUTURE -> false;
      default -> tag >= Tags.BIG_INTEGER || tag < 0;
    };
  }

  private void string(int tag) {
    if (isGraph && replays == 0 && chars() > Tags.SHARED_STRING_CHARS) {
      longStrings.add(position);
    }
    block(tag == Tags.STRING_UTF16 ? 2 : 1);
  }

  private void value(int tag) {
    switch (tag) {
      case Tags.NULL, Tags.FALSE, Tags.TRUE -> copy(1);
      case Tags.BYTE -> copy(2);
      case Tags.SHORT, Tags.CHARACTER -> copy(3);
      case Tags.INTEGER, Tags.FLOAT -> copy(5);
      case Tags.LONG, Tags.DOUBLE, Tags.LOCAL_DATE, Tags.LOCAL_TIME -> copy(9);
      case Tags.DURATION, Tags.INSTANT -> copy(13);
      case Tags.UUID, Tags.LOCAL_DATE_TIME -> copy(17);
      case Tags.STRING_LATIN1, Tags.STRING_UTF16 -> string(tag);
      case Tags.BYTES, Tags.BOOLEANS, Tags.BIG_INTEGER, Tags.BIT_SET -> block(1);
      case Tags.SHORTS, Tags.CHARACTERS -> block(2);
      case Tags.INTEGERS, Tags.FLOATS -> block(4);
      case Tags.LONGS, Tags.DOUBLES -> block(8);
      case Tags.SEGMENT -> segment();
      case Tags.BIG_DECIMAL -> {
        copy(5);
        copy(varint());
      }
      case Tags.PLAIN_OBJECT -> stop("it holds an object that equals nothing but itself");
      case Tags.INT_STATISTICS -> copy(25);
      case Tags.LONG_STATISTICS, Tags.DOUBLE_STATISTICS -> copy(33);
      case Tags.WRAPPER -> {
        copy(2);
        value();
      }
      case Tags.URI, Tags.PATH, Tags.CHARSET -> text();
      case Tags.OPTIONAL, Tags.OPTIONAL_INT, Tags.OPTIONAL_LONG, Tags.OPTIONAL_DOUBLE -> {
        copy(1);
        value();
      }
      case Tags.ENTRY, Tags.MAP_ENTRY -> {
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
        parts(components.get(type()));
      }
      case Tags.TREE_SET, Tags.TREE_MAP -> {
        int comparator = peek(1);
        copy(2);
        if (comparator == Containers.OTHER_COMPARATOR) {
          value(); // a lambda or an enum
        }
        values((tag == Tags.TREE_SET ? 1L : 2L) * varint());
      }
      case Tags.HASH_SET, Tags.CONCURRENT_SET -> unordered(1, true);
      case Tags.HASH_MAP, Tags.CONCURRENT_HASH_MAP -> unordered(2, true);
      case Tags.IMMUTABLE_SET -> unordered(1, false);
      case Tags.IMMUTABLE_MAP -> unordered(2, false);
      case Tags.LINKED_HASH_MAP, Tags.ACCESS_ORDERED_MAP, Tags.EMPTY_MAP, Tags.SINGLETON_MAP -> {
        copy(1);
        values(2L * varint());
      }
      case Tags.STRING_ARRAY,
          Tags.OBJECT_ARRAY,
          Tags.ARRAY_LIST,
          Tags.IMMUTABLE_LIST,
          Tags.STREAM_LIST,
          Tags.FIXED_LIST,
          Tags.LINKED_LIST,
          Tags.ARRAY_DEQUE,
          Tags.EMPTY_LIST,
          Tags.SINGLETON_LIST,
          Tags.COLLECTION_VIEW,
          Tags.COPY_ON_WRITE_LIST,
          Tags.CONCURRENT_LINKED_QUEUE,
          Tags.LINKED_HASH_SET,
          Tags.SET_VIEW,
          Tags.EMPTY_SET,
          Tags.SINGLETON_SET -> {
        copy(1);
        values(varint());
      }
      case Tags.SERIAL -> serial();
      case Tags.OBJECT -> stop("it holds an object of an ordinary class");
      case Tags.LAMBDA -> stop("it holds a lambda");
      case Tags.THROWABLE -> stop("it holds an exception");
      case Tags.TEMPLATE, Tags.FUTURE, Tags.COMPLETABLE_FUTURE -> stop("it holds a future");
      default -> {
        if (tag < 0) {
          stop("it leads back to itself");
        }
        throw malformed("unknown tag=" + tag);
      }
    }
  }

  /// Components: primitives as they are, all other components as values.
  private void parts(byte[] kinds) {
    for (byte kind : kinds) {
      switch (kind) {
        case 'L' -> value();
        case 'Z', 'B' -> copy(1);
        case 'C', 'S' -> copy(2);
        case 'I', 'F' -> copy(4);
        case 'J', 'D' -> copy(8);
        default -> throw malformed("kind of component=" + kind);
      }
    }
  }

  /// A value of the JDK in its serial form; a user's class counts as an ordinary class.
  private void serial() {
    copy(1);
    int kind = varint();
    if (kind == SerialForm.SUBSTITUTE) {
      value();
      return;
    }
    if (kind == SerialForm.BY_NAME) {
      stop("it holds an object of an ordinary class");
    }
    SerialForm form =
        Objects.requireNonNull(ClassPlan.ofTheJdk(kind - SerialForm.FIRST_NUMBER).serial);
    if (form.isExternalizable) {
      block(new byte[0]);
    }
    for (SerialForm.Part part : form.parts) {
      byte[] kinds = new byte[part.kinds.length];
      for (int i = 0; i < kinds.length; i++) {
        kinds[i] = (byte) part.kinds[i];
      }
      block(kinds);
    }
  }

  private void block(byte[] kinds) {
    while (true) {
      int item = peek(0);
      copy(1);
      switch (item) {
        case SerialOutput.END -> {
          return;
        }
        case SerialOutput.BYTES -> copy(varint());
        case SerialOutput.VALUE -> value();
        case SerialOutput.FIELDS -> parts(kinds);
        default -> throw malformed("item=" + item);
      }
    }
  }

  private void stop(String why) {
    reason = why;
    throw Refusal.of(why);
  }

  private void values(long count) {
    for (long i = 0; i < count; i++) {
      value();
    }
  }

  /// Sorts elements of `valuesPerElement` values each by their bytes.
  private void unordered(int valuesPerElement, boolean hasTable) {
    copy(1);
    if (hasTable) {
      // the length of the hash table depends on the container's history
      int _ = peek(0);
      position++;
    }
    int count = varint();
    if ((long) count * valuesPerElement > end - position) {
      throw malformed("elements claimed=" + count + " bytes left=" + (end - position));
    }
    if (!isCopying()) {
      values((long) count * valuesPerElement);
      return;
    }
    int[][] elements = new int[count][];
    int first = length();
    for (int i = 0; i < count; i++) {
      int from = length();
      values(valuesPerElement);
      elements[i] = new int[] {from - first, length() - first};
    }
    byte[] written = takeBack(first);
    Arrays.sort(
        elements, (a, b) -> Arrays.compareUnsigned(written, a[0], a[1], written, b[0], b[1]));
    for (int[] element : elements) {
      put(written, element[0], element[1] - element[0]);
    }
  }
}
