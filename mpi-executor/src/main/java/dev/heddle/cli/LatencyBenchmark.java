package dev.heddle.cli;

import dev.heddle.Heddle;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// How long a lone task takes from `submit` to its value in `get`, one after the other.
///
/// What it does not show: what a task waits for under load. The first task after a silence is
/// measured apart, since an idle run sleeps.
final class LatencyBenchmark implements Benchmark {
  /// Longer than any run waits: what takes longer counts as this.
  private static final long NS_MAX = 3_600_000_000_000L;

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final int PRIMING_TASKS = 10;
  private static final int SILENCES = 3;

  private final PingPong pingPong;

  /// `pingPongUs` are the bare round trips under the same MPI, as of [PingPong#parse].
  LatencyBenchmark(@Nullable String pingPongUs) {
    this.pingPong = PingPong.parse(pingPongUs);
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.us("p50Us"),
        Metric.us("p90Us"),
        Metric.us("p99Us"),
        Metric.us("p999Us"),
        Metric.us("maxUs"),
        Metric.us("firstAfterIdleUs"));
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
  public Map<String, Double> measure(Session session)
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
    for (int i = 0; i < session.tasks(); i++) {
      long startNs = System.nanoTime();
      sum += heddle.submit(Work::mix64, first + i).get();
      histogram.recordValue(Math.min(NS_MAX, System.nanoTime() - startNs));
    }
    histogram.setEndTimeStamp(System.currentTimeMillis());
    session.check(sum, Work.expectedSum(first, session.tasks()));
    session.keep(histogram);
    values.put("p50Us", histogram.getValueAtPercentile(50) / 1e3);
    values.put("p90Us", histogram.getValueAtPercentile(90) / 1e3);
    values.put("p99Us", histogram.getValueAtPercentile(99) / 1e3);
    values.put("p999Us", histogram.getValueAtPercentile(99.9) / 1e3);
    values.put("maxUs", histogram.getMaxValue() / 1e3);
    return values;
  }

  private static double firstAfterIdleUs(Session session)
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
