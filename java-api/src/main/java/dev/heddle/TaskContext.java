package dev.heddle;

import dev.heddle.spi.CurrentTask;
import org.slf4j.Logger;

/// The place where a task runs; for the task itself.
///
/// Threading: belongs to the task's own thread; a thread that a task starts has no context. After
/// the end of the task the context still names it.
public interface TaskContext {

  /// The task that this thread runs.
  ///
  /// @return its context
  /// @throws IllegalStateException outside of tasks
  static TaskContext current() {
    return CurrentTask.require("TaskContext.current()").context();
  }

  /// True on a thread that runs a task.
  ///
  /// @return whether [#current()] would return
  static boolean isInTask() {
    return CurrentTask.find() != null;
  }

  /// The task's number.
  ///
  /// @return unique in the run, as [TaskFuture#taskId()]
  long taskId();

  /// The task's name for people.
  ///
  /// @return the label of the submit, or the function's class and method
  String label();

  /// Which execution of the task this is.
  ///
  /// @return counted from 0
  int attempt();

  /// The rank that runs the task.
  ///
  /// @return 0 without MPI
  int rank();

  /// The host of that rank.
  ///
  /// @return its name
  String host();

  /// The slot in that rank: tasks on the same slot never overlap.
  ///
  /// @return 0 to slots - 1
  int slot();

  /// Whether the task was cancelled, so that its result is not wanted; long loops should check.
  ///
  /// @return true after `cancel(true)`, even where the interrupt was swallowed
  boolean isCancelled();

  /// A logger for this task.
  ///
  /// @return `dev.heddle.task`, with `heddle.task`, `heddle.label` and `heddle.rank` in the MDC
  ///   until the task's end
  Logger logger();
}
