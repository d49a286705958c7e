package dev.heddle.benchmarks;

import dev.heddle.codec.ValueCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does a value cost on its way to bytes, and on its way back, by kind and size? Units:
/// nanoseconds per value.
///
/// What it does not show: the first value of a class, for which its plan is made; the caches are
/// warm. `thereAndBack` makes new objects each time, which have no identity hash yet, as a program's
/// have. `-prof gc` shows the bytes of the encoding, which is one exact array, and of what it takes
/// besides.
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main CodecBenchmark -prof gc
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class CodecBenchmark {
  /// What is sent: each a kind that many programs send.
  @Param({
    "long",
    "string16",
    "string1000",
    "bytes16",
    "bytes256",
    "bytes4096",
    "bytes65536",
    "record",
    "records100",
    "recordWithList",
    "strings100",
    "integers1000",
    "lists100",
    "map8",
    "map1000",
    "object",
    "objects100",
    "tree",
    "linkedMap",
    "treeMap",
    "linkedList",
    "set",
    "unmodifiable",
    "subclass"
  })
  public String payload = "long";

  private final ValueCodec codec =
      new ValueCodec(
          CodecBenchmark.class.getClassLoader(), List.of(CodecBenchmark.class.getPackageName()));
  private Object value = 0L;
  private byte[] bytes = {};

  /// A record of primitives.
  ///
  /// @param id a number
  /// @param count another
  /// @param x a coordinate
  /// @param y another
  /// @param isValid a flag
  public record Point(long id, int count, double x, double y, boolean isValid) {}

  /// A record with something in it.
  ///
  /// @param name of a series
  /// @param values of it
  public record Series(String name, List<Double> values) {}

  /// An object of an ordinary class.
  public static final class Sample {
    private String name = "";
    private double[] weights = {};
    private Map<String, Integer> counts = new HashMap<>();

    /// Empty.
    public Sample() {}

    static Sample of(SplittableRandom random) {
      Sample sample = new Sample();
      sample.name = "sample-" + random.nextInt(1_000_000);
      sample.weights = random.doubles(16).toArray();
      for (int i = 0; i < 8; i++) {
        sample.counts.put("key-" + i, random.nextInt());
      }
      return sample;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Sample sample
          && name.equals(sample.name)
          && Arrays.equals(weights, sample.weights)
          && counts.equals(sample.counts);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /// A node of a tree of ordinary objects, each of which knows the one above.
  public static final class Node {
    private final int id;
    private final double x;
    private final double y;
    private @Nullable Node above;
    private @Nullable Node left;
    private @Nullable Node right;

    /// A node.
    ///
    /// @param id a number
    public Node(int id) {
      this.id = id;
      this.x = 0.5 * id;
      this.y = -id;
    }

    static @Nullable Node tree(int depth, int id, @Nullable Node above) {
      if (depth == 0) {
        return null;
      }
      Node node = new Node(id);
      node.above = above;
      node.left = tree(depth - 1, 2 * id, node);
      node.right = tree(depth - 1, 2 * id + 1, node);
      return node;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Node node
          && id == node.id
          && x == node.x
          && y == node.y
          && (above == null) == (node.above == null)
          && Objects.equals(left, node.left)
          && Objects.equals(right, node.right);
    }

    @Override
    public int hashCode() {
      return id;
    }
  }

  /// A user's own kind of list.
  @SuppressWarnings("serial")
  public static final class Row extends ArrayList<Double> {
    /// Empty.
    public Row() {}
  }

  /// For JMH.
  public CodecBenchmark() {}

  /// Makes the value, the same in every run, and its encoding.
  @Setup
  public void make() {
    value = made();
    bytes = encode();
  }

  @SuppressWarnings("JdkObsolete") // what users send
  private Object made() {
    SplittableRandom random = new SplittableRandom(1);
    return switch (payload) {
      case "long" -> random.nextLong();
      case "string16" -> text(random, 16);
      case "string1000" -> text(random, 1000);
      case "bytes16" -> bytes(random, 16);
      case "bytes256" -> bytes(random, 256);
      case "bytes4096" -> bytes(random, 4096);
      case "bytes65536" -> bytes(random, 65_536);
      case "record" -> point(random);
      case "records100" -> some(100, () -> point(random));
      case "recordWithList" -> new Series("a", some(8, random::nextDouble));
      case "strings100" -> some(100, () -> text(random, 10));
      case "integers1000" -> some(1000, random::nextInt);
      case "lists100" -> some(100, () -> some(8, random::nextDouble));
      case "map8" -> map(new HashMap<>(), 8);
      case "map1000" -> map(new HashMap<>(), 1000);
      case "object" -> Sample.of(random);
      case "objects100" -> some(100, () -> new Node(random.nextInt()));
      case "tree" -> Objects.requireNonNull(Node.tree(8, 1, null));
      case "linkedMap" -> map(new LinkedHashMap<>(), 8);
      case "treeMap" -> map(new TreeMap<>(), 8);
      case "linkedList" -> new LinkedList<>(some(8, random::nextInt));
      case "set" -> new HashSet<>(some(8, () -> text(random, 10)));
      case "unmodifiable" -> Collections.unmodifiableList(some(8, random::nextInt));
      case "subclass" -> {
        Row row = new Row();
        row.addAll(some(8, random::nextDouble));
        yield row;
      }
      default -> throw new IllegalArgumentException("no such payload: " + payload);
    };
  }

  private static Point point(SplittableRandom random) {
    return new Point(
        random.nextLong(), random.nextInt(), random.nextDouble(), random.nextDouble(), true);
  }

  private static <T> List<T> some(int count, java.util.function.Supplier<T> maker) {
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(maker.get());
    }
    return list;
  }

  private static Map<String, Double> map(Map<String, Double> map, int count) {
    for (int i = 0; i < count; i++) {
      map.put("key-" + i, 0.5 * i);
    }
    return map;
  }

  private static String text(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt('a', 'z' + 1));
    }
    return text.toString();
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] made = new byte[length];
    random.nextBytes(made);
    return made;
  }

  /// A codec that is fast and wrong has no speed.
  @TearDown(Level.Iteration)
  public void check() {
    bytes = encode();
    if (!Objects.deepEquals(value, decode())) {
      throw new IllegalStateException("another value arrived: payload=" + payload);
    }
  }

  /// One value to bytes.
  @Benchmark
  public byte[] encode() {
    return codec.encode(value, "a benchmark's value");
  }

  /// One value from bytes.
  @Benchmark
  public @Nullable Object decode() {
    return codec.decode(bytes, 0, bytes.length);
  }

  /// What has just arrived, to bytes and back: objects that are new each time.
  @Benchmark
  public @Nullable Object thereAndBack() {
    Object fresh = codec.decode(bytes, 0, bytes.length);
    byte[] again = codec.encode(fresh, "a benchmark's value");
    return codec.decode(again, 0, again.length);
  }
}
