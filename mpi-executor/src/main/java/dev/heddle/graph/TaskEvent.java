package dev.heddle.graph;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What moves a task from one state to another: the whole table, a row per event.
///
/// Shape: a task is in exactly one [TaskState]; a task's flags refine LAUNCHED and JOINING and
/// never contradict the state. Every change goes through [#next], so that what the table doesn't
/// allow throws at the place where it happens. Errors: [#next] returns null for a state in which
/// the event can't happen.
@SuppressWarnings("ImmutableEnumChecker") // only the constructor writes the fields
public enum TaskEvent {
  /// Everything that the task needs has succeeded, or its part on the coordinator has found out
  /// what work there is.
  RELEASED(TaskState.READY, TaskState.PENDING, TaskState.JOINING),

  /// The task's part on the coordinator begins.
  BEGUN_HERE(TaskState.JOINING, TaskState.PENDING),

  /// The task goes to a child, an array to many children: when it is ready, or ahead of its
  /// arguments.
  LAUNCHED(TaskState.LAUNCHED, TaskState.READY, TaskState.PENDING),

  /// The task comes back without having run, and could start at once.
  RETURNED(TaskState.READY, TaskState.LAUNCHED),

  /// The task comes back without having run, and its arguments aren't all done.
  RETURNED_TO_WAIT(TaskState.PENDING, TaskState.LAUNCHED),

  /// The task has its value: from the rank where it ran, from its part on the coordinator, or, for
  /// a node without a function, from the tasks that it waited for.
  SUCCEEDED(TaskState.SUCCEEDED, TaskState.PENDING, TaskState.JOINING, TaskState.LAUNCHED),

  /// The task has failed, in one of the places named at [#SUCCEEDED].
  FAILED(TaskState.FAILED, TaskState.PENDING, TaskState.JOINING, TaskState.LAUNCHED),

  /// A task that this task needs did not succeed.
  DEPENDENCY_FAILED(TaskState.DEPENDENCY_FAILED, TaskState.PENDING, TaskState.LAUNCHED),

  /// The user gives the task up.
  CANCELLED(
      TaskState.CANCELLED,
      TaskState.PENDING,
      TaskState.READY,
      TaskState.JOINING,
      TaskState.LAUNCHED),

  /// The outcome has arrived, but the user had given the task up before.
  /// [TaskGraph.Completions#onDone] decides which of the two was first.
  OVERRULED(
      TaskState.CANCELLED, TaskState.SUCCEEDED, TaskState.FAILED, TaskState.DEPENDENCY_FAILED);

  private final TaskState to;
  private final Set<TaskState> from;

  /// The state after this event, by the ordinal of the state before it.
  private final @Nullable TaskState[] next = new @Nullable TaskState[TaskState.values().length];

  TaskEvent(TaskState to, TaskState first, TaskState... others) {
    this.to = to;
    this.from = EnumSet.of(first, others);
    for (TaskState state : from) {
      next[state.ordinal()] = to;
    }
  }

  /// The state after this event, for a task in `state`; null where the event can't happen in that
  /// state.
  @Nullable TaskState next(TaskState state) {
    return next[state.ordinal()];
  }

  /// The event that ends a task in `last`, provided that its user didn't give it up first. For a
  /// task that the user had given up the event is [#OVERRULED].
  static TaskEvent endingIn(TaskState last) {
    return switch (last) {
      case SUCCEEDED -> SUCCEEDED;
      case FAILED -> FAILED;
      case DEPENDENCY_FAILED -> DEPENDENCY_FAILED;
      case CANCELLED -> OVERRULED;
      case PENDING, READY, LAUNCHED, JOINING ->
          throw new IllegalArgumentException("not a last state: " + last);
    };
  }

  /// The state after this event.
  public TaskState to() {
    return to;
  }

  /// The states in which this event can happen.
  public TaskState[] from() {
    TaskState[] states = from.toArray(TaskState[]::new);
    Arrays.sort(states);
    return states;
  }
}
