package dev.heddle.codec;

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

/// One of the JDK's containers on its way in: what [Containers] wrote.
///
/// Threading: one decode's. Errors: as [ValueReader].
final class ContainerInput {
  private static final float LOAD_FACTOR = 0.75f;

  private final ValueReader in;
  private final int number;
  private final boolean isFilledLast;

  ContainerInput(ValueReader in, int number, boolean isFilledLast) {
    this.in = in;
    this.number = number;
    this.isFilledLast = isFilledLast;
  }

  private <T> T made(T container) {
    return in.made(number, container);
  }

  private <C extends Collection<@Nullable Object>> C fill(C target, int count) {
    C container = made(target);
    if (isFilledLast) {
      @Nullable Object[] elements = in.fill(new @Nullable Object[count]);
      in.fillLast(() -> Collections.addAll(container, elements));
      return container;
    }
    for (int i = 0; i < count; i++) {
      container.add(in.read());
    }
    return container;
  }

  private <M extends Map<@Nullable Object, @Nullable Object>> M fillMap(M target, int count) {
    M map = made(target);
    if (isFilledLast) {
      @Nullable Object[] keys = new @Nullable Object[count];
      @Nullable Object[] values = new @Nullable Object[count];
      readEntries(keys, values);
      in.fillLast(
          () -> {
            for (int i = 0; i < count; i++) {
              map.put(keys[i], values[i]);
            }
          });
      return map;
    }
    for (int i = 0; i < count; i++) {
      Object key = in.read();
      map.put(key, in.read());
    }
    return map;
  }

  private void readEntries(@Nullable Object[] keys, @Nullable Object[] values) {
    for (int i = 0; i < keys.length; i++) {
      keys[i] = in.read();
      values[i] = in.read();
    }
  }

  private List<@Nullable Object> list(int count) {
    return Arrays.asList(in.fill(new @Nullable Object[count]));
  }

  // The JDK's collections take nulls where the writer found them; NullAway sees the strict types.
  // A LinkedList comes back as what it was.
  @SuppressWarnings({"NullAway", "JdkObsolete"})
  Object read(int tag) {
    return switch (tag) {
      case Tags.HASH_SET, Tags.CONCURRENT_SET, Tags.HASH_MAP, Tags.CONCURRENT_HASH_MAP ->
          readHashed(tag);
      case Tags.TREE_SET -> readSortedSet();
      case Tags.TREE_MAP -> readSortedMap();
      case Tags.ENUM_SET -> readEnumSet(in.getPlan(Tags.ENUM));
      case Tags.ENUM_MAP -> readEnumMap(in.getPlan(Tags.ENUM));
      case Tags.LINKED_HASH_MAP -> {
        int count = in.getElementCount();
        yield fillMap(LinkedHashMap.newLinkedHashMap(count), count);
      }
      case Tags.ACCESS_ORDERED_MAP -> {
        int count = in.getElementCount();
        yield fillMap(new LinkedHashMap<>(Math.max(16, 2 * count), LOAD_FACTOR, true), count);
      }
      default -> readSimple(tag, in.getElementCount());
    };
  }

