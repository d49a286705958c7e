package dev.heddle.cli;

/// One measured quantity of a benchmark.
///
/// @param key name in JSON, which ends in its unit
/// @param decimals digits behind the point that are worth showing
/// @param isMoreBetter a rate, of which more is better; of times, memory and shares less is
record Metric(String key, int decimals, boolean isMoreBetter) {
  /// One of which less is better.
  Metric(String key, int decimals) {
    this(key, decimals, false);
  }

  /// Microseconds, to the nanosecond.
  static Metric us(String key) {
    return new Metric(key, 3);
  }

  /// Tasks per second.
  static Metric rate(String key) {
    return new Metric(key, 1, true);
  }

  /// A part of something: of one core, where 0 is idle; of all tasks.
  static Metric share(String key) {
    return new Metric(key, 5);
  }
}
