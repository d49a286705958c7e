package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Futures;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/// One task and `tasks` that depend on it.
final class FanoutBenchmark implements Benchmark {
  static final String NAME = "fanout";

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
    Heddle heddle = session.heddle();
    int tasks = session.tasks();
    long rootIndex = session.firstIndex();
    long first = rootIndex + 1;
    // Each dependent adds the root's result to its own.
    long expectedSum = Work.expectedSum(first, tasks) + tasks * Work.mix64(rootIndex);
    TaskFuture<?>[] dependents = new TaskFuture<?>[tasks];
    long startNs = System.nanoTime();
    TaskFuture<Long> root = heddle.submit(Work::mix64, rootIndex);
    for (int i = 0; i < tasks; i++) {
      dependents[i] = heddle.submit(Work::mix64Plus, first + i, root);
    }
    long sum = Futures.takeSum(dependents);
    long elapsedNs = System.nanoTime() - startNs;
    session.check(sum, expectedSum);
    return Map.of("tasksPerSecond", tasks * 1e9 / elapsedNs);
  }
}