  @SuppressWarnings({"NullAway", "JdkObsolete"})
  private Object readSimple(int tag, int count) {
    return switch (tag) {
      case Tags.ARRAY_LIST -> fill(new ArrayList<>(count), count);
      case Tags.LINKED_LIST -> fill(new LinkedList<>(), count);
      case Tags.ARRAY_DEQUE -> fill(new ArrayDeque<>(count), count);
      case Tags.CONCURRENT_LINKED_QUEUE -> fill(new ConcurrentLinkedQueue<>(), count);
      case Tags.LINKED_HASH_SET -> fill(LinkedHashSet.newLinkedHashSet(count), count);
      case Tags.COPY_ON_WRITE_LIST -> {
        List<@Nullable Object> list = made(new CopyOnWriteArrayList<>());
        list.addAll(list(count));
        yield list;
      }
      case Tags.FIXED_LIST -> {
        @Nullable Object[] elements = new @Nullable Object[count];
        List<@Nullable Object> list = made(Arrays.asList(elements));
        in.fill(elements);
        yield list;
      }
      case Tags.IMMUTABLE_LIST -> {
        Object[] elements = in.fill(new Object[count]);
        // Stream.toList() allows null and List.of doesn't; `contains(null)` tells them apart.
        yield Arrays.asList(elements).contains(null)
            ? Stream.of(elements).toList()
            : List.of(elements);
      }
      case Tags.IMMUTABLE_SET -> Set.of(in.fill(new Object[count]));
      case Tags.IMMUTABLE_MAP -> Map.copyOf(fillMap(LinkedHashMap.newLinkedHashMap(count), count));
      case Tags.COLLECTION_VIEW ->
          Collections.unmodifiableSequencedCollection(new ArrayList<>(list(count)));
      case Tags.SET_VIEW -> Collections.unmodifiableSequencedSet(new LinkedHashSet<>(list(count)));
      case Tags.EMPTY_LIST -> Collections.emptyList();
      case Tags.EMPTY_SET -> Collections.emptySet();
      case Tags.EMPTY_MAP -> Collections.emptyMap();
      case Tags.SINGLETON_LIST -> Collections.singletonList(in.read());
      case Tags.SINGLETON_SET -> Collections.singleton(in.read());
      case Tags.SINGLETON_MAP -> Collections.singletonMap(in.read(), in.read());
      default -> throw ByteInput.malformed("unknown tag=" + tag);
    };
  }

  /// A table as long as the original's shows the same order.
  @SuppressWarnings("NullAway")
  private Object readHashed(int tag) {
    int log = in.getByte();
    int count = in.getElementCount();
    if (log < 0
        || log > 30
        || 1L << log > Math.max(64, (long) Containers.TABLE_MAX_PER_ENTRY * count)) {
      throw ByteInput.malformed("table of 2^" + log + " for entries=" + count);
    }
    int length = 1 << log;
    return switch (tag) {
      case Tags.HASH_SET -> fill(new HashSet<>(length), count);
      case Tags.HASH_MAP -> fillMap(new HashMap<>(length), count);
      case Tags.CONCURRENT_SET -> {
        Set<@Nullable Object> set = concurrent(length).keySet(true);
        yield fill(set, count);
      }
      default -> fillMap(concurrent(length), count);
    };
  }

  /// By JDK 25 the table is the next power of two above 1 + capacity / load factor.
  private static <V> ConcurrentHashMap<@Nullable Object, V> concurrent(int length) {
    return new ConcurrentHashMap<>(length - 1, 1);
  }

  // ---- sorted

  /*
   * Sorted containers are filled from what says that it is sorted already: in time O(n), without a
   * call of the comparator, which may be a user's and may meet elements that aren't whole yet.
   */

  @SuppressWarnings("NullAway")
  private Object readSortedSet() {
    Comparator<Object> comparator = readComparator();
    Set<@Nullable Object> set = made(new TreeSet<>(comparator));
    set.addAll(new Sorted(comparator, in.fill(new @Nullable Object[in.getElementCount()])));
    return set;
  }

  @SuppressWarnings("NullAway")
  private Object readSortedMap() {
    Comparator<Object> comparator = readComparator();
    Map<@Nullable Object, @Nullable Object> map = made(new TreeMap<>(comparator));
    int count = in.getElementCount();
    @Nullable Object[] keys = new @Nullable Object[count];
    @Nullable Object[] values = new @Nullable Object[count];
    readEntries(keys, values);
    map.putAll(new SortedEntries(comparator, keys, values));
    return map;
  }

  @SuppressWarnings("unchecked")
  private @Nullable Comparator<Object> readComparator() {
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
  private Object readEnumSet(ClassPlan plan) {
    int count = in.getElementCount();
    EnumSet set = EnumSet.noneOf((Class) plan.type);
    for (int i = 0; i < count; i++) {
      set.add(in.constant(plan));
    }
    return set;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Object readEnumMap(ClassPlan plan) {
    int count = in.getElementCount();
    EnumMap map = made(new EnumMap((Class) plan.type));
    for (int i = 0; i < count; i++) {
      Object key = in.constant(plan);
      map.put((Enum) key, in.read());
    }
    return map;
  }
}
