package dev.heddle.behaviour;

import java.io.Externalizable;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.JapaneseDate;
import java.time.temporal.ChronoUnit;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Values of any shape by a seed: what the JDK and users make, in each other, shared and in cycles.
///
/// Shape: the same value for one seed, but for identity hashes. Threading: one test's.
@SuppressWarnings({
  "JdkObsolete",
  "serial",
  "unused",
  "HidingField",
  "ReferenceEquality",
  "JavaUtilDate",
  "NullAway",
  "DoubleBraceInitialization",
  "IdentityHashMapUsage",
  "UnnecessaryStringBuilder"
}) // all that users may have
public final class Shapes {
  /// A record of plain parts.
  public record Plain(int a, double b, @Nullable String c, char d, boolean e) {}

  /// A record of anything.
  public record Holder(@Nullable Object first, @Nullable Object second) {}

  /// A generic record with a list.
  public record Series<T>(String name, List<T> values, @Nullable T[] array) {}

  /// A record that checks what it gets.
  public record Checked(int positive, String name) {
    /// Checks.
    public Checked {
      if (positive <= 0 || name.isEmpty()) {
        throw new IllegalArgumentException("positive=" + positive);
      }
    }
  }

  /// Constants, one with a body.
  public enum Letter {
    A,
    B {
      @Override
      int weight() {
        return 2;
      }
    },
    C;

    int weight() {
      return 1;
    }
  }

  /// An ordinary class, to be compared by its fields.
  public static class Node {
    final int id;
    long big;
    byte small;
    float single;
    @Nullable Object value;
    @Nullable Node next;
    final List<@Nullable Object> more = new ArrayList<>();
    transient @Nullable Object left;

    Node(int id) {
      this.id = id;
      left = this;
    }
  }

  /// A class below it that hides a field.
  public static final class Leaf extends Node {
    final String id;
    private short count;

    Leaf(int number) {
      super(number);
      id = "leaf" + number;
      count = (short) number;
    }
  }

  /// Compared by identity, also as a key.
  public static final class Ident {
    final int id;
    @Nullable Object value;

    Ident(int id) {
      this.id = id;
    }
  }

  /// Whose constructor doesn't run twice.
  public static final class Once {
    static int made;
    final int number;
    final List<Integer> filled = new ArrayList<>();

    Once(int number) {
      if (number < 0) {
        throw new IllegalStateException("only by hand");
      }
      made++;
      this.number = number;
      filled.add(number);
    }

    Once() {
      throw new IllegalStateException("nobody calls this");
    }
  }

  /// A list that fills itself.
  public static final class Bag extends ArrayList<@Nullable Object> {
    String label = "bag";

    Bag() {
      add("default");
    }

    @Override
    public boolean add(@Nullable Object element) {
      return super.add(element == null ? "nothing" : element);
    }
  }

  /// A map of a few.
  public static final class Lru extends LinkedHashMap<Object, @Nullable Object> {
    final int most;
    int evicted;

    Lru(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Object, @Nullable Object> eldest) {
      if (size() > most) {
        evicted++;
        return true;
      }
      return false;
    }
  }

  /// A map that counts.
  public static final class Counter extends HashMap<String, Integer> {
    int puts;

    @Override
    public @Nullable Integer put(String key, Integer value) {
      puts++;
      return super.put(key, value);
    }
  }

  /// A sorted map with an order of its own.
  public static final class Histogram extends TreeMap<String, Integer> {
    Histogram() {
      super(Comparator.reverseOrder());
    }
  }

  /// A set with a name and without a constructor for nothing.
  public static final class Named extends HashSet<String> {
    final String name;

    Named(String name) {
      this.name = name;
    }
  }

  /// A list of its own making: nothing of it is the JDK's.
  public static final class Steps extends AbstractList<Integer> {
    final int from;
    final int count;

    Steps(int from, int count) {
      this.from = from;
      this.count = count;
    }

    @Override
    public Integer get(int index) {
      return from + index;
    }

    @Override
    public int size() {
      return count;
    }
  }

  /// With a serial form of its own.
  public static final class Celsius implements Serializable {
    private transient double degrees;
    private @Nullable Object note;

    Celsius(double degrees, @Nullable Object note) {
      this.degrees = degrees;
      this.note = note;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeDouble(degrees + 273.15);
      out.writeUTF("kelvin");
      out.writeObject("end");
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      degrees = in.readDouble() - 273.15;
      if (!in.readUTF().equals("kelvin") || !"end".equals(in.readObject())) {
        throw new IOException("not as it was written");
      }
    }
  }

