package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Gate;
import dev.heddle.bench.measure.MemoryUse;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/// What a task costs in memory on rank 0: while it is ready and pending, and after its end.
///
/// Shape of a repetition: three rounds, with a quarter, a half and all of `--tasks`. In each the
/// slots are held ([Gate]), so that every task stays ready on rank 0; memory is looked at after
/// full collections ([MemoryUse]) before the round, with all tasks pending, with all finished and
/// their futures kept, and with the futures dropped. Each key is the slope of a line through the
/// rounds, so that what a run costs once is no part of it.
///
/// - `heapBytesPerPendingTask`: all that is reachable for a pending task: task and future, the
///   encoded argument, places in queues.
/// - `nativeBytesPerPendingTask`: resident memory outside the Java heap; absent where the system
///   does not tell them apart.
/// - `bytesPerPendingTask`: heap and native. Nothing is subtracted: the argument, a number, is kept
///   in the task itself.
/// - `bytesPerKeptTask`: heap and native for a finished task whose future and result are kept.
/// - `bytesPerFinishedTask`: heap and native that stay after futures are dropped, by the number of
///   all tasks that have finished until then; about 0 is right, and noise can make it negative.
///
/// The harness's own array of futures is made before the first look and is in none of these.
/// Threading: the body's thread.
final class MemoryBenchmark implements Benchmark {
  static final String NAME = "memory";

  private static final int[] DIVISORS = {4, 2, 1};

  /// Fewer drown in noise.
  static final int TASKS_MIN = 1_000;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric("bytesPerPendingTask", 1),
        new Metric("bytesPerFinishedTask", 1),
        new Metric("bytesPerKeptTask", 1),
        new Metric("heapBytesPerPendingTask", 1),
        new Metric("nativeBytesPerPendingTask", 1));
  }

  @Override
  public int defaultTasks() {
    return 1_000_000;
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException, IOException, BenchFailure {
    TaskFuture<?>[] futures = new TaskFuture<?>[session.tasks()];
    long next = session.firstIndex();
    double[] counts = new double[DIVISORS.length + 1];
    double[] finishedCounts = new double[counts.length];
    MemoryUse[] pending = new MemoryUse[counts.length];
    MemoryUse[] kept = new MemoryUse[counts.length];
    MemoryUse[] dropped = new MemoryUse[counts.length];
    MemoryUse first = MemoryUse.now();
    Arrays.setAll(pending, _ -> MemoryUse.NONE);
    Arrays.setAll(kept, _ -> MemoryUse.NONE);
    Arrays.setAll(dropped, _ -> MemoryUse.NONE);
    for (int round = 1; round < counts.length; round++) {
      int count = session.tasks() / DIVISORS[round - 1];
      counts[round] = count;
      finishedCounts[round] = finishedCounts[round - 1] + count;
      MemoryUse before;
      try (Gate _ = Gate.shut(session.heddle())) {
        before = MemoryUse.now();
        for (int i = 0; i < count; i++) {
          futures[i] = session.heddle().submit(Work::mix64, next + i);
        }
        awaitArrived(session.heddle());
        pending[round] = MemoryUse.now().minus(before);
      }
      session.check(sum(futures, count), Work.expectedSum(next, count));
      kept[round] = MemoryUse.now().minus(before);
      Arrays.fill(futures, null);
      dropped[round] = MemoryUse.now().minus(first);
      next += count;
    }
    return values(counts, finishedCounts, pending, kept, dropped);
  }

  private static Map<String, Double> values(
      double[] counts,
      double[] finishedCounts,
      MemoryUse[] pending,
      MemoryUse[] kept,
      MemoryUse[] dropped) {
    double heap = slope(counts, Arrays.stream(pending).mapToDouble(MemoryUse::heapBytes).toArray());
    double outside =
        slope(counts, Arrays.stream(pending).mapToDouble(MemoryUse::nativeBytes).toArray());
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("bytesPerPendingTask", heap + (Double.isNaN(outside) ? 0 : outside));
    values.put(
        "bytesPerFinishedTask",
        slope(finishedCounts, Arrays.stream(dropped).mapToDouble(MemoryUse::bytes).toArray()));
    values.put(
        "bytesPerKeptTask",
        slope(counts, Arrays.stream(kept).mapToDouble(MemoryUse::bytes).toArray()));
    values.put("heapBytesPerPendingTask", heap);
    values.put("nativeBytesPerPendingTask", outside);
    return values;
  }

  /// Least squares.
  static double slope(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(0);
    double meanY = Arrays.stream(y).average().orElse(0);
    double above = 0;
    double below = 0;
    for (int i = 0; i < x.length; i++) {
      above += (x[i] - meanX) * (y[i] - meanY);
      below += (x[i] - meanX) * (x[i] - meanX);
    }
    return above / below;
  }

  /// What is submitted reaches the graph in order, so an empty list of futures is done when
  /// everything before it is there.
  private static void awaitArrived(Heddle heddle) throws InterruptedException, ExecutionException {
    List<Long> _ = heddle.all(List.<TaskFuture<Long>>of()).get();
  }

  private static long sum(TaskFuture<?>[] futures, int count)
      throws InterruptedException, ExecutionException {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (Long) futures[i].get();
    }
    return sum;
  }
}
