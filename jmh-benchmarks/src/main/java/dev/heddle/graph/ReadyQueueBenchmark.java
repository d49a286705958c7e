package dev.heddle.graph;

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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Does a ready task cost the same however many wait before it? Units: nanoseconds per task that is
/// added and another that is taken. Claims 0 B/op.
///
/// What it does not show: making the tasks, and the graph around the queue. With a long backlog each
/// task is met again only after all others, so it comes from memory and not from a cache.
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main ReadyQueueBenchmark -prof gc
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ReadyQueueBenchmark {
  private static final @Nullable Object[] NO_ARGUMENTS = {};

  /// Tasks that wait already.
  @Param({"0", "1000", "1000000"})
  public int backlog;

  private final ReadyQueue queue = new ReadyQueue();
  private Task task = task(1);

  /// For JMH.
  public ReadyQueueBenchmark() {}

  private static Task task(long id) {
    return new Task(id, 0, 0, "benchmark", 0, NO_ARGUMENTS);
  }

  /// Lets `backlog` tasks wait.
  @Setup
  public void fill() {
    for (int i = 0; i < backlog; i++) {
      queue.add(task(i + 2L));
    }
  }

  /// Nothing is lost, and the order is that of arrival.
  @TearDown(Level.Iteration)
  public void check() {
    if (queue.size() != backlog) {
      throw new IllegalStateException("tasks were lost: size=" + queue.size());
    }
    long before = task.id();
    for (int i = 0; i <= backlog; i++) {
      long expected = before % (backlog + 1) + 1;
      before = addAndTake();
      if (before != expected) {
        throw new IllegalStateException("out of order: taskId=" + before + " not " + expected);
      }
    }
  }

  /// One task comes, and the one that has waited longest goes.
  @Benchmark
  public long addAndTake() {
    queue.add(task);
    Task taken = queue.poll();
    if (taken == null) {
      throw new IllegalStateException("the queue lost a task: backlog=" + backlog);
    }
    task = taken;
    return taken.id();
  }
}
