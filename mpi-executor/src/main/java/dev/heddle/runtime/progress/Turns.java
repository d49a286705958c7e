package dev.heddle.runtime.progress;

/// The turns of a rank, as the threads that take them see them. Threading: any.
public interface Turns {
  /// The rank's number in the run.
  int rank();

  /// Takes a turn unless another thread is taking one. Returns the work done, or a negative number.
  int tryTurn();

  /// Whether the rank has ended, so that no turn is needed any more.
  boolean isClosed();

  /// Tasks that are launched and have no outcome.
  long launchedCount();

  /// The calling thread can't go on.
  void onBroken(Throwable broken);
}
