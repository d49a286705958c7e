package dev.heddle;

import java.io.Serial;
import java.util.List;

/// Futures that a join or an `any` waited for have failed.
///
/// Shape: the cause is the first failure in the order of the futures. All other failures are
/// suppressed exceptions. Each failure has its [TaskOrigin].
public final class JoinException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// The tasks that failed.
  private final long[] taskIds;

  /// For executors only.
  ///
  /// @param message names the tasks
  /// @param taskIds the tasks that failed, in the order of the futures
  /// @param failures their failures, at least one
  public JoinException(String message, long[] taskIds, List<? extends Throwable> failures) {
    super(message, failures.getFirst());
    this.taskIds = taskIds.clone();
    for (Throwable further : failures.subList(1, failures.size())) {
      addSuppressed(further);
    }
  }

  /// The tasks that failed, in the order of the futures.
  ///
  /// @return a copy
  public long[] taskIds() {
    return taskIds.clone();
  }
}
