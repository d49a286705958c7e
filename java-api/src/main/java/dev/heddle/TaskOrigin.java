package dev.heddle;

import java.io.Serial;
import java.util.Optional;

/// The place of a failure: a suppressed exception of the cause of an `ExecutionException`.
///
/// Shape: no stack trace of its own.
public final class TaskOrigin extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// Causes can form a ring.
  private static final int CAUSES_MAX = 1000;

  /// The task's id.
  private final long taskId;

  /// The execution that failed, counted from 0.
  private final int attempt;

  /// The rank on which it ran.
  private final int rank;

  /// The host of that rank.
  private final String host;

  /// For executors only.
  ///
  /// @param taskId the task's number
  /// @param label the task's name for people
  /// @param attempt the execution that failed, counted from 0
  /// @param rank the rank on which it ran
  /// @param host the host of that rank
  public TaskOrigin(long taskId, String label, int attempt, int rank, String host) {
    super(
        "task="
            + taskId
            + " label="
            + label
            + " attempt="
            + attempt
            + " rank="
            + rank
            + " host="
            + host,
        null,
        false,
        false);
    this.taskId = taskId;
    this.attempt = attempt;
    this.rank = rank;
    this.host = host;
  }

  /// The task's number.
  ///
  /// @return unique in the run, as [TaskFuture#taskId()]
  public long taskId() {
    return taskId;
  }

  /// The execution that failed.
  ///
  /// @return counted from 0
  public int attempt() {
    return attempt;
  }

  /// The rank on which the task ran.
  ///
  /// @return 0 for a failure on the coordinator
  public int rank() {
    return rank;
  }

  /// The host of that rank.
  ///
  /// @return its name
  public String host() {
    return host;
  }

  /// The place where `failure` happened, from the cause of an `ExecutionException`.
  ///
  /// @param failure the exception of a task, or an exception around it
  /// @return the first origin among its suppressed exceptions and those of its causes, or nothing
  public static Optional<TaskOrigin> of(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < CAUSES_MAX; depth++) {
      for (Throwable suppressed : at.getSuppressed()) {
        if (suppressed instanceof TaskOrigin origin) {
          return Optional.of(origin);
        }
      }
      at = at.getCause();
    }
    return Optional.empty();
  }
}
