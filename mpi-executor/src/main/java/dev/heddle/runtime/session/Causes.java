package dev.heddle.runtime.session;

import dev.heddle.JoinException;
import dev.heddle.TaskOrigin;
import dev.heddle.graph.Task;
import java.util.List;

/// Makes the exceptions that futures fail with. Threading: any.
final class Causes {
  /// More names make no message clearer.
  private static final int FAILURES_NAMED_MAX = 10;

  private Causes() {}

  /// Whether a failure already says which task it belongs to.
  static boolean hasOrigin(Throwable failure) {
    for (Throwable suppressed : failure.getSuppressed()) {
      if (suppressed instanceof TaskOrigin) {
        return true;
      }
    }
    return false;
  }

  /// The exception of a task when several of the tasks that it waits for have failed: `failures`
  /// has the cause of each.
  static JoinException several(Task done, Task[] failed, List<Throwable> failures) {
    long[] ids = new long[failed.length];
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < failed.length; i++) {
      ids[i] = failed[i].id();
      if (i < FAILURES_NAMED_MAX) {
        names.append(i == 0 ? "task=" : ", task=").append(ids[i]);
        names.append(" label=").append(failed[i].label());
      }
    }
    if (failed.length > FAILURES_NAMED_MAX) {
      names.append(" and ").append(failed.length - FAILURES_NAMED_MAX).append(" more");
    }
    return new JoinException(
        failed.length + " failed of those that " + done.label() + " waits for: " + names,
        ids,
        failures);
  }
}
