package dev.heddle.runtime.slot;

import dev.heddle.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// A task's view of itself.
///
/// @param owner slot that knows whether the task was given up
record RunningTask(
    long taskId, String label, int attempt, int rank, String host, int slot, Slot owner)
    implements TaskContext {
  private static final String TASK = "heddle.task";
  private static final String LABEL = "heddle.label";
  private static final String RANK = "heddle.rank";

  @Override
  public boolean isCancelled() {
    return owner.isCancelled(taskId);
  }

  @Override
  public Logger logger() {
    MDC.put(TASK, Long.toString(taskId));
    MDC.put(LABEL, label);
    MDC.put(RANK, Integer.toString(rank));
    owner.onLogger();
    return LoggerFactory.getLogger("dev.heddle.task");
  }

  /// Removes what [#logger] has put on this thread.
  static void forget() {
    MDC.remove(TASK);
    MDC.remove(LABEL);
    MDC.remove(RANK);
  }
}
