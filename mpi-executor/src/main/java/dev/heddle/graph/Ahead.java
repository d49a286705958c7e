package dev.heddle.graph;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The tasks that may be launched before their arguments are done, since all these arguments are on
/// their way to one child, ahead of the task: the worker there is the first rank to have them.
///
/// Shape: at most [#CANDIDATES_MAX] tasks per child; further tasks wait until they are ready.
/// Finding the candidates costs O(edges x [#ARGUMENTS_MAX]) for a whole graph, and nothing for
/// tasks without dependencies. A candidate that leaves by another way, launched or done, stays in
/// its queue. It is passed over once it reaches the head. Threading: the coordinator's.
///
/// Balance. With one child every task goes there in any case. With several children, a task that
/// becomes ready by another task's end would go to an idle child. So only one dependent of a
/// launched task is bound to that task's child, its *heir*: when the task ends, its slot is free
/// for the heir. All other dependents go where there is room.
///
/// A task that comes back was sent in vain, for instance because results here are too large to be
/// kept. After it a number of candidates is passed over. Each task that comes back doubles this
/// number and adds one. Each task that has run halves it.
public final class Ahead {
  /// Tasks with more arguments wait until they are ready: looking at all arguments at each
  /// dependency would cost the square of their number.
  private static final int ARGUMENTS_MAX = 8;

  /// This many tasks fit a worker: by the time that more could be sent, they are ready.
  private static final int CANDIDATES_MAX = 1024;

  private static final int PASSED_OVER_MAX = 1024;

  private final boolean hasOneChild;
  private final @Nullable ArrayDeque<Task>[] candidates;
  private int size;
  private int passOverNext;
  private int passOver;

  @SuppressWarnings({"unchecked", "rawtypes"})
  Ahead(int children) {
    this.hasOneChild = children == 1;
    this.candidates = new ArrayDeque[children];
  }

  /// True when there are no candidates.
  public boolean isEmpty() {
    return size == 0;
  }

  /// A task has unmet dependencies.
  void onSubmitted(Task task) {
    int child = childOf(task);
    if (child >= 0) {
      add(task, child);
    }
  }

  /// A task with dependents was launched.
  void onLaunched(Task task) {
    int count = task.dependentCount();
    for (int i = 0; i < count; i++) {
      Task dependent = task.dependent(i);
      if (childOf(dependent) == task.child && (!add(dependent, task.child) || !hasOneChild)) {
        return;
      }
    }
  }

  /// A task that was launched ahead comes back without having run.
  void onGivenBack(Task task) {
    if (!needsNothingLost(task)) {
      return; // an argument came back too, and counts for both
    }
    passOverNext = Math.min(PASSED_OVER_MAX, 2 * passOverNext + 1);
    passOver = passOverNext;
  }

  /// A task that was launched ahead has run.
  void onRun() {
    passOverNext >>= 1;
  }

  private boolean add(Task task, int child) {
    if (passOver > 0) {
      passOver--;
      return false;
    }
    ArrayDeque<Task> queue = candidates[child];
    if (queue == null) {
      queue = new ArrayDeque<>();
      candidates[child] = queue;
    }
    if (queue.size() == CANDIDATES_MAX) {
      return false;
    }
    queue.add(task);
    size++;
    return true;
  }

  /// The task to launch ahead to `child` next, left where it is; null when there is none.
  public @Nullable Task peek(int child) {
    ArrayDeque<Task> queue = candidates[child];
    if (queue == null) {
      return null;
    }
    for (Task task = queue.peek(); task != null; task = queue.peek()) {
      if (childOf(task) == child) {
        return task;
      }
      drop(child);
    }
    return null;
  }

  /// Passes over the first task for `child`: it goes when it is ready.
  public void drop(int child) {
    ArrayDeque<Task> queue = candidates[child];
    if (queue == null || queue.poll() == null) {
      throw new IllegalStateException("nobody goes ahead to child=" + child);
    }
    size--;
  }

  Task take(int child) {
    Task task = peek(child);
    if (task == null) {
      throw new IllegalStateException("nobody goes ahead to child=" + child);
    }
    drop(child);
    for (Object argument : task.arguments()) {
      if (argument instanceof Task dependency && dependency.leads() && !dependency.hasHeir()) {
        dependency.setHeir();
        break;
      }
    }
    return task;
  }

  /// The child to which all unfinished arguments of `task` are on their way, where the task can
  /// follow them; else -1.
  private int childOf(Task task) {
    if (task.taskState() != TaskState.PENDING
        || task.functionId() < 0
        || task.stays()
        || task.isArray()) {
      return -1;
    }
    @Nullable Object[] arguments = task.arguments();
    if (arguments.length > ARGUMENTS_MAX) {
      return -1;
    }
    int child = -1;
    boolean isHeir = hasOneChild;
    for (Object argument : arguments) {
      if (argument instanceof Task dependency && dependency.taskState() != TaskState.SUCCEEDED) {
        if (!dependency.leads() || (child >= 0 && dependency.child != child)) {
          return -1;
        }
        child = dependency.child;
        isHeir |= !dependency.hasHeir();
      }
    }
    return isHeir ? child : -1;
  }

  /// False where an argument came back itself, or waits for a task that came back.
  private static boolean needsNothingLost(Task task) {
    for (Object argument : task.arguments()) {
      if (argument instanceof Task dependency
          && (dependency.taskState() == TaskState.PENDING
              || dependency.taskState() == TaskState.READY)) {
        return false;
      }
    }
    return true;
  }
}
