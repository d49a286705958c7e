package dev.heddle.scale;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came out of a simulated run.
///
/// @param config what was run
/// @param ranks of the tree
/// @param hosts of the machine
/// @param levels ranks on the longest path, both ends counted
/// @param relays ranks with children, rank 0 aside
/// @param makespanNs first submit to last completion at rank 0; -1 when the run ended before
/// @param done tasks whose outcome reached rank 0
/// @param firstTaskNs from the first submit to the first start of a task
/// @param lastTaskNs from the first submit to the last end of a task
/// @param readyMax most tasks that waited at rank 0
/// @param messages since the first submit
/// @param bytes of these
/// @param events of the whole run, the start included
/// @param perLevel by distance from rank 0
/// @param pointNs width of an interval of `utilisation`
/// @param utilisation mean share of all slots in use, per interval from the first submit on
/// @param traceHash over time, source, target, tag and bytes of each delivery
/// @param coordinatorStateBytes of the real coordinator's objects, before the first task
/// @param memory of one rank of each kind, at the end
/// @param lost the rank whose loss ended the run, or null
/// @param wallNs of this machine
public record ScaleResult(
    ScaleConfig config,
    int ranks,
    int hosts,
    int levels,
    int relays,
    long makespanNs,
    long done,
    long firstTaskNs,
    long lastTaskNs,
    int readyMax,
    long messages,
    long bytes,
    long events,
    List<Level> perLevel,
    long pointNs,
    List<Double> utilisation,
    String traceHash,
    long coordinatorStateBytes,
    List<Memory> memory,
    @Nullable String lost,
    long wallNs) {

  /// The ranks of one distance from rank 0.
  ///
  /// @param level distance from rank 0
  /// @param ranks of it
  /// @param messagesDown sent to children
  /// @param framesDown in these
  /// @param messagesUp sent to parents
  /// @param framesUp in these
  /// @param turns taken
  /// @param busyShare of a rank's core, in the mean
  /// @param waitingMax most messages that waited for one rank
  public record Level(
      int level,
      long ranks,
      long messagesDown,
      long framesDown,
      long messagesUp,
      long framesUp,
      long turns,
      double busyShare,
      int waitingMax) {}

  /// What one rank holds.
  ///
  /// @param role what it is
  /// @param bytes of its objects
  public record Memory(String role, long bytes) {}

  /// Tasks per second of virtual time.
  public double tasksPerSecond() {
    return done * 1e9 / makespanNs;
  }

  /// Tasks x mean duration / (makespan x slots); NaN for tasks of no time.
  public double efficiency() {
    double workNs = (double) config.tasks() * config.durations().meanNs();
    return workNs == 0 || makespanNs < 0
        ? Double.NaN
        : workNs / ((double) makespanNs * config.workers() * config.slots());
  }
}
