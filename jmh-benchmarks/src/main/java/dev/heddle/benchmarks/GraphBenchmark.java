package dev.heddle.benchmarks;

import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does a task cost on its way into rank 0's graph and out of it, by shape and size of the
/// graph? Units: nanoseconds per task that is made, inserted, launched and completed.
///
/// What it does not show: encoding, queues between threads, frames, MPI. Bytes per task are those of
/// the task, its array of arguments and the edges: `-prof gc` shows them.
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main GraphBenchmark -prof gc
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class GraphBenchmark {
  /// Tasks of one invocation, in graphs of `tasks` each: a multiple of every size.
  static final int TASKS = 65_536;

  /// Who depends on whom: nobody, each on the one before, all on the first.
  @Param({"independent", "chain", "fanout"})
  public String shape = "independent";

  /// Tasks of one graph: as few as are in flight, as many as fit into the second-level cache, and
  /// more than that.
  @Param({"64", "1024", "65536"})
  public int tasks;

  private final byte[] argument = {1};
  private final byte[] result = {2};
  private long doneIds;
  private final TaskGraph graph =
      new TaskGraph(
          task -> {
            doneIds += task.id();
            return true;
          });
  private long submittedIds;
  private long taskId;

  /// For JMH.
  public GraphBenchmark() {}

  /// Every task has to come out once, whatever the shape.
  @TearDown(Level.Iteration)
  public void check() {
    graph.checkInvariants();
    if (doneIds != submittedIds
        || graph.doneCount() != graph.submittedCount()
        || graph.failedCount() > 0) {
      throw new IllegalStateException(
          "tasks were lost or doubled: submitted="
              + graph.submittedCount()
              + " done="
              + graph.doneCount()
              + " failed="
              + graph.failedCount());
    }
  }

  /// Tasks in and out of the graph.
  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long insertAndComplete() {
    for (int done = 0; done < TASKS; done += tasks) {
      insert();
      complete();
    }
    return doneIds;
  }

  private void insert() {
    Task first = insert(null);
    Task last = first;
    for (int i = 1; i < tasks; i++) {
      last =
          insert(
              switch (shape) {
                case "chain" -> last;
                case "fanout" -> first;
                case "independent" -> null;
                default -> throw new IllegalArgumentException("no such shape: " + shape);
              });
    }
  }

  private Task insert(@Nullable Task dependency) {
    @Nullable Object[] arguments =
        dependency == null
            ? new @Nullable Object[] {argument}
            : new @Nullable Object[] {argument, dependency};
    Task task = new Task(++taskId, 0, 0, "benchmark", 0, arguments);
    submittedIds += taskId;
    graph.submit(task);
    return task;
  }

  /// Launches and completes until nothing is ready.
  private void complete() {
    while (graph.peekReady() != null) {
      Task task = graph.launch(1);
      Task found = graph.find(task.id(), task.ticket(), task.attempt());
      graph.succeed(Objects.requireNonNull(found), result);
    }
  }
}
