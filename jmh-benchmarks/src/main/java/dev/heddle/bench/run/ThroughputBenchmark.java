package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Arguments;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Futures;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/// How many tasks a second go through, submitted one by one from one thread: the time from the
/// first submit to the last result. With `--pending`, [PendingThroughput]'s question.
final class ThroughputBenchmark implements Benchmark {
  static final String NAME = "throughput";

  private boolean isPending;

  @Override
  public void choose(BenchOptions options) {
    isPending = options.pending() > 0;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    return isPending
        ? List.of(
            Metric.rate("tasksPerSecond"),
            new Metric("longestPauseMs", 3),
            new Metric("finishedTasks", 0, true),
            new Metric("readyTasksMin", 0, true),
            Metric.share("pacedShare"))
        : List.of(Metric.rate("tasksPerSecond"));
  }

  @Override
  public boolean isOfTasksAlone() {
    return !isPending;
  }

  @Override
  public int defaultTasks() {
    return 1_000_000;
  }

  /// The JVM compiles what submits and what takes results for the last time in the fourth or fifth
  /// million, on cores that are busy. With tasks pending, those that fill the queue come before the
  /// clock.
  @Override
  public int defaultWarmup() {
    return isPending ? 0 : 6;
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException, BenchFailure {
    if (isPending) {
      return new PendingThroughput(session, session.options().pending()).measure();
    }
    Heddle heddle = session.heddle();
    int tasks = session.tasks();
    long first = session.firstIndex();
    long expectedSum = Work.expectedSum(first, tasks);
    TaskFuture<?>[] futures = new TaskFuture<?>[tasks];
    Arguments arguments = new Arguments(session.options().payloadBytes());
    long startNs = System.nanoTime();
    for (int i = 0; i < tasks; i++) {
      futures[i] = arguments.submit(heddle, first + i);
    }
    long sum = Futures.takeSum(futures);
    long elapsedNs = System.nanoTime() - startNs;
    session.check(sum, expectedSum);
    return Map.of("tasksPerSecond", tasks * 1e9 / elapsedNs);
  }
}
