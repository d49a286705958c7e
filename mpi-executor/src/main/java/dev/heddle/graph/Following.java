package dev.heddle.graph;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Tasks that end as other tasks do, or by their part on the coordinator: joins, lists, the first
/// of several tasks, and calls that were made before.
///
/// Threading: the coordinator's.
@SuppressWarnings("ReferenceEquality") // a task is one node of the graph
final class Following {
  /// The graph that the tasks are in.
  interface Graph {
    /// Puts a task in the queue for workers.
    void makeReady(Task task);

    /// Tells about a task that has reached its last state.
    void settle(Task task);

    /// Lets the dependents of all settled tasks follow.
    void settleAll();
  }

  /// The task ends as the single task that it follows.
  private static final byte FOLLOW_ONE = 1;

  /// The task's outcome is the list of all values, or of all failures.
  private static final byte FOLLOW_ALL = 2;

  /// Joins that follow each other in a ring are found up to this length: people write rings of two,
  /// and a chain of joins must not cost the square of its length.
  private static final int RING_MAX = 1_000;

  private final Graph graph;
  private final TaskGraph.Completions events;
  private final Memo memo;

  Following(Graph graph, TaskGraph.Completions events, Memo memo) {
    this.graph = graph;
    this.events = events;
    this.memo = memo;
  }

  /// Takes in a task that has the value of the first of its dependencies that succeeds.
  void submitAny(Task task) {
    int unmet = 0;
    for (Object argument : task.arguments()) {
      Task dependency = (Task) Objects.requireNonNull(argument);
      if (dependency.taskState() == TaskState.SUCCEEDED) {
        finishAs(task, dependency);
        graph.settleAll();
        return;
      }
      unmet += dependency.taskState().isDone() ? 0 : 1;
    }
    task.unmetOrTicket = unmet;
    if (unmet == 0) {
      failWith(task, task.arguments());
      graph.settleAll();
      return;
    }
    for (Object argument : task.arguments()) {
      if (argument instanceof Task dependency && !dependency.taskState().isDone()) {
        dependency.addDependent(task);
      }
    }
  }

  /// The part of `task` on the coordinator has ended by `event`. Returns false where the task was
  /// done before.
  boolean end(Task task, TaskEvent event, Object outcome) {
    if (!isLocal(task)) {
      return false;
    }
    task.finish(event, outcome);
    graph.settle(task);
    graph.settleAll();
    return true;
  }

  private static boolean isLocal(Task task) {
    if (task.taskState() != TaskState.JOINING && !task.taskState().isDone()) {
      throw new IllegalStateException(
          "not on the coordinator: taskId=" + task.id + " state=" + task.taskState());
    }
    return !task.taskState().isDone();
  }

  /// The part of `task` on the coordinator is over and it ends as `other` does, success or failure.
  void follow(Task task, Task other) {
    follow(task, new Task[] {other}, FOLLOW_ONE);
  }

  /// The part of `task` on the coordinator is over: it waits until all of `others` are done, and
  /// has the list of their values or of their failures.
  void followAll(Task task, Task[] others) {
    follow(task, others, FOLLOW_ALL);
  }

  private void follow(Task task, Task[] others, byte how) {
    if (!isLocal(task)) {
      return;
    }
    if (how == FOLLOW_ONE && leadsTo(others[0], task)) {
      task.finish(
          TaskEvent.FAILED,
          new IllegalArgumentException(
              "joins that wait for each other would never be done: "
                  + task.label()
                  + " returned a future that follows its own"));
      graph.settle(task);
      graph.settleAll();
      return;
    }
    task.follow(others, how);
    int unmet = 0;
    for (Task other : others) {
      if (!other.taskState().isDone()) {
        unmet++;
        other.addDependent(task);
      }
    }
    task.unmetOrTicket = unmet;
    if (unmet == 0) {
      finish(task);
      graph.settleAll();
    }
  }

  /// Whether `from` follows `task`, through at most [#RING_MAX] other tasks.
  private static boolean leadsTo(Task from, Task task) {
    Task at = from;
    for (int i = 0; i < RING_MAX; i++) {
      if (at == task) {
        return true;
      }
      if (at.taskState() != TaskState.JOINING || at.following != FOLLOW_ONE) {
        return false;
      }
      at = at.followed()[0];
    }
    return false;
  }

  /// The part of `task` on the coordinator has found its key: `task` gets the outcome of the first
  /// task with this key, or is that first task.
  void memoize(Task task, MemoKey key) {
    if (!isLocal(task)) {
      return;
    }
    Task first = memo.find(key);
    if (first == null || first.taskState() == TaskState.CANCELLED) {
      memo.put(key, task);
      graph.makeReady(task);
    } else {
      follow(task, first);
    }
  }

  /// The part of `task` on the coordinator has found out what work there is.
  void prepared(Task task) {
    if (isLocal(task)) {
      graph.makeReady(task);
    }
  }

  /// All tasks that `task` follows are done.
  void finish(Task task) {
    Task[] others = task.followed();
    if (task.following == FOLLOW_ONE) {
      if (others[0].taskState() == TaskState.CANCELLED && task.isMemoized()) {
        // a call that was given up is no answer to this call, which therefore runs by itself
        events.onLocal(task);
      } else {
        finishAs(task, others[0]);
      }
      return;
    }
    for (Task other : others) {
      if (other.taskState() != TaskState.SUCCEEDED) {
        failWith(task, others);
        return;
      }
    }
    task.finish(TaskEvent.SUCCEEDED, others);
    graph.settle(task);
  }

  /// Ends `task` as `other` has ended.
  private void finishAs(Task task, Task other) {
    if (other.hasShortOutcome()) {
      task.succeedShort(other.shortLength(), other.shortHead(), other.shortTail());
    } else if (other.taskState() == TaskState.SUCCEEDED) {
      task.finish(TaskEvent.SUCCEEDED, other.outcome());
    } else {
      // point straight to where the failure is, so that joins in joins build no chain
      Task source =
          other.taskState() == TaskState.FAILED && other.outcome() instanceof Task shared
              ? shared
              : other;
      task.finish(TaskEvent.FAILED, source);
    }
    graph.settle(task);
  }

  /// Fails `task` with the tasks of `tasks` that did not succeed.
  private void failWith(Task task, @Nullable Object[] tasks) {
    Task[] failed = new Task[tasks.length];
    int count = 0;
    for (Object one : tasks) {
      if (one instanceof Task other && other.taskState() != TaskState.SUCCEEDED) {
        failed[count++] = other;
      }
    }
    task.finish(TaskEvent.FAILED, Arrays.copyOf(failed, count));
    graph.settle(task);
  }

  /// Ends a list: all its tasks have succeeded.
  void finishAsList(Task task) {
    Task[] listed = new Task[task.arguments().length];
    for (int i = 0; i < listed.length; i++) {
      listed[i] = (Task) Objects.requireNonNull(task.arguments()[i]);
    }
    task.finish(TaskEvent.SUCCEEDED, listed);
    graph.settle(task);
  }

  /// A task that `any` waits for is done.
  void oneOfAnyIsDone(Task any, Task dependency) {
    if (dependency.taskState() == TaskState.SUCCEEDED) {
      finishAs(any, dependency);
    } else if (--any.unmetOrTicket == 0) {
      failWith(any, any.arguments());
    }
  }
}
