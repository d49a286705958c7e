package dev.heddle.runtime.session;

import dev.heddle.Fn1;
import dev.heddle.codec.function.CapturedFunction;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// What does it cost to find out, at each submit, which function a call site means? Units:
/// nanoseconds per function that is taken apart and numbered. Claims 0 B/op where nothing is
/// captured.
///
/// What it does not show: the first submit of a call site, which asks the lambda for its serialized
/// form; the captures' encoding (`SubmitBenchmark`). A lambda with captures is made anew each time,
/// as at a user's call site; its object and the array of its captures show in `-prof gc`.
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main InterningBenchmark -prof gc
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class InterningBenchmark {
  private final FunctionRegistry registry = new StillRank().session().functions();
  private long first = 1;
  private long second = 1_000;

  /// For JMH.
  public InterningBenchmark() {}

  static Long next(Long value) {
    return value + 1;
  }

  private int number(Fn1<Long, Long> function, Blackhole blackhole) {
    CapturedFunction captured = CapturedFunction.of(function);
    blackhole.consume(captured.captures());
    return registry.number(function.getClass(), captured).functionId();
  }

  private int number(Fn1<Long, Long> function) {
    return registry.number(function.getClass(), CapturedFunction.of(function)).functionId();
  }

  /// Two call sites of one method share a number, two lambdas don't, and captures are those given.
  @TearDown(Level.Iteration)
  public void check() {
    long a = first;
    long b = second;
    Fn1<Long, Long> capturing = value -> value + a * b;
    @Nullable Object[] captures = CapturedFunction.of(capturing).captures();
    int here = number(InterningBenchmark::next);
    int there = number(InterningBenchmark::next);
    if (here != there
        || number(value -> value * 5) == number(value -> value * 7)
        || !Arrays.equals(captures, new Object[] {a, b})) {
      throw new IllegalStateException(
          "functions are mixed up: captures=" + Arrays.toString(captures));
    }
  }

  /// `submit(Work::next, ...)`.
  @Benchmark
  public int methodReference(Blackhole blackhole) {
    return number(InterningBenchmark::next, blackhole);
  }

  /// `submit(x -> x * 3, ...)`.
  @Benchmark
  public int lambda(Blackhole blackhole) {
    return number(value -> value * 3, blackhole);
  }

  /// `submit(x -> x * a + b, ...)`, with `a` and `b` of the surrounding method.
  @Benchmark
  public int lambdaWithTwoCaptures(Blackhole blackhole) {
    long a = ++first;
    long b = ++second;
    return number(value -> value * a + b, blackhole);
  }
}