  /// One of few.
  public static final class Singleton implements Serializable {
    static final Singleton ONE = new Singleton();

    private Object readResolve() {
      return ONE;
    }
  }

  /// That sends a proxy which becomes it again.
  public static final class Price implements Serializable {
    final long cents;

    Price(long cents) {
      this.cents = cents;
    }

    private Object writeReplace() {
      return new Ticket(cents);
    }

    private static final class Ticket implements Serializable {
      private final long cents;

      Ticket(long cents) {
        this.cents = cents;
      }

      private Object readResolve() {
        return new Price(cents);
      }
    }
  }

  /// Written by hand.
  public static final class Hand implements Externalizable {
    int number;
    @Nullable Object value;

    /// For those who read it.
    public Hand() {}

    Hand(int number, @Nullable Object value) {
      this.number = number;
      this.value = value;
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
      out.writeInt(number);
      out.writeObject(value);
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
      number = in.readInt();
      value = in.readObject();
    }
  }

  /// How often the constructor of a class ran that isn't to run again.
  public static int constructed() {
    return Once.made;
  }

  private final SplittableRandom random;
  private final List<Object> pool = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private int budget;
  private int ids;

  /// Values by `seed`.
  public Shapes(long seed) {
    random = new SplittableRandom(seed);
    budget = 1 + random.nextInt(1 << random.nextInt(8));
  }

  /// A value of some shape, never null.
  public Object any() {
    Object value = random.nextInt(40) == 0 ? deep() : nested(1 + random.nextInt(5));
    // Cycles, through what can be changed afterwards.
    for (Node node : nodes) {
      if (random.nextInt(3) == 0) {
        node.next = nodes.get(random.nextInt(nodes.size()));
      }
      if (random.nextInt(4) == 0) {
        node.more.add(random.nextInt(3) == 0 ? value : nodes.get(random.nextInt(nodes.size())));
      }
    }
    return value;
  }

  private Object deep() {
    int depth = random.nextInt(1000);
    Object value = "bottom";
    for (int i = 0; i < depth; i++) {
      value =
          switch (random.nextInt(4)) {
            case 0 -> new ArrayList<>(Arrays.asList(value));
            case 1 -> new Holder(value, null);
            case 2 -> new Object[] {value};
            default -> {
              Node node = new Node(i);
              node.value = value;
              yield node;
            }
          };
    }
    return value;
  }

  private @Nullable Object maybe(int depth) {
    return random.nextInt(12) == 0 ? null : nested(depth);
  }

  private Object nested(int depth) {
    if (!pool.isEmpty() && random.nextInt(6) == 0) {
      return pool.get(random.nextInt(pool.size()));
    }
    if (depth <= 0 || budget-- <= 0) {
      return scalar();
    }
    Object made =
        switch (random.nextInt(6)) {
          case 0 -> scalar();
          case 1 -> array(depth - 1);
          case 2 -> collection(depth - 1);
          case 3 -> map(depth - 1);
          case 4 -> record(depth - 1);
          default -> ordinary(depth - 1);
        };
    pool.add(made);
    return made;
  }

