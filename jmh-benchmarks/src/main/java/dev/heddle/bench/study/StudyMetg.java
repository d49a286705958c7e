package dev.heddle.bench.study;

import dev.heddle.bench.measure.Report;
import dev.heddle.scale.ScaleBody;
import dev.heddle.scale.ScaleConfig;
import dev.heddle.scale.ScaleFloor;
import dev.heddle.scale.ScaleResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// `heddle study metg`: the shortest tasks with which half of the workers' time is used, submitted
/// one by one or as one array, at one size, or both at several.
///
/// Threading: the calling thread.
final class StudyMetg {
  private static final double NS_PER_MS = 1e6;
  private static final int STEPS_MAX = 8;
  private static final double TOLERANCE = 0.01;

  /// Where none was named, as far as there may be so many.
  private static final int[] SIZES = {8_192, 65_536, 262_144, 1_048_576};

  private final StudyOptions options;
  private final Map<String, @Nullable Object> metrics;
  private final BiFunction<ScaleConfig, ScaleBody, ScaleResult> simulate;

  /// What is found goes to `metrics`; `simulate` runs one.
  StudyMetg(
      StudyOptions options,
      Map<String, @Nullable Object> metrics,
      BiFunction<ScaleConfig, ScaleBody, ScaleResult> simulate) {
    this.options = options;
    this.metrics = metrics;
    this.simulate = simulate;
  }

  StudyTable run() {
    StudyTable table =
        new StudyTable(
            "metg",
            "METG(50 %) of " + options.pattern(),
            "The shortest tasks with which half of the workers' time is used, from the submit to"
                + " the last result on rank 0: "
                + options.tasksPerWorker()
                + " tasks for each worker. An array follows another one of a place per worker, since"
                + " how long the ranks have slept decides most of what it takes. The floor of tasks one by one is what rank 0's core"
                + " takes for them, messages aside; that of an array is the way down the tree and"
                + " back if nobody slept and combining took nothing. Simulated on machine="
                + options.machine()
                + ".",
            "workers",
            "METG, ms",
            "submitted",
            "workers",
            "levels",
            "metgMs",
            "efficiency",
            "floorMs");
    List<Boolean> forms = new ArrayList<>();
    boolean isSeveral = options.hasSeveralSizes();
    if (isSeveral || !options.isArray()) {
      forms.add(false);
    }
    if (isSeveral || options.isArray()) {
      forms.add(true);
    }
    for (boolean isArray : forms) {
      for (int workers : sizes()) {
        add(table, workers, isArray);
      }
    }
    return table;
  }

  private List<Integer> sizes() {
    List<Integer> sizes = new ArrayList<>();
    if (options.hasSeveralSizes()) {
      for (int size : SIZES) {
        if (size <= options.workers(262_144)) {
          sizes.add(size);
        }
      }
    }
    if (sizes.isEmpty()) {
      sizes.add(options.workers(8_192));
    }
    return sizes;
  }

  private ScaleConfig config(int workers, boolean isArray, double taskNs) {
    long tasks = (long) options.tasksPerWorker() * workers;
    ScaleConfig config = options.simulated(workers, tasks, Math.round(taskNs));
    return isArray ? config.withArray() : config;
  }

  /// Whatever the tasks' length, one of two things costs the time: rank 0, so that the makespan
  /// stays, or the way there and back, so that what it has beside the work stays. The next guess is
  /// what would have half of the time used if that were all.
  private void add(StudyTable table, int workers, boolean isArray) {
    int perWorker = options.tasksPerWorker();
    double floorNs =
        isArray
            ? ScaleFloor.ns(config(workers, true, 1)) / perWorker
            : workers * options.costs().coordinatorNs() / 2;
    double taskNs = Math.max(1_000, isArray ? 4 * floorNs : workers * 200.0 + floorNs);
    double lowNs = 0;
    double lowEfficiency = 0;
    double highNs = 0;
    double highEfficiency = 1;
    int levels = 0;
    ScaleBody body = isArray ? ScaleBody.behindArray(workers) : ScaleBody.FLOOD;
    for (int i = 0; i < STEPS_MAX; i++) {
      ScaleResult result = simulate.apply(config(workers, isArray, taskNs), body);
      levels = result.levels();
      double efficiency = result.efficiency();
      if (efficiency < 0.5) {
        lowNs = taskNs;
        lowEfficiency = efficiency;
      } else {
        highNs = taskNs;
        highEfficiency = efficiency;
      }
      if (Math.abs(efficiency - 0.5) <= TOLERANCE) {
        break;
      }
      boolean isBracketed = lowNs > 0 && highNs > 0;
      double guessNs =
          isArray
              ? result.makespanNs() / (double) perWorker - taskNs
              : result.makespanNs() / (2.0 * perWorker);
      taskNs =
          isBracketed
              ? lowNs + (highNs - lowNs) * (0.5 - lowEfficiency) / (highEfficiency - lowEfficiency)
              : Math.max(1, guessNs * (efficiency < 0.5 ? 1.05 : 0.95));
    }
    boolean isLow = highNs == 0 || (lowNs > 0 && 0.5 - lowEfficiency < highEfficiency - 0.5);
    double metgNs = isLow ? lowNs : highNs;
    String form = isArray ? "as one array" : "one by one";
    table.row(
        StudyTable.SIMULATED,
        form,
        workers,
        levels,
        metgNs / NS_PER_MS,
        isLow ? lowEfficiency : highEfficiency,
        floorNs / NS_PER_MS);
    table.point(StudyTable.SIMULATED, form, workers, metgNs / NS_PER_MS);
    table.floor(StudyTable.SIMULATED, form + ", floor", workers, floorNs / NS_PER_MS);
    metrics.put("workers", workers);
    metrics.put("pattern", options.pattern());
    metrics.put("array", isArray);
    metrics.put("metgMs", Report.number(metgNs / NS_PER_MS, 4));
    metrics.put("floorMs", Report.number(floorNs / NS_PER_MS, 4));
  }
}
