package dev.heddle.spi;

import dev.heddle.TaskContext;
import dev.heddle.WorkerLocal;
import org.jspecify.annotations.Nullable;

/// An executor's knowledge about the task that a thread runs.
public interface CurrentTask {

  /// Ties a thread that runs tasks to the source of this knowledge, for the thread's life.
  ///
  /// @param source answers while a task runs
  static void bind(CurrentTask source) {
    TaskThreads.BOUND.set(source);
  }

  /// The knowledge about this thread's task.
  ///
  /// @return null outside of tasks
  static @Nullable CurrentTask find() {
    return TaskThreads.BOUND.get();
  }

  /// As [#find()], where there must be a task.
  ///
  /// @param what the method that was called, for the message
  /// @return the knowledge about this thread's task
  /// @throws IllegalStateException outside of tasks
  static CurrentTask require(String what) {
    CurrentTask source = find();
    if (source == null) {
      throw new IllegalStateException(
          what
              + " works inside a task only, on the thread that runs it; this is thread "
              + Thread.currentThread().getName());
    }
    return source;
  }

  /// The task that runs now.
  ///
  /// @return a context that stays valid after the task's end
  TaskContext context();

  /// This rank's state for `local`, made now where there is none.
  ///
  /// @param <T> type of the state
  /// @param local names the state
  /// @return the state
  /// @throws Exception the exception of its maker
  <T extends @Nullable Object> T workerLocal(WorkerLocal<T> local) throws Exception;
}
