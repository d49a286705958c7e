package dev.heddle.graph;

/// Where a task is on its way.
public enum TaskState {
  /// Waits for other tasks.
  PENDING,
  /// All dependencies have succeeded; waits for a worker.
  READY,
  /// Handed to a child of the coordinator; it may have run.
  LAUNCHED,
  /// Its value is known.
  SUCCEEDED,
  /// Its function threw, or it could not be run.
  FAILED,
  /// Never started, since a task it depends on did not succeed.
  DEPENDENCY_FAILED,
  /// Given up by the user.
  CANCELLED;

  /// True for the last state of a task.
  public boolean isDone() {
    return compareTo(LAUNCHED) > 0;
  }
}
