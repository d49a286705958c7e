package dev.heddle.cli;

import dev.heddle.sim.scale.Costs;
import dev.heddle.sim.scale.Durations;
import dev.heddle.sim.scale.Machine;
import dev.heddle.sim.scale.ScaleConfig;
import dev.heddle.sim.scale.ScaleResult;
import dev.heddle.sim.scale.ScaleSimulation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `heddle study validate`: predicted against measured makespans of sleeping tasks on 2 to 64 ranks
/// of this machine.
///
/// The costs are those of `--costs`, or as shipped; nothing is fitted on the runs that are
/// predicted. The prediction is made before the run. Threading: the calling thread.
final class StudyValidation {
  private static final double NS_PER_S = 1e9;
  private static final long NS_PER_MS = 1_000_000;
  private static final int RUNS = 3;

  /// What is run: ranks, tasks, milliseconds of a task.
  private static final int[][] WORKLOADS = {
    {2, 20, 100},
    {2, 2_000, 1},
    {4, 2_000, 1},
    {4, 600, 10},
    {8, 200, 100},
    {8, 7_000, 1},
    {16, 2_000, 10},
    {16, 8_000, 1},
    {32, 4_000, 10},
    {32, 8_000, 1},
    {64, 8_000, 1},
    {64, 1_260, 100}
  };

  private static final Pattern MAKESPAN = Pattern.compile("makespanS=([0-9.]+)");

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

  StudyTable run() {
    String mpi = options.mpi();
    StudyTable table =
        new StudyTable(
            "validate",
            "Predicted against measured",
            "Sleeping tasks on ranks of this machine, "
                + (mpi == null ? "in one JVM" : "processes under " + mpi)
                + ": makespan predicted by the simulator with machine=local, then measured, the"
                + " median of "
                + RUNS
                + " runs. No parameter was fitted on these runs. Error = predicted / measured - 1.",
            "measured, s",
            "predicted, s",
            "ranks",
            "tasks",
            "taskMs",
            "measuredS",
            "measuredEfficiency",
            "predictedS",
            "errorPercent");
    List<Double> errors = new ArrayList<>();
    int inefficient = 0;
    for (int[] load : WORKLOADS) {
      int ranks = load[0];
      double predictedS = predictedS(ranks, load[1], load[2]);
      err.printf("study: validate ranks=%d tasks=%d taskMs=%d%n", ranks, load[1], load[2]);
      err.flush();
      double[] runs = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        runs[i] = measuredS(mpi, ranks, load[1], load[2]);
      }
      double measuredS = Objects.requireNonNull(Report.median(runs));
      double efficiency = load[1] * load[2] / 1e3 / (measuredS * (ranks - 1));
      double error = predictedS / measuredS - 1;
      inefficient += efficiency <= 0.7 ? 1 : 0;
      errors.add(Math.abs(error));
      table.row(
          "measured and simulated",
          ranks,
          load[1],
          load[2],
          measuredS,
          efficiency,
          predictedS,
          100 * error);
      table.point("simulated over measured", "makespans", measuredS, predictedS);
    }
    double[] sorted = errors.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    metrics.put("workloads", WORKLOADS.length);
    metrics.put("workloadsOfEfficiencyUpTo70Percent", inefficient);
    metrics.put("errorMedian", Report.number(Report.median(sorted), 4));
    metrics.put("errorMax", Report.number(sorted[sorted.length - 1], 4));
    return table;
  }

  private double predictedS(int ranks, int tasks, int taskMs) {
    Costs costs = options.costs();
    int cores = Runtime.getRuntime().availableProcessors();
    // a sleep ends as late as every other sleep of this machine
    long taskNs = taskMs * NS_PER_MS + Math.round(costs.parkNs());
    ScaleConfig config =
        ScaleConfig.of(
                ranks - 1,
                1,
                tasks,
                Durations.parse("constant", taskNs),
                Machine.of("local").withCores(cores),
                options.seed())
            .withCosts(costs);
    ScaleResult result = ScaleSimulation.run(config);
    return result.makespanNs() / NS_PER_S;
  }

  private double measuredS(@Nullable String mpi, int ranks, int tasks, int taskMs) {
    if (mpi == null) {
      return StudyReal.makespanS(ranks - 1, tasks, taskMs);
    }
    String home = System.getenv("HEDDLE_HOME");
    if (home == null) {
      throw new Unavailable("--mpi needs the heddle command: start it by 'heddle study validate'");
    }
    List<String> command =
        List.of(
            Path.of(home, "heddle").toString(),
            "run",
            "--mpi",
            mpi,
            "-n",
            String.valueOf(ranks),
            "--tiny",
            StudyReal.class.getName(),
            String.valueOf(tasks),
            String.valueOf(taskMs));
    return makespanS(command);
  }

  private static double makespanS(List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      // its own settings, not those of this process
      builder.environment().keySet().removeAll(Set.of("HEDDLE_RUN_DIR", "HEDDLE_RUN_TOKEN"));
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      Process process = builder.start();
      String text;
      try (var out = process.getInputStream()) {
        text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      }
      int code = process.waitFor();
      Matcher found = MAKESPAN.matcher(text);
      if (code != 0 || !found.find()) {
        throw new Unavailable(
            "a real run failed with exit code " + code + ": " + String.join(" ", command));
      }
      return Double.parseDouble(found.group(1));
    } catch (IOException e) {
      throw new Unavailable("a real run could not be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while a real run was going on");
    }
  }
}
