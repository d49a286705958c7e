package dev.heddle.runtime.engine;

import dev.heddle.graph.Task;

/// What happens to tasks, told to whoever made them.
///
/// Threading: told by the holder of the progress role, which waits.
public interface TaskEvents {
  /// For ranks on which nobody submits.
  TaskEvents NOBODY =
      new TaskEvents() {
        @Override
        public boolean onDone(Task task) {
          return true;
        }

        @Override
        public void onLocal(Task task) {}
      };

  /// `task` has an outcome. False where it was given up before, and nobody gets this one.
  boolean onDone(Task task);

  /// `task` is one of rank 0's own work, and may begin.
  void onLocal(Task task);
}
