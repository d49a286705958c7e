package dev.heddle.graph;

import org.jspecify.annotations.Nullable;

/// One node of the graph, and the edges that leave it.
///
/// A future extends this class. So a pending task and its future are one object, and rank 0's
/// garbage collections have less to copy.
///
/// Ownership: the submitting thread makes the task. From its submission on the task is the
/// coordinator's. The completion of the future publishes the outcome to other threads. After
/// completion the task holds its outcome only: arguments and edges are let go, so that a chain of
/// finished tasks doesn't stay in memory.
public class Task {
  /// `functionId` of a node without a function: it succeeds when its dependencies do, and stands
  /// for the list of their values.
  public static final int LIST = -1;

  /// `functionId` of a node that never goes to a worker: when its dependencies have succeeded, its
  /// part on the coordinator begins.
  public static final int LOCAL = -2;

  /// `functionId` of a node without a function: it has the value of the first of its dependencies
  /// that succeeds.
  public static final int ANY = -3;

  /// Flag: the user chose `label`, so the task's frame carries it.
  public static final int LABELLED = 1;

  /// Flag: large values are kept for this task while it is launched.
  private static final int HOLDS_VALUES = 4;

  /// Flag: this task was launched to a child where other tasks can be launched behind it before it
  /// is done.
  private static final int LEADS = 8;

  /// Flag: another task was launched behind this task.
  private static final int HAS_HEIR = 16;

  /// Flag: this task was launched before all its arguments were done.
  private static final int AHEAD = 32;

  /// Flag: this task came back once without having run. It isn't launched again before a slot is
  /// free for it.
  private static final int STAYS = 64;

  /// Flag: this task is launched, and one of its arguments is not done.
  private static final int EARLY = 128;

  /// Flag: before this task is ready, its part on the coordinator finds out whether an equal call
  /// has run.
  public static final int MEMOIZED = 2;

  /// In place of a child's number: the task is with no child, or is an array and with many.
  public static final int NO_CHILD = -1;

  /// No arguments.
  public static final @Nullable Object[] NONE = {};

  /// Encoded values of up to this many bytes are kept in the task itself; most numbers are that
  /// short.
  ///
  /// Why: rank 0's garbage collections copy all pending tasks, object by object.
  public static final int SHORT_BYTES_MAX = 9;

  /// Stands for an outcome that is kept as a short value.
  private static final Object SHORT = new Object();

  long id;

  /// The bytes of a short value after its first, the lowest first.
  private long shortTail;

  private int functionId;
  private byte priority;
  private byte flags;

  /// How this task follows other tasks, while it follows.
  byte following;

  /// Bytes of the short value; 0 for none. Until the task is done the short value is the one
  /// argument (or capture), and `arguments` is empty; then it is the outcome, if `outcome` says so.
  private byte shortLength;

  private byte shortHead;

  private String label = "";

  /// Arguments in order: `byte[]` (an encoded value), [BigValue], or [Task]; captures of the
  /// function first.
  private @Nullable Object[] arguments = NONE;

  /// Unsigned: a method of the JVM has no more parameters.
  private byte captureCount;

  private TaskState state = TaskState.PENDING;

  /// While the task waits, the number of tasks that it waits for; while it is launched, its ticket.
  int unmetOrTicket;

  /// Unsigned.
  short attempt;

  /// The number of the coordinator's child that holds the task while it is launched.
  short child = NO_CHILD;

  /// The next task in a ready queue or a work list.
  @Nullable Task next;

  /// One dependent, or [Dependents].
  private @Nullable Object dependents;

  /// After a success: `byte[]`, [BigValue], or for a list the tasks in it. After a failure:
  /// [Failure], a [Throwable] of the coordinator's process, the [Task] whose failure this task
  /// shares, or the tasks that failed. After a failed dependency: its root [Task]. While this task
  /// follows other tasks: these tasks.
  private @Nullable Object outcome;

  /// A task without content; call [#define] before publishing it.
  protected Task() {}

  /// A task of `arguments`, the first `captureCount` of which belong to the function object.
  public Task(
      long id,
      int functionId,
      int priority,
      String label,
      int captureCount,
      @Nullable Object[] arguments) {
    this(id, functionId, priority, 0, label, captureCount, arguments);
  }

  /// As above with `flags`: [#LABELLED], [#MEMOIZED]. Errors: [IllegalArgumentException] for a
  /// priority out of range.
  public Task(
      long id,
      int functionId,
      int priority,
      int flags,
      String label,
      int captureCount,
      @Nullable Object[] arguments) {
    define(id, functionId, priority, flags, label, captureCount, arguments);
  }

