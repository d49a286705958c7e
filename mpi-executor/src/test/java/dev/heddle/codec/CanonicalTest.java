package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Fn0;
import dev.heddle.Fn1;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.Samples.Color;
import dev.heddle.codec.Samples.Nested;
import dev.heddle.codec.Samples.Node;
import dev.heddle.codec.Samples.Point;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CanonicalTest {
  private static final ValueCodec CODEC =
      new ValueCodec(CanonicalTest.class.getClassLoader(), List.of("dev.heddle.codec"));

  private static byte @Nullable [] canonical(@Nullable Object value) {
    byte[] bytes = CODEC.encode(value, "x");
    byte[] padded = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, padded, 2, bytes.length);
    byte[] result = ValueCodec.canonical(padded, 2, bytes.length);
    assertEquals(result != null, ValueCodec.isHashable(padded, 2, bytes.length));
    return result;
  }

  private static void assertSameKey(Object a, Object b) {
    assertEquals(a, b);
    byte[] key = canonical(a);
    assertNotNull(key);
    assertArrayEquals(key, canonical(b));
  }

  private static String key(@Nullable Object value) {
    byte[] key = canonical(value);
    assertNotNull(key, () -> String.valueOf(value));
    return Arrays.toString(key);
  }

  @Test
  void shouldForgetTheHistoryOfHashSetsAndMaps() {
    // "Aa" and "BB" have the same hash: they keep the order of insertion.
    Map<String, Integer> first = new HashMap<>();
    first.put("Aa", 1);
    first.put("BB", 2);
    Map<String, Integer> second = new HashMap<>(1 << 10);
    second.put("BB", 2);
    second.put("Aa", 1);
    assertFalse(
        Arrays.equals(CODEC.encode(first, "x"), CODEC.encode(second, "x")), "another order");
    assertSameKey(first, second);
    assertSameKey(new HashSet<>(first.keySet()), new HashSet<>(second.keySet().stream().toList()));
    assertSameKey(new ConcurrentHashMap<>(first), new ConcurrentHashMap<>(second));
    assertSameKey(new Nested(new HashSet<>(first.keySet())), new Nested(asSet("BB", "Aa")));
    assertSameKey(List.of(Set.of(1, 2, 3), first), List.of(Set.of(3, 2, 1), second));
    assertSameKey(Map.of("Aa", first, "b", 1, "c", 2), Map.of("c", 2, "Aa", second, "b", 1));
    assertSameKey(Set.of(first, Set.of()), Set.of(Set.of(), second));
  }

  private static Set<String> asSet(String... names) {
    Set<String> set = new HashSet<>(64);
    Collections.addAll(set, names);
    return set;
  }

  @Test
  void shouldNumberClassesWhateverComesFirst() {
    // The encoding spells a class's name at its first mention, which moves with the set's order.
    Map<String, Object> first = new HashMap<>();
    first.put("Aa", new Point(1, 2, "p"));
    first.put("BB", Color.RED);
    Map<String, Object> second = new HashMap<>();
    second.put("BB", Color.RED);
    second.put("Aa", new Point(1, 2, "p"));
    assertSameKey(first, second);
    assertSameKey(
        List.of(first, new Point(3, 4, null), Color.GREEN),
        List.of(second, new Point(3, 4, null), Color.GREEN));
  }

  @Test
  void shouldTellDifferentValuesApart() {
    List<Object> values = new ArrayList<>();
    values.add(new Point(1, 2, "a"));
    values.add(new Point(2, 2, "a"));
    values.add(new Point(1, 2, "b"));
    values.add(new Point(1, 2, null));
    values.add(new Nested(1));
    values.add(new Nested(1L));
    values.add(new Nested("1"));
    values.add(Color.RED);
    values.add(Color.GREEN);
    values.add(Set.of(1, 2));
    values.add(Set.of(1, 3));
    values.add(new HashSet<>(Set.of(1, 2)));
    values.add(List.of(1, 2));
    values.add(List.of(2, 1));
    values.add(Map.of(1, 2));
    values.add(Map.of(2, 1));
    values.add(new LinkedHashSet<>(List.of(1, 2)));
    values.add(new LinkedHashSet<>(List.of(2, 1)));
    values.add(List.of("ab", "c"));
    values.add(List.of("a", "bc"));
    values.add(Set.of(List.of(1), List.of(2, 3)));
    values.add(Set.of(List.of(1, 2), List.of(3)));
    Set<String> keys = new HashSet<>();
    for (Object value : values) {
      assertTrue(keys.add(key(value)), value.toString());
    }
  }

  record Job(String script, List<Integer> x, List<Integer> y, List<Integer> z) {}

  @Test
  void shouldNumberLongStringsApartFromObjects() {
    String script = "s".repeat(600);
    List<Integer> one = new ArrayList<>(List.of(1));
    List<Integer> two = new ArrayList<>(List.of(2));
    Job shared = new Job(script, one, two, two);
    assertNotEquals(
        key(shared), key(new Job(script, one, new ArrayList<>(two), new ArrayList<>(one))));
    assertSameKey(shared, new Job(script, one, two, new ArrayList<>(two)));
    URI uri = URI.create("http://a/" + "u".repeat(600));
    assertSameKey(
        List.of(uri, "first".repeat(200), script, script, two, two),
        List.of(uri, "first".repeat(200), script, "s".repeat(600), two, new ArrayList<>(two)));
  }

  @Test
  void shouldFollowALongStringThatComesAgain() {
    for (String character : List.of("s", "語")) {
      String text = character.repeat(513);
      String equal = character.repeat(513);
      assertSameKey(List.of(text, text), List.of(text, equal));
      assertSameKey(
          List.of(new Nested(text), new Nested(text), text),
          List.of(new Nested(text), new Nested(equal), equal));
    }
    String huge = "s".repeat(100_000);
    byte[] bytes = CODEC.encode(new ArrayList<>(Collections.nCopies(1000, huge)), "x");
    assertEquals(
        "its parts refer to each other too often to be compared",
        ValueCodec.unhashable(bytes, 0, bytes.length));
  }

  @Test
  void shouldWalkEveryTagOfItsOwnFormat() {
    Map<String, Object> table = new TreeMap<>(Map.of("a", 1, "b", 2.5f));
    for (Object value :
        new Object[] {
          true,
          (byte) 1,
          (short) 2,
          'c',
          3,
          4L,
          5f,
          6.0,
          "latin",
          "語".repeat(60),
          new BigInteger("123456789012345678901234567890"),
          new BigDecimal("1.50"),
          new UUID(1, 2),
          Duration.ofSeconds(1, 2),
          Instant.ofEpochSecond(3, 4),
          LocalDate.EPOCH,
          LocalTime.NOON,
          LocalDateTime.MIN,
          BitSet.valueOf(new long[] {5}),
          URI.create("http://a/b"),
          new byte[] {1},
          new boolean[] {true},
          new short[] {1},
          new char[] {'a'},
          new int[] {1},
          new long[] {1},
          new float[] {1},
          new double[] {1},
          new String[] {"a", null},
          new Object[] {1, "a", null},
          new Point[] {new Point(1, 2, "a"), new Point(1, 2, "b")},
          new int[][] {{1}, {2, 3}},
          new ArrayList<>(List.of(1)),
          new ArrayDeque<>(List.of(1)),
          Arrays.asList(1, 2),
          Collections.unmodifiableList(new ArrayList<>(List.of(1))),
          Collections.emptyList(),
          Collections.singletonList(1),
          new TreeSet<>(Set.of(3, 1, 2)),
          new TreeSet<>(Comparator.<Integer>reverseOrder()),
          EnumSet.of(Color.RED, Color.GREEN),
          new EnumMap<>(Map.of(Color.RED, List.of(1))),
          table,
          Collections.unmodifiableCollection(new ArrayList<>(table.values())),
          new LinkedHashMap<>(table),
          Collections.synchronizedMap(new HashMap<>(table)),
          Collections.singletonMap(1, 2),
          Collections.emptyMap(),
          new AbstractMap.SimpleImmutableEntry<>(1, 2),
          Optional.of(1),
          Optional.empty(),
          OptionalDouble.of(1.5),
        }) {
      assertNull(
          ValueCodec.unhashable(CODEC.encode(value, "x"), 0, CODEC.encode(value, "x").length));
      byte[] bytes = CODEC.encode(value, "x");
      Object copy = CODEC.decode(bytes, 0, bytes.length);
      assertEquals(key(value), key(copy), value.toString());
      assertNotEquals(key(value), key(new Object[] {value}));
    }
    assertEquals(key(null), key(null));
  }

  @Test
  void shouldSayWhyThereIsNone() {
    int captured = 1;
    Fn1<Integer, Integer> lambda = x -> x + captured;
    assertReason("an object of an ordinary class", new Node("n"));
    assertReason("an object of an ordinary class", List.of(1, new Node("n")));
    assertReason("a lambda", new Nested(lambda));
    assertReason(
        "a lambda",
        new TreeSet<>((Comparator<Integer> & Serializable) (a, b) -> Integer.compare(a, b)));
    assertReason("an exception", Map.of(1, new IllegalStateException("x")));
    FunctionDefinition definition =
        CapturedFunction.of((Fn0<Integer> & Serializable) () -> 1).definition();
    byte[] template =
        CODEC.encode(List.of(new CompletableFuture<>()), "argument", 0, definition, _ -> 0);
    assertNull(ValueCodec.canonical(template, 0, template.length));
    assertEquals("it holds a future", ValueCodec.unhashable(template, 0, template.length));
  }

  private static void assertReason(String part, Object value) {
    assertNull(canonical(value));
    byte[] bytes = CODEC.encode(value, "x");
    assertEquals("it holds " + part, ValueCodec.unhashable(bytes, 0, bytes.length));
  }

  @Test
  void shouldGiveShuffledCopiesOneKey() {
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Object> elements = new ArrayList<>();
      for (int i = random.nextInt(30); i > 0; i--) {
        Object element =
            switch (random.nextInt(4)) {
              case 0 -> random.nextInt(100);
              case 1 -> "s" + random.nextInt(100);
              case 2 -> new Point(random.nextInt(10), 0, null);
              default -> Color.values()[random.nextInt(2)];
            };
        elements.add(element);
      }
      Set<Object> first = new HashSet<>(elements);
      Collections.shuffle(elements, new java.util.Random(seed));
      Set<Object> second = new HashSet<>(4096);
      second.addAll(elements);
      assertEquals(key(first), key(second), "seed=" + seed);
      assertEquals(key(List.of(first, 1)), key(List.of(second, 1)), "seed=" + seed);
    }
  }

  @Test
  void shouldRefuseDamagedBytes() {
    byte[] original =
        CODEC.encode(
            List.of(Map.of("a", new Point(1, 2, "b")), Set.of(Color.RED), new int[3]), "x");
    int refused = 0;
    for (int seed = 0; seed < 50_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = Arrays.copyOf(original, 1 + random.nextInt(original.length));
      for (int i = random.nextInt(4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        ValueCodec.canonical(bytes, 0, bytes.length);
      } catch (TaskSerializationException e) {
        refused++;
      } catch (Throwable e) {
        throw new AssertionError("seed=" + seed, e);
      }
    }
    assertTrue(refused > 10_000, "refused=" + refused);
    assertThrows(TaskSerializationException.class, () -> ValueCodec.canonical(new byte[0], 0, 0));
  }
}
