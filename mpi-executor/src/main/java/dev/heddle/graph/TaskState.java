package dev.heddle.graph;

/// Where a task is on its way.
public enum TaskState {
  /// Waits for other tasks.
  PENDING,
  /// All dependencies have succeeded; waits for a worker.
  READY,
  /// Handed to a child of the coordinator; it may have run.
  LAUNCHED,
  /// Its part on the coordinator is under way: a function there, something outside of the run, or
  /// the futures that it follows.
  JOINING,
  /// Its value is known.
  SUCCEEDED,
  /// Its function threw, or it could not be run.
  FAILED,
  /// Not run, since a task it depends on did not succeed. Where that one was given up by the user
  /// when it had just ended on its worker, this one may have started there, and nobody hears of it.
  DEPENDENCY_FAILED,
  /// Given up by the user.
  CANCELLED;

  /// True for the last state of a task.
  public boolean isDone() {
    return compareTo(JOINING) > 0;
  }
}
