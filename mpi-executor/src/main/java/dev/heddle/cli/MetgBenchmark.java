package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
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
/// and METG is interpolated between the two sizes at which efficiency crosses 50 %. Peak is the
/// number of slots x the kernel's best rate in one task of this run: with fewer cores than slots it
/// can't be reached, and no size may be efficient; then there is no METG. With several patterns
/// `metgUs` is that of the worst.
///
/// Memory: the futures of one step, and of up to [#LOOSE_MAX] tasks that nobody needs.
///
/// Source: Slaughter et al., *Task Bench: A Parameterized Benchmark for Evaluating Parallel Runtime
/// Performance*, SC'20; patterns and kernel as of [MetgPattern] and [MetgWork].
final class MetgBenchmark implements Benchmark {
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
  private static final int LOOSE_MAX = 4096;

  /// By pattern and iterations, each with the values of the repetitions that count.
  private final Map<MetgPattern, TreeMap<Integer, List<MetgCurve.Point>>> found =
      new LinkedHashMap<>();

  private final Map<MetgPattern, List<Double>> metgUs = new LinkedHashMap<>();
  private double kernelNs = Double.MAX_VALUE;
  private int runs;

  @Override
  public String name() {
    return "metg";
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
  public Map<String, Double> measure(Session session)
      throws InterruptedException, ExecutionException {
    kernelNs = Math.min(kernelNs, session.heddle().submit(MetgWork::kernelNs, RATE_MS).get());
    double worstUs = 0;
    for (MetgPattern pattern : session.options().patterns()) {
      List<MetgCurve.Point> points = sweep(session, pattern);
      Double us = MetgCurve.metgUs(points);
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

  private List<MetgCurve.Point> sweep(Session session, MetgPattern pattern)
      throws InterruptedException, ExecutionException {
    MetgSweep.Meter meter =
        (iterations, overheadNs) -> point(session, pattern, iterations, overheadNs);
    return new MetgSweep(meter, kernelNs)
        .run(iterationsOf(START_NS), iterationsOf(LONGEST_NS), FIRST_OVERHEAD_NS);
  }

  /// A power of two, so that repetitions have the same sizes.
  private int iterationsOf(double ns) {
    double wanted = Math.min(ns / kernelNs, 1 << (MetgWork.ITERATION_BITS - 2));
    return Integer.highestOneBit((int) Math.max(1, wanted));
  }

  private MetgCurve.Point point(
      Session session, MetgPattern pattern, int iterations, double overheadNs)
      throws InterruptedException, ExecutionException {
    BenchOptions options = session.options();
    long slots = session.heddle().slots();
    int steps = options.steps();
    if (steps == 0) {
      double taskNs = iterations * kernelNs + overheadNs;
      double stepNs = taskNs * options.width() / Math.min(slots, options.width());
      steps = (int) Math.clamp(SIZE_NS / stepNs, STEPS_MIN, STEPS_MAX);
    }
    MetgGraph graph = new MetgGraph(pattern, options.width(), options.radix(), steps);
    int salt = Math.toIntExact(Work.mix64(session.firstIndex() + runs++) >>> 40);
    long expectedSum = graph.expectedSum(salt);
    long startNs = System.nanoTime();
    long sum = run(session.heddle(), graph, salt, iterations);
    long elapsedNs = System.nanoTime() - startNs;
    session.check(sum, expectedSum);
    double taskNs = (double) elapsedNs * slots / graph.tasks();
    return new MetgCurve.Point(iterations, taskNs / 1e3, iterations * kernelNs / taskNs);
  }

  /// Returns the sum of the values that nobody needs, after all tasks are done.
  static long run(Heddle heddle, MetgGraph graph, int salt, int iterations)
      throws InterruptedException, ExecutionException {
    Deque<TaskFuture<Long>> loose = new ArrayDeque<>();
    List<TaskFuture<Long>> before = List.of();
    long sum = 0;
    for (int step = 0; step < graph.steps(); step++) {
      int first = graph.first(step);
      int end = graph.end(step);
      int firstBefore = step == 0 ? 0 : graph.first(step - 1);
      boolean[] isNeeded = new boolean[before.size()];
      List<TaskFuture<Long>> now = new ArrayList<>(end - first);
      int[] lastMany = {};
      TaskFuture<List<Long>> many = null;
      for (int point = first; point < end; point++) {
        int[] needs = graph.needs(step, point);
        for (int need : needs) {
          isNeeded[need - firstBefore] = true;
        }
        long specification = MetgWork.specification(salt + step, point, iterations);
        if (needs.length <= MetgWork.NEEDS_DIRECT_MAX) {
          now.add(submit(heddle, specification, before, needs, firstBefore));
        } else {
          if (many == null || !Arrays.equals(needs, lastMany)) {
            many = heddle.all(futures(before, needs, firstBefore));
            lastMany = needs;
          }
          now.add(heddle.submit(MetgWork::taskMany, specification, many));
        }
      }
      for (int i = 0; i < isNeeded.length; i++) {
        if (!isNeeded[i]) {
          loose.add(before.get(i));
        }
      }
      while (loose.size() > LOOSE_MAX) {
        sum += loose.remove().get();
      }
      before = now;
    }
    loose.addAll(before);
    for (TaskFuture<Long> last : loose) {
      sum += last.get();
    }
    return sum;
  }

  private static TaskFuture<Long> submit(
      Heddle heddle,
      long specification,
      List<TaskFuture<Long>> before,
      int[] needs,
      int firstBefore) {
    return switch (needs.length) {
      case 0 -> heddle.submit(MetgWork::task, specification);
      case 1 -> heddle.submit(MetgWork::task1, specification, before.get(needs[0] - firstBefore));
      case 2 ->
          heddle.submit(
              MetgWork::task2,
              specification,
              before.get(needs[0] - firstBefore),
              before.get(needs[1] - firstBefore));
      case 3 ->
          heddle.submit(
              MetgWork::task3,
              specification,
              before.get(needs[0] - firstBefore),
              before.get(needs[1] - firstBefore),
              before.get(needs[2] - firstBefore));
      default ->
          heddle.submit(
              MetgWork::task4,
              specification,
              before.get(needs[0] - firstBefore),
              before.get(needs[1] - firstBefore),
              before.get(needs[2] - firstBefore),
              before.get(needs[3] - firstBefore));
    };
  }

  private static List<TaskFuture<Long>> futures(
      List<TaskFuture<Long>> before, int[] needs, int firstBefore) {
    List<TaskFuture<Long>> futures = new ArrayList<>(needs.length);
    for (int need : needs) {
      futures.add(before.get(need - firstBefore));
    }
    return futures;
  }

  @Override
  public Map<String, @Nullable Object> params(BenchOptions options) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put(
        "pattern", options.patterns().size() == 1 ? options.patterns().getFirst().label() : "all");
    params.put("width", options.width());
    params.put("radix", options.radix());
    // Chosen for each size, where the user names none.
    params.put("steps", options.steps() == 0 ? null : options.steps());
    return params;
  }

  @Override
  public Map<String, @Nullable Object> once() {
    Map<String, @Nullable Object> once = new LinkedHashMap<>();
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

  private static Map<String, @Nullable Object> row(
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
            Report.median(points.stream().mapToDouble(MetgCurve.Point::efficiency).toArray()), 4));
    return row;
  }
}
