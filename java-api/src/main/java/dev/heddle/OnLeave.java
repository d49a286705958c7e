package dev.heddle;

/// What becomes of the tasks of a [Scope] that are not done when its body has returned.
public enum OnLeave {
  /// Leaving waits for them.
  WAIT,
  /// They are cancelled, running ones interrupted.
  CANCEL,
  /// They go on; the end of the run waits for them.
  SKIP
}
