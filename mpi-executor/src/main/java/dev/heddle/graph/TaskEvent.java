package dev.heddle.graph;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What moves a task from one state to another: the whole table, a row per event.
///
/// Shape: a task is in exactly one [TaskState]; a task's flags refine LAUNCHED and JOINING and
/// never contradict the state. Every change goes through [#next], so that what the table doesn't
/// allow throws at the place where it happens. Errors: [#next] returns null for a state from which
/// the event can't come.
@SuppressWarnings("ImmutableEnumChecker") // both are written in the constructor alone
public enum TaskEvent {
  /// All that it needs has succeeded, or its part on the coordinator has found out what is to be
  /// done.
  RELEASED(TaskState.READY, TaskState.PENDING, TaskState.JOINING),

  /// Its part on the coordinator begins.
  BEGUN_HERE(TaskState.JOINING, TaskState.PENDING),

  /// It goes to a child, or as an array to many: when it is ready, or ahead of what it needs.
  LAUNCHED(TaskState.LAUNCHED, TaskState.READY, TaskState.PENDING),

  /// It comes back, not run, and could start at once.
  RETURNED(TaskState.READY, TaskState.LAUNCHED),

  /// It comes back, not run, and what it needs isn't done.
  RETURNED_TO_WAIT(TaskState.PENDING, TaskState.LAUNCHED),

  /// It has its value: from where it ran, from its part on the coordinator, or, for a node without
  /// a function, from those that it waited for.
  SUCCEEDED(TaskState.SUCCEEDED, TaskState.PENDING, TaskState.JOINING, TaskState.LAUNCHED),

  /// It has failed in one of these places.
  FAILED(TaskState.FAILED, TaskState.PENDING, TaskState.JOINING, TaskState.LAUNCHED),

  /// A task that it needs did not succeed.
  DEPENDENCY_FAILED(TaskState.DEPENDENCY_FAILED, TaskState.PENDING, TaskState.LAUNCHED),

  /// Its user gives it up.
  CANCELLED(
      TaskState.CANCELLED,
      TaskState.PENDING,
      TaskState.READY,
      TaskState.JOINING,
      TaskState.LAUNCHED),

  /// Its user had given it up before the outcome that it has just got: that is decided where both
  /// meet, see [TaskGraph.Completions#onDone].
  OVERRULED(
      TaskState.CANCELLED, TaskState.SUCCEEDED, TaskState.FAILED, TaskState.DEPENDENCY_FAILED);

  private final TaskState to;
  private final Set<TaskState> from;

  /// By the number of the state before.
  private final @Nullable TaskState[] next = new @Nullable TaskState[TaskState.values().length];

  TaskEvent(TaskState to, TaskState first, TaskState... others) {
    this.to = to;
    this.from = EnumSet.of(first, others);
    for (TaskState state : from) {
      next[state.ordinal()] = to;
    }
  }

  /// The state after this event, for a task in `state`; null where the event can't come then.
  @Nullable TaskState next(TaskState state) {
    return next[state.ordinal()];
  }

  /// The event that ends a task in `last` where its user has not given it up before it ended:
  /// [#OVERRULED] where the user was first.
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

  /// The state after it.
  public TaskState to() {
    return to;
  }

  /// The states before it.
  public TaskState[] from() {
    TaskState[] states = from.toArray(TaskState[]::new);
    Arrays.sort(states);
    return states;
  }
}
