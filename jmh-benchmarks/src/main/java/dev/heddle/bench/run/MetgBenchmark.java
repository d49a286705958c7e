package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Report;
import dev.heddle.bench.measure.Work;
import dev.heddle.bench.metg.MetgCurve;
import dev.heddle.bench.metg.MetgGraph;
import dev.heddle.bench.metg.MetgHashes;
import dev.heddle.bench.metg.MetgOptions;
import dev.heddle.bench.metg.MetgOutputs;
import dev.heddle.bench.metg.MetgPattern;
import dev.heddle.bench.metg.MetgSweep;
import dev.heddle.bench.metg.MetgTasks;
import dev.heddle.bench.metg.MetgWork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// METG(50 %) of Task Bench: how small tasks may be before half of the machine is lost to the
/// executor.
///
/// For each pattern the kernel's iterations go down by halves from about 250 us, as of [MetgSweep],
/// and METG is interpolated between the two sizes at which efficiency crosses 50 %. With several
/// patterns `metgUs` is that of the worst.
///
/// What counts: peak is the number of cores x the best rate of the kernel that was seen in this run
/// on one core, in a task that does nothing else or in a graph. Cores are those of the workers, one
/// for each slot; with `--cores all` rank 0's core too, where rank 0 has no slots, though it
/// computes nothing: of two ranks half of the peak is left at most, and there is no METG. Nor is
/// there where no size is efficient, as with fewer cores than slots, which can't reach the peak.
///
/// Source: Slaughter et al., *Task Bench: A Parameterized Benchmark for Evaluating Parallel Runtime
/// Performance*, SC'20; patterns and kernel as of [MetgPattern] and [MetgWork].
final class MetgBenchmark implements Benchmark {
  static final String NAME = "metg";

  private static final double START_NS = 250_000;

  /// Where even tasks as long as this aren't efficient, none are.
  private static final double LONGEST_NS = 16_000_000;

  /// Wall time of one size: ten sizes make a second.
  private static final double SIZE_NS = 100_000_000;

  /// What a task is taken to cost beside its kernel, to choose the number of steps of the first
  /// size.
  private static final double FIRST_OVERHEAD_NS = 5_000;

  private static final int STEPS_MIN = 16;
  private static final int STEPS_MAX = 1 << 20;
  private static final long RATE_MS = 100;

  /// By pattern and iterations, each with the values of the repetitions that count.
  private final Map<MetgPattern, TreeMap<Integer, List<MetgCurve.Point>>> found =
      new LinkedHashMap<>();

  private final Map<MetgPattern, List<Double>> metgUs = new LinkedHashMap<>();
  private double kernelNs = Double.MAX_VALUE;
  private int runs;
  private MetgTasks<?> tasks = new MetgHashes();
  private boolean isOfAllCores;
  private long cores;

