package dev.heddle.bench.run;

import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Processes;
import dev.heddle.bench.measure.Work;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// How much processor time a run takes that has nothing to do: the largest share of a core over all
/// ranks on rank 0's host, once while the body sleeps, once while it waits in `get` for a task that
/// sleeps.
///
/// A warm-up is as long as a repetition: the idle loop turns slowly, so its compilation comes late,
/// and is no part of being idle.
final class IdleBenchmark implements Benchmark {
  static final String NAME = "idle";

  private @Nullable Processes processes;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.share("cpuShareMax"), Metric.share("cpuShareAsleep"), Metric.share("cpuShareInGet"));
  }

  @Override
  public int defaultTasks() {
    return 1;
  }

  @Override
  public Map<String, @Nullable Object> once() {
    Map<String, @Nullable Object> once = new LinkedHashMap<>();
    once.put("ranksMeasured", processes == null ? null : processes.ranksMeasured());
    once.put("ranksMeasuredWhere", "rank 0's host");
    return once;
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException, IOException, BenchFailure {
    Processes known = processes;
    if (known == null) {
      known = Processes.find(session.heddle());
      processes = known;
    }
    long ms = session.options().secondsMs();
    Window asleep = new Window(known);
    Thread.sleep(ms);
    double asleepShare = asleep.shareMax();

    Window inGet = new Window(known);
    long slept = session.heddle().submit(Work::sleep, ms).get();
    double inGetShare = inGet.shareMax();
    session.check(slept, ms);

    Map<String, Double> values = new LinkedHashMap<>();
    values.put("cpuShareMax", Math.max(asleepShare, inGetShare));
    values.put("cpuShareAsleep", asleepShare);
    values.put("cpuShareInGet", inGetShare);
    return values;
  }

  /// Processor time from its making on.
  private static final class Window {
    private final Processes processes;
    private final Map<Long, Double> before;
    private final long startNs;

    Window(Processes processes) throws IOException, BenchFailure {
      this.processes = processes;
      this.before = processes.cpuSeconds();
      this.startNs = System.nanoTime();
    }

    double shareMax() throws IOException, BenchFailure {
      double wallS = (System.nanoTime() - startNs) / 1e9;
      double max = 0;
      for (Map.Entry<Long, Double> after : processes.cpuSeconds().entrySet()) {
        double usedS = after.getValue() - before.getOrDefault(after.getKey(), 0.0);
        max = Math.max(max, usedS / wallS);
      }
      return max;
    }
  }
}
