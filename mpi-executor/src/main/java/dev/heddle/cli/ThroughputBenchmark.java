package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/// How many tasks a second go through, submitted one by one from one thread: the time from the
/// first submit to the last result.
final class ThroughputBenchmark implements Benchmark {
  @Override
  public String name() {
    return "throughput";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.rate("tasksPerSecond"));
  }

  @Override
  public int defaultTasks() {
    return 1_000_000;
  }

  @Override
  public Map<String, Double> measure(Session session)
      throws InterruptedException, ExecutionException {
    Heddle heddle = session.heddle();
    int tasks = session.tasks();
    long first = session.firstIndex();
    long expectedSum = Work.expectedSum(first, tasks);
    TaskFuture<?>[] futures = new TaskFuture<?>[tasks];
    long startNs = System.nanoTime();
    for (int i = 0; i < tasks; i++) {
      futures[i] = heddle.submit(Work::mix64, first + i);
    }
    long sum = Futures.takeSum(futures);
    long elapsedNs = System.nanoTime() - startNs;
    session.check(sum, expectedSum);
    return Map.of("tasksPerSecond", tasks * 1e9 / elapsedNs);
  }
}
