package dev.heddle.bench.peers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of the systems that `bench peers` sets side by side.
///
/// @param name as in the report
/// @param bulkName of a second row, for tasks that are handed over all at once; null for none
/// @param against the name of the Heddle it is compared with; null where it is Heddle itself
/// @param tasks submitted one by one; 0 where the system has no tasks
/// @param steps what is started in each round, one after the other
/// @param unavailable why nothing can be started, in a sentence; null where it can
record PeersSystem(
    String name,
    @Nullable String bulkName,
    @Nullable String against,
    int tasks,
    List<Step> steps,
    @Nullable String unavailable) {

  /// How it is known that no task was lost, doubled or mixed up.
  enum Check {
    /// The sums that the program prints are compared with what they have to be.
    SUMS,
    /// The program is Heddle's own harness, which compares them itself.
    HARNESS,
    /// There are no tasks.
    NONE
  }

  /// One process, whose last line on stdout is a JSON object with `p50Us`, `tasksPerSecond`,
  /// `bulkTasksPerSecond`, `version` and `sums` (lists of first index, count and sum modulo 2^64 in
  /// decimal), each where it has one.
  ///
  /// @param environment what it has beyond this process's
  record Step(List<String> command, Map<String, String> environment, Check check) {
    Step {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  PeersSystem {
    steps = List.copyOf(steps);
  }

  /// One that is missing here.
  static PeersSystem missing(
      String name, @Nullable String bulkName, @Nullable String against, String why) {
    return new PeersSystem(name, bulkName, against, 0, List.of(), why);
  }
}
