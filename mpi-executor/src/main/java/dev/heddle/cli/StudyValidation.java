package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.sim.scale.Costs;
import dev.heddle.sim.scale.Durations;
import dev.heddle.sim.scale.Machine;
import dev.heddle.sim.scale.ScaleBody;
import dev.heddle.sim.scale.ScaleConfig;
import dev.heddle.sim.scale.ScaleSimulation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `heddle study validate`: predicted against measured makespans on 2 to 64 real ranks of this
/// machine, of workloads of which most waste more of their slots than they use.
///
/// Nothing is fitted on the runs that are predicted. What code takes of a core is of `--costs`, or
/// measured before by `bench costs` in a JVM with the flags of the ranks; what waking up costs is
/// measured in a launch of its own, on idle ranks and with lone tasks ([ValidateRun]). Threading:
/// the calling thread.
final class StudyValidation {
  private static final double NS_PER_S = 1e9;
  private static final int RUNS = 3;
  private static final int[] RANKS = {2, 4, 8, 16, 32, 64};

  /// Ranks on which waking up is measured: more than a small machine has cores, and few enough that
  /// idle ones leave most of these alone.
  private static final int WAKING_RANKS = 8;

  private static final double EFFICIENCY_LOW = 0.7;
  private static final double MEDIAN_MAX = 0.15;
  private static final double WORST_MAX = 0.30;

  /// Small JVMs, since 64 have to fit; methods are compiled soon, so that warm-ups are short; room
  /// for rank 0's futures.
  private static final List<String> JVM =
      List.of("--tiny", "--heap", "512m", "--jvm-arg", "-XX:CompileThresholdScaling=0.05");

  /// One of the workloads.
  ///
  /// @param name in the table
  /// @param load for a number of ranks
  private record Workload(String name, ValidateLoad load) {}

