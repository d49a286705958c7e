package dev.heddle.benchmarks;

import dev.heddle.codec.ValueCodec;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import java.util.List;
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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does a task cost rank 0 before and after all messages: its argument to bytes and back, its
/// way into the graph and out of it? Units: nanoseconds per value, and per task.
///
/// What it does not show: queues between threads, frames, MPI; the caches are warm.
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java --add-opens=java.base/java.lang.invoke=ALL-UNNAMED \
///       -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main TaskCostBenchmark -prof gc
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class TaskCostBenchmark {
  /// Tasks in a graph: enough that no cache line is there by chance, few enough to stay in the
  /// second-level cache as those in flight do.
  static final int TASKS = 1024;

  /// For JMH.
  public TaskCostBenchmark() {}

  /// A value and the codec that sends it.
  @State(Scope.Thread)
  public static class Value {
    /// What is sent: each a kind that many programs send.
    @Param({"long", "string", "longs1024"})
    public String type = "long";

    private final ValueCodec codec =
        new ValueCodec(TaskCostBenchmark.class.getClassLoader(), List.of());
    private Object value = 0L;

    /// For JMH.
    public Value() {}

    /// Makes the value, the same in every run.
    @Setup
    public void make() {
      SplittableRandom random = new SplittableRandom(1);
      value =
          switch (type) {
            case "long" -> random.nextLong();
            case "string" -> "task-" + random.nextLong();
            case "longs1024" -> random.longs(1024).toArray();
            default -> throw new IllegalArgumentException("no such value: " + type);
          };
    }

    /// A codec that is fast and wrong has no speed.
    @TearDown(Level.Iteration)
    public void check() {
      if (!Objects.deepEquals(value, sent())) {
        throw new IllegalStateException("another value arrived: type=" + type);
      }
    }

    @Nullable Object sent() {
      byte[] bytes = codec.encode(value, "a benchmark's value");
      return codec.decode(bytes, 0, bytes.length);
    }
  }

  /// A graph as the coordinator keeps it.
  @State(Scope.Thread)
  public static class Graph {
    /// Who depends on whom: nobody, each on the one before, all on the first.
    @Param({"independent", "chain", "fanout"})
    public String shape = "independent";

    private long doneIds;
    private final TaskGraph graph = new TaskGraph(task -> doneIds += task.id());
    private final byte[] argument = {1};
    private final byte[] result = {2};
    private long submittedIds;
    private long taskId;

    /// For JMH.
    public Graph() {}

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

    private Task submit(@Nullable Task dependency) {
      @Nullable Object[] arguments =
          dependency == null
              ? new @Nullable Object[] {argument}
              : new @Nullable Object[] {argument, dependency};
      Task task = new Task(++taskId, 0, 0, "benchmark", 0, arguments, null);
      submittedIds += taskId;
      graph.submit(task);
      return task;
    }

    /// Submits all, then launches and completes until nothing is ready.
    long runThrough() {
      Task first = submit(null);
      Task last = first;
      for (int i = 1; i < TASKS; i++) {
        last =
            submit(
                switch (shape) {
                  case "chain" -> last;
                  case "fanout" -> first;
                  default -> null;
                });
      }
      while (graph.peekReady() != null) {
        Task task = graph.launch(1);
        Task found = graph.find(task.id(), task.slot(), task.attempt());
        graph.succeed(Objects.requireNonNull(found), result);
      }
      return doneIds;
    }
  }

  /// One value to bytes and back.
  @Benchmark
  public @Nullable Object encodeAndDecode(Value value) {
    return value.sent();
  }

  /// One task in and out of the graph.
  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long submitAndComplete(Graph graph) {
    return graph.runThrough();
  }
}
