package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Conditions;
import dev.heddle.bench.measure.Metric;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// One question to the executor, asked several times.
///
/// Threading: everything runs on the body's thread on rank 0.
public interface Benchmark {
  /// As on the command line and in JSON.
  String name();

  /// Hears what the user chose, once, before anything else is asked.
  default void choose(BenchOptions options) {}

  /// Called under a launcher on every rank, before the run begins there.
  default void prepare(BenchOptions options) {}

  /// What a repetition measures, in the order of the report.
  List<Metric> metrics();

  /// The figures of [#metrics()] that two builds are compared by: most often the first, which is
  /// what the benchmark is for.
  default List<Metric> compared() {
    return List.of(metrics().getFirst());
  }

  /// True where a repetition consists of the tasks of `params.tasks`, so that what rank 0 takes for
  /// a repetition can be divided by their number.
  default boolean isOfTasksAlone() {
    return false;
  }

  /// Tasks of a repetition where the user names no number.
  int defaultTasks();

  /// Repetitions before those that count, if none are asked for.
  default int defaultWarmup() {
    return 2;
  }

  /// Asks once. A value may be absent; every key is one of [#metrics()].
  ///
  /// Errors: [BenchFailure] where nothing could be measured. Wrong results go to
  /// [BenchSession#check], which lets the others be measured still.
  Map<String, Double> measure(BenchSession session)
      throws InterruptedException, ExecutionException, IOException, BenchFailure;

  /// What the user chose for this benchmark alone, or the defaults, for JSON.
  default Map<String, @Nullable Object> params(BenchOptions options) {
    return Map.of();
  }

  /// True where it measures runs that it launches itself: it gets no run, and none is around it.
  default boolean launchesRuns() {
    return false;
  }

  /// Under what conditions was measured, after the last repetition; `heddle` is the run, null where
  /// there is none.
  default Map<String, @Nullable Object> conditions(@Nullable Heddle heddle, BenchOptions options) {
    return Conditions.of(Objects.requireNonNull(heddle, "in a run"), options.config().fanout());
  }

  /// What was found out once and not per repetition, for JSON.
  default Map<String, @Nullable Object> once() {
    return Map.of();
  }
}
