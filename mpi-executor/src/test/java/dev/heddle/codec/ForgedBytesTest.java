package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Fn1;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.Samples.Color;
import dev.heddle.codec.Samples.Nested;
import dev.heddle.codec.Samples.Node;
import dev.heddle.codec.Samples.Point;
import dev.heddle.codec.Samples.Wide;
import dev.heddle.codec.form.Tags;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Damaged and forged input: refused by [TaskSerializationException] or read as another value, and
/// nothing else.
class ForgedBytesTest {
  private static final ValueCodec CODEC =
      new ValueCodec(ForgedBytesTest.class.getClassLoader(), List.of("dev.heddle.codec"));

  private static List<byte[]> own() {
    int captured = 3;
    Fn1<Integer, Integer> lambda = x -> x + captured;
    List<Object> values =
        List.of(
            "Chem",
            "語".repeat(30),
            new double[] {1, 2, 3},
            new Object[] {1, "a", new int[] {1, 2}},
            new Point[] {new Point(1, 2, "a")},
            new Wide(true, (byte) 1, (short) 2, 'c', 3, 4, 5, 6, List.of(new Point(0, 0, "a"))),
            new ArrayList<>(List.of(1L, 2.0, "c", Color.RED)),
            new HashMap<>(Map.of("a", 1, "b", 2)),
            new TreeMap<>(Map.of("a", Set.of(1, 2), "b", Optional.of(2))),
            new ConcurrentHashMap<>(Map.of(1, new BigDecimal("1.5"))),
            new TreeMap<>(Collections.reverseOrder()),
            EnumSet.allOf(Color.class),
            lambda,
            new IllegalStateException("x", new RuntimeException("y")));
    return values.stream().map(v -> CODEC.encode(v, "x")).toList();
  }

  private static List<byte[]> ordinary() {
    Node root = new Node("root");
    for (int i = 0; i < 5; i++) {
      Node child = new Node("child" + i);
      child.parent = root;
      root.next.add(child);
    }
    return List.of(
        CODEC.encode(root, "x"),
        CODEC.encode(List.of(root, new HashMap<>(Map.of("k", new Node("b")))), "x"),
        CODEC.encode(new Object[] {root, new long[] {1, 2, 3}, new int[100], Map.of("a", 1)}, "x"));
  }

  private static byte[] mutate(byte[] original, SplittableRandom random) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) 0xff;
        case 3 ->
            // The largest counts a varint can claim.
            Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xff);
        default -> {
          bytes = Arrays.copyOf(bytes, Math.max(1, at));
        }
      }
    }
    return bytes;
  }

  /// Templates with futures, and with ordinary objects beside the futures.
  private static List<byte[]> templates() {
    FunctionDefinition definition =
        CapturedFunction.of((Fn1<Integer, Integer>) x -> x).definition();
    Future<?> a = new FutureTask<>(() -> 1);
    Future<?> b = new CompletableFuture<>();
    Node node = new Node("n");
    List<Object> values =
        List.of(
            List.of(a, 1, b, a),
            new HashMap<>(Map.of("a", a, "b", Set.of(b))),
            new Object[] {new Nested(a), Optional.of(b), new Future<?>[] {a, b}},
            new EnumMap<>(Map.of(Color.RED, a)),
            Collections.synchronizedList(new ArrayList<>(List.of(a, node, new Nested(node)))),
            Collections.synchronizedMap(new HashMap<>(Map.of(a, new CopyOnWriteArrayList<>()))));
    return values.stream()
        .map(v -> CODEC.encode(v, "argument", 0, definition, f -> f instanceof FutureTask ? 0 : 1))
        .toList();
  }

  private static void fuzz(List<byte[]> seeds, int rounds, long firstSeed) {
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      long seed = firstSeed + round;
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = mutate(seeds.get(random.nextInt(seeds.size())), random);
      try {
        CODEC.decode(bytes, 0, bytes.length, CompletableFuture::completedFuture);
      } catch (TaskSerializationException e) {
        refused++;
      } catch (Throwable e) {
        throw new AssertionError("seed=" + seed + " bytes=" + Arrays.toString(bytes), e);
      }
    }
    assertTrue(refused > rounds / 4, "refused=" + refused);
  }

  @Test
  void shouldRefuseMutatedBytesOfItsOwnFormat() {
    fuzz(own(), 100_000, 1);
  }

  @Test
  void shouldRefuseMutatedBytesOfOrdinaryObjects() {
    fuzz(ordinary(), 30_000, 1_000_000);
  }

  @Test
  void shouldRefuseMutatedTemplates() {
    fuzz(templates(), 60_000, 2_000_000);
  }

  @Test
  void shouldRefuseRandomBytes() {
    for (int seed = 0; seed < 50_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = new byte[1 + random.nextInt(64)];
      random.nextBytes(bytes);
      bytes[0] = (byte) random.nextInt(Tags.GRAPH + 1); // a tag that may exist
      try {
        CODEC.decode(bytes, 0, bytes.length, CompletableFuture::completedFuture);
      } catch (TaskSerializationException e) {
        // refused
      } catch (Throwable e) {
        throw new AssertionError("seed=" + seed, e);
      }
    }
  }

  @Test
  void shouldRefuseCountsThatTheInputCannotHold() {
    for (int tag = 0; tag <= Tags.GRAPH; tag++) {
      byte[] bytes = {(byte) tag, -1, -1, -1, -1, 7, 0, 0, 0};
      try {
        CODEC.decode(bytes, 0, bytes.length);
      } catch (TaskSerializationException e) {
        // refused
      }
    }
    // Arrays within arrays, each of which claims all the bytes left: the work stays linear.
    byte[] nested = new byte[3_000_000];
    Arrays.fill(nested, (byte) 0);
    int at = 0;
    for (int depth = 0; depth < 200; depth++) {
      nested[at++] = Tags.OBJECT_ARRAY;
      int count = 2_900_000;
      nested[at++] = (byte) (count | 0x80);
      nested[at++] = (byte) (count >>> 7 | 0x80);
      nested[at++] = (byte) (count >>> 14 | 0x80);
      nested[at++] = (byte) (count >>> 21);
    }
    assertThrows(TaskSerializationException.class, () -> CODEC.decode(nested, 0, nested.length));
    byte[] deep = new byte[100_000];
    Arrays.fill(deep, (byte) Tags.OPTIONAL);
    assertThrows(TaskSerializationException.class, () -> CODEC.decode(deep, 0, deep.length));
    assertThrows(TaskSerializationException.class, () -> CODEC.decode(new byte[0], 0, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> CODEC.decode(new byte[3], 2, 2));
  }
}
