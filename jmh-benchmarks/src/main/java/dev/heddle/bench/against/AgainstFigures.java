package dev.heddle.bench.against;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Figures;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Report;
import dev.heddle.bench.run.AllEntry;
import dev.heddle.bench.run.BenchOptions;
import dev.heddle.bench.run.Benchmark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One figure of one benchmark, in all starts of both builds: a row of the report.
///
/// Threading: one thread.
final class AgainstFigures {
  private static final String FORMAT = "%-11s %-18s %14s %14s %8s  %-17s %6s %9s %9s %9s %9s%n";

  private final String benchmark;
  private final Metric metric;
  private final boolean isOfTasksAlone;
  private final List<Double> then = new ArrayList<>();
  private final List<Double> now = new ArrayList<>();
  private final List<AgainstBuild.Cost> thenCosts = new ArrayList<>();
  private final List<AgainstBuild.Cost> nowCosts = new ArrayList<>();
  private @Nullable AgainstRatio ratio;

  private AgainstFigures(String benchmark, Metric metric, boolean isOfTasksAlone) {
    this.benchmark = benchmark;
    this.metric = metric;
    this.isOfTasksAlone = isOfTasksAlone;
  }

  /// Those that a benchmark is compared by.
  static List<AgainstFigures> of(String name, BenchOptions options) {
    Benchmark benchmark = options.benchmark();
    benchmark.choose(options);
    return benchmark.compared().stream()
        .map(metric -> new AgainstFigures(name, metric, benchmark.isOfTasksAlone()))
        .toList();
  }

  /// Options that a benchmark gets here unless the user says otherwise: the silences of latency are
  /// no part of what is compared, and rank 0 looks around in them.
  static List<String> ownWords(String benchmark) {
    return benchmark.equals("latency") ? List.of("--silence", "0") : List.of();
  }

  /// Options of a start that only has to run.
  static List<String> quickWords(String benchmark) {
    List<String> words =
        new ArrayList<>(
            Objects.requireNonNull(AllEntry.byName(benchmark), benchmark).quickOptions());
    words.addAll(ownWords(benchmark));
    return words;
  }

  String benchmark() {
    return benchmark;
  }

  Metric metric() {
    return metric;
  }

  /// True where what rank 0 takes can be divided by tasks.
  boolean isOfTasksAlone() {
    return isOfTasksAlone;
  }

  /// Takes what a pair of starts said, adds it to `run`, and returns it for people. Errors:
  /// [BenchFailure] where a start has no such figure.
  String take(JsonNode saidThen, JsonNode saidNow, Map<String, Double> run) throws BenchFailure {
    String key = metric.key();
    double one = figure(saidThen, "then");
    double other = figure(saidNow, "now");
    then.add(one);
    now.add(other);
    run.put(benchmark + " " + key + " then", one);
    run.put(benchmark + " " + key + " now", other);
    return " " + key + " then " + shown(one) + " now " + shown(other);
  }

  private double figure(JsonNode said, String build) throws BenchFailure {
    JsonNode figure = said.path(metric.key());
    if (!figure.isNumber()) {
      throw new BenchFailure(
          "bench against: a start of "
              + benchmark
              + " ("
              + build
              + ") ended well without a figure for "
              + metric.key()
              + ", so there is nothing to compare");
    }
    return figure.asDouble();
  }

  void takeThen(AgainstBuild.@Nullable Cost cost) {
    if (cost != null) {
      thenCosts.add(cost);
    }
  }

  void takeNow(AgainstBuild.@Nullable Cost cost) {
    if (cost != null) {
      nowCosts.add(cost);
    }
  }

  private AgainstRatio ratio() {
    if (ratio == null) {
      ratio = AgainstRatio.of(array(then), array(now), AgainstRatio.SEED);
    }
    return ratio;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  boolean isWorseBeyond(double percent) {
    return ratio().isWorseBeyond(percent, metric.isMoreBetter());
  }

  /// Null where there is no ratio.
  private @Nullable Boolean isWithin(double percent) {
    return ratio().ratio() == null ? null : Boolean.valueOf(!isWorseBeyond(percent));
  }

  /// A sentence for a percentage.
  String verdict(double percent) {
    AgainstRatio now = ratio();
    String bound = String.format(Locale.ROOT, "%s %%", Figures.shown(percent));
    return benchmark
        + " "
        + metric.key()
        + ": "
        + (now.ratio() == null
            ? "no verdict, since a figure then is 0"
            : isWorseBeyond(percent)
                ? "WORSE by more than " + bound + ": the whole interval lies beyond"
                : "within " + bound);
  }

  /// The row for JSON; `within` is a percentage or null.
  Map<String, @Nullable Object> row(@Nullable Double within) {
    AgainstRatio ratio = ratio();
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("benchmark", benchmark);
    row.put("key", metric.key());
    row.put("better", metric.isMoreBetter() ? "more" : "less");
    row.put("thenMedian", Report.number(ratio.thenMedian(), metric.decimals()));
    row.put("nowMedian", Report.number(ratio.nowMedian(), metric.decimals()));
    row.put("ratio", Report.number(ratio.ratio(), 4));
    row.put("ratioLow", Report.number(ratio.low(), 4));
    row.put("ratioHigh", Report.number(ratio.high(), 4));
    row.put("starts", then.size());
    row.put("thenCpuNs", Report.number(cpuNs(thenCosts), 1));
    row.put("nowCpuNs", Report.number(cpuNs(nowCosts), 1));
    row.put("thenBytes", Report.number(bytes(thenCosts), 1));
    row.put("nowBytes", Report.number(bytes(nowCosts), 1));
    row.put("costStarts", Math.min(thenCosts.size(), nowCosts.size()));
    row.put("isWithin", within == null ? null : isWithin(within));
    return row;
  }

  private static @Nullable Double cpuNs(List<AgainstBuild.Cost> costs) {
    return Report.median(costs.stream().mapToDouble(AgainstBuild.Cost::cpuNsPerTask).toArray());
  }

  private static @Nullable Double bytes(List<AgainstBuild.Cost> costs) {
    return Report.median(costs.stream().mapToDouble(AgainstBuild.Cost::bytesPerTask).toArray());
  }

  private String shown(double value) {
    return String.format(Locale.ROOT, "%,." + metric.decimals() + "f", value);
  }

  /// A table for a person.
  static String table(List<AgainstFigures> all) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            FORMAT,
            "benchmark",
            "key",
            "then",
            "now",
            "ratio",
            AgainstRatio.INTERVAL_PERCENT + " % interval",
            "starts",
            "thenCpuNs",
            "nowCpuNs",
            "thenBytes",
            "nowBytes"));
    for (AgainstFigures one : all) {
      AgainstRatio ratio = one.ratio();
      text.append(
          String.format(
              Locale.ROOT,
              FORMAT,
              one.benchmark,
              one.metric.key(),
              one.shown(ratio.thenMedian()),
              one.shown(ratio.nowMedian()),
              part(ratio.ratio()),
              ratio.ratio() == null ? "-" : part(ratio.low()) + " to " + part(ratio.high()),
              one.then.size(),
              cost(cpuNs(one.thenCosts)),
              cost(cpuNs(one.nowCosts)),
              cost(bytes(one.thenCosts)),
              cost(bytes(one.nowCosts))));
    }
    return text.toString();
  }

  private static String part(@Nullable Double ratio) {
    return ratio == null ? "-" : String.format(Locale.ROOT, "%.4f", ratio);
  }

  private static String cost(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%,.1f", value);
  }
}