  private String text() {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "grün" + random.nextInt(100);
      case 2 -> "語".repeat(1 + random.nextInt(4)) + random.nextInt(10);
      case 3 -> "x".repeat(random.nextInt(700));
      default -> "k" + random.nextInt(1000);
    };
  }

  private Object key() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(-50, 1_000_000);
      case 1 -> random.nextLong();
      case 2 -> Letter.values()[random.nextInt(3)];
      case 3 -> new Plain(random.nextInt(9), 0.5, "p", 'c', true);
      default -> text();
    };
  }

  /// A value that holds no other.
  private Object scalar() {
    return switch (random.nextInt(48)) {
      case 0 -> random.nextInt(2) == 0;
      case 1 -> (byte) random.nextInt();
      case 2 -> (short) random.nextInt();
      case 3 -> (char) random.nextInt();
      case 4 -> random.nextLong();
      case 5 -> (float) random.nextDouble();
      case 6 -> Double.NaN;
      case 7 -> -0.0;
      case 8 -> new BigInteger(70, new java.util.Random(random.nextInt()));
      case 9 -> new BigDecimal("1." + random.nextInt(1000) + "00");
      case 10 -> new UUID(random.nextLong(), random.nextLong());
      case 11 -> Duration.ofNanos(random.nextLong());
      case 12 -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
      case 13 -> LocalDate.ofEpochDay(random.nextInt(100_000));
      case 14 -> LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L));
      case 15 -> LocalDateTime.of(2026, 1, 1 + random.nextInt(28), 3, 4);
      case 16 -> ZonedDateTime.of(2026, 3, 4, 5, 6, 7, 8, ZoneId.of("Europe/Paris"));
      case 17 -> OffsetDateTime.of(2026, 3, 4, 5, 6, 7, 8, ZoneOffset.ofHours(3));
      case 18 -> Period.of(1, random.nextInt(12), 3);
      case 19 -> Year.of(random.nextInt(3000));
      case 20 -> JapaneseDate.of(2026, 1, 1 + random.nextInt(28));
      case 21 -> DayOfWeek.values()[random.nextInt(7)];
      case 22 -> TimeUnit.values()[random.nextInt(7)];
      case 23 -> ChronoUnit.values()[random.nextInt(5)];
      case 24 -> Letter.values()[random.nextInt(3)];
      case 25 -> URI.create("http://a.b/c?d=" + random.nextInt());
      case 26 -> new File("/data/run" + random.nextInt(9) + "/a.txt");
      case 27 -> Path.of("data", "b" + random.nextInt(9));
      case 28 -> StandardCharsets.UTF_16;
      case 29 -> Locale.forLanguageTag("de-CH");
      case 30 -> Currency.getInstance("CHF");
      case 31 -> MathContext.DECIMAL64;
      case 32 -> new Date(random.nextLong(1L << 40));
      case 33 -> BitSet.valueOf(new long[] {random.nextLong()});
      case 34 -> OptionalInt.of(random.nextInt());
      case 35 -> OptionalLong.empty();
      case 36 -> OptionalDouble.of(random.nextDouble());
      case 37 -> Optional.empty();
      case 38 -> Singleton.ONE;
      case 39 -> new Price(random.nextInt());
      case 40 -> new Plain(random.nextInt(), random.nextDouble(), text(), 'ß', false);
      case 41, 42 -> random.nextDouble();
      default -> random.nextInt(2) == 0 ? text() : (Object) random.nextInt();
    };
  }

  private Object array(int depth) {
    int length = random.nextInt(7);
    return switch (random.nextInt(14)) {
      case 0 -> bytes(length);
      case 1 -> new boolean[] {true, false};
      case 2 -> new short[] {(short) random.nextInt()};
      case 3 -> text().toCharArray();
      case 4 -> random.ints(random.nextInt(200)).toArray();
      case 5 -> random.longs(length).toArray();
      case 6 -> new float[] {(float) random.nextDouble(), Float.NaN};
      case 7 -> random.doubles(random.nextInt(100)).toArray();
      case 8 -> new String[] {text(), null, text()};
      case 9 -> new int[][] {{1}, {}, {random.nextInt()}};
      case 10 -> new Letter[] {Letter.B, null};
      case 11 -> new Comparable<?>[] {1, "a", Letter.A};
      case 12 -> {
        Node[] array = new Node[length];
        for (int i = 0; i < length; i++) {
          array[i] = node(depth - 1);
        }
        yield array;
      }
      default -> {
        Object[] array = new Object[length];
        for (int i = 0; i < length; i++) {
          array[i] = maybe(depth);
        }
        yield array;
      }
    };
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private List<@Nullable Object> some(int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      list.add(maybe(depth));
    }
    return list;
  }

  private List<Object> someWithoutNull(int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      list.add(nested(depth));
    }
    return list;
  }

  private Set<Object> keys() {
    Set<Object> keys = new LinkedHashSet<>();
    for (int i = random.nextInt(1 << random.nextInt(7)); i > 0; i--) {
      keys.add(key());
    }
    return keys;
  }

  private Set<String> texts() {
    Set<String> texts = new LinkedHashSet<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      texts.add(text());
    }
    return texts;
  }

  private Comparator<String> order() {
    return switch (random.nextInt(6)) {
      case 0 -> Comparator.reverseOrder();
      case 1 -> String.CASE_INSENSITIVE_ORDER;
      case 2 -> (Comparator<String> & Serializable) (a, b) -> b.compareTo(a);
      case 3 ->
          Comparator.comparing((Function<String, Integer> & Serializable) String::length)
              .thenComparing(Comparator.naturalOrder());
      case 4 -> Comparator.nullsFirst(Comparator.<String>naturalOrder());
      default -> Collections.reverseOrder(String.CASE_INSENSITIVE_ORDER);
    };
  }

  private Object collection(int depth) {
    return switch (random.nextInt(46)) {
      case 0, 1, 2 -> some(depth);
      case 3 -> List.copyOf(someWithoutNull(depth));
      case 4 -> Stream.of(text(), null, nested(depth)).toList();
      case 5 -> Arrays.asList(some(depth).toArray());
      case 6 -> new LinkedList<>(some(depth));
      case 7 -> new ArrayDeque<>(someWithoutNull(depth));
      case 8 -> new Vector<>(some(depth));
      case 9 -> {
        Stack<@Nullable Object> stack = new Stack<>();
        stack.addAll(some(depth));
        yield stack;
      }
      case 10 -> new CopyOnWriteArrayList<>(some(depth));
      case 11 -> new ConcurrentLinkedQueue<>(someWithoutNull(depth));
      case 12 -> new ConcurrentLinkedDeque<>(someWithoutNull(depth));
      case 13 -> Collections.emptyList();
      case 14 -> Collections.singletonList(maybe(depth));
      case 15 -> Collections.unmodifiableList(some(depth));
      case 16 -> Collections.synchronizedList(some(depth));
      case 17 -> Collections.unmodifiableCollection(some(depth));
      case 18 -> Collections.nCopies(random.nextInt(5), maybe(depth));
      case 19 -> {
        List<@Nullable Object> list = some(depth);
        yield list.subList(0, list.size() / 2);
      }
      case 20 -> some(depth).reversed();
      case 21, 22 -> new HashSet<>(keys());
      case 23 -> {
        // a table longer than it needs
        Set<Object> set = new HashSet<>(random.nextInt(100));
        set.addAll(keys());
        yield set;
      }
      case 24 -> keys();
      case 25 -> new TreeSet<>(texts());
      case 26 -> {
        TreeSet<String> set = new TreeSet<>(order());
        set.addAll(texts());
        yield random.nextInt(3) == 0 ? set.descendingSet() : set;
      }
      case 27 -> Set.copyOf(keys());
      case 28 -> Collections.unmodifiableSet(new HashSet<>(keys()));
      case 29 -> Collections.unmodifiableSortedSet(new TreeSet<>(texts()));
      case 30 -> Collections.emptySet();
      case 31 -> Collections.singleton(key());
      case 32 -> EnumSet.of(Letter.B, Letter.C);
      case 33 -> EnumSet.noneOf(Letter.class);
      case 34 -> {
        Set<Object> set = ConcurrentHashMap.newKeySet();
        set.addAll(keys());
        yield set;
      }
      case 35 -> new CopyOnWriteArraySet<>(keys());
      case 36 -> new ConcurrentSkipListSet<>(texts());
      case 37 -> {
        Set<Object> set = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = random.nextInt(5); i > 0; i--) {
          set.add(ident(depth));
        }
        yield set;
      }
      case 38 -> {
        PriorityQueue<String> queue = new PriorityQueue<>(order());
        queue.addAll(texts());
        yield queue;
      }
      case 39 -> {
        Bag bag = new Bag();
        bag.addAll(some(depth));
        if (random.nextInt(3) == 0) {
          bag.removeFirst();
        }
        yield bag;
      }
      case 40 -> {
        Named named = new Named(text());
        named.addAll(texts());
        yield named;
      }
      case 41 -> new Steps(random.nextInt(), random.nextInt(10));
      case 42 -> {
        Set<Object> set = new HashSet<>();
        for (int i = random.nextInt(6); i > 0; i--) {
          set.add(ident(depth));
        }
        yield set;
      }
      case 43 -> new HashMap<>(entries(depth)).keySet();
      case 44 -> new LinkedHashMap<>(entries(depth)).values();
      default -> {
        yield braceList(random.nextInt());
      }
    };
  }

  /// Static, so that the class takes nobody along.
  private static List<Object> braceList(int x) {
    return new ArrayList<>() {
      {
        add(x);
        add("brace");
      }
    };
  }

  private static Map<String, Object> braceMap() {
    return new HashMap<>() {
      {
        put("a", 1);
        merge("n", 1, (x, y) -> x);
      }
    };
  }

  private Map<Object, @Nullable Object> entries(int depth) {
    Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(1 << random.nextInt(6)); i > 0; i--) {
      map.put(key(), maybe(depth));
    }
    return map;
  }

  private Map<String, Object> texts(int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      map.put(text(), nested(depth));
    }
    return map;
  }

  private Object map(int depth) {
    return switch (random.nextInt(30)) {
      case 0, 1, 2 -> new HashMap<>(entries(depth));
      case 3 -> {
        Map<Object, @Nullable Object> map = new HashMap<>();
        entries(depth).forEach(map::put);
        yield map;
      }
      case 4 -> entries(depth);
      case 5 -> {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>(16, 0.75f, true);
        map.putAll(entries(depth));
        map.keySet().stream().findFirst().ifPresent(map::get);
        yield map;
      }
      case 6 -> new TreeMap<>(texts(depth));
      case 7 -> {
        TreeMap<String, Object> map = new TreeMap<>(order());
        map.putAll(texts(depth));
        yield random.nextInt(3) == 0 ? map.descendingMap() : map;
      }
      case 8 -> new TreeMap<>(texts(depth)).headMap("k5");
      case 9 -> Map.copyOf(texts(depth));
      case 10 -> Collections.unmodifiableMap(new HashMap<>(entries(depth)));
      case 11 -> Collections.unmodifiableMap(new TreeMap<>(texts(depth)));
      case 12 -> Collections.synchronizedMap(new LinkedHashMap<>(entries(depth)));
      case 13 -> Collections.emptyMap();
      case 14 -> Collections.singletonMap(key(), maybe(depth));
      case 15 -> new ConcurrentHashMap<>(texts(depth));
      case 16 -> new ConcurrentSkipListMap<>(texts(depth));
      case 17 -> new Hashtable<>(texts(depth));
      case 18 -> {
        Properties properties = new Properties(new Properties());
        texts().forEach(t -> properties.setProperty(t, t + "!"));
        yield properties;
      }
      case 19 -> {
        Map<Object, @Nullable Object> map = new IdentityHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          map.put(ident(depth), maybe(depth));
        }
        yield map;
      }
      case 20 -> new EnumMap<Letter, Object>(Map.of(Letter.B, nested(depth)));
      case 21 -> new EnumMap<Letter, Object>(Letter.class);
      case 22 -> {
        Lru lru = new Lru(3);
        lru.putAll(entries(depth));
        yield lru;
      }
      case 23 -> {
        Counter counter = new Counter();
        texts().forEach(t -> counter.put(t, t.length()));
        yield counter;
      }
      case 24 -> {
        Histogram histogram = new Histogram();
        texts().forEach(t -> histogram.put(t, t.length()));
        yield histogram;
      }
      case 25 -> new AbstractMap.SimpleEntry<>(key(), maybe(depth));
      case 26 -> Map.entry(key(), nested(depth));
      case 27 -> {
        Map<Object, @Nullable Object> map = new HashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
          map.put(ident(depth), maybe(depth));
        }
        yield map;
      }
      default -> {
        Map<String, Object> map = braceMap();
        if (random.nextInt(2) == 0) {
          map.remove("a");
        }
        yield map;
      }
    };
  }

  private Object record(int depth) {
    return switch (random.nextInt(5)) {
      case 0 -> new Plain(random.nextInt(), random.nextDouble(), null, 'x', true);
      case 1 -> new Checked(1 + random.nextInt(100), "n");
      case 2 -> new Series<>(text(), some(depth), new Object[] {maybe(depth)});
      default -> new Holder(maybe(depth), maybe(depth));
    };
  }

  private Ident ident(int depth) {
    Ident ident = new Ident(ids++);
    ident.value = maybe(depth - 1);
    return ident;
  }

  private Node node(int depth) {
    Node node = random.nextInt(4) == 0 ? new Leaf(ids++) : new Node(ids++);
    node.big = random.nextLong();
    node.small = (byte) random.nextInt();
    node.single = (float) random.nextDouble();
    node.value = maybe(depth - 1);
    nodes.add(node);
    return node;
  }

  private Object ordinary(int depth) {
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> node(depth);
      case 4 -> ident(depth);
      case 5 -> new Once(random.nextInt(100));
      case 6 -> new Celsius(random.nextInt(100), maybe(depth));
      case 7 -> new Hand(random.nextInt(), maybe(depth));
      case 8 -> new AtomicInteger(random.nextInt());
      case 9 -> new AtomicReference<>(maybe(depth));
      case 10 ->
          switch (random.nextInt(4)) {
            case 0 -> new AtomicLong(random.nextLong());
            case 1 -> new AtomicBoolean(true);
            case 2 -> new AtomicIntegerArray(new int[] {1, 2});
            default -> new Object();
          };
      case 11 -> Pattern.compile("a+" + random.nextInt(9), Pattern.CASE_INSENSITIVE);
      case 12 -> random.nextInt(2) == 0 ? new StringBuilder(text()) : new StringBuffer(text());
      default -> Optional.of(nested(depth));
    };
  }
}
