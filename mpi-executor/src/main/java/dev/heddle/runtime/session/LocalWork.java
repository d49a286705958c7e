package dev.heddle.runtime.session;

import dev.heddle.graph.Task;

/// The part of a task that runs on rank 0, outside of the progress role.
@FunctionalInterface
interface LocalWork {
  /// Begins the work. It tells the graph by [Session#command] how it ended, now or later. Errors:
  /// whatever it throws fails the task.
  void run(Session session, Task task) throws Throwable;
}
