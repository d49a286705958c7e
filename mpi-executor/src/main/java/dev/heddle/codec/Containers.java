package dev.heddle.codec;

import dev.heddle.codec.form.Naming;
import dev.heddle.codec.form.SerialAccess;
import dev.heddle.codec.form.Tags;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Writes the JDK's containers, each in the layout of its tag.
///
/// Threading: one encode, one thread. Errors: [Refusal], also for a container that changes during
/// the call.
final class Containers {
  /// The numbers of comparators. A comparator without a number of its own follows
  /// [#OTHER_COMPARATOR] as a value.
  static final int NO_COMPARATOR = 0;

  static final int REVERSE_ORDER = 1;
  static final int CASE_INSENSITIVE_ORDER = 2;
  static final int NATURAL_ORDER = 3;
  static final int OTHER_COMPARATOR = 4;

  /// A table has at most this many places per entry, and 64 places in any case, so that a few bytes
  /// can't ask for much memory.
  static final int TABLE_MAX_PER_ENTRY = 64;

  /// Reads whether a linked map is in order of access. The class is loaded at the first linked map.
  private static final class AccessOrder {
    static final MethodHandle FIELDS =
        Objects.requireNonNull(SerialAccess.defaultWrite(LinkedHashMap.class));
  }

  /// Reads the class of an enum map's keys.
  private static final class KeyType {
    static final MethodHandle FIELDS =
        Objects.requireNonNull(SerialAccess.defaultWrite(EnumMap.class));
  }

  private Containers() {}

  static void write(ValueWriter out, Object value, int tag) {
    switch (tag) {
      case Tags.HASH_SET -> writeHashed(out, (Collection<?>) value, tag);
      case Tags.HASH_MAP, Tags.CONCURRENT_HASH_MAP -> writeHashed(out, (Map<?, ?>) value, tag);
      case Tags.CONCURRENT_SET ->
          writeConcurrentSet(out, (ConcurrentHashMap.KeySetView<?, ?>) value);
      case Tags.TREE_SET -> {
        out.putByte(tag);
        writeComparator(out, ((SortedSet<?>) value).comparator());
        writeElements(out, (Collection<?>) value);
      }
      case Tags.COPY_ON_WRITE_LIST, Tags.CONCURRENT_LINKED_QUEUE -> {
        out.putByte(tag);
        // other threads may add elements meanwhile: take a snapshot
        writeElements(out, Arrays.asList(((Collection<?>) value).toArray()));
      }
      case Tags.ENUM_SET -> writeEnumSet(out, (EnumSet<?>) value);
      case Tags.ENUM_MAP -> writeEnumMap(out, (EnumMap<?, ?>) value);
      case Tags.LINKED_HASH_MAP -> {
        out.putByte(isInOrderOfAccess(out, value) ? Tags.ACCESS_ORDERED_MAP : tag);
        writeEntries(out, (Map<?, ?>) value);
      }
      case Tags.IMMUTABLE_MAP, Tags.EMPTY_MAP, Tags.SINGLETON_MAP -> {
        out.putByte(tag);
        writeEntries(out, (Map<?, ?>) value);
      }
      case Tags.TREE_MAP -> {
        out.putByte(tag);
        writeComparator(out, ((SortedMap<?, ?>) value).comparator());
        writeEntries(out, (Map<?, ?>) value);
      }
      case Tags.IMMUTABLE_LIST -> {
        out.putByte(takesNull((Collection<?>) value) ? Tags.STREAM_LIST : tag);
        writeElements(out, (Collection<?>) value);
      }
      case Tags.SET_VIEW -> {
        Collection<?> elements = (Collection<?>) value;
        if (new HashSet<>(elements).size() < elements.size()) {
          throw Refusal.of(
              value,
              "it shows elements that equal each other, as only a map by identity or an unusual"
                  + " comparator has them; send the map or a list of the elements");
        }
        out.putByte(tag);
        writeElements(out, elements);
      }
      default -> {
        out.putByte(tag);
        writeElements(out, (Collection<?>) value);
      }
    }
  }

  /// Whether an immutable list may be asked for null: `List.of` and the like throw.
  @SuppressWarnings("ReferenceEquality") // asks whether the list is its own copy
  private static boolean takesNull(Collection<?> list) {
    try {
      if (List.copyOf(list) == list) {
        return false;
      }
    } catch (NullPointerException e) {
      return true;
    }
    try {
      boolean _ = list.contains(null);
      return true;
    } catch (NullPointerException e) {
      return false;
    }
  }

