package dev.heddle.runtime.progress;

/// The turns of a rank, as whoever takes them sees them. Threading: any.
public interface Turns {
  /// The rank's number in the run.
  int rank();

  /// Takes a turn if nobody else is taking one. Returns the work done, or a negative number.
  int tryTurn();

  /// The rank has ended, and no turn is needed any more.
  boolean isClosed();

  /// Tasks that are launched and have no outcome.
  long launchedCount();

  /// The thread that asks can't go on.
  void onBroken(Throwable broken);
}
