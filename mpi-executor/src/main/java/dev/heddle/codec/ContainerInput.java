package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.Tags;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the JDK's containers, as [Containers] wrote them.
///
/// Threading: one decode, one thread. Errors: as [ValueReader].
final class ContainerInput {
  private static final float LOAD_FACTOR = 0.75f;

  private ContainerInput() {}

  private static <C extends Collection<@Nullable Object>> C fill(
      ValueReader in, int number, boolean isFilledLast, C container, int count) {
    in.known(number, container);
    if (isFilledLast) {
      @Nullable Object[] elements = in.fill(new @Nullable Object[count]);
      in.fillLast(
          () -> {
            Collections.addAll(container, elements);
            check(container, container.size(), count);
          });
      return container;
    }
    for (int i = 0; i < count; i++) {
      container.add(in.read());
    }
    check(container, container.size(), count);
    return container;
  }

  /// Refuses a container that holds fewer elements than were sent: a failure is better than a
  /// silent loss.
  private static void check(Object container, int size, int count) {
    if (size != count) {
      throw equalElements(container.getClass().getSimpleName());
    }
  }

  private static TaskSerializationException equalElements(String container) {
    return new TaskSerializationException(
        "a "
            + container
            + " was sent with elements or keys that equal each other when they arrive: they were"
            + " changed while they were in it, or are told apart by what is not sent; send a list",
        null);
  }

  private static Set<Object> immutable(Object[] elements) {
    try {
      return Set.of(elements);
    } catch (IllegalArgumentException e) {
      throw String.valueOf(e.getMessage()).startsWith("duplicate element")
          ? equalElements("Set.of")
          : e;
    }
  }

  private static <M extends Map<@Nullable Object, @Nullable Object>> M fillMap(
      ValueReader in, int number, boolean isFilledLast, M map, int count) {
    in.known(number, map);
    if (isFilledLast) {
      @Nullable Object[] keys = new @Nullable Object[count];
      @Nullable Object[] values = new @Nullable Object[count];
      readEntries(in, keys, values);
      in.fillLast(
          () -> {
            for (int i = 0; i < count; i++) {
              map.put(keys[i], values[i]);
            }
            check(map, map.size(), count);
          });
      return map;
    }
    for (int i = 0; i < count; i++) {
      Object key = in.read();
      map.put(key, in.read());
    }
    check(map, map.size(), count);
    return map;
  }

  private static void readEntries(
      ValueReader in, @Nullable Object[] keys, @Nullable Object[] values) {
    for (int i = 0; i < keys.length; i++) {
      keys[i] = in.read();
      values[i] = in.read();
    }
  }

  private static List<@Nullable Object> list(ValueReader in, int count) {
    return Arrays.asList(in.fill(new @Nullable Object[count]));
  }

  // The JDK's collections take nulls where the writer found them; NullAway sees the strict types. A
  // LinkedList arrives as a LinkedList.
  @SuppressWarnings({"NullAway", "JdkObsolete"})
  static Object read(ValueReader in, int tag, int number, boolean isFilledLast) {
    return switch (tag) {
      case Tags.HASH_SET, Tags.CONCURRENT_SET, Tags.HASH_MAP, Tags.CONCURRENT_HASH_MAP ->
          readHashed(in, tag, number, isFilledLast);
      case Tags.TREE_SET -> readSortedSet(in, number);
      case Tags.TREE_MAP -> readSortedMap(in, number);
      case Tags.ENUM_SET -> readEnumSet(in, in.getPlan(Tags.ENUM));
      case Tags.ENUM_MAP -> readEnumMap(in, number, in.getPlan(Tags.ENUM));
      case Tags.LINKED_HASH_MAP -> {
        int count = in.getElementCount();
        yield fillMap(in, number, isFilledLast, LinkedHashMap.newLinkedHashMap(count), count);
      }
      case Tags.ACCESS_ORDERED_MAP -> {
        int count = in.getElementCount();
        yield fillMap(
            in,
            number,
            isFilledLast,
            new LinkedHashMap<>(Math.max(16, 2 * count), LOAD_FACTOR, true),
            count);
      }
      default -> readSimple(in, tag, number, isFilledLast, in.getElementCount());
    };
  }

