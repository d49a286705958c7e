package dev.heddle.cli;

import dev.heddle.sim.scale.Costs;
import dev.heddle.sim.scale.ScaleConfig;
import dev.heddle.sim.scale.ScaleResult;
import dev.heddle.sim.scale.ScaleSimulation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The experiments of `heddle study`, each of which fills a table.
///
/// The published figures are those of Parsl's repository and of the papers named in
/// `docs/scaling.md`, read off plots where it says *about*. Threading: the calling thread.
final class Studies {
  private static final double NS_PER_S = 1e9;
  private static final double NS_PER_US = 1e3;
  private static final long NS_PER_MS = 1_000_000;

  /// Parsl's extreme-scale executor on Blue Waters.
  private static final double EXEX_TASKS_PER_SECOND = 1_176;

  /// Processes that a machine of few cores can start in a sane time.
  private static final int MPI_RANKS_MAX = 64;

  private static final int EXEX_WORKERS = 262_144;

  private final StudyOptions options;
  private final PrintStream err;

  /// What stands in JSON at top level.
  private final Map<String, @Nullable Object> metrics = new LinkedHashMap<>();

  /// Progress goes to `err`.
  Studies(StudyOptions options, PrintStream err) {
    this.options = options;
    this.err = err;
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
    tell(
        "simulating workers=%d tasks=%d taskMs=%s"
            .formatted(
                config.workers(),
                config.tasks(),
                config.durations().meanNs() / (double) NS_PER_MS));
    ScaleResult result = ScaleSimulation.run(config);
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

  private boolean isShortEnough(int workers, long tasks, long taskMs) {
    return workers <= 64
        && Math.ceilDiv(tasks, workers) * taskMs / 1e3 <= options.realSeconds()
        && options.realSeconds() > 0;
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
    if (options.realSeconds() > 0) {
      for (int workers : new int[] {1, 8}) {
        double us = StudyReal.roundTripUs(workers, 5_000);
        table.row(StudyTable.MEASURED, "Heddle, threads", workers, 2, us);
        table.point(StudyTable.MEASURED, "Heddle, threads", workers, us);
      }
    }
    int count = 500;
    for (int workers : sizes(options.workers(262_144), 16)) {
      ScaleResult result = simulate(options.simulated(workers, count, 0).withPendingTasksMax(1));
      double us = result.makespanNs() / NS_PER_US / count;
      table.row(StudyTable.SIMULATED, "Heddle", workers, result.levels(), us);
      table.point(StudyTable.SIMULATED, "Heddle", workers, us);
    }
    table.row(StudyTable.PUBLISHED, "Parsl LLEX (Parsl #731)", 1, null, 2_190.0);
    table.row(StudyTable.PUBLISHED, "Parsl EXEX [recalled]", 1, null, 9_830.0);
    table.row(StudyTable.PUBLISHED, "Parsl HTEX [recalled]", 1, null, 6_870.0);
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
    if (options.realSeconds() > 0) {
      for (int workers : new int[] {1, 2, 8}) {
        double rate = tasks / StudyReal.makespanS(workers, tasks, 0);
        table.row(StudyTable.MEASURED, "Heddle, threads", workers, rate);
        table.point(StudyTable.MEASURED, "Heddle, threads", workers, rate);
      }
    }
    for (int workers : sizes(options.workers(262_144), 8)) {
      double rate = simulate(options.simulated(workers, tasks, 0)).tasksPerSecond();
      table.row(StudyTable.SIMULATED, "Heddle", workers, rate);
      table.point(StudyTable.SIMULATED, "Heddle", workers, rate);
    }
    table.row(StudyTable.PUBLISHED, "Parsl EXEX", EXEX_WORKERS, EXEX_TASKS_PER_SECOND);
    table.row(StudyTable.PUBLISHED, "Parsl HTEX", 65_536, 1_181.0);
    table.row(StudyTable.PUBLISHED, "Parsl-IPP", 2_048, 330.0);
    table.row(StudyTable.PUBLISHED, "Dask distributed [recalled]", 8_192, 2_617.0);
    return table;
  }

  private StudyTable strong() {
    StudyTable table =
        new StudyTable(
            "strong",
            "Strong scaling",
            "5,000 tasks of 1 s, and 50,000 of 0, 10, 100 and 1,000 ms, on ever more workers."
                + " Simulated on machine="
                + options.machine()
                + "; measured with sleeping tasks on in-process ranks.",
            "workers",
            "makespan, s",
            "system",
            "tasks",
            "taskMs",
            "workers",
            "makespanS",
            "efficiency");
    for (int[] shape :
        new int[][] {{5_000, 1000}, {50_000, 0}, {50_000, 10}, {50_000, 100}, {50_000, 1000}}) {
      String name = shape[0] + " x " + shape[1] + " ms";
      for (int workers : sizes(options.workers(262_144), 8)) {
        if (isShortEnough(workers, shape[0], shape[1])) {
          measure(table, name, workers, shape[0], shape[1]);
        }
        addSimulated(
            table, name, options.simulated(workers, shape[0], shape[1] * NS_PER_MS), workers);
      }
    }
    table.row(StudyTable.PUBLISHED, "Parsl EXEX, about", 5_000, 1000, 512, 15.0, null);
    table.row(StudyTable.PUBLISHED, "Parsl HTEX, about", 5_000, 1000, 512, 9.0, null);
    table.point(StudyTable.PUBLISHED, "EXEX 5000 x 1000 ms", 512, 15);
    table.point(StudyTable.PUBLISHED, "EXEX 5000 x 1000 ms", 8_192, 15);
    table.point(StudyTable.PUBLISHED, "HTEX 5000 x 1000 ms", 512, 9);
    table.point(StudyTable.PUBLISHED, "HTEX 5000 x 1000 ms", 2_048, 9);
    return table;
  }

  /// Runs sleeping tasks on ranks in this JVM, and on processes if an MPI was named.
  private void measure(StudyTable table, String curve, int workers, int tasks, int taskMs) {
    tell("running %d x %d ms on %d workers, threads".formatted(tasks, taskMs, workers));
    double s = StudyReal.makespanS(workers, tasks, taskMs);
    addMeasured(table, curve + ", threads", "Heddle, threads", workers, tasks, taskMs, s);
    String mpi = options.mpi();
    if (mpi != null) {
      int count = Math.min(workers, MPI_RANKS_MAX - 1);
      tell("running %d x %d ms on %d workers, %s".formatted(tasks, taskMs, count, mpi));
      double mpiS = StudyLaunch.makespanS(mpi, count, tasks, taskMs);
      addMeasured(table, curve + ", " + mpi, "Heddle, " + mpi, count, tasks, taskMs, mpiS);
    }
  }

  private static void addMeasured(
      StudyTable table,
      String curve,
      String system,
      int workers,
      long tasks,
      int taskMs,
      double s) {
    Double efficiency = taskMs == 0 ? null : tasks * taskMs / 1e3 / (s * workers);
    table.row(StudyTable.MEASURED, system, tasks, taskMs, workers, s, efficiency);
    table.point(StudyTable.MEASURED, curve, workers, s);
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
                + "; measured with sleeping tasks on in-process ranks.",
            "workers",
            "makespan, s",
            "system",
            "tasks",
            "taskMs",
            "workers",
            "makespanS",
            "efficiency");
    for (int workers : sizes(options.workers(262_144), 8)) {
      long tasks = (long) options.tasksPerWorker() * workers;
      if (isShortEnough(workers, tasks, 1000)) {
        measure(table, "Heddle", workers, (int) tasks, 1000);
      }
      addSimulated(table, "Heddle", options.simulated(workers, tasks, 1000 * NS_PER_MS), workers);
    }
    double exex = 863;
    double htex = 286;
    table.row(StudyTable.PUBLISHED, "Parsl EXEX, about", 327_680, 1000, 32_768, exex, 10 / exex);
    table.row(StudyTable.PUBLISHED, "Parsl HTEX, about", 163_840, 1000, 16_384, htex, 10 / htex);
    table.point(StudyTable.PUBLISHED, "Parsl EXEX", 32_768, exex);
    table.point(StudyTable.PUBLISHED, "Parsl HTEX", 16_384, htex);
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
