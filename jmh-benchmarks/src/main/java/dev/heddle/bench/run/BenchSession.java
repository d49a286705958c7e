package dev.heddle.bench.run;

import dev.heddle.Heddle;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What one repetition of a benchmark works with.
///
/// Threading: the body's thread only.
final class BenchSession {
  private final @Nullable Heddle heddle;
  private final BenchOptions options;
  private final int tasks;
  private final int repetition;
  private @Nullable String mismatch;
  private @Nullable Histogram histogram;

  /// `repetition` counts from 0; negative ones are warm-up.
  BenchSession(@Nullable Heddle heddle, BenchOptions options, int tasks, int repetition) {
    this.heddle = heddle;
    this.options = options;
    this.tasks = tasks;
    this.repetition = repetition;
  }

  /// The run; there is none for a benchmark that launches its own.
  Heddle heddle() {
    return Objects.requireNonNull(heddle, "in a run");
  }

  BenchOptions options() {
    return options;
  }

  int tasks() {
    return tasks;
  }

  boolean isWarmup() {
    return repetition < 0;
  }

  /// The first task's index: no two repetitions have one in common.
  long firstIndex() {
    return (repetition + 1_000_000L) * Integer.MAX_VALUE;
  }

  /// Compares a sum of results with what it has to be.
  void check(long sum, long expectedSum) {
    if (sum != expectedSum && mismatch == null) {
      mismatch =
          "the results' sum is "
              + Long.toHexString(sum)
              + " and has to be "
              + Long.toHexString(expectedSum);
    }
  }

  /// What was wrong, or null.
  @Nullable String mismatch() {
    return mismatch;
  }

  /// Keeps the repetition's distribution for `--hlog`.
  void keep(Histogram distribution) {
    histogram = distribution;
  }

  @Nullable Histogram histogram() {
    return histogram;
  }
}
