package dev.heddle.runtime.session;

import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.runtime.engine.TaskEvents;

/// Tells futures what happens to their tasks. Threading: see [TaskEvents].
public final class FutureEvents implements TaskEvents {
  @Override
  public boolean onDone(Task task) {
    if (!(task instanceof EngineFuture<?> future)) {
      return true;
    }
    boolean isFirst = future.complete();
    if (isFirst && task.taskState() == TaskState.FAILED) {
      future.onFailure();
    }
    return isFirst;
  }

  @Override
  public void onLocal(Task task) {
    if (task instanceof EngineFuture<?> future) {
      future.begin();
    }
  }
}