  @SuppressWarnings({"NullAway", "JdkObsolete"})
  private static Object readSimple(
      ValueReader in, int tag, int number, boolean isFilledLast, int count) {
    return switch (tag) {
      case Tags.ARRAY_LIST -> fill(in, number, isFilledLast, new ArrayList<>(count), count);
      case Tags.LINKED_LIST -> fill(in, number, isFilledLast, new LinkedList<>(), count);
      case Tags.ARRAY_DEQUE -> fill(in, number, isFilledLast, new ArrayDeque<>(count), count);
      case Tags.CONCURRENT_LINKED_QUEUE ->
          fill(in, number, isFilledLast, new ConcurrentLinkedQueue<>(), count);
      case Tags.LINKED_HASH_SET ->
          fill(in, number, isFilledLast, LinkedHashSet.newLinkedHashSet(count), count);
      case Tags.COPY_ON_WRITE_LIST -> {
        List<@Nullable Object> list = in.known(number, new CopyOnWriteArrayList<>());
        list.addAll(list(in, count));
        yield list;
      }
      case Tags.FIXED_LIST -> {
        @Nullable Object[] elements = new @Nullable Object[count];
        List<@Nullable Object> list = in.known(number, Arrays.asList(elements));
        in.fill(elements);
        yield list;
      }
      case Tags.IMMUTABLE_LIST -> List.of(in.fill(new Object[count]));
      case Tags.STREAM_LIST -> Stream.of(in.fill(new Object[count])).toList();
      case Tags.IMMUTABLE_SET -> immutable(in.fill(new Object[count]));
      case Tags.IMMUTABLE_MAP ->
          Map.copyOf(
              fillMap(in, number, isFilledLast, LinkedHashMap.newLinkedHashMap(count), count));
      case Tags.COLLECTION_VIEW ->
          Collections.unmodifiableSequencedCollection(new ArrayList<>(list(in, count)));
      case Tags.SET_VIEW ->
          Collections.unmodifiableSequencedSet(new LinkedHashSet<>(list(in, count)));
      case Tags.EMPTY_LIST -> Collections.emptyList();
      case Tags.EMPTY_SET -> Collections.emptySet();
      case Tags.EMPTY_MAP -> Collections.emptyMap();
      case Tags.SINGLETON_LIST -> Collections.singletonList(in.read());
      case Tags.SINGLETON_SET -> Collections.singleton(in.read());
      case Tags.SINGLETON_MAP -> Collections.singletonMap(in.read(), in.read());
      default -> throw ByteInput.malformed("unknown tag=" + tag);
    };
  }

  /// Gives the copy a table as long as the original's, so that it shows the same order.
  @SuppressWarnings("NullAway")
  private static Object readHashed(ValueReader in, int tag, int number, boolean isFilledLast) {
    int log = in.getByte();
    int count = in.getElementCount();
    if (log < 0
        || log > 30
        || 1L << log > Math.max(64, (long) Containers.TABLE_MAX_PER_ENTRY * count)) {
      throw ByteInput.malformed("table of 2^" + log + " for entries=" + count);
    }
    int length = 1 << log;
    return switch (tag) {
      case Tags.HASH_SET -> fill(in, number, isFilledLast, new HashSet<>(length), count);
      case Tags.HASH_MAP -> fillMap(in, number, isFilledLast, new HashMap<>(length), count);
      case Tags.CONCURRENT_SET -> {
        Set<@Nullable Object> set = concurrent(length).keySet(true);
        yield fill(in, number, isFilledLast, set, count);
      }
      default -> fillMap(in, number, isFilledLast, concurrent(length), count);
    };
  }

  /// In JDK 25 the table's length is the next power of two above 1 + capacity / load factor.
  private static <V> ConcurrentHashMap<@Nullable Object, V> concurrent(int length) {
    return new ConcurrentHashMap<>(length - 1, 1);
  }

  // ---- sorted

  /*
   * Sorted containers are filled from a source that declares itself sorted. That takes time O(n)
   * and no call of the comparator: a user's comparator might meet elements that aren't whole yet.
   */

  @SuppressWarnings("NullAway")
  private static Object readSortedSet(ValueReader in, int number) {
    Comparator<Object> comparator = readComparator(in);
    Set<@Nullable Object> set = in.known(number, new TreeSet<>(comparator));
    set.addAll(new Sorted(comparator, in.fill(new @Nullable Object[in.getElementCount()])));
    return set;
  }

