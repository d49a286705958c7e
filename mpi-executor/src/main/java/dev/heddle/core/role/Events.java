package dev.heddle.core.role;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Statistics;
import dev.heddle.core.frames.Subtree;
import dev.heddle.graph.Task;

/// What a role tells the process around it. Threading: called by the holder of the progress role;
/// never calls back.
public interface Events {
  /// Everybody below and including this rank is there.
  void onStarted(Subtree all);

  /// Rank 0 ends the run; `flags` are those of SHUTDOWN.
  void onStopping(int flags);

  /// A rank in this rank's part of the tree was lost.
  void onRankLost(LostRank lost);

  /// A task is done. On rank 0 only. Returns false where its user had given it up before, which
  /// makes it a cancelled one: see [dev.heddle.graph.TaskGraph.Completions#onDone].
  boolean onDone(Task task);

  /// The part of `task` on the coordinator begins, outside of the progress role. On rank 0 only.
  default void onLocal(Task task) {
    throw new IllegalStateException("no user's code runs here: taskId=" + task.id());
  }

  /// What a task on `rank` printed, one line, or what the rank says about it; `kind` and `dropped`
  /// are those of OUTPUT. On rank 0 only. The text is the receiver's.
  default void onOutput(int rank, int kind, long dropped, byte[] text) {}

  /// What all ranks do, as far as they have answered. On rank 0 only, after
  /// [Coordinator#askStatistics].
  default void onStatistics(Statistics sums) {}
}
