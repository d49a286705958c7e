package dev.heddle.runtime.engine;

import dev.heddle.graph.Task;

/// What happens to tasks, told to the part of the process that made them.
///
/// Threading: called by the holder of the progress role, which waits.
public interface TaskEvents {
  /// For ranks that submit no tasks.
  TaskEvents NOBODY =
      new TaskEvents() {
        @Override
        public boolean onDone(Task task) {
          return true;
        }

        @Override
        public void onLocal(Task task) {}
      };

  /// `task` has an outcome. Returns false where the task was given up before, so that nothing
  /// receives this outcome.
  boolean onDone(Task task);

  /// `task` is rank 0's own work, and may begin.
  void onLocal(Task task);
}
