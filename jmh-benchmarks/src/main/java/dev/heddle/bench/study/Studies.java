package dev.heddle.bench.study;

import dev.heddle.bench.study.StudyReal.Load;
import dev.heddle.scale.Costs;
import dev.heddle.scale.ScaleBody;
import dev.heddle.scale.ScaleConfig;
import dev.heddle.scale.ScaleResult;
import dev.heddle.scale.ScaleSimulation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The experiments of `heddle study`, each of which fills a table.
///
/// The published figures are those of Parsl's repository and of the papers named in
/// `docs/measured/scaling.md`, read off plots where it says *about*.
///
/// Threading: the calling thread.
final class Studies {
  private static final double NS_PER_S = 1e9;
  private static final int REAL_WORKERS_MAX = 64;
  private static final double NS_PER_US = 1e3;
  private static final double US_PER_S = 1e6;
  private static final long NS_PER_MS = 1_000_000;

  /// Parsl's extreme-scale executor on Blue Waters.
  private static final double EXEX_TASKS_PER_SECOND = 1_176;

  private final StudyOptions options;
  private final PrintStream err;
  private final StudyLaunch real;

  /// What stands in JSON at top level.
  private final Map<String, @Nullable Object> metrics = new LinkedHashMap<>();

  /// Progress goes to `err`.
  Studies(StudyOptions options, PrintStream err) {
    this.options = options;
    this.err = err;
    this.real = new StudyLaunch(options.mpi(), options.realSeconds(), err);
  }

  Map<String, @Nullable Object> metrics() {
    return metrics;
  }

  /// Runs one by its name.
  StudyTable run(String study) {
    return switch (study) {
      case "latency" -> latency();
      case "throughput" -> throughput();
      case "strong" -> strong();
      case "weak" -> weak();
      case "sweep" -> sweep();
      case "metg" -> new StudyMetg(options, metrics, this::simulate).run();
      case "peers-check" -> peersCheck();
      case "validate" -> new StudyValidation(options, err, metrics).run();
      default -> throw new IllegalStateException("study=" + study);
    };
  }

  private void tell(String what) {
    err.println("study: " + what);
    err.flush();
  }

  private ScaleResult simulate(ScaleConfig config) {
    return simulate(config, ScaleBody.FLOOD);
  }

  private ScaleResult simulate(ScaleConfig config, ScaleBody body) {
    tell(
        "simulating workers=%d tasks=%d taskMs=%s"
            .formatted(
                config.workers(),
                config.tasks(),
                config.durations().meanNs() / (double) NS_PER_MS));
    ScaleResult result = ScaleSimulation.run(config, body);
    tell("  took %.1f s".formatted(result.wallNs() / NS_PER_S));
    return result;
  }

  /// 1, 8, 64 and so on up to `max`, which is the last.
  static List<Integer> sizes(int max, int factor) {
    List<Integer> sizes = new ArrayList<>();
    for (long size = 1; size < max; size *= factor) {
      sizes.add((int) size);
    }
    sizes.add(max);
    return sizes;
  }

  /// Workers of measured runs.
  private List<Integer> realSizes() {
    int max = options.workers(REAL_WORKERS_MAX);
    return sizes(REAL_WORKERS_MAX, 8).stream().filter(size -> size <= max).toList();
  }

  // ---- the paper's experiments

  private StudyTable latency() {
    StudyTable table =
        new StudyTable(
            "latency",
            "Latency of a lone task",
            "No-op tasks, each submitted when the one before is done. Mean of a round trip, by"
                + " depth of the tree. Simulated on machine="
                + options.machine()
                + ".",
            "workers",
            "round trip, us",
            "system",
            "workers",
            "levels",
            "meanUs");
    for (String system : real.systems()) {
      for (int wanted : realSizes()) {
        int workers = StudyLaunch.workers(system, wanted);
        // one worker has a core to itself, and its lone tasks take microseconds
        Load lone = new Load(true, workers == 1 ? 20_000 : 500, 0);
        double us = real.seconds(system, workers, List.of(lone))[0] * US_PER_S / lone.tasks();
        table.row(StudyTable.MEASURED, "Heddle, " + system, workers, 2, us);
        table.point(StudyTable.MEASURED, "Heddle, " + system, workers, us);
      }
    }
    int count = 500;
    for (int workers : sizes(options.workers(262_144), 16)) {
      ScaleResult result = simulate(options.simulated(workers, count, 0).withPendingTasksMax(1));
      double us = result.makespanNs() / NS_PER_US / count;
      table.row(StudyTable.SIMULATED, "Heddle", workers, result.levels(), us);
      table.point(StudyTable.SIMULATED, "Heddle", workers, us);
    }
    published(table, "Parsl LLEX (Parsl #731)", 2_190, true);
    published(table, "Parsl EXEX [recalled]", 9_830, true);
    published(table, "Parsl HTEX [recalled]", 6_870, true);
    return table;
  }

