package dev.heddle;

/// What happens to the tasks of a [Scope] that are not done when its body has returned.
public enum OnLeave {
  /// The scope waits for these tasks.
  WAIT,
  /// These tasks are cancelled; running tasks are interrupted.
  CANCEL,
  /// These tasks go on; the end of the run waits for them.
  SKIP
}
