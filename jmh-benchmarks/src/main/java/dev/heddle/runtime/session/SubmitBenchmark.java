package dev.heddle.runtime.session;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.graph.Task;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does `submit` cost the user's thread: the function taken apart and numbered, the argument
/// encoded, future and task made, the task put into the coordinator's queue? Units: nanoseconds per
/// task.
///
/// What it does not show: the coordinator's part (`GraphBenchmark`), messages, and the turns that a
/// submitter takes itself once in 64 tasks: the progress role is taken here, as by another thread.
/// The queue is emptied after each 512 tasks, at the cost of a poll per task, which is included.
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main SubmitBenchmark -prof gc
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class SubmitBenchmark {
  /// Tasks in one invocation: less than the queue's first chunk.
  static final int TASKS = 512;

  /// What the task is given: `captures` is a lambda with two captured longs besides its argument.
  @Param({"long", "string16", "bytes1024", "captures", "future"})
  public String argument = "long";

  private StillRank rank = new StillRank();
  private Heddle heddle = rank.session().root();
  private final byte[] bytes = new byte[1024];
  private TaskFuture<Long> before = heddle.submit(SubmitBenchmark::next, 0L);
  private long submitted;
  private long queued;

  /// For JMH.
  public SubmitBenchmark() {}

  static Long next(Long value) {
    return value + 1;
  }

  static Long length(String text) {
    return (long) text.length();
  }

  static Long size(byte[] bytes) {
    return (long) bytes.length;
  }

  /// A new rank, since the tasks of the last one are never done; one task is there to depend on.
  @Setup(Level.Iteration)
  public void start() {
    rank = new StillRank();
    heddle = rank.session().root();
    before = heddle.submit(SubmitBenchmark::next, 0L);
    submitted = 1;
    queued = 0;
  }

  /// Each task has reached the queue once.
  @TearDown(Level.Iteration)
  public void check() {
    if (submitted != queued) {
      throw new IllegalStateException(
          "tasks were lost: submitted=" + submitted + " queued=" + queued);
    }
  }

  /// As a user does it, the value boxed each time.
  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long submit() {
    long ids = 0;
    for (int i = 0; i < TASKS; i++) {
      ids += submit(i).taskId();
    }
    submitted += TASKS;
    for (Object next = rank.nextCommand(); next != null; next = rank.nextCommand()) {
      if (next instanceof Task) {
        queued++;
      }
    }
    return ids;
  }

  private TaskFuture<Long> submit(long i) {
    return switch (argument) {
      case "long" -> heddle.submit(SubmitBenchmark::next, i + 1_000);
      case "string16" -> heddle.submit(SubmitBenchmark::length, "sixteen letters.");
      case "bytes1024" -> heddle.submit(SubmitBenchmark::size, bytes);
      case "captures" -> {
        long offset = submitted + 1_000;
        yield heddle.submit(value -> value + offset + i, 7L);
      }
      case "future" -> heddle.submit(SubmitBenchmark::next, before);
      default -> throw new IllegalArgumentException("no such argument: " + argument);
    };
  }
}
