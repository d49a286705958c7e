package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Futures;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;

/// A random graph: each task depends on 0 to 3 tasks before it, all equally likely, drawn from
/// `--seed`. The time is from the first submit to the last result.
///
/// The results are compared with those of the same graph computed in order on one thread, before
/// the clock starts. Every repetition has the same graph, and other indices.
final class DagBenchmark implements Benchmark {
  static final String NAME = "dag";

  /// As many as tasks of one function per count of arguments can have without a list.
  private static final int DEPENDENCIES_MAX = 3;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.rate("tasksPerSecond"));
  }

  @Override
  public boolean isOfTasksAlone() {
    return true;
  }

  @Override
  public int defaultTasks() {
    return 100_000;
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException {
    int tasks = session.tasks();
    int[][] edges = edges(session.options().seed(), tasks);
    long expectedSum = expectedSum(edges, session.firstIndex());
    TaskFuture<?>[] futures = new TaskFuture<?>[tasks];
    long startNs = System.nanoTime();
    for (int i = 0; i < tasks; i++) {
      futures[i] = submit(session.heddle(), session.firstIndex() + i, edges[i], futures);
    }
    long sum = Futures.takeSum(futures);
    long elapsedNs = System.nanoTime() - startNs;
    session.check(sum, expectedSum);
    return Map.of("tasksPerSecond", tasks * 1e9 / elapsedNs);
  }

  /// For each task the numbers of those it depends on, each smaller than its own; one may occur
  /// twice.
  static int[][] edges(long seed, int tasks) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] edges = new int[tasks][];
    for (int i = 0; i < tasks; i++) {
      edges[i] = new int[i == 0 ? 0 : random.nextInt(DEPENDENCIES_MAX + 1)];
      for (int k = 0; k < edges[i].length; k++) {
        edges[i][k] = random.nextInt(i);
      }
    }
    return edges;
  }

  /// The sum of all results, computed here.
  static long expectedSum(int[][] edges, long first) {
    long[] values = new long[edges.length];
    long sum = 0;
    for (int i = 0; i < edges.length; i++) {
      int[] on = edges[i];
      values[i] =
          switch (on.length) {
            case 0 -> Work.mix64(first + i);
            case 1 -> Work.mixOne(first + i, values[on[0]]);
            case 2 -> Work.mixTwo(first + i, values[on[0]], values[on[1]]);
            default -> Work.mixThree(first + i, values[on[0]], values[on[1]], values[on[2]]);
          };
      sum += values[i];
    }
    return sum;
  }

  @SuppressWarnings("unchecked") // every task returns a Long
  private static TaskFuture<Long> submit(
      Heddle heddle, long index, int[] on, TaskFuture<?>[] before) {
    if (on.length == 0) {
      return heddle.submit(Work::mix64, index);
    }
    TaskFuture<Long> a = (TaskFuture<Long>) before[on[0]];
    if (on.length == 1) {
      return heddle.submit(Work::mixOne, index, a);
    }
    TaskFuture<Long> b = (TaskFuture<Long>) before[on[1]];
    if (on.length == 2) {
      return heddle.submit(Work::mixTwo, index, a, b);
    }
    return heddle.submit(Work::mixThree, index, a, b, (TaskFuture<Long>) before[on[2]]);
  }
}
