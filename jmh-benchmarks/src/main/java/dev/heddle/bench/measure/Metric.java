package dev.heddle.bench.measure;

/// One measured quantity of a benchmark.
///
/// @param key name in JSON, which ends in its unit
/// @param decimals digits behind the point that are worth showing
/// @param isMoreBetter a rate, of which more is better; of times, memory and shares less is
public record Metric(String key, int decimals, boolean isMoreBetter) {
  /// One of which less is better.
  public Metric(String key, int decimals) {
    this(key, decimals, false);
  }

  /// Microseconds, to the nanosecond.
  public static Metric us(String key) {
    return new Metric(key, 3);
  }

  /// Tasks per second.
  public static Metric rate(String key) {
    return new Metric(key, 1, true);
  }

  /// A part of something: of one core, where 0 is idle; of all tasks.
  public static Metric share(String key) {
    return new Metric(key, 5);
  }
}