  /// What waking up costs on ranks that share cores.
  ///
  /// @param lookNs of a core, for a sleep and the look after it
  /// @param taskNs as of [ScaleBody]
  /// @param resultNs as of [ScaleBody]
  private record Waking(double lookNs, double taskNs, double resultNs) {}

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
                + " runs. No parameter was fitted on these runs. Error = predicted / measured - 1.",
            "measured, s",
            "predicted, s",
            "workload",
            "ranks",
            "tasks",
            "measuredS",
            "measuredEfficiency",
            "predictedS",
            "errorPercent");
    Costs costs = costs(mpi);
    if (metrics.containsKey("costs")) {
      table.note("Costs here: " + costs.conditions() + ".");
    }
    Waking waking = waking(mpi, costs);
    List<Double> errors = new ArrayList<>();
    int inefficient = 0;
    int inefficientWithWork = 0;
    Integer only = options.ranks();
    for (int ranks : only == null ? RANKS : new int[] {only}) {
      List<Workload> workloads = workloads(ranks);
      List<ValidateLoad> loads = workloads.stream().map(Workload::load).toList();
      double[] predictedS =
          loads.stream().mapToDouble(load -> predictedS(ranks, load, costs, waking)).toArray();
      tell("running %d workloads on %d ranks".formatted(loads.size(), ranks));
      double[] measuredS = measuredS(mpi, ranks, loads);
      for (int i = 0; i < measuredS.length; i++) {
        ValidateLoad load = loads.get(i);
        double efficiency = load.workNs(options.seed()) / NS_PER_S / (measuredS[i] * (ranks - 1));
        double error = predictedS[i] / measuredS[i] - 1;
        boolean isLow = efficiency <= EFFICIENCY_LOW;
        inefficient += isLow ? 1 : 0;
        inefficientWithWork += isLow && efficiency > 0 ? 1 : 0;
        errors.add(Math.abs(error));
        table.row(
            "measured and simulated",
            workloads.get(i).name(),
            ranks,
            load.tasks(),
            measuredS[i],
            efficiency,
            predictedS[i],
            100 * error);
        table.point("simulated over measured", "makespans", measuredS[i], predictedS[i]);
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

  private void tell(String what) {
    err.println("study: validate: " + what);
    err.flush();
  }

  // ---- the prediction

  private double predictedS(int ranks, ValidateLoad load, Costs measured, Waking waking) {
    Costs costs = measured.withLookNs(waking.lookNs());
    boolean isSleeping = load.kind() == ValidateLoad.Kind.SLEEP;
    Durations durations =
        load.kind() == ValidateLoad.Kind.NOOP ? Durations.parse("constant", 0) : load.durations();
    ScaleConfig config =
        ScaleConfig.of(
                ranks - 1,
                1,
                load.tasks(),
                durations,
                Machine.of("local").withCores(Runtime.getRuntime().availableProcessors()),
                options.seed())
            .withCosts(costs);
    ScaleBody body =
        new ScaleBody(
            load.width(),
            load.kind() == ValidateLoad.Kind.COMPUTE,
            // a sleep ends as late as every other sleep of this machine
            isSleeping ? costs.parkNs() : 0,
            waking.taskNs(),
            waking.resultNs());
    return ScaleSimulation.run(config, body).makespanNs() / NS_PER_S;
  }

  /// Of a JVM with the flags of the ranks, unless `--costs` says what they are.
  private Costs costs(@Nullable String mpi) {
    if (mpi == null || options.hasCosts()) {
      return options.costs();
    }
    tell("measuring what our code takes of a core in such JVMs");
    List<String> command = new ArrayList<>(List.of(heddle(), "bench", "costs"));
    command.addAll(List.of("--in-flight", "9600"));
    command.addAll(JVM);
    Costs costs = Costs.parse(String.join("\n", launch(command)), "heddle bench costs");
    metrics.put("costs", costs.toMap());
    return costs;
  }

  private Waking waking(@Nullable String mpi, Costs costs) {
    tell("measuring what waking up costs");
    for (String[] line : lines(mpi, WAKING_RANKS, 0, List.of())) {
      if (line[0].equals("woke")) {
        double lookNs = Double.parseDouble(line[1]);
        // a message finds its receiver in the middle of a sleep of the longest kind
        double halfNs = (ScaleConfig.PARK_NS_MAX + costs.parkNs() + lookNs) / 2;
        Waking waking =
            new Waking(
                lookNs,
                Math.max(0, Double.parseDouble(line[2]) - halfNs - costs.parkNs()),
                Math.max(0, Double.parseDouble(line[3]) - halfNs));
        tell(
            "a look takes %.1f us; a task finds a sleeping rank %.0f us, a result %.0f us late"
                .formatted(waking.lookNs / 1e3, waking.taskNs / 1e3, waking.resultNs / 1e3));
        metrics.put("lookUs", Report.number(waking.lookNs / 1e3, 1));
        metrics.put("wakeTaskUs", Report.number(waking.taskNs / 1e3, 1));
        metrics.put("wakeResultUs", Report.number(waking.resultNs / 1e3, 1));
        return waking;
      }
    }
    throw new Unavailable("the run that measures what waking up costs said nothing");
  }

  // ---- the real runs

  private double[] measuredS(@Nullable String mpi, int ranks, List<ValidateLoad> loads) {
    double[][] runs = new double[loads.size()][RUNS];
    int found = 0;
    for (String[] line : lines(mpi, ranks, RUNS, loads)) {
      if (line[0].equals("ran")) {
        runs[Integer.parseInt(line[1])][Integer.parseInt(line[2])] =
            Double.parseDouble(line[3]) / NS_PER_S;
        found++;
      }
    }
    if (found != loads.size() * RUNS) {
      throw new Unavailable("a real run on " + ranks + " ranks told " + found + " results only");
    }
    return Arrays.stream(runs).mapToDouble(s -> Objects.requireNonNull(Report.median(s))).toArray();
  }

  /// The words of the lines that a run of [ValidateRun] prints.
  private List<String[]> lines(
      @Nullable String mpi, int ranks, int runs, List<ValidateLoad> loads) {
    String text = mpi == null ? inProcess(ranks, runs, loads) : launched(mpi, ranks, runs, loads);
    return text.lines().map(line -> line.split(" ", -1)).toList();
  }

  private String inProcess(int ranks, int runs, List<ValidateLoad> loads) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    HeddleConfig config =
        HeddleConfig.builder()
            .serializablePackages(StudyValidation.class.getPackageName())
            .slots(1)
            .localRanks(ranks)
            .build();
    ValidateRun.run(
        body -> {
          boolean _ = Heddle.run(config, new String[0], body);
        },
        loads,
        runs,
        options.seed(),
        out);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private String launched(String mpi, int ranks, int runs, List<ValidateLoad> loads) {
    List<String> command = new ArrayList<>(List.of(heddle(), "run", "--mpi", mpi));
    command.addAll(List.of("-n", Integer.toString(ranks)));
    command.addAll(JVM);
    command.addAll(List.of(ValidateRun.class.getName(), Integer.toString(runs)));
    command.add(Long.toString(options.seed()));
    loads.forEach(load -> command.add(load.text()));
    return String.join("\n", launch(command));
  }

  private static String heddle() {
    String home = System.getenv("HEDDLE_HOME");
    if (home == null) {
      throw new Unavailable("--mpi needs the heddle command: start it by 'heddle study validate'");
    }
    return Path.of(home, "heddle").toString();
  }

  private static List<String> launch(List<String> command) {
    try {
      return StartupLaunch.of(command, new LinkedHashMap<>()).lines();
    } catch (IOException | BenchFailure e) {
      throw new Unavailable(
          "a real run failed: " + String.join(" ", command) + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while a real run was going on");
    }
  }
}