  private StudyTable throughput() {
    StudyTable table =
        new StudyTable(
            "throughput",
            "Throughput of no-op tasks",
            "50,000 no-op tasks submitted one by one, divided by the time to the last result."
                + " Simulated on machine="
                + options.machine()
                + ".",
            "workers",
            "tasks/s",
            "system",
            "workers",
            "tasksPerSecond");
    int tasks = 50_000;
    Load load = new Load(false, tasks, 0);
    for (String system : real.systems()) {
      for (int wanted : realSizes()) {
        int workers = StudyLaunch.workers(system, wanted);
        double rate = tasks / real.seconds(system, workers, List.of(load))[0];
        table.row(StudyTable.MEASURED, "Heddle, " + system, workers, rate);
        table.point(StudyTable.MEASURED, "Heddle, " + system, workers, rate);
      }
    }
    for (int workers : sizes(options.workers(262_144), 8)) {
      double rate = simulate(options.simulated(workers, tasks, 0)).tasksPerSecond();
      table.row(StudyTable.SIMULATED, "Heddle", workers, rate);
      table.point(StudyTable.SIMULATED, "Heddle", workers, rate);
    }
    // Their most workers were another experiment, on another machine.
    published(table, "Parsl EXEX", EXEX_TASKS_PER_SECOND, false);
    published(table, "Parsl HTEX", 1_181, false);
    published(table, "Parsl-IPP", 330, false);
    published(table, "Dask distributed [recalled]", 2_617, false);
    return table;
  }

  /// A figure that was published for no number of workers.
  private static void published(StudyTable table, String system, double figure, boolean hasLevels) {
    if (hasLevels) {
      table.row(StudyTable.PUBLISHED, system, null, null, figure);
    } else {
      table.row(StudyTable.PUBLISHED, system, null, figure);
    }
    table.level(StudyTable.PUBLISHED, system, figure);
  }

  private StudyTable strong() {
    StudyTable table =
        new StudyTable(
            "strong",
            "Strong scaling",
            "5,000 tasks of 1 s, and 50,000 of 0, 10, 100 and 1,000 ms, on ever more workers."
                + " Simulated on machine="
                + options.machine()
                + "; measured with sleeping tasks.",
            "workers",
            "makespan, s",
            "system",
            "tasks",
            "taskMs",
            "workers",
            "makespanS",
            "efficiency");
    List<Load> loads =
        List.of(
            new Load(false, 5_000, 1000),
            new Load(false, 50_000, 0),
            new Load(false, 50_000, 10),
            new Load(false, 50_000, 100),
            new Load(false, 50_000, 1000));
    List<Integer> sizes = sizes(options.workers(262_144), 8);
    for (String system : real.systems()) {
      for (int workers : sizes) {
        measure(table, system, workers, loads);
      }
    }
    for (Load load : loads) {
      for (int workers : sizes) {
        addSimulated(
            table,
            name(load),
            options.simulated(workers, load.tasks(), load.taskMs() * NS_PER_MS),
            workers);
      }
    }
    table.row(StudyTable.PUBLISHED, "Parsl EXEX, about", 5_000, 1000, 512, 15.0, null);
    table.row(StudyTable.PUBLISHED, "Parsl HTEX, about", 5_000, 1000, 512, 9.0, null);
    table.point(StudyTable.PUBLISHED, "Parsl EXEX, 5,000 x 1 s, about", 512, 15);
    table.point(StudyTable.PUBLISHED, "Parsl EXEX, 5,000 x 1 s, about", 8_192, 15);
    table.point(StudyTable.PUBLISHED, "Parsl HTEX, 5,000 x 1 s, about", 512, 9);
    table.point(StudyTable.PUBLISHED, "Parsl HTEX, 5,000 x 1 s, about", 2_048, 9);
    return table;
  }

  private static String name(Load load) {
    return String.format(Locale.ROOT, "%,d x %,d ms", load.tasks(), load.taskMs());
  }

  /// Runs those loads that are over soon enough.
  private void measure(StudyTable table, String system, int wanted, List<Load> all) {
    List<Load> loads = real.shortOnes(wanted, all);
    if (loads.isEmpty()) {
      return;
    }
    int workers = StudyLaunch.workers(system, wanted);
    double[] seconds = real.seconds(system, workers, loads);
    for (int i = 0; i < seconds.length; i++) {
      Load load = loads.get(i);
      double s = seconds[i];
      Double efficiency =
          load.taskMs() == 0 ? null : load.tasks() * load.taskMs() / 1e3 / (s * workers);
      table.row(
          StudyTable.MEASURED,
          "Heddle, " + system,
          load.tasks(),
          load.taskMs(),
          workers,
          s,
          efficiency);
      String of = table.id().equals("weak") ? "Heddle" : name(load);
      table.point(StudyTable.MEASURED, of + ", " + system, workers, s);
    }
  }

  private void addSimulated(StudyTable table, String curve, ScaleConfig config, int workers) {
    ScaleResult result = simulate(config);
    double s = result.makespanNs() / NS_PER_S;
    Double efficiency = Double.isNaN(result.efficiency()) ? null : result.efficiency();
    table.row(
        StudyTable.SIMULATED,
        "Heddle",
        config.tasks(),
        config.durations().meanNs() / NS_PER_MS,
        workers,
        s,
        efficiency);
    table.point(StudyTable.SIMULATED, curve, workers, s);
  }

