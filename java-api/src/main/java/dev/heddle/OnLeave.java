package dev.heddle;

/// What happens to the tasks of a [Scope] that are not done when its body has returned.
public enum OnLeave {
  /// Leaving waits for them.
  WAIT,
  /// They are cancelled, and running tasks interrupted.
  CANCEL,
  /// They go on; the end of the run waits for them.
  SKIP
}
