package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Fn1;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.Samples.Color;
import dev.heddle.codec.Samples.Nested;
import dev.heddle.codec.Samples.Node;
import dev.heddle.codec.Samples.Point;
import dev.heddle.codec.Samples.Strict;
import dev.heddle.codec.Samples.Wide;
import dev.heddle.codec.form.Admission;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValueCodecTest {
  private static final ValueCodec CODEC =
      new ValueCodec(ValueCodecTest.class.getClassLoader(), List.of("dev.heddle.codec"));

  private static @Nullable Object roundTrip(@Nullable Object value) {
    byte[] bytes = CODEC.encode(value, "argument 0 of Chem.energy");
    // The value lies within a larger array, so offsets matter.
    byte[] padded = new byte[bytes.length + 7];
    Arrays.fill(padded, (byte) 0x55);
    System.arraycopy(bytes, 0, padded, 3, bytes.length);
    return CODEC.decode(padded, 3, bytes.length);
  }

  private static Object sent(Object value) {
    return Objects.requireNonNull(roundTrip(value));
  }

  private static void assertSent(Object value) {
    Object copy = sent(value);
    assertEquals(value, copy);
    assertSame(value.getClass(), copy.getClass());
  }

  @Test
  void shouldKeepScalars() {
    assertNull(roundTrip(null));
    for (Object value :
        new Object[] {
          true,
          false,
          (byte) -7,
          (short) -300,
          'ß',
          '\ud800',
          Integer.MIN_VALUE,
          42,
          Long.MAX_VALUE,
          -1L,
          1.5f,
          Float.NaN,
          -0.0,
          Double.NaN,
          Math.PI,
          "",
          "Chem",
          "a".repeat(1000),
          "grün?" + "?".repeat(100),
          "グラフ",
          "x".repeat(100) + "語",
          "\ud800 alone",
          "😀".repeat(40),
          new BigInteger("-123456789012345678901234567890"),
          new BigDecimal("1.500"),
          new UUID(1, 2),
          Duration.ofNanos(-1),
          Instant.parse("2026-01-01T00:00:00.000000001Z"),
          LocalDate.MIN,
          LocalTime.MAX,
          LocalDateTime.of(2026, 2, 28, 1, 2, 3, 4),
          ZonedDateTime.of(LocalDateTime.of(2026, 2, 28, 1, 2), ZoneOffset.UTC),
          BitSet.valueOf(new long[] {5, 1L << 63}),
          URI.create("http://heddle.dev/a?b#c"),
          Color.RED,
          TimeUnit.DAYS
        }) {
      assertSent(value);
    }
    assertSame(Color.GREEN, roundTrip(Color.GREEN));
    assertEquals(9, CODEC.encode(7L, "x").length);
    assertEquals(6, CODEC.encode("Chem", "x").length);
  }

  @Test
  void shouldKeepArraysAndTheirComponentTypes() {
    assertArrayEquals(new byte[] {1, -2}, (byte[]) sent(new byte[] {1, -2}));
    assertArrayEquals(new boolean[] {true, false}, (boolean[]) sent(new boolean[] {true, false}));
    assertArrayEquals(new short[] {1, -2}, (short[]) sent(new short[] {1, -2}));
    assertArrayEquals(new char[] {'a', 'ÿ', '語'}, (char[]) sent(new char[] {'a', 'ÿ', '語'}));
    assertArrayEquals(new int[] {1, -2, 3}, (int[]) sent(new int[] {1, -2, 3}));
    assertArrayEquals(
        new long[] {1, Long.MIN_VALUE}, (long[]) sent(new long[] {1, Long.MIN_VALUE}));
    assertArrayEquals(new float[] {1, -2.5f}, (float[]) sent(new float[] {1, -2.5f}));
    double[] large = new double[100_000];
    Arrays.setAll(large, i -> i * 0.5);
    assertArrayEquals(large, (double[]) sent(large));
    assertEquals(800_004, CODEC.encode(large, "x").length);
    assertArrayEquals(new int[0], (int[]) sent(new int[0]));
    @Nullable String[] strings = {"a", null, "ü"};
    assertArrayEquals(strings, (Object[]) sent(strings));
    Object[][] nested = {{1, "a"}, new Point[] {new Point(1, 2, null)}};
    Object[][] copy = (Object[][]) sent(nested);
    assertArrayEquals(nested, copy);
    assertSame(Point[].class, copy[1].getClass());
    assertSame(int[][].class, sent(new int[][] {{1}, {}}).getClass());
    assertSame(Color[].class, sent(Color.values()).getClass());
    assertSame(Comparable[].class, sent(new Comparable<?>[] {1, "a"}).getClass());
  }

  @Test
  void shouldKeepRecords() {
    assertSent(new Point(1, 2.5, "p"));
    assertSent(new Point(1, 2.5, null));
    assertSent(new Wide(true, (byte) 1, (short) 2, 'c', 3, 4, 5, 6, List.of(new Point(0, 0, "a"))));
    record Local(int a) {}
    assertSent(new Local(3));
    assertSent(new Nested(new Nested(Map.of("k", List.of(1, 2)))));
  }

  @Test
  void shouldKeepContainersWithTheirBehaviour() {
    List<Integer> numbers = List.of(3, 1, 2);
    Map<String, Integer> map = new LinkedHashMap<>();
    map.put("z", 1);
    map.put("a", 2);
    for (Object value :
        new Object[] {
          new ArrayList<>(numbers),
          List.of(),
          List.of(1),
          numbers,
          Stream.of(1, null).toList(),
          Arrays.asList(1, null),
          Collections.unmodifiableList(new ArrayList<>(numbers)),
          Collections.emptyList(),
          Collections.singletonList("x"),
          new HashSet<>(numbers),
          new LinkedHashSet<>(numbers),
          new TreeSet<>(numbers),
          Set.of(1, 2, 3),
          Collections.unmodifiableSet(new LinkedHashSet<>(numbers)),
          Collections.emptySet(),
          Collections.singleton(1),
          EnumSet.of(Color.RED),
          EnumSet.noneOf(Color.class),
          new HashMap<>(map),
          map,
          new TreeMap<>(map),
          Map.of("a", 1),
          Map.of("a", 1, "b", 2),
          Collections.unmodifiableMap(map),
          new ConcurrentHashMap<>(map),
          Collections.emptyMap(),
          Collections.singletonMap("k", "v"),
          new EnumMap<>(Map.of(Color.RED, 1)),
          Optional.empty(),
          Optional.of("x"),
          OptionalInt.of(3),
          OptionalInt.empty(),
          OptionalLong.of(3),
          OptionalDouble.of(0.5),
          new AbstractMap.SimpleImmutableEntry<>("k", 1)
        }) {
      assertSent(value);
    }
    assertEquals(Map.entry("k", 1), sent(Map.entry("k", 1)));
    assertEquals(List.of(1, 2), List.copyOf((Collection<?>) sent(new ArrayDeque<>(List.of(1, 2)))));
    assertEquals(List.of("z", "a"), List.copyOf(((Map<?, ?>) sent(map)).keySet()));
    assertEquals(map.keySet(), sent(map.keySet()));
    assertEquals(map.entrySet(), sent(map.entrySet()));
    assertEquals(List.of(3, 1), sent(new ArrayList<>(numbers).subList(0, 2)));
    assertEquals(List.of(1, 2), List.copyOf((Collection<?>) sent(map.values())));
    assertThrows(
        UnsupportedOperationException.class, () -> ((List<?>) sent(numbers)).removeFirst());
    assertTrue(((List<?>) sent(Stream.of(1, null).toList())).contains(null));
  }

  @Test
  void shouldKeepSortedContainersWithTheirComparator() {
    for (Comparator<String> comparator :
        List.of(
            Collections.<String>reverseOrder(),
            String.CASE_INSENSITIVE_ORDER,
            Comparator.<String>naturalOrder(),
            (Comparator<String> & Serializable)
                (a, b) -> Integer.compare(a.length(), b.length()))) {
      TreeMap<String, Integer> map = new TreeMap<>(comparator);
      map.put("ccc", 1);
      map.put("B", 2);
      map.put("aa", 3);
      assertEquals(List.copyOf(map.keySet()), List.copyOf(((TreeMap<?, ?>) sent(map)).keySet()));
      TreeSet<String> set = new TreeSet<>(map.navigableKeySet());
      assertEquals(List.copyOf(set), List.copyOf((TreeSet<?>) sent(set)));
    }
  }

  @Test
  void shouldEncodeTheSameBytesEachTime() {
    Object value =
        List.of(
            new Point(1, 2, "a"), new TreeMap<>(Map.of("b", 1, "a", 2)), Color.RED, "ü", 5, 2.0);
    byte[] first = CODEC.encode(value, "x");
    ValueCodec other =
        new ValueCodec(Objects.requireNonNull(getClass().getClassLoader()), List.of("dev.heddle"));
    assertArrayEquals(first, CODEC.encode(value, "x"));
    assertArrayEquals(first, other.encode(value, "x"));
    assertArrayEquals(first, CODEC.encode(sent(value), "x"));
  }

  @Test
  void shouldSendOrdinaryObjectsWithSharedReferencesAndCycles() {
    Node root = new Node("root");
    Node child = new Node("child");
    child.parent = root;
    root.next.add(child);
    root.next.add(child);
    root.owner = Thread.currentThread(); // transient: stays behind
    Node copy = (Node) sent(root);
    assertEquals("root", copy.name);
    assertSame(copy, copy.next.getFirst().parent);
    assertSame(copy.next.get(0), copy.next.get(1));
    assertNull(copy.owner);

    List<?> list = (List<?>) sent(List.of(root, new Nested(child), 1L));
    assertSame(
        list.getFirst(), Objects.requireNonNull(((Node) ((Nested) list.get(1)).value()).parent));
  }

  @Test
  void shouldSendLambdasAsValues() throws Exception {
    int captured = 5;
    Fn1<Integer, Integer> plus = x -> x + captured;
    Fn1<?, ?> copy = (Fn1<?, ?>) sent(plus);
    @SuppressWarnings("unchecked")
    Fn1<Integer, Integer> typed = (Fn1<Integer, Integer>) copy;
    assertEquals(12, typed.call(7));
    Fn1<String, Integer> length = String::length;
    assertNotNull(sent(new Object[] {length, plus}));
  }

  @Test
  void shouldSendWhatIsDeepOrCyclic() {
    List<Object> cycle = new ArrayList<>();
    cycle.add(cycle);
    List<?> copy = (List<?>) sent(cycle);
    assertSame(copy, copy.getFirst());
    Object deep = 1;
    for (int i = 0; i < 200; i++) {
      deep = new Nested(deep);
    }
    assertSent(deep);
    int length = 0;
    for (Node at = (Node) sent(chain(90_000)); at != null; at = at.parent) {
      length++;
    }
    assertEquals(90_000, length);
    Node tooLong = chain(200_000);
    String deepMessage =
        Objects.requireNonNull(
            assertThrows(
                    TaskSerializationException.class, () -> CODEC.encode(tooLong, "result of A.b"))
                .getMessage());
    assertEquals(
        "result of A.b: dev.heddle.codec.Samples$Node can't be sent: it is nested deeper than 100000"
            + " levels: hold the parts in one list, and let them name each other by number",
        deepMessage);
  }

  private static Node chain(int length) {
    Node chain = new Node("0");
    for (int i = 1; i < length; i++) {
      Node next = new Node("n");
      next.parent = chain;
      chain = next;
    }
    return chain;
  }

  @Test
  void shouldKeepTheUnnamedPackageAndSubPackagesApart() {
    Admission admission = new Admission(List.of("a.b", ""));
    assertTrue(admission.admits("Main"));
    assertTrue(admission.admits("Main$Inner"));
    assertTrue(admission.admits("a.b.C"));
    assertTrue(admission.admits("a.b.c.D"));
    assertTrue(admission.admits("[[La.b.C;"));
    assertTrue(admission.admits("[I"));
    assertEquals(false, admission.admits("a.bc.D"));
    assertEquals(false, admission.admits("a.C"));
    assertEquals(false, admission.admits("java.lang.Runtime"));
    assertEquals(false, admission.admits("[Ljava.lang.ProcessBuilder;"));
    assertEquals(false, new Admission(List.of()).admits("Main"));
  }

  @Test
  void shouldNameWhatTheReaderLacks() throws Exception {
    byte[] record = CODEC.encode(new Point(1, 2, "a"), "x");
    byte[] ordinary = CODEC.encode(new Node("a"), "x");
    ClassLoader bare = new ClassLoader(ClassLoader.getPlatformClassLoader()) {};
    ValueCodec lacking = new ValueCodec(bare, List.of("dev.heddle.codec"));
    Thread.currentThread().setContextClassLoader(bare);
    for (byte[] bytes : List.of(record, ordinary)) {
      String message =
          Objects.requireNonNull(
              assertThrows(
                      TaskSerializationException.class,
                      () -> lacking.decode(bytes, 0, bytes.length))
                  .getMessage());
      assertTrue(message.contains("dev.heddle.codec.Samples$"), message);
      assertTrue(message.contains("missing on this rank"), message);
      ValueCodec third = lacking.at("rank 3 on n2");
      message =
          String.valueOf(
              assertThrows(
                      TaskSerializationException.class, () -> third.decode(bytes, 0, bytes.length))
                  .getMessage());
      assertTrue(message.contains("Samples$"), message);
      assertTrue(
          message.endsWith("is missing on rank 3 on n2: give all ranks the same class path"),
          message);
    }
    Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
    ValueCodec strict =
        new ValueCodec(Objects.requireNonNull(getClass().getClassLoader()), List.of());
    for (byte[] bytes : List.of(record, ordinary)) {
      String message =
          Objects.requireNonNull(
              assertThrows(
                      TaskSerializationException.class, () -> strict.decode(bytes, 0, bytes.length))
                  .getMessage());
      assertTrue(message.contains("serializablePackages=none"), message);
      assertTrue(message.contains("may not be received on this rank"), message);
    }
  }

  @Test
  void shouldShareWhatItKnowsOfClassesBetweenRanks() {
    ValueCodec one = CODEC.at("rank 1 on n1");
    assertEquals("rank 1 on n1", one.where());
    assertSame(CODEC.plan(Point.class), one.plan(Point.class));
    byte[] bytes = one.encode(new Point(1, 2, "a"), "x");
    // Changes the fingerprint, which follows the tag, a number, a tag, a length and the name.
    bytes[4 + Point.class.getName().length()]++;
    String message =
        String.valueOf(
            assertThrows(TaskSerializationException.class, () -> one.decode(bytes, 0, bytes.length))
                .getMessage());
    assertTrue(
        message.contains("differs between the rank that wrote it and rank 1 on n1"), message);
  }

  @Test
  void shouldSayWhichRecordRefusedItsComponents() {
    byte[] bytes = CODEC.encode(new Strict(1), "x");
    bytes[bytes.length - 4] = 0;
    String message =
        Objects.requireNonNull(
            assertThrows(
                    TaskSerializationException.class, () -> CODEC.decode(bytes, 0, bytes.length))
                .getMessage());
    assertTrue(message.contains("Samples$Strict") && message.contains("positive=0"), message);
  }
}