  private StudyTable weak() {
    StudyTable table =
        new StudyTable(
            "weak",
            "Weak scaling",
            options.tasksPerWorker()
                + " tasks of 1 s per worker. Simulated on machine="
                + options.machine()
                + "; measured with sleeping tasks.",
            "workers",
            "makespan, s",
            "system",
            "tasks",
            "taskMs",
            "workers",
            "makespanS",
            "efficiency");
    List<Integer> sizes = sizes(options.workers(262_144), 8);
    for (String system : real.systems()) {
      for (int wanted : sizes) {
        int tasks = options.tasksPerWorker() * StudyLaunch.workers(system, wanted);
        measure(table, system, wanted, List.of(new Load(false, tasks, 1000)));
      }
    }
    for (int workers : sizes) {
      long tasks = (long) options.tasksPerWorker() * workers;
      addSimulated(table, "Heddle", options.simulated(workers, tasks, 1000 * NS_PER_MS), workers);
    }
    double exex = 863;
    double htex = 286;
    table.row(StudyTable.PUBLISHED, "Parsl EXEX, about", 327_680, 1000, 32_768, exex, 10 / exex);
    table.row(StudyTable.PUBLISHED, "Parsl HTEX, about", 163_840, 1000, 16_384, htex, 10 / htex);
    table.point(StudyTable.PUBLISHED, "Parsl EXEX, about", 32_768, exex);
    table.point(StudyTable.PUBLISHED, "Parsl HTEX, about", 16_384, htex);
    return table;
  }

  // ---- what decides

  private StudyTable sweep() {
    int workers = options.workers(8_192);
    long taskNs = 2 * NS_PER_MS;
    long tasks = (long) options.tasksPerWorker() * workers;
    StudyTable table =
        new StudyTable(
            "sweep",
            "What decides: fan-out, prefetch, the coordinator's cost",
            "workers=%,d, %d tasks of 2 ms each: short enough that the coordinator is the bound. Simulated"
                    .formatted(workers, options.tasksPerWorker())
                + " on machine="
                + options.machine()
                + " with today's cores; the band of the coordinator's cost is 0.1 to 2 us per task,"
                + " messages aside.",
            "coordinator's cost, us per task",
            "tasks/s",
            "varied",
            "value",
            "makespanS",
            "efficiency",
            "tasksPerSecond");
    ScaleConfig base = options.simulated(workers, tasks, taskNs);
    for (int fanout : new int[] {16, 32, 64, 128, 256, 512}) {
      addSweep(table, "fan-out", fanout, base.withFanout(fanout));
    }
    for (int prefetch : new int[] {0, 1, 16, 1024}) {
      addSweep(table, "prefetch", prefetch, base.withPrefetchMax(prefetch));
    }
    Costs costs = options.costs();
    for (double us : new double[] {0.1, 0.2, 0.5, 1, 2}) {
      Costs other = costs.withCoordinatorNs(us * NS_PER_US, "coordinator's cost varied");
      ScaleResult result = addSweep(table, "coordinator's cost, us", us, base.withCosts(other));
      table.point(StudyTable.SIMULATED, "tasks/s", us, result.tasksPerSecond());
    }
    return table;
  }

  private ScaleResult addSweep(StudyTable table, String varied, double value, ScaleConfig config) {
    ScaleResult result = simulate(config);
    table.row(
        StudyTable.SIMULATED,
        varied,
        value,
        result.makespanNs() / NS_PER_S,
        result.efficiency(),
        result.tasksPerSecond());
    return result;
  }

  /// The costs of other systems put in place of ours, against what these systems showed.
  private StudyTable peersCheck() {
    StudyTable table =
        new StudyTable(
            "peers-check",
            "Others' costs in place of ours",
            "If the coordinator took as long per task as Parsl's EXEX or one server of ADLB does,"
                + " would what they showed come out? No-op tasks on machine="
                + options.machine()
                + ". A check of the simulator, not of those systems.",
            "tasks/s shown",
            "tasks/s simulated",
            "system",
            "costUsPerTask",
            "workers",
            "tasksPerSecond",
            "shown",
            "ratio");
    addPeer(table, "Parsl EXEX", EXEX_TASKS_PER_SECOND, 8_192, 20_000);
    addPeer(table, "one ADLB server, least", 75_000, 1_024, 100_000);
    addPeer(table, "one ADLB server, most", 200_000, 1_024, 200_000);
    return table;
  }

  private void addPeer(StudyTable table, String system, double shown, int workers, long tasks) {
    // Their cost is the whole of what a task takes there, messages included.
    Costs costs = options.costs().withoutMessages();
    Costs theirs = costs.withCoordinatorNs(NS_PER_S / shown, system);
    ScaleResult result = simulate(options.simulated(workers, tasks, 0).withCosts(theirs));
    table.row(
        StudyTable.SIMULATED,
        system,
        NS_PER_S / shown / NS_PER_US,
        workers,
        result.tasksPerSecond(),
        shown,
        result.tasksPerSecond() / shown);
    table.point(StudyTable.SIMULATED, system, shown, result.tasksPerSecond());
  }
}
