package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.PingPong;
import dev.heddle.bench.measure.Report;
import dev.heddle.bench.measure.Work;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// How long a lone task takes from `submit` to its value in `get`, one after the other.
///
/// With an interval a task is due at fixed times instead, whether or not the one before is back;
/// the times are then corrected for those that could not be submitted in time.
///
/// What it does not show: what a task waits for under load. The first task after a silence is
/// measured apart, since an idle run sleeps.
final class LatencyBenchmark implements Benchmark {
  static final String NAME = "latency";

  /// Longer than any run waits: what takes longer counts as this.
  private static final long NS_MAX = 3_600_000_000_000L;

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final int PRIMING_TASKS = 10;
  private static final int SILENCES = 3;

  /// A wait longer than this sleeps first: a sleep ends late by less than this.
  private static final long SPIN_NS = 1_000_000;

  private final PingPong pingPong;
  private long intervalNs;

  /// `pingPongUs` are the bare round trips under the same MPI, as of [PingPong#parse].
  LatencyBenchmark(@Nullable String pingPongUs) {
    this.pingPong = PingPong.parse(pingPongUs);
  }

  @Override
  public void choose(BenchOptions options) {
    intervalNs = options.intervalNs();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    for (String key : List.of("p50Us", "p90Us", "p99Us", "p999Us", "maxUs", "firstAfterIdleUs")) {
      metrics.add(Metric.us(key));
    }
    if (intervalNs > 0) {
      for (String key : List.of("uncorrectedP50Us", "uncorrectedP99Us", "uncorrectedP999Us")) {
        metrics.add(Metric.us(key));
      }
    }
    return metrics;
  }

  /// As [ThroughputBenchmark#defaultWarmup]: while the JVM compiles on one of two cores, both
  /// threads of a lone task share the other. Tasks at an interval take long, and wait for other
  /// things than code.
  @Override
  public int defaultWarmup() {
    return intervalNs > 0 ? 2 : 6;
  }

  /// Between tasks at an interval the submitting thread spins.
  @Override
  public boolean isOfTasksAlone() {
    return intervalNs == 0;
  }

  @Override
  public int defaultTasks() {
    return 20_000;
  }

  @Override
  public Map<String, @Nullable Object> once() {
    Map<String, @Nullable Object> once = new LinkedHashMap<>();
    once.put("pingPongUs", Report.number(pingPong.medianUs(), 4));
    once.put("pingPongModesUs", numbers(pingPong.modesUs()));
    once.put("pingPongModeStarts", pingPong.modeStarts());
    once.put("pingPongStartsUs", numbers(pingPong.startsUs()));
    return once;
  }

  private static List<@Nullable BigDecimal> numbers(List<Double> values) {
    List<@Nullable BigDecimal> numbers = new ArrayList<>();
    values.forEach(value -> numbers.add(Report.number(value, 4)));
    return numbers;
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException {
    Map<String, Double> values = new LinkedHashMap<>();
    if (!session.isWarmup()) {
      values.put("firstAfterIdleUs", firstAfterIdleUs(session));
    }
    Heddle heddle = session.heddle();
    long first = session.firstIndex();
    for (int i = 0; i < PRIMING_TASKS; i++) {
      long _ = heddle.submit(Work::mix64, first + i).get();
    }
    Histogram histogram = new Histogram(NS_MAX, SIGNIFICANT_DIGITS);
    histogram.setStartTimeStamp(System.currentTimeMillis());
    long sum = 0;
    long dueNs = System.nanoTime();
    for (int i = 0; i < session.tasks(); i++) {
      if (intervalNs > 0) {
        awaitDue(dueNs);
        dueNs += intervalNs;
      }
      long startNs = System.nanoTime();
      sum += heddle.submit(Work::mix64, first + i).get();
      histogram.recordValue(Math.min(NS_MAX, System.nanoTime() - startNs));
    }
    histogram.setEndTimeStamp(System.currentTimeMillis());
    session.check(sum, Work.expectedSum(first, session.tasks()));
    if (intervalNs > 0) {
      values.put("uncorrectedP50Us", histogram.getValueAtPercentile(50) / 1e3);
      values.put("uncorrectedP99Us", histogram.getValueAtPercentile(99) / 1e3);
      values.put("uncorrectedP999Us", histogram.getValueAtPercentile(99.9) / 1e3);
      histogram = corrected(histogram, intervalNs);
    }
    session.keep(histogram);
    values.put("p50Us", histogram.getValueAtPercentile(50) / 1e3);
    values.put("p90Us", histogram.getValueAtPercentile(90) / 1e3);
    values.put("p99Us", histogram.getValueAtPercentile(99) / 1e3);
    values.put("p999Us", histogram.getValueAtPercentile(99.9) / 1e3);
    values.put("maxUs", histogram.getMaxValue() / 1e3);
    return values;
  }

  /// Adds what the tasks would have taken that were due while a late one was awaited: with one task
  /// in flight they could not be submitted, so that nobody measured them.
  static Histogram corrected(Histogram histogram, long intervalNs) {
    Histogram corrected = histogram.copyCorrectedForCoordinatedOmission(intervalNs);
    corrected.setStartTimeStamp(histogram.getStartTimeStamp());
    corrected.setEndTimeStamp(histogram.getEndTimeStamp());
    return corrected;
  }

  /// Returns when it is time, or at once where it is past.
  private static void awaitDue(long dueNs) {
    long leftNs = dueNs - System.nanoTime();
    while (leftNs > 0) {
      if (leftNs > SPIN_NS) {
        LockSupport.parkNanos(leftNs - SPIN_NS);
      } else {
        Thread.onSpinWait();
      }
      leftNs = dueNs - System.nanoTime();
    }
  }

  @Override
  public Map<String, @Nullable Object> params(BenchOptions options) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put("intervalUs", intervalNs == 0 ? null : Report.number(intervalNs / 1e3, 0));
    return params;
  }

  private static double firstAfterIdleUs(BenchSession session)
      throws InterruptedException, ExecutionException {
    double[] timesUs = new double[SILENCES];
    for (int i = 0; i < SILENCES; i++) {
      Thread.sleep(session.options().silenceMs());
      long startNs = System.nanoTime();
      long value = session.heddle().submit(Work::mix64, session.firstIndex() + i).get();
      timesUs[i] = (System.nanoTime() - startNs) / 1e3;
      session.check(value, Work.mix64(session.firstIndex() + i));
    }
    Arrays.sort(timesUs);
    return timesUs[SILENCES / 2];
  }
}
