package dev.heddle.bench.study;

import dev.heddle.bench.measure.Report;
import dev.heddle.scale.Costs;
import dev.heddle.scale.Durations;
import dev.heddle.scale.Machine;
import dev.heddle.scale.ScaleBody;
import dev.heddle.scale.ScaleConfig;
import dev.heddle.scale.ScaleSimulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What `study validate` predicts with: this machine's costs, measured in launches of their own,
/// and the simulator.
///
/// Shape: costs with the lateness and the cost of a look that ranks here have; the slot's and the
/// body's own times; what waking up costs. Only the last needs the simulator to be told from the
/// rest, see [#waking]. Threading: none of its own.
///
/// @param costs of our code
/// @param handOverNs a lone task's way through a slot and back through the body's wait
/// @param taskLateNs a sleeping task ends so late
/// @param waking as of [ScaleBody]
/// @param seed of durations and noise
record ValidateModel(
    Costs costs, double handOverNs, double taskLateNs, ScaleBody.Waking waking, long seed) {
  /// Ranks on which waking up is measured, per core: so many that they share cores, and so few that
  /// idle ones leave most of these alone.
  private static final int RANKS_PER_CORE = 4;

  private static final int RANKS_MAX = 64;
  private static final int CALIBRATION_RUNS = 3;

  /// Microseconds differ from one start of a JVM to the next, by the cores that its threads are on:
  /// medians of five starts were 0.3 to 6.6 µs.
  private static final int HOT_STARTS = 11;

  private static final double HALF_LOOKS_MIN = 1;
  private static final double HALF_LOOKS_MAX = 1_000;
  private static final double HALF_LOOKS_STEP = 1.3;

  /// Steps towards a time that is nearly linear in what is looked for.
  private static final int FITS = 4;

  private static final double NS_PER_US = 1e3;

  /// Lone tasks that do nothing, on one worker.
  private static final ValidateLoad HOT = ValidateLoad.parse("noop:20000:1:0:constant");

  /// Lone tasks that are short beside any sleep of an idle rank.
  private static final ValidateLoad SHALLOW = ValidateLoad.parse("sleep:500:1:100:constant");

  /// Measures all of it, for `ranksMin` ranks and more; `told` hears what is going on. Errors:
  /// [StudyValidation.Unavailable].
  static ValidateModel measure(
      ValidateLaunch launch,
      @Nullable Costs given,
      int ranksMin,
      long seed,
      Consumer<String> told) {
    Costs costs = given;
    if (costs == null) {
      told.accept("measuring what our code takes of a core in such JVMs");
      costs = Costs.parse(launch.costs(), "heddle bench costs");
    }
    int cores = Runtime.getRuntime().availableProcessors();
    int deepRanks = deepRanks();
    int shallowRanks = Math.min(RANKS_MAX - 1, cores + 1);
    told.accept("measuring what waking up costs, on %d ranks".formatted(deepRanks));
    double[] woke = launch.wokeNs(deepRanks);
    costs = costs.withLookNs(woke[0]).withParkNs(woke[1]);
    double handOverNs = 0;
    if (launch.mpi() != null && ranksMin <= cores) {
      // it is nothing beside waking up, where ranks share cores
      told.accept("measuring lone tasks on threads of one JVM");
      List<Long> hotRunsNs = new ArrayList<>();
      for (int start = 0; start < HOT_STARTS; start++) {
        hotRunsNs.addAll(launch.runsNsWithoutMpi(2, CALIBRATION_RUNS, List.of(HOT)).getFirst());
      }
      double hotNs = medianNs(hotRunsNs);
      ValidateModel local =
          new ValidateModel(costs.withoutMpi(), 0, 0, ScaleBody.Waking.FREE, seed);
      handOverNs = Math.max(0, (hotNs - local.predictedNs(2, HOT)) / HOT.tasks());
    }
    told.accept("measuring short lone tasks, on %d ranks".formatted(shallowRanks));
    double shallowNs =
        medianNs(launch.runsNs(shallowRanks, CALIBRATION_RUNS, List.of(SHALLOW)).getFirst());
    ValidateModel model =
        new ValidateModel(costs, handOverNs, costs.parkNs(), ScaleBody.Waking.FREE, seed);
    return model.calibrated(deepRanks, woke, shallowRanks, shallowNs);
  }

  /// On more ranks than this they wake up together.
  static int deepRanks() {
    return Math.min(RANKS_MAX, RANKS_PER_CORE * Runtime.getRuntime().availableProcessors());
  }

  /// With what waking up costs, told from the waiting: two programs, of lone tasks that sleep, are
  /// simulated for a number of candidates, and the one is taken with which both take as long as
  /// they did in reality.
  ///
  /// Shape: `woke` are the numbers of [ValidateRun].
  ValidateModel calibrated(int deepRanks, double[] woke, int shallowRanks, double shallowNs) {
    double share = share(deepRanks, woke);
    ValidateModel best = this;
    double bestError = Double.MAX_VALUE;
    for (double half = HALF_LOOKS_MIN; half <= HALF_LOOKS_MAX; half *= HALF_LOOKS_STEP) {
      ValidateModel candidate = fitted(deepRanks, woke[2], share, half);
      double error = Math.abs(candidate.predictedNs(shallowRanks, SHALLOW) / shallowNs - 1);
      if (error < bestError) {
        bestError = error;
        best = candidate;
      }
    }
    return best;
  }

  /// The part of what a lone task waits too long that is on its way to the worker.
  private double share(int ranks, double[] woke) {
    // a message finds its receiver in the middle of a sleep of the longest kind
    double halfNs = (ValidateRun.parkNsMax(ranks) + costs.parkNs() + costs.lookNs()) / 2;
    double down = Math.max(1, woke[3] - halfNs - woke[1]);
    double up = Math.max(1, woke[4] - halfNs);
    return down / (down + up);
  }

  /// The same for so many ranks that they wake up together, with `woke` of as many: with what their
  /// lone tasks of that length wait longer than they do in the simulator.
  ValidateModel crowded(int ranks, double[] woke) {
    double share = share(ranks, woke);
    ValidateModel model = new ValidateModel(costs, handOverNs, woke[1], waking, seed);
    double delayNs = 0;
    for (int i = 0; i < FITS; i++) {
      model =
          model.with(
              new ScaleBody.Waking(
                  waking.taskNs(),
                  waking.resultNs(),
                  waking.halfLooks(),
                  share * delayNs,
                  (1 - share) * delayNs));
      double ns = model.loneNs(ranks);
      delayNs = Math.max(0, delayNs + woke[2] - ns);
    }
    return model;
  }

  /// With as much of `share` and of the rest as makes lone tasks that sleep long take `loneNs`.
  private ValidateModel fitted(int ranks, double loneNs, double share, double half) {
    ValidateModel model = this;
    double mostNs = 0;
    for (int i = 0; i < FITS; i++) {
      model = with(new ScaleBody.Waking(share * mostNs, (1 - share) * mostNs, half));
      double ns = model.loneNs(ranks);
      mostNs = Math.max(0, mostNs + loneNs - ns);
    }
    return model;
  }

  /// What a task of [ValidateRun#lone] takes.
  double loneNs(int ranks) {
    ValidateLoad lone = ValidateRun.lone(ranks);
    return predictedNs(ranks, lone) / lone.tasks();
  }

  private ValidateModel with(ScaleBody.Waking other) {
    return new ValidateModel(costs, handOverNs, taskLateNs, other, seed);
  }

  private static double medianNs(List<Long> values) {
    return Objects.requireNonNull(
        Report.median(values.stream().mapToDouble(Long::doubleValue).toArray()));
  }

  /// The makespan of a load, as [ValidateRun] measures it: the median of the runs that count,
  /// behind those that don't, in the same ranks.
  double predictedNs(int ranks, ValidateLoad load) {
    int runs = ValidateRun.WARM_UPS + StudyValidation.RUNS;
    boolean isSleeping = load.kind() == ValidateLoad.Kind.SLEEP;
    Durations durations =
        load.kind() == ValidateLoad.Kind.NOOP ? Durations.parse("constant", 0) : load.durations();
    ScaleConfig config =
        ScaleConfig.of(
                ranks - 1,
                1,
                (long) runs * load.tasks(),
                durations,
                Machine.of("local").withCores(Runtime.getRuntime().availableProcessors()),
                seed)
            .withCosts(costs);
    ScaleBody body =
        new ScaleBody(
            load.width(),
            runs,
            load.kind() == ValidateLoad.Kind.COMPUTE,
            isSleeping ? taskLateNs : 0,
            handOverNs / 2,
            handOverNs / 2,
            waking);
    long[] ns = ScaleSimulation.runsNs(config, body);
    return medianNs(Arrays.stream(ns, ValidateRun.WARM_UPS, runs).boxed().toList());
  }

  /// For people.
  String text() {
    return ("a look takes %.1f us of a core, a sleep ends %.0f us late, a lone task's hand-over"
            + " takes %.1f us; waking up takes up to %.0f us for a task, %.0f us for a result, half"
            + " of it after %.0f looks of others")
        .formatted(
            costs.lookNs() / NS_PER_US,
            costs.parkNs() / NS_PER_US,
            handOverNs / NS_PER_US,
            waking.taskNs() / NS_PER_US,
            waking.resultNs() / NS_PER_US,
            waking.halfLooks());
  }

  /// By the key of the report.
  Map<String, @Nullable Object> metrics() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("lookUs", Report.number(costs.lookNs() / NS_PER_US, 1));
    map.put("sleepLateUs", Report.number(costs.parkNs() / NS_PER_US, 1));
    map.put("handOverUs", Report.number(handOverNs / NS_PER_US, 2));
    map.put("wakeTaskUs", Report.number(waking.taskNs() / NS_PER_US, 1));
    map.put("wakeResultUs", Report.number(waking.resultNs() / NS_PER_US, 1));
    map.put("wakeHalfLooks", Report.number(waking.halfLooks(), 1));
    return map;
  }
}