  private static boolean isInOrderOfAccess(ValueWriter out, Object map) {
    return map instanceof LinkedHashMap<?, ?> linked
        && linked.getClass() == LinkedHashMap.class
        && Boolean.TRUE.equals(out.capture().of(linked, AccessOrder.FIELDS, "accessOrder"));
  }

  /// The refusal of a container that was changed while it was written: the count is written first,
  /// so it must hold.
  static Refusal changed(Object container) {
    return Refusal.of(
        container, "it was changed while it was encoded: hand over a copy, or change it later");
  }

  @SuppressWarnings("ReferenceEquality") // this very collection, not an equal collection
  private static void writeElements(ValueWriter out, Collection<?> elements) {
    int count = elements.size();
    out.putCount(count);
    int written = 0;
    try {
      for (Object element : elements) {
        if (written == count) {
          throw changed(elements);
        }
        out.write(element);
        written++;
      }
    } catch (Refusal refusal) {
      throw refusal.object() == elements
          ? refusal
          : refusal.at(Naming.of(elements.getClass()) + "[" + written + "]");
    } catch (java.util.ConcurrentModificationException e) {
      throw changed(elements);
    }
    if (written != count) {
      throw changed(elements);
    }
  }

  private static void writeEntries(ValueWriter out, Map<?, ?> map) {
    int count = map.size();
    out.putCount(count);
    int written = 0;
    try {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (written++ == count) {
          throw changed(map);
        }
        writeEntry(out, map, entry.getKey(), entry.getValue());
      }
    } catch (java.util.ConcurrentModificationException e) {
      throw changed(map);
    }
    if (written != count) {
      throw changed(map);
    }
  }

  private static void writeEntry(
      ValueWriter out, Map<?, ?> map, @Nullable Object key, @Nullable Object value) {
    boolean isKeyWritten = false;
    try {
      out.write(key);
      isKeyWritten = true;
      out.write(value);
    } catch (Refusal refusal) {
      String name = Naming.of(map.getClass());
      throw refusal.at(
          isKeyWritten ? name + "[" + Naming.key(key) + "]" : name + " key " + Naming.key(key));
    }
  }

  // ---- in the order of a hash table

  /*
   * A hash map shows its entries in the order of its table: by the lower bits of the key's hash, as
   * many as the length of the table has, and entries of one place in the order of their insertion.
   * So a copy with a table of the same length, filled in the order of the original, shows the same
   * order, and sums of doubles over a map are the same on every rank. The length isn't public, but
   * the order tells it: the places of the keys don't decrease along it. Most maps have grown from
   * the default, whose length is tried first.
   */

  private static void writeHashed(ValueWriter out, Collection<?> elements, int tag) {
    out.putByte(tag);
    out.putByte(log(length(elements, tag == Tags.CONCURRENT_SET)));
    writeElements(out, elements);
  }

  private static void writeHashed(ValueWriter out, Map<?, ?> map, int tag) {
    out.putByte(tag);
    out.putByte(log(length(map.keySet(), tag == Tags.CONCURRENT_HASH_MAP)));
    writeEntries(out, map);
  }

  /// Whether the set is a `keySet()` of a concurrent map.
  static boolean isViewOfMap(Object set) {
    return set instanceof ConcurrentHashMap.KeySetView<?, ?> view && view.getMappedValue() == null;
  }

  private static void writeConcurrentSet(ValueWriter out, ConcurrentHashMap.KeySetView<?, ?> set) {
    if (Boolean.TRUE.equals(set.getMappedValue())) {
      writeHashed(out, set, Tags.CONCURRENT_SET);
    } else {
      throw Refusal.of(set, "it writes to a map of other values; send the map");
    }
  }

  /// The table of a map that has grown to `count` entries from the default of 16.
  private static int grown(int count) {
    int length = 16;
    while (count > most(length) && length < 1 << 30) {
      length <<= 1;
    }
    return length;
  }

  /// Most entries of a table before it grows.
  private static int most(int length) {
    return (int) (length * 3L / 4);
  }

  private static int log(int length) {
    return Integer.numberOfTrailingZeros(length);
  }

  /// The length of a table with this order of keys. If no length within bounds fits, it is the
  /// length of a map that has grown to this size. A concurrent map grows as soon as three quarters
  /// are full, any other map with one more entry.
  private static int length(Collection<?> keys, boolean isConcurrent) {
    int size = keys.size();
    int count = isConcurrent ? size + 1 : size;
    int guess = grown(count);
    if (isInOrder(keys, guess)) {
      return guess;
    }
    long max = Math.min(Math.max(64, (long) TABLE_MAX_PER_ENTRY * size), 1 << 30);
    for (int length = 1; length > 0 && length <= max; length <<= 1) {
      if (count <= most(length) && isInOrder(keys, length)) {
        return length;
      }
    }
    return guess;
  }

  private static boolean isInOrder(Collection<?> keys, int length) {
    int last = 0;
    for (Object key : keys) {
      int hash = hash(key);
      int place = (hash ^ hash >>> 16) & (length - 1);
      if (place < last) {
        return false;
      }
      last = place;
    }
    return true;
  }

  private static int hash(@Nullable Object key) {
    try {
      return key == null ? 0 : key.hashCode();
    } catch (RuntimeException | StackOverflowError e) {
      throw Refusal.of(key, "its hashCode() threw " + e);
    }
  }

  // ---- enums

  // An ordinal is short and safe here: the fingerprint of all constants travels with the class.
  @SuppressWarnings("EnumOrdinal")
  static int number(Enum<?> constant) {
    return constant.ordinal();
  }

  private static void writeEnumSet(ValueWriter out, EnumSet<?> set) {
    // Only the complement of an empty set shows its class.
    Object sample = set.isEmpty() ? first(EnumSet.complementOf(set)) : first(set);
    if (sample == null) {
      throw Refusal.of(set, "its enum has no constants; use Set.of()");
    }
    out.putByte(Tags.ENUM_SET);
    putEnum(out, ((Enum<?>) sample).getDeclaringClass(), set);
    int count = set.size();
    out.putCount(count);
    int written = 0;
    for (Enum<?> element : set) {
      out.putCount(number(element));
      written++;
    }
    if (written != count) {
      throw changed(set);
    }
  }

  private static void putEnum(ValueWriter out, Class<?> type, Object container) {
    ClassPlan plan = out.codec().plan(type);
    if (plan.tag != Tags.ENUM) {
      throw Refusal.of(
          container,
          "its enum " + type.getName() + out.codec().admission().notAdmitted(type.getName()));
    }
    out.putClass(plan);
  }

  private static @Nullable Object first(EnumSet<?> set) {
    return set.isEmpty() ? null : set.iterator().next();
  }

  private static void writeEnumMap(ValueWriter out, EnumMap<?, ?> map) {
    Class<?> type =
        map.isEmpty()
            ? (Class<?>) Objects.requireNonNull(out.capture().of(map, KeyType.FIELDS, "keyType"))
            : map.keySet().iterator().next().getDeclaringClass();
    out.putByte(Tags.ENUM_MAP);
    putEnum(out, type, map);
    int count = map.size();
    out.putCount(count);
    int written = 0;
    for (Map.Entry<? extends Enum<?>, ?> entry : map.entrySet()) {
      written++;
      out.putCount(number(entry.getKey()));
      try {
        out.write(entry.getValue());
      } catch (Refusal refusal) {
        throw refusal.at("EnumMap[" + entry.getKey().name() + "]");
      }
    }
    if (written != count) {
      throw changed(map);
    }
  }

  // ---- comparators

  private static void writeComparator(ValueWriter out, @Nullable Comparator<?> comparator) {
    if (comparator == null) {
      out.putByte(NO_COMPARATOR);
    } else if (comparator.equals(Collections.reverseOrder())) {
      out.putByte(REVERSE_ORDER);
    } else if (comparator.equals(String.CASE_INSENSITIVE_ORDER)) {
      out.putByte(CASE_INSENSITIVE_ORDER);
    } else if (comparator.equals(Comparator.naturalOrder())) {
      out.putByte(NATURAL_ORDER);
    } else {
      out.putByte(OTHER_COMPARATOR);
      try {
        out.writeComparator(comparator);
      } catch (Refusal refusal) {
        throw refusal.at("comparator");
      }
    }
  }
}
