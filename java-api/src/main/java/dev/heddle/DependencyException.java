package dev.heddle;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A task was never started because a dependency failed; names the root of the failure, however far
/// up.
public final class DependencyException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// The task that failed first.
  private final long rootTaskId;

  /// The label of that task.
  private final String rootLabel;

  /// For executors only.
  ///
  /// @param rootTaskId the task that failed first
  /// @param rootLabel the label of that task
  /// @param cause the failure of that task, where it is known
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

  /// The label of that task: the function's class and method, or the label it was submitted with.
  ///
  /// @return as [TaskFuture#label()]
  public String rootLabel() {
    return rootLabel;
  }
}