  @Override
  public void choose(BenchOptions options) {
    isOfAllCores = options.metg().isOfAllCores();
    tasks =
        options.metg().outputBytes() == 0
            ? new MetgHashes()
            : new MetgOutputs(options.metg().outputBytes());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.us("metgUs"));
  }

  @Override
  public int defaultTasks() {
    return 1;
  }

  @Override
  public Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException {
    Heddle heddle = session.heddle();
    kernelNs = Math.min(kernelNs, heddle.submit(MetgWork::kernelNs, RATE_MS).get());
    // Alone, rank 0 has the slots itself.
    cores = heddle.slots() + (isOfAllCores && heddle.ranks() > 1 ? 1 : 0);
    double worstUs = 0;
    for (MetgPattern pattern : session.options().metg().patterns()) {
      List<MetgCurve.Point> points = sweep(session, pattern);
      // Where half of the peak is all that the slots have, noise decides whether a size reaches it.
      Double us = 2 * heddle.slots() > cores ? MetgCurve.metgUs(points) : null;
      worstUs = us == null ? Double.NaN : Math.max(worstUs, us);
      if (!session.isWarmup()) {
        metgUs.computeIfAbsent(pattern, _ -> new ArrayList<>()).add(us == null ? Double.NaN : us);
        TreeMap<Integer, List<MetgCurve.Point>> rows =
            found.computeIfAbsent(pattern, _ -> new TreeMap<>());
        for (MetgCurve.Point point : points) {
          rows.computeIfAbsent(point.iterations(), _ -> new ArrayList<>()).add(point);
        }
      }
    }
    return Map.of("metgUs", worstUs);
  }

  private List<MetgCurve.Point> sweep(BenchSession session, MetgPattern pattern)
      throws InterruptedException, ExecutionException {
    MetgSweep.Meter meter =
        (iterations, overheadNs) -> point(session, pattern, iterations, overheadNs);
    List<MetgCurve.Point> points =
        new MetgSweep(meter, kernelNs)
            .run(iterationsOf(START_NS), iterationsOf(LONGEST_NS), FIRST_OVERHEAD_NS);
    double slotShare = (double) session.heddle().slots() / cores;
    for (MetgCurve.Point point : points) {
      kernelNs = Math.min(kernelNs, point.taskUs() * 1e3 * slotShare / point.iterations());
    }
    return points.stream().map(point -> point.at(kernelNs)).toList();
  }

  /// A power of two, so that repetitions have the same sizes.
  private int iterationsOf(double ns) {
    double wanted = Math.min(ns / kernelNs, 1 << (MetgWork.ITERATION_BITS - 2));
    return Integer.highestOneBit((int) Math.max(1, wanted));
  }

  private MetgCurve.Point point(
      BenchSession session, MetgPattern pattern, int iterations, double overheadNs)
      throws InterruptedException, ExecutionException {
    BenchOptions options = session.options();
    long slots = session.heddle().slots();
    int steps = options.metg().steps();
    if (steps == 0) {
      double taskNs = iterations * kernelNs + overheadNs;
      double stepNs = taskNs * options.metg().width() / Math.min(slots, options.metg().width());
      steps = (int) Math.clamp(SIZE_NS / stepNs, STEPS_MIN, STEPS_MAX);
    }
    MetgGraph graph = new MetgGraph(pattern, options.metg().width(), options.metg().radix(), steps);
    int salt = Math.toIntExact(Work.mix64(session.firstIndex() + runs++) >>> 40);
    long expectedSum = tasks.expectedSum(graph, salt);
    long startNs = System.nanoTime();
    long sum = tasks.run(session.heddle(), graph, salt, iterations);
    long elapsedNs = System.nanoTime() - startNs;
    session.check(sum, expectedSum);
    double taskNs = (double) elapsedNs * cores / graph.tasks();
    return MetgCurve.Point.of(iterations, taskNs, kernelNs);
  }

  @Override
  public Map<String, @Nullable Object> params(BenchOptions options) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put(
        "pattern",
        options.metg().patterns().size() == 1
            ? options.metg().patterns().getFirst().label()
            : "all");
    params.put("width", options.metg().width());
    params.put("radix", options.metg().radix());
    // Chosen for each size, where the user names none.
    params.put("steps", options.metg().steps() == 0 ? null : options.metg().steps());
    return params;
  }

  @Override
  public Map<String, @Nullable Object> once() {
    Map<String, @Nullable Object> once = new LinkedHashMap<>();
    once.put("cores", isOfAllCores ? MetgOptions.ALL_CORES : MetgOptions.WORKER_CORES);
    once.put("coreCount", cores);
    once.put("outputBytes", tasks.outputBytes());
    once.put("kernelNsPerIteration", Report.number(kernelNs, 3));
    Map<String, @Nullable Object> medians = new LinkedHashMap<>();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    metgUs.forEach((pattern, us) -> medians.put(pattern.label(), median(us)));
    found.forEach(
        (pattern, sizes) ->
            sizes
                .descendingMap()
                .forEach((iterations, points) -> rows.add(row(pattern, iterations, points))));
    once.put("metgUsByPattern", medians);
    once.put("rows", rows);
    return once;
  }

  private static @Nullable Object median(List<Double> us) {
    return Report.number(
        Report.median(
            us.stream().mapToDouble(Double::doubleValue).filter(Double::isFinite).toArray()),
        3);
  }

  private Map<String, @Nullable Object> row(
      MetgPattern pattern, int iterations, List<MetgCurve.Point> points) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("pattern", pattern.label());
    row.put("iterations", iterations);
    row.put(
        "taskUs",
        Report.number(
            Report.median(points.stream().mapToDouble(MetgCurve.Point::taskUs).toArray()), 3));
    row.put(
        "efficiency",
        Report.number(
            Report.median(
                points.stream().mapToDouble(point -> point.at(kernelNs).efficiency()).toArray()),
            4));
    return row;
  }
}
