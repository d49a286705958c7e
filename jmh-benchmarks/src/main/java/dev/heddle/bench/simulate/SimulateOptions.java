package dev.heddle.bench.simulate;

import dev.heddle.bench.measure.Command;
import dev.heddle.bench.measure.CommonOptions;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.scale.Costs;
import dev.heddle.scale.Durations;
import dev.heddle.scale.Machine;
import dev.heddle.scale.ScaleConfig;
import dev.heddle.scale.ScaleFaults;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the user of `heddle simulate` may choose; filled by picocli, then read only.
@CommandLine.Command(
    name = "simulate",
    description =
        "Runs the shipped coordinator, relays and workers of a whole machine in one thread, in"
            + " virtual time.",
    footer = {
      "",
      "Everything it reports is simulated: how close that is to real runs stands in"
          + " docs/measured/scaling.md. The heddle command itself takes --heap S and --jvm-arg A."
    },
    sortOptions = false)
public final class SimulateOptions implements Command {
  private static final double NS_PER_MS = 1e6;
  private static final double TASK_MS_MAX = 3_600_000;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Ranks that run tasks (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(
      names = "--slots",
      paramLabel = "K",
      defaultValue = "1",
      description = "Tasks at once on each worker (default: ${DEFAULT-VALUE}).")
  private int slots;

  @Option(
      names = "--fanout",
      paramLabel = "F",
      defaultValue = "128",
      description = "Children of a rank at most (default: ${DEFAULT-VALUE}).")
  private int fanout;

  @Option(
      names = "--prefetch",
      paramLabel = "N",
      defaultValue = "1024",
      description =
          "Short tasks that a worker holds beyond its slots at most (default: ${DEFAULT-VALUE}).")
  private int prefetch;

  @Option(
      names = "--machine",
      paramLabel = "NAME",
      defaultValue = "frontier",
      description =
          "Network and hosts: frontier, bluewaters, alps, azure or local (default:"
              + " ${DEFAULT-VALUE}).")
  private String machine = "";

  @Option(names = "--tasks", paramLabel = "N", description = "Tasks of the run.")
  private @Nullable Long tasks;

  @Option(
      names = "--tasks-per-worker",
      paramLabel = "N",
      description = "The same for each worker (default: 10).")
  private @Nullable Long tasksPerWorker;

  @Option(
      names = "--task-ms",
      paramLabel = "MS",
      defaultValue = "1000",
      description = "Mean duration of a task (default: ${DEFAULT-VALUE}).")
  private double taskMs;

  @Option(
      names = "--task-dist",
      paramLabel = "D",
      defaultValue = "constant",
      description = "constant, exponential or lognormal:SIGMA (default: ${DEFAULT-VALUE}).")
  private String distribution = "";

  @Option(
      names = "--array",
      description =
          "All tasks are one array, summed up on its way back, in place of tasks submitted one by"
              + " one.")
  private boolean isArray;

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description =
          "What our code takes of a core, as 'heddle bench costs --costs FILE' writes it (default:"
              + " as shipped).")
  private @Nullable Path costs;

  @Option(
      names = "--faults",
      paramLabel = "FILE",
      description =
          "What goes wrong, a line each: 'die RANK AT', 'hang RANK AT FOR', 'slow RANK FACTOR',"
              + " 'delay RANK AT FOR BY', 'rate die PER_HOUR'; times in seconds.")
  private @Nullable Path faults;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Draws noise, durations and faults (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private CommonOptions common = new CommonOptions();

  private @Nullable ScaleConfig config;

  @Override
  public void check() {
    try {
      config = newConfig();
    } catch (IllegalArgumentException bad) {
      throw common.refusal(bad);
    }
    common.check();
  }

  private ScaleConfig newConfig() {
    if (tasks != null && tasksPerWorker != null) {
      throw new IllegalArgumentException(
          "--tasks and --tasks-per-worker say the same: leave out one of them");
    }
    bound("--workers", workers, 1, ScaleConfig.WORKERS_MAX);
    bound("--slots", slots, 1, ScaleConfig.SLOTS_MAX);
    bound("--fanout", fanout, 2, 4096);
    bound("--prefetch", prefetch, 0, 65_536);
    if (!(taskMs >= 0 && taskMs <= TASK_MS_MAX)) {
      throw new IllegalArgumentException("--task-ms is " + taskMs + ", but has to be 0 to 3600000");
    }
    if (tasksPerWorker != null) {
      bound("--tasks-per-worker", tasksPerWorker, 1, ScaleConfig.TASKS_MAX);
    }
    long count = tasks != null ? tasks : (tasksPerWorker != null ? tasksPerWorker : 10) * workers;
    bound(
        tasks != null ? "--tasks" : "--tasks-per-worker x --workers",
        count,
        1,
        ScaleConfig.TASKS_MAX);
    ScaleConfig basic =
        ScaleConfig.of(
                workers,
                slots,
                count,
                named(
                    "--task-dist",
                    () -> Durations.parse(distribution, Math.round(taskMs * NS_PER_MS))),
                named("--machine", () -> Machine.of(machine)),
                seed)
            .withFanout(fanout)
            .withPrefetchMax(prefetch);
    if (isArray) {
      basic = basic.withArray();
    }
    if (costs != null) {
      Path file = costs;
      basic = basic.withCosts(named("--costs", () -> Costs.read(file)));
    }
    if (faults != null) {
      Path file = faults;
      basic = basic.withFaults(named("--faults", () -> ScaleFaults.read(file)));
    }
    return basic;
  }

  private interface Reading<T> {
    T read();
  }

  private static <T> T named(String option, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  private static void bound(String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          option + " is " + value + ", but has to be " + min + " to " + max);
    }
  }

  @Override
  public boolean isHelp() {
    return common.isHelp();
  }

  @Override
  public int run(Invocation invocation) {
    return new SimulateCommand(this, invocation.out(), invocation.err()).run();
  }

  ScaleConfig config() {
    ScaleConfig checked = config;
    if (checked == null) {
      throw new IllegalStateException("help has no configuration");
    }
    return checked;
  }

  @Nullable Path json() {
    return common.json();
  }

  boolean isJsonToStdout() {
    return common.isJsonToStdout();
  }
}
