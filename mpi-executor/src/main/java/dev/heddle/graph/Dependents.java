package dev.heddle.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Several tasks that wait for the same task. Threading: the coordinator's.
final class Dependents {
  private @Nullable Task[] tasks;
  private int count = 2;

  Dependents(Task first, Task second) {
    tasks = new @Nullable Task[] {first, second, null, null};
  }

  int count() {
    return count;
  }

  @Nullable Task get(int index) {
    return tasks[index];
  }

  void add(Task task) {
    if (count == tasks.length) {
      makeRoom();
    }
    tasks[count++] = task;
  }

  /// Lets go of dependents that are done, given up, or served by another task: a task that takes
  /// long would keep them all. Makes more room where that isn't enough.
  private void makeRoom() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      Task one = tasks[i];
      if (one != null && !one.taskState().isDone()) {
        tasks[kept++] = one;
      }
    }
    Arrays.fill(tasks, kept, count, null);
    count = kept;
    if (kept > tasks.length / 2) {
      tasks = Arrays.copyOf(tasks, tasks.length * 2);
    }
  }
}
