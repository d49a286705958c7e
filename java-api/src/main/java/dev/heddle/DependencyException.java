package dev.heddle;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A task was never started because one that it depends on failed; names the root of the failure,
/// however far up.
public final class DependencyException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// The task that failed first.
  private final long rootTaskId;

  /// Its label.
  private final String rootLabel;

  /// For executors only.
  ///
  /// @param rootTaskId the task that failed first
  /// @param rootLabel its label
  /// @param cause what it failed with, where that is known
  public DependencyException(long rootTaskId, String rootLabel, @Nullable Throwable cause) {
    super("a dependency failed: root task=" + rootTaskId + " label=" + rootLabel, cause);
    this.rootTaskId = rootTaskId;
    this.rootLabel = rootLabel;
  }

  /// The task that failed first.
  ///
  /// @return its number, as [TaskFuture#taskId()]
  public long rootTaskId() {
    return rootTaskId;
  }

  /// Its label: the function's class and method, or what it was submitted with.
  ///
  /// @return as [TaskFuture#label()]
  public String rootLabel() {
    return rootLabel;
  }
}
