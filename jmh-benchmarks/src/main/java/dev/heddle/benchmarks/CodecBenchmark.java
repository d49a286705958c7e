package dev.heddle.benchmarks;

import dev.heddle.codec.ValueCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
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
/// All but `object` are written by Heddle itself; `object`, of an ordinary class with a map in it,
/// goes to Apache Fory. What it does not show: the first value of a class, for which its plan is
/// made and perhaps Fory loaded; the caches are warm. `-prof gc` shows the bytes of the encoding,
/// which is one exact array, and of what it takes besides.
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
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-opens=java.base/java.lang.invoke=ALL-UNNAMED"})
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
    "integers1000",
    "object"
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

  /// An object of an ordinary class.
  public static final class Sample {
    private String name = "";
    private double[] weights = {};
    private Map<String, Integer> counts = new HashMap<>();

    /// For Fory.
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
          && java.util.Arrays.equals(weights, sample.weights)
          && counts.equals(sample.counts);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /// For JMH.
  public CodecBenchmark() {}

  /// Makes the value, the same in every run, and its encoding.
  @Setup
  public void make() {
    SplittableRandom random = new SplittableRandom(1);
    value =
        switch (payload) {
          case "long" -> random.nextLong();
          case "string16" -> text(random, 16);
          case "string1000" -> text(random, 1000);
          case "bytes16" -> bytes(random, 16);
          case "bytes256" -> bytes(random, 256);
          case "bytes4096" -> bytes(random, 4096);
          case "bytes65536" -> bytes(random, 65_536);
          case "record" ->
              new Point(
                  random.nextLong(),
                  random.nextInt(),
                  random.nextDouble(),
                  random.nextDouble(),
                  true);
          case "integers1000" -> new ArrayList<>(random.ints(1000).boxed().toList());
          case "object" -> Sample.of(random);
          default -> throw new IllegalArgumentException("no such payload: " + payload);
        };
    bytes = encode();
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
}
