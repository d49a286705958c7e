package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/// `tasks` tasks and one that takes all their results.
final class FaninBenchmark implements Benchmark {
  static final String NAME = "fanin";

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
    return 10_000;
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException {
    Heddle heddle = session.heddle();
    int tasks = session.tasks();
    long first = session.firstIndex();
    List<TaskFuture<Long>> parts = new ArrayList<>(tasks);
    long startNs = System.nanoTime();
    for (int i = 0; i < tasks; i++) {
      parts.add(heddle.submit(Work::mix64, first + i));
    }
    TaskFuture<List<Long>> all = heddle.all(parts);
    long sum = heddle.with(all).submit(Work::sum).get();
    long elapsedNs = System.nanoTime() - startNs;
    session.check(sum, Work.expectedSum(first, tasks));
    return Map.of("tasksPerSecond", tasks * 1e9 / elapsedNs);
  }
}