  @SuppressWarnings("NullAway")
  private static Object readSortedMap(ValueReader in, int number) {
    Comparator<Object> comparator = readComparator(in);
    Map<@Nullable Object, @Nullable Object> map = in.known(number, new TreeMap<>(comparator));
    int count = in.getElementCount();
    @Nullable Object[] keys = new @Nullable Object[count];
    @Nullable Object[] values = new @Nullable Object[count];
    readEntries(in, keys, values);
    map.putAll(new SortedEntries(comparator, keys, values));
    return map;
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Comparator<Object> readComparator(ValueReader in) {
    int kind = in.getByte();
    return switch (kind) {
      case Containers.NO_COMPARATOR -> null;
      case Containers.REVERSE_ORDER ->
          (Comparator<Object>) (Comparator<?>) Collections.reverseOrder();
      case Containers.CASE_INSENSITIVE_ORDER ->
          (Comparator<Object>) (Comparator<?>) String.CASE_INSENSITIVE_ORDER;
      case Containers.NATURAL_ORDER ->
          (Comparator<Object>) (Comparator<?>) Comparator.naturalOrder();
      case Containers.OTHER_COMPARATOR -> (Comparator<Object>) Objects.requireNonNull(in.read());
      default -> throw ByteInput.malformed("comparator kind=" + kind);
    };
  }

  private static UnsupportedOperationException onlyToCopy() {
    return new UnsupportedOperationException("a source for one copy, element by element");
  }

  /// Elements that are in order: for [TreeSet#addAll] alone.
  @SuppressWarnings("JdkObsolete") // what addAll asks for
  private static final class Sorted extends AbstractSet<@Nullable Object>
      implements SortedSet<@Nullable Object> {
    private final @Nullable Comparator<Object> comparator;
    private final List<@Nullable Object> elements;

    Sorted(@Nullable Comparator<Object> comparator, @Nullable Object[] elements) {
      this.comparator = comparator;
      this.elements = Arrays.asList(elements);
    }

    @Override
    public @Nullable Comparator<? super @Nullable Object> comparator() {
      return comparator;
    }

    @Override
    public int size() {
      return elements.size();
    }

    @Override
    public Iterator<@Nullable Object> iterator() {
      return elements.iterator();
    }

    @Override
    public SortedSet<@Nullable Object> subSet(@Nullable Object from, @Nullable Object to) {
      throw onlyToCopy();
    }

    @Override
    public SortedSet<@Nullable Object> headSet(@Nullable Object to) {
      throw onlyToCopy();
    }

    @Override
    public SortedSet<@Nullable Object> tailSet(@Nullable Object from) {
      throw onlyToCopy();
    }

    @Override
    public @Nullable Object first() {
      return elements.getFirst();
    }

    @Override
    public @Nullable Object last() {
      return elements.getLast();
    }
  }

  /// Entries whose keys are in order: for [TreeMap#putAll] alone.
  @SuppressWarnings("JdkObsolete") // what putAll asks for
  private static final class SortedEntries extends AbstractMap<@Nullable Object, @Nullable Object>
      implements SortedMap<@Nullable Object, @Nullable Object> {
    private final @Nullable Comparator<Object> comparator;
    private final @Nullable Object[] keys;
    private final @Nullable Object[] values;

    SortedEntries(
        @Nullable Comparator<Object> comparator,
        @Nullable Object[] keys,
        @Nullable Object[] values) {
      this.comparator = comparator;
      this.keys = keys;
      this.values = values;
    }

    @Override
    public @Nullable Comparator<? super @Nullable Object> comparator() {
      return comparator;
    }

    @Override
    public Set<Map.Entry<@Nullable Object, @Nullable Object>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public int size() {
          return keys.length;
        }

        @Override
        public Iterator<Map.Entry<@Nullable Object, @Nullable Object>> iterator() {
          return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
              return next < keys.length;
            }

            @Override
            public Map.Entry<@Nullable Object, @Nullable Object> next() {
              int at = next++;
              return new SimpleImmutableEntry<>(keys[at], values[at]);
            }
          };
        }
      };
    }

    @Override
    public SortedMap<@Nullable Object, @Nullable Object> subMap(
        @Nullable Object from, @Nullable Object to) {
      throw onlyToCopy();
    }

    @Override
    public SortedMap<@Nullable Object, @Nullable Object> headMap(@Nullable Object to) {
      throw onlyToCopy();
    }

    @Override
    public SortedMap<@Nullable Object, @Nullable Object> tailMap(@Nullable Object from) {
      throw onlyToCopy();
    }

    @Override
    public @Nullable Object firstKey() {
      return keys[0];
    }

    @Override
    public @Nullable Object lastKey() {
      return keys[keys.length - 1];
    }
  }

  // ---- enums

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object readEnumSet(ValueReader in, ClassPlan plan) {
    int count = in.getElementCount();
    EnumSet set = EnumSet.noneOf((Class) plan.type);
    for (int i = 0; i < count; i++) {
      set.add(in.constant(plan));
    }
    return set;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object readEnumMap(ValueReader in, int number, ClassPlan plan) {
    int count = in.getElementCount();
    EnumMap map = in.known(number, new EnumMap((Class) plan.type));
    for (int i = 0; i < count; i++) {
      Object key = in.constant(plan);
      map.put((Enum) key, in.read());
    }
    return map;
  }
}
