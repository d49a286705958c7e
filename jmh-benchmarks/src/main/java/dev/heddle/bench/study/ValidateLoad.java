package dev.heddle.bench.study;

import dev.heddle.scale.Durations;
import java.util.Locale;

/// A workload of `study validate`: rounds of tasks, each submitted one by one and waited for whole.
///
/// Shape: as text `KIND:ROUNDS:WIDTH:MICROSECONDS:DISTRIBUTION`, which is how a run of real ranks
/// is told what to do. One round is a flood; rounds of one task are a chain that comes back to rank
/// 0 each time; what lies between are levels of fan-out and fan-in. How long a task takes is a
/// function of the seed and the task's number, the same in the simulator and in reality.
///
/// @param kind what a task does
/// @param rounds that follow each other
/// @param width tasks of a round
/// @param durations of the tasks
record ValidateLoad(Kind kind, int rounds, int width, Durations durations) {
  private static final double NS_PER_US = 1e3;

  /// What a task does with its time.
  enum Kind {
    /// Leaves the core to others.
    SLEEP,
    /// Takes a core for so long.
    COMPUTE,
    /// Returns at once.
    NOOP
  }

  /// Of the arguments on the command line, each of the form above. Errors:
  /// [IllegalArgumentException].
  static ValidateLoad parse(String text) {
    String[] parts = text.split(":", 5);
    if (parts.length < 5) {
      throw new IllegalArgumentException("'" + text + "' is no KIND:ROUNDS:WIDTH:US:DISTRIBUTION");
    }
    return new ValidateLoad(
        Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Durations.parse(parts[4], Math.round(Double.parseDouble(parts[3]) * NS_PER_US)));
  }

  /// As [#parse] reads it.
  String text() {
    return kind.name().toLowerCase(Locale.ROOT)
        + ":"
        + rounds
        + ":"
        + width
        + ":"
        + durations.meanNs() / NS_PER_US
        + ":"
        + durations.text();
  }

  int tasks() {
    return rounds * width;
  }

  /// The time of all tasks together.
  long workNs(long seed) {
    long ns = 0;
    for (int task = 1; task <= tasks(); task++) {
      ns += durationNs(seed, task);
    }
    return ns;
  }

  /// Of a task by its number, from 1 on.
  long durationNs(long seed, long task) {
    return kind == Kind.NOOP ? 0 : durations.ns(seed, task);
  }
}
