package dev.heddle.bench.study;

import dev.heddle.bench.measure.Report;
import dev.heddle.scale.Costs;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `heddle study validate`: predicted against measured makespans on 2 to 64 real ranks of this
/// machine, of workloads of which most waste more of their slots than they use.
///
/// Nothing is fitted on the runs that are predicted: what [ValidateModel] needs is measured before,
/// in launches of its own and with other tasks. Each number of ranks is started [#STARTS] times, as
/// two starts differ more than two runs of one. Threading: the calling thread.
final class StudyValidation {
  private static final double NS_PER_S = 1e9;

  /// Runs of a workload that count, for each start.
  static final int RUNS = 3;

  private static final int STARTS = 3;
  private static final int[] RANKS = {2, 4, 8, 16, 32, 64};

  private static final double EFFICIENCY_LOW = 0.7;
  private static final double MEDIAN_MAX = 0.15;
  private static final double WORST_MAX = 0.30;

  /// One of the workloads.
  ///
  /// @param name in the table
  /// @param load for a number of ranks
  private record Workload(String name, ValidateLoad load) {}

  /// The real runs could not be made.
  static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }

  private final StudyOptions options;
  private final PrintStream err;
  private final Map<String, @Nullable Object> metrics;

  StudyValidation(StudyOptions options, PrintStream err, Map<String, @Nullable Object> metrics) {
    this.options = options;
    this.err = err;
    this.metrics = metrics;
  }

  /// The workloads, each for a reason: what bounds it differs.
  private static List<Workload> workloads(int ranks) {
    int workers = ranks - 1;
    // one worker has a core to itself, and its lone tasks take microseconds
    int lone = ranks == 2 ? 20_000 : 500;
    return List.of(
        // slots alone: what any model would meet
        new Workload("long", load("sleep", 1, 5 * workers, 100_000, "constant")),
        // how soon a slot gets its next task
        new Workload("short", load("sleep", 1, 40 * workers, 2_000, "constant")),
        // the slowest of each level, and the way there and back
        new Workload("levels", load("sleep", 10, 2 * workers, 5_000, "exponential")),
        // the last straggler, whom order decides
        new Workload("stragglers", load("sleep", 1, 5 * workers, 20_000, "lognormal:1.5")),
        // cores, of which there are fewer than slots
        new Workload("compute", load("compute", 1, 1_500, 1_000, "constant")),
        // latency alone
        new Workload("lone", load("noop", lone, 1, 0, "constant")));
  }

  private static ValidateLoad load(
      String kind, int rounds, int width, int us, String distribution) {
    return ValidateLoad.parse(kind + ":" + rounds + ":" + width + ":" + us + ":" + distribution);
  }

  StudyTable run() {
    String mpi = options.mpi();
    StudyTable table =
        new StudyTable(
            "validate",
            "Predicted against measured",
            "Real ranks of this machine, "
                + (mpi == null ? "in one JVM" : "processes under " + mpi)
                + ": makespan predicted by the simulator with machine=local, and measured, the"
                + " median of "
                + RUNS
                + " runs of each of "
                + STARTS
                + " starts, with the least and the most of them. No parameter was fitted on these"
                + " runs. Error = predicted / measured - 1.",
            "measured, s",
            "predicted, s",
            "workload",
            "ranks",
            "tasks",
            "measuredS",
            "measuredMinS",
            "measuredMaxS",
            "measuredEfficiency",
            "predictedS",
            "errorPercent");
    ValidateLaunch launch = new ValidateLaunch(mpi, options.seed());
    // without an MPI the ranks are in this JVM, whose costs are those that are shipped
    Costs given = mpi == null || options.hasCosts() ? options.costs() : null;
    Integer only = options.ranks();
    int[] numbers = only == null ? RANKS : new int[] {only};
    ValidateModel model =
        ValidateModel.measure(launch, given, numbers[0], options.seed(), this::tell);
    tell(model.text());
    metrics.put("costs", model.costs().toMap());
    metrics.putAll(model.metrics());
    table.note("Costs here: " + model.costs().conditions() + "; " + model.text() + ".");
    List<Double> errors = new ArrayList<>();
    int inefficient = 0;
    int inefficientWithWork = 0;
    for (int ranks : numbers) {
      List<Workload> workloads = workloads(ranks);
      List<ValidateLoad> loads = workloads.stream().map(Workload::load).toList();
      ValidateModel here = model;
      if (ranks > ValidateModel.deepRanks()) {
        tell("measuring what waking up costs, on %d ranks".formatted(ranks));
        here = model.crowded(ranks, launch.wokeNs(ranks));
        String delays =
            "on %d ranks it takes %.0f and %.0f us longer, and a task's sleep ends %.0f us late"
                .formatted(
                    ranks,
                    here.waking().taskDelayNs() / 1e3,
                    here.waking().resultDelayNs() / 1e3,
                    here.taskLateNs() / 1e3);
        tell(delays);
        table.note(delays + ".");
      }
      double[] predictedS = new double[loads.size()];
      for (int i = 0; i < predictedS.length; i++) {
        predictedS[i] = here.predictedNs(ranks, loads.get(i)) / NS_PER_S;
      }
      List<double[]> measured = measuredS(launch, ranks, loads);
      for (int i = 0; i < measured.size(); i++) {
        ValidateLoad load = loads.get(i);
        double[] runsS = measured.get(i);
        double measuredS = Objects.requireNonNull(Report.median(runsS));
        double efficiency = load.workNs(options.seed()) / NS_PER_S / (measuredS * (ranks - 1));
        double error = predictedS[i] / measuredS - 1;
        boolean isLow = efficiency <= EFFICIENCY_LOW;
        inefficient += isLow ? 1 : 0;
        inefficientWithWork += isLow && efficiency > 0 ? 1 : 0;
        errors.add(Math.abs(error));
        table.row(
            "measured and simulated",
            workloads.get(i).name(),
            ranks,
            load.tasks(),
            measuredS,
            Arrays.stream(runsS).min().orElseThrow(),
            Arrays.stream(runsS).max().orElseThrow(),
            efficiency,
            predictedS[i],
            100 * error);
        table.point("simulated over measured", "makespans", measuredS, predictedS[i]);
      }
    }
    conclude(table, errors, inefficient, inefficientWithWork);
    return table;
  }

  private void conclude(
      StudyTable table, List<Double> errors, int inefficient, int inefficientWithWork) {
    double[] sorted = errors.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double median = Objects.requireNonNull(Report.median(sorted));
    double worst = sorted[sorted.length - 1];
    boolean isMet = median <= MEDIAN_MAX && worst <= WORST_MAX;
    metrics.put("workloads", sorted.length);
    metrics.put("workloadsOfEfficiencyUpTo70Percent", inefficient);
    metrics.put("errorMedian", Report.number(median, 4));
    metrics.put("errorMax", Report.number(worst, 4));
    metrics.put("boundMet", isMet);
    table.note(
        ("Error: median %.0f %%, worst %.0f %%; the bound of %.0f and %.0f %% is %s. Of %d runs %d"
                + " have an efficiency of %.1f or less, %d of these with tasks that do something.")
            .formatted(
                100 * median,
                100 * worst,
                100 * MEDIAN_MAX,
                100 * WORST_MAX,
                isMet ? "met" : "MISSED",
                sorted.length,
                inefficient,
                EFFICIENCY_LOW,
                inefficientWithWork));
  }

  /// What the runs of each load took, of all starts.
  private List<double[]> measuredS(ValidateLaunch launch, int ranks, List<ValidateLoad> loads) {
    List<List<Long>> all = new ArrayList<>();
    loads.forEach(_ -> all.add(new ArrayList<>()));
    for (int start = 1; start <= STARTS; start++) {
      tell(
          "running %d workloads on %d ranks, start %d of %d"
              .formatted(loads.size(), ranks, start, STARTS));
      List<List<Long>> runsNs = launch.runsNs(ranks, RUNS, loads);
      for (int i = 0; i < loads.size(); i++) {
        all.get(i).addAll(runsNs.get(i));
      }
    }
    return all.stream()
        .map(runs -> runs.stream().mapToDouble(ns -> ns / NS_PER_S).toArray())
        .toList();
  }

  private void tell(String what) {
    err.println("study: validate: " + what);
    err.flush();
  }
}