  /// Defines the task, as the constructor with the same parameters does. Call before publishing the
  /// future.
  protected final void define(
      long id,
      int functionId,
      int priority,
      int flags,
      String label,
      int captureCount,
      @Nullable Object[] arguments) {
    if (priority != (byte) priority) {
      throw new IllegalArgumentException(
          "priority="
              + priority
              + " is out of range: "
              + ReadyQueue.PRIORITY_MIN
              + " to "
              + ReadyQueue.PRIORITY_MAX);
    }
    this.id = id;
    this.functionId = functionId;
    this.priority = (byte) priority;
    this.flags = (byte) flags;
    this.label = label;
    this.captureCount = (byte) captureCount;
    this.arguments = arguments;
  }

  /// Unique in the run.
  public final long id() {
    return id;
  }

  /// The function's number, or one of [#LIST], [#LOCAL] and [#ANY].
  public final int functionId() {
    return functionId;
  }

  /// Higher runs first.
  public final int priority() {
    return priority;
  }

  /// Whether the user chose the label.
  public final boolean isLabelled() {
    return (flags & LABELLED) != 0;
  }

  /// Marks that large values are kept for this task from now on.
  public final void holdValues() {
    flags |= HOLDS_VALUES;
  }

  /// Whether large values are kept for this task. The flag spares the end of most tasks a look at
  /// their arguments, which by then have left the processor's caches.
  public final boolean holdsValues() {
    return (flags & HOLDS_VALUES) != 0;
  }

  /// Whether this task is launched, and was launched before all its arguments were done. Then the
  /// arguments that are still tasks are the arguments that were not done.
  public final boolean isAhead() {
    return (flags & AHEAD) != 0;
  }

  /// Whether the dependents of this task can be launched behind it.
  final boolean leads() {
    return state == TaskState.LAUNCHED && (flags & LEADS) != 0;
  }

  final boolean hasHeir() {
    return (flags & HAS_HEIR) != 0;
  }

  final void setHeir() {
    flags |= HAS_HEIR;
  }

  /// Whether this task must not be launched ahead.
  final boolean stays() {
    return (flags & (STAYS | MEMOIZED)) != 0;
  }

  /// Whether this task was launched once before and came back without having run.
  public final boolean hasComeBack() {
    return (flags & STAYS) != 0;
  }

  /// Whether this task is launched and waits at its worker for an argument.
  final boolean isEarly() {
    return (flags & EARLY) != 0;
  }

  final void setEarly(boolean isSo) {
    flags = (byte) (isSo ? flags | EARLY : flags & ~EARLY);
  }

  /// Moves the task to the state after `event`. Errors: [IllegalStateException] where the event
  /// can't happen now.
  final void move(TaskEvent event) {
    TaskState next = event.next(state);
    if (next == null) {
      throw new IllegalStateException(
          "taskId=" + id + " is " + state + ", and can't be " + event + " now");
    }
    state = next;
  }

  /// Marks the task as launched to a child, under this ticket.
  final void launch(int ticket, int toChild, boolean leads) {
    unmetOrTicket = ticket;
    child = (short) toChild;
    move(TaskEvent.LAUNCHED);
    if (leads) {
      flags |= LEADS;
    }
  }

