package dev.heddle.core.role;

import dev.heddle.graph.TaskEvent;

/// What can be told of a run: steps of tasks, and ranks that join, leave or are lost.
public enum Fact {
  /// A task is with the coordinator.
  SUBMITTED,
  /// A task waits for a worker.
  READY,
  /// The part of a task on the coordinator begins.
  BEGUN_HERE,
  /// A task went to a child.
  LAUNCHED,
  /// A task came back, not run.
  RETURNED,
  /// A task has its value. The duration is the time on its slot, 0 where it had none.
  SUCCEEDED,
  /// A task has failed. The duration is the time on its slot, 0 where it had none.
  FAILED,
  /// A task has not run, since a task that it needs did not succeed.
  DEPENDENCY_FAILED,
  /// The user has given a task up.
  CANCELLED,
  /// A child is there, with all ranks below it; the id is its rank.
  RANK_JOINED,
  /// A child and all ranks below it have left in order; the id is its rank.
  RANK_LEFT,
  /// A rank was lost; the id is its rank, the duration its silence.
  RANK_LOST;

  /// The fact that a task's step is.
  static Fact of(TaskEvent event) {
    return switch (event) {
      case RELEASED -> READY;
      case BEGUN_HERE -> BEGUN_HERE;
      case LAUNCHED -> LAUNCHED;
      case RETURNED, RETURNED_TO_WAIT -> RETURNED;
      case SUCCEEDED -> SUCCEEDED;
      case FAILED -> FAILED;
      case DEPENDENCY_FAILED -> DEPENDENCY_FAILED;
      case CANCELLED, OVERRULED -> CANCELLED;
    };
  }
}
