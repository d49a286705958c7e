package dev.heddle.graph;

/// The states of a task.
public enum TaskState {
  /// Waits for other tasks.
  PENDING,
  /// All dependencies have succeeded; waits for a worker.
  READY,
  /// With a child of the coordinator; it may have run.
  LAUNCHED,
  /// Its part on the coordinator is under way: a function there, a foreign future, or the futures
  /// that the task follows.
  JOINING,
  /// Its value is known.
  SUCCEEDED,
  /// Its function threw, or it could not be run.
  FAILED,
  /// Not run, since a dependency did not succeed. Where the user gave the dependency up just after
  /// it had ended on its worker, this task may have started there. Its outcome is then dropped.
  DEPENDENCY_FAILED,
  /// Given up by the user.
  CANCELLED;

  /// True for the last state of a task.
  public boolean isDone() {
    return compareTo(JOINING) > 0;
  }
}