  /// Copies the outcomes of finished arguments into the task, so that its arguments show later
  /// which were not done.
  final void aheadOfArguments() {
    flags |= AHEAD;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof Task dependency
          && dependency.taskState() == TaskState.SUCCEEDED) {
        arguments[i] = dependency.outcome();
      }
    }
  }

  /// Takes back a launched task that has not run. Returns the number of its arguments that aren't
  /// done, each counted as often as it is used.
  final int comeBack() {
    flags = (byte) ((flags & ~(LEADS | HAS_HEIR | AHEAD)) | STAYS);
    child = NO_CHILD;
    return unmet();
  }

  /// Number of arguments that have not succeeded, each counted as often as it is used. A failed
  /// argument counts too: it is about to end this task.
  final int unmet() {
    int unmet = 0;
    for (Object argument : arguments) {
      unmet +=
          argument instanceof Task dependency && dependency.taskState() != TaskState.SUCCEEDED
              ? 1
              : 0;
    }
    return unmet;
  }

  /// Whether a part on the coordinator comes first.
  boolean isMemoized() {
    return (flags & MEMOIZED) != 0;
  }

  /// The array part of a task, or null where this task is no array.
  protected @Nullable ArrayJob arrayOrNull() {
    return null;
  }

  /// Whether this task is an array.
  public final boolean isArray() {
    return arrayOrNull() != null;
  }

  /// The array part of a task that is an array.
  public final ArrayJob array() {
    ArrayJob job = arrayOrNull();
    if (job == null) {
      throw new IllegalStateException("no array: taskId=" + id);
    }
    return job;
  }

  /// Whether the task's part on the coordinator must first find the number of places: true for an
  /// array over a list that hasn't arrived.
  final boolean isToBePrepared() {
    ArrayJob job = arrayOrNull();
    return job != null && job.count() < 0;
  }

  /// The name of the task in messages.
  public String label() {
    return label;
  }

  /// The state of the task.
  public final TaskState taskState() {
    return state;
  }

  /// The execution that is under way, from 0.
  public final int attempt() {
    return Short.toUnsignedInt(attempt);
  }

  /// The coordinator's number for the task while it is launched: see [Tickets].
  public final int ticket() {
    return unmetOrTicket;
  }

  /// The number of the child that holds the task, or [#NO_CHILD].
  public final int child() {
    return child;
  }

  /// Number of arguments that belong to the function object.
  public final int captureCount() {
    return Byte.toUnsignedInt(captureCount);
  }

  /// The arguments: the task's own array, or an array made for the caller where the only argument
  /// is a short value.
  public final @Nullable Object[] arguments() {
    return hasShortArgument() ? new @Nullable Object[] {shortBytes()} : arguments;
  }

  /// Number of [#arguments].
  public final int argumentCount() {
    return hasShortArgument() ? 1 : arguments.length;
  }

  /// Whether [#arguments] is one short value.
  public final boolean hasShortArgument() {
    return shortLength > 0 && !state.isDone();
  }

  /// The outcome; null before completion and for a cancelled task. A short value is built anew at
  /// each call.
  public final @Nullable Object outcome() {
    return hasShortOutcome() ? shortBytes() : outcome;
  }

  /// Whether the task has succeeded with a short value.
  @SuppressWarnings("ReferenceEquality") // `SHORT` is a marker
  public final boolean hasShortOutcome() {
    return outcome == SHORT;
  }

  /// Bytes of the short value.
  public final int shortLength() {
    return shortLength;
  }

  /// The first byte of the short value.
  public final byte shortHead() {
    return shortHead;
  }

  /// The other bytes of the short value, the lowest first; zero beyond its length.
  public final long shortTail() {
    return shortTail;
  }

  private byte[] shortBytes() {
    byte[] bytes = new byte[shortLength];
    bytes[0] = shortHead;
    for (int i = 1; i < bytes.length; i++) {
      bytes[i] = (byte) (shortTail >>> (8 * (i - 1)));
    }
    return bytes;
  }

  /// Keeps a short value: before the task is submitted its one argument, afterwards its outcome.
  ///
  /// Shape: 1 to [#SHORT_BYTES_MAX] bytes; `tail` is zero beyond them.
  protected final void keepShort(int length, byte head, long tail) {
    shortLength = (byte) length;
    shortHead = head;
    shortTail = tail;
  }

  /// The tasks of a list that has succeeded.
  public final Task[] listed() {
    if (state == TaskState.SUCCEEDED && outcome instanceof Task[] tasks) {
      return tasks;
    }
    throw new IllegalStateException("no list of tasks: taskId=" + id + " state=" + state);
  }

  /// Makes the task follow `tasks` from now on.
  void follow(Task[] tasks, byte how) {
    outcome = tasks;
    following = how;
  }

  /// The tasks that this task follows.
  Task[] followed() {
    if (state == TaskState.JOINING && outcome instanceof Task[] tasks) {
      return tasks;
    }
    throw new IllegalStateException("follows nothing: taskId=" + id + " state=" + state);
  }

  /// Marks the task as succeeded with a short value.
  final void succeedShort(int length, byte head, long tail) {
    finish(TaskEvent.SUCCEEDED, SHORT);
    keepShort(length, head, tail);
  }

  /// Moves the task to its last state by `event`, with this outcome.
  final void finish(TaskEvent event, @Nullable Object result) {
    move(event);
    outcome = result;
    shortLength = 0;
    arguments = NONE;
    unmetOrTicket = -1;
    child = NO_CHILD;
  }

  void addDependent(Task dependent) {
    switch (dependents) {
      case null -> dependents = dependent;
      case Dependents several -> several.add(dependent);
      default -> dependents = new Dependents((Task) dependents, dependent);
    }
  }

  /// Whether a task that isn't done waits for this task.
  public final boolean isAwaited() {
    for (int i = 0; i < dependentCount(); i++) {
      if (!dependent(i).taskState().isDone()) {
        return true;
      }
    }
    return false;
  }

  final int dependentCount() {
    return switch (dependents) {
      case null -> 0;
      case Dependents several -> several.count();
      default -> 1;
    };
  }

  final Task dependent(int index) {
    Object task =
        dependents instanceof Dependents several && index < several.count()
            ? several.get(index)
            : dependents;
    if (task instanceof Task known) {
      return known;
    }
    throw new IllegalStateException("no dependent: taskId=" + id + " index=" + index);
  }

  void dropDependents() {
    dependents = null;
  }
}
