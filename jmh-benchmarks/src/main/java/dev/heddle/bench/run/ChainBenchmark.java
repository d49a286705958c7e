package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import dev.heddle.runtime.measure.SentAhead;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/// What a task costs that depends on the one before: nothing overlaps but the submitting.
///
/// Beside it: the part of the tasks that were sent to the worker ahead of their argument, and the
/// part that were so in vain and had to be sent again.
final class ChainBenchmark implements Benchmark {
  static final String NAME = "chain";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.us("usPerTask"),
        new Metric("sentAheadShare", 5, true),
        Metric.share("sentInVainShare"));
  }

  /// As [ThroughputBenchmark#defaultWarmup]: the times of repetitions fall until about then.
  @Override
  public int defaultWarmup() {
    return 6;
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
    long first = session.firstIndex();
    SentAhead before = SentAhead.of(heddle);
    long startNs = System.nanoTime();
    TaskFuture<Long> last = heddle.submit(Work::mix64, first);
    for (int i = 1; i < tasks; i++) {
      last = heddle.submit(Work::mix64Plus, first + i, last);
    }
    long sum = last.get();
    long elapsedNs = System.nanoTime() - startNs;
    session.check(sum, Work.expectedSum(first, tasks));
    SentAhead after = SentAhead.of(heddle);
    return Map.of(
        "usPerTask",
        elapsedNs / 1e3 / tasks,
        "sentAheadShare",
        (double) (after.tasks() - before.tasks()) / tasks,
        "sentInVainShare",
        (double) (after.inVain() - before.inVain()) / tasks);
  }
}
