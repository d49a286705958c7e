package dev.heddle.graph;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All tasks that are submitted and not done: who waits for whom, who is ready, who is out.
///
/// Shape: a launched task has a *slot*, an index into a table whose size is the number of tasks in
/// flight; a result names id and slot and is taken only if both still fit, so that a late or
/// repeated one can't complete another task. Threading: the coordinator's alone. Errors: a broken
/// invariant throws [IllegalStateException] and ends the run.
///
/// Failures travel along the edges without recursion: a task that can't start any more goes to a
/// work list through its `next` link, so that a chain of a million dependents costs no stack.
@SuppressWarnings("ReferenceEquality") // a task is one node, whatever it is besides
public final class TaskGraph {

  /// Hears about tasks that have reached their last state, on the coordinator's thread and in
  /// order.
  @FunctionalInterface
  public interface Completions {
    /// `task` is done, if whoever gives tasks up hasn't given up this one: the answer decides which
    /// of the two came first, for everybody. After false the task counts as cancelled whatever came
    /// out of it: nobody sees that, and its dependents fail. A task that is cancelled stays so
    /// whatever the answer.
    boolean onDone(Task task);

    /// The part of `task` on the coordinator begins; it ends by [TaskGraph#succeedLocal],
    /// [TaskGraph#failLocal], [TaskGraph#follow], [TaskGraph#followAll] or [TaskGraph#memoize].
    default void onLocal(Task task) {
      throw new IllegalStateException("nobody runs local tasks: taskId=" + task.id());
    }

    /// `task` is launched, ahead of something that has not succeeded now, since `root` hasn't; it
    /// is about to be done.
    default void onDropped(Task task, Task root) {}

    /// The number of tasks at `child` that wait there for what they need has changed by `change`.
    default void onEarly(int child, int change) {}
  }

  /// Ends as the one task does.
  private static final byte FOLLOW_ONE = 1;

  /// Has the list of all values, or of all failures.
  private static final byte FOLLOW_ALL = 2;

  /// Joins that follow each other in a ring are found up to this length: people write rings of two,
  /// and a chain of joins must not cost the square of its length.
  private static final int RING_MAX = 1_000;

  private final Completions events;
  private final ReadyQueue ready = new ReadyQueue();
  private final Memo memo;
  private final Ahead ahead;

  private @Nullable Task[] launched = new Task[16];
  private int[] freeSlots = new int[16];
  private int freeCount;
  private int slotsUsed;

  private long submittedCount;
  private long doneCount;
  private long failedCount;
  private int launchedCount;

  private @Nullable Task workFirst;
  private @Nullable Task workLast;

  /// An empty graph that remembers no results.
  public TaskGraph(Completions events) {
    this(events, 0);
  }

  /// An empty graph that keeps up to `memoBytesMax` of memoized results.
  public TaskGraph(Completions events, long memoBytesMax) {
    this(events, memoBytesMax, 1);
  }

  /// The same for a coordinator that launches to `children`.
  public TaskGraph(Completions events, long memoBytesMax, int children) {
    this.events = events;
    this.memo = new Memo(memoBytesMax);
    this.ahead = new Ahead(children);
  }

  /// The tasks that may be launched before all that they need is done.
  public Ahead ahead() {
    return ahead;
  }

  /// Takes a task in; it becomes ready, waits, or is done at once if a dependency has failed.
  public void submit(Task task) {
    submittedCount++;
    if (task.state.isDone()) {
      return; // it was cancelled on its way here
    }
    if (task.functionId() == Task.ANY) {
      submitAny(task);
      return;
    }
    if (task.hasShortArgument()) {
      release(task);
      settleAll();
      return;
    }
    Task culprit = null;
    int unmet = 0;
    for (Object argument : task.arguments()) {
      if (argument instanceof Task dependency && dependency.state != TaskState.SUCCEEDED) {
        if (dependency.state.isDone()) {
          culprit = culprit == null ? dependency : culprit;
        } else {
          unmet++;
        }
      }
    }
    if (culprit != null) {
      task.finish(TaskState.DEPENDENCY_FAILED, root(culprit));
      settle(task);
      settleAll();
      return;
    }
    task.unmetOrSlot = unmet;
    if (unmet > 0) {
      for (Object argument : task.arguments()) {
        if (argument instanceof Task dependency && !dependency.state.isDone()) {
          dependency.addDependent(task);
        }
      }
      ahead.onSubmitted(task);
      return;
    }
    release(task);
    settleAll();
  }

  private void submitAny(Task task) {
    int unmet = 0;
    for (Object argument : task.arguments()) {
      Task dependency = (Task) Objects.requireNonNull(argument);
      if (dependency.state == TaskState.SUCCEEDED) {
        finishAs(task, dependency);
        settleAll();
        return;
      }
      unmet += dependency.state.isDone() ? 0 : 1;
    }
    task.unmetOrSlot = unmet;
    if (unmet == 0) {
      failWith(task, task.arguments());
      settleAll();
      return;
    }
    for (Object argument : task.arguments()) {
      if (argument instanceof Task dependency && !dependency.state.isDone()) {
        dependency.addDependent(task);
      }
    }
  }

  // ---- tasks with a part on the coordinator

  /// The part of `task` on the coordinator has come to a value: `byte[]` or [BigValue]. Returns
  /// false where the task was done before, given up by the user.
  public boolean succeedLocal(Task task, Object value) {
    return endLocal(task, TaskState.SUCCEEDED, value);
  }

  /// The part of `task` on the coordinator has failed: a [Throwable] or a [Failure].
  public boolean failLocal(Task task, Object failure) {
    return endLocal(task, TaskState.FAILED, failure);
  }

  private boolean endLocal(Task task, TaskState last, Object outcome) {
    if (!isLocal(task)) {
      return false;
    }
    task.finish(last, outcome);
    settle(task);
    settleAll();
    return true;
  }

  private static boolean isLocal(Task task) {
    if (task.state != TaskState.JOINING && !task.state.isDone()) {
      throw new IllegalStateException(
          "not on the coordinator: taskId=" + task.id + " state=" + task.state);
    }
    return !task.state.isDone();
  }

  /// The part of `task` on the coordinator is over and it ends as `other` does, success or failure.
  public void follow(Task task, Task other) {
    follow(task, new Task[] {other}, FOLLOW_ONE);
  }

  /// The part of `task` on the coordinator is over: it waits until all of `others` are done, and
  /// has the list of their values or of their failures.
  public void followAll(Task task, Task[] others) {
    follow(task, others, FOLLOW_ALL);
  }

  private void follow(Task task, Task[] others, byte how) {
    if (!isLocal(task)) {
      return;
    }
    if (how == FOLLOW_ONE && leadsTo(others[0], task)) {
      task.finish(
          TaskState.FAILED,
          new IllegalArgumentException(
              "joins that wait for each other would never be done: "
                  + task.label()
                  + " returned a future that follows its own"));
      settle(task);
      settleAll();
      return;
    }
    task.follow(others, how);
    int unmet = 0;
    for (Task other : others) {
      if (!other.state.isDone()) {
        unmet++;
        other.addDependent(task);
      }
    }
    task.unmetOrSlot = unmet;
    if (unmet == 0) {
      finishFollowing(task);
      settleAll();
    }
  }

  /// Whether `from` follows `task`, over at most [#RING_MAX] others.
  private static boolean leadsTo(Task from, Task task) {
    Task at = from;
    for (int i = 0; i < RING_MAX; i++) {
      if (at == task) {
        return true;
      }
      if (at.state != TaskState.JOINING || at.following != FOLLOW_ONE) {
        return false;
      }
      at = at.followed()[0];
    }
    return false;
  }

  /// The part of `task` on the coordinator has found its key: it has the outcome of the task that
  /// had it first, or is that task.
  public void memoize(Task task, MemoKey key) {
    if (!isLocal(task)) {
      return;
    }
    Task first = memo.find(key);
    if (first == null || first.state == TaskState.CANCELLED) {
      memo.put(key, task);
      makeReady(task);
    } else {
      follow(task, first);
    }
  }

  /// The part of `task` on the coordinator has found out what is to be done.
  public void prepared(Task task) {
    if (isLocal(task)) {
      makeReady(task);
    }
  }

  private void finishFollowing(Task task) {
    Task[] others = task.followed();
    if (task.following == FOLLOW_ONE) {
      if (others[0].state == TaskState.CANCELLED && task.isMemoized()) {
        // giving up one call is no answer to the other: it goes its own way
        events.onLocal(task);
      } else {
        finishAs(task, others[0]);
      }
      return;
    }
    for (Task other : others) {
      if (other.state != TaskState.SUCCEEDED) {
        failWith(task, others);
        return;
      }
    }
    task.finish(TaskState.SUCCEEDED, others);
    settle(task);
  }

  /// Ends `task` as `other` has ended.
  private void finishAs(Task task, Task other) {
    if (other.hasShortOutcome()) {
      task.succeedShort(other.shortLength(), other.shortHead(), other.shortTail());
    } else if (other.state == TaskState.SUCCEEDED) {
      task.finish(TaskState.SUCCEEDED, other.outcome());
    } else {
      // straight to where the failure is, so that joins in joins make no chain of these
      Task source =
          other.state == TaskState.FAILED && other.outcome() instanceof Task shared
              ? shared
              : other;
      task.finish(TaskState.FAILED, source);
    }
    settle(task);
  }

  /// Fails `task` with those of `tasks` that did not succeed.
  private void failWith(Task task, @Nullable Object[] tasks) {
    Task[] failed = new Task[tasks.length];
    int count = 0;
    for (Object one : tasks) {
      if (one instanceof Task other && other.state != TaskState.SUCCEEDED) {
        failed[count++] = other;
      }
    }
    task.finish(TaskState.FAILED, Arrays.copyOf(failed, count));
    settle(task);
  }

  // ---- launching

  /// The task to launch next, left where it is.
  public @Nullable Task peekReady() {
    return ready.peek();
  }

  /// Takes the next ready task for `child` and gives it a slot.
  public Task launch(int child) {
    return launch(child, false);
  }

  /// The same; `leads` says that what is launched to `child` later can't overtake it.
  public Task launch(int child, boolean leads) {
    Task task = ready.poll();
    if (task == null) {
      throw new IllegalStateException("nothing is ready");
    }
    launch(task, child, leads);
    return task;
  }

  /// Takes the next task of [#ahead] for `child` and gives it a slot.
  public Task launchAhead(int child) {
    Task task = ahead.take(child);
    task.aheadOfArguments();
    launch(task, child, true);
    task.setEarly(true);
    events.onEarly(child, 1);
    return task;
  }

  private void launch(Task task, int child, boolean leads) {
    int slot = freeCount > 0 ? freeSlots[--freeCount] : slotsUsed++;
    if (slot == launched.length) {
      launched = Arrays.copyOf(launched, slot * 2);
    }
    launched[slot] = task;
    task.launch(slot, child, leads);
    launchedCount++;
    if (leads && task.dependentCount() > 0) {
      ahead.onLaunched(task);
    }
  }

  /// A task that was launched ahead comes back, not run, since it can't have what it needs there:
  /// it waits again, or is ready.
  public void giveBack(Task task) {
    leave(task);
    int unmet = task.comeBack();
    ahead.onGivenBack(task);
    if (unmet == 0) {
      makeReady(task);
    } else {
      waitFor(task, unmet);
    }
  }

  /// A launched task comes back, not run, since others keep the slots there: it is the next to be
  /// launched of those of its priority, as it was before them.
  public void takeBack(Task task) {
    leave(task);
    int unmet = task.comeBack();
    if (unmet == 0) {
      task.state = TaskState.READY;
      ready.addFirst(task);
    } else {
      waitFor(task, unmet);
    }
  }

  private static void waitFor(Task task, int unmet) {
    task.state = TaskState.PENDING;
    task.unmetOrSlot = unmet;
  }

  /// The launched task of this id, slot and attempt, or null: the outcome is of a task that is
  /// done, or forged.
  public @Nullable Task find(long taskId, int slot, int attempt) {
    if (slot < 0 || slot >= slotsUsed) {
      return null;
    }
    Task task = launched[slot];
    return task != null && task.id == taskId && task.attempt() == attempt ? task : null;
  }

  /// A launched task has its value: `byte[]` or [BigValue].
  public void succeed(Task task, Object value) {
    leave(task);
    if (task.isAhead()) {
      ahead.onRun();
    }
    task.finish(TaskState.SUCCEEDED, value);
    settle(task);
    settleAll();
  }

  /// The same for a short value, as [Task#shortLength] and its neighbours tell it.
  public void succeedShort(Task task, int length, byte head, long tail) {
    leave(task);
    if (task.isAhead()) {
      ahead.onRun();
    }
    task.succeedShort(length, head, tail);
    settle(task);
    settleAll();
  }

  /// Indices of a launched array have failed.
  public void failArray(Task task) {
    failWith(task, task.array().result());
  }

  /// A launched task has failed.
  public void fail(Task task, Failure failure) {
    failWith(task, failure);
  }

  private void failWith(Task task, Object failure) {
    leave(task);
    task.finish(TaskState.FAILED, failure);
    settle(task);
    settleAll();
  }

  /// Gives up a task that is not done; its dependents fail. Returns false when it was done already.
  public boolean cancel(Task task) {
    if (task.state.isDone()) {
      return false;
    }
    if (task.state == TaskState.LAUNCHED) {
      leave(task);
    }
    // A ready task stays in its queue and is passed over by #skipDone, since taking it out would
    // cost a search; its `next` link is
    // therefore in use, and its dependents are released here rather than through the work list.
    task.finish(TaskState.CANCELLED, null);
    if (task.isMemoized()) {
      memo.onDone(task);
    }
    doneCount++;
    failedCount++;
    boolean _ = events.onDone(task);
    releaseDependents(task);
    settleAll();
    return true;
  }

  /// Drops tasks from the head of the ready queue that were cancelled there.
  public void skipDone() {
    for (Task head = ready.peek(); head != null && head.state.isDone(); head = ready.peek()) {
      ready.poll();
    }
  }

  /// The task whose failure is at the root of `task`'s.
  public static Task root(Task task) {
    Task at = task;
    while ((at.state == TaskState.DEPENDENCY_FAILED || at.state == TaskState.FAILED)
        && at.outcome() instanceof Task root) {
      at = root;
    }
    return at;
  }

  /// Calls `visitor` for every launched task, in the order of slots.
  public void forEachLaunched(Consumer<Task> visitor) {
    for (int slot = 0; slot < slotsUsed; slot++) {
      Task task = launched[slot];
      if (task != null) {
        visitor.accept(task);
      }
    }
  }

  /// Tasks submitted so far.
  public long submittedCount() {
    return submittedCount;
  }

  /// Tasks in their last state.
  public long doneCount() {
    return doneCount;
  }

  /// Tasks that did not succeed.
  public long failedCount() {
    return failedCount;
  }

  /// Tasks that are out.
  public int launchedCount() {
    return launchedCount;
  }

  /// Tasks that wait for a worker, cancelled ones not yet passed over included.
  public int readyCount() {
    return ready.size();
  }

  private void leave(Task task) {
    if (task.unmetOrSlot < 0 || launched[task.unmetOrSlot] != task) {
      throw new IllegalStateException(
          "not launched: taskId=" + task.id + " slot=" + task.unmetOrSlot);
    }
    launched[task.unmetOrSlot] = null;
    if (freeCount == freeSlots.length) {
      freeSlots = Arrays.copyOf(freeSlots, freeCount * 2);
    }
    freeSlots[freeCount++] = task.unmetOrSlot;
    launchedCount--;
    if (task.isEarly()) {
      beginsThere(task);
    }
  }

  /// A launched task waits for others no more, or isn't launched any more.
  private void beginsThere(Task task) {
    task.setEarly(false);
    events.onEarly(task.child, -1);
  }

  private void release(Task task) {
    if (task.functionId() == Task.LIST) {
      finishAsList(task);
    } else if (task.functionId() == Task.LOCAL || task.isMemoized() || task.isToBePrepared()) {
      task.state = TaskState.JOINING;
      events.onLocal(task);
    } else {
      makeReady(task);
    }
  }

  private void makeReady(Task task) {
    task.state = TaskState.READY;
    ready.add(task);
  }

  private void finishAsList(Task task) {
    Task[] listed = new Task[task.arguments().length];
    for (int i = 0; i < listed.length; i++) {
      listed[i] = (Task) Objects.requireNonNull(task.arguments()[i]);
    }
    task.finish(TaskState.SUCCEEDED, listed);
    settle(task);
  }

  /// Tells about a task that has reached its last state, unless it was given up first; its
  /// dependents follow in [#settleAll], and see what was decided here.
  private void settle(Task task) {
    if (!events.onDone(task)) {
      task.finish(TaskState.CANCELLED, null);
    }
    doneCount++;
    if (task.isMemoized()) {
      memo.onDone(task);
    }
    if (task.state != TaskState.SUCCEEDED) {
      failedCount++;
    }
    if (task.dependentCount() > 0) {
      if (workLast == null) {
        workFirst = task;
      } else {
        workLast.next = task;
      }
      workLast = task;
    }
  }

  private void settleAll() {
    for (Task task = workFirst; task != null; task = workFirst) {
      releaseDependents(task);
      workFirst = task.next;
      task.next = null;
      if (workFirst == null) {
        workLast = null;
      }
    }
  }

  private void releaseDependents(Task task) {
    for (int i = 0; i < task.dependentCount(); i++) {
      Task dependent = task.dependent(i);
      if (dependent.state == TaskState.PENDING) {
        if (dependent.functionId() == Task.ANY) {
          oneOfAnyIsDone(dependent, task);
        } else if (task.state != TaskState.SUCCEEDED) {
          dependent.finish(TaskState.DEPENDENCY_FAILED, root(task));
          settle(dependent);
        } else if (--dependent.unmetOrSlot == 0) {
          release(dependent);
        }
      } else if (dependent.state == TaskState.JOINING && --dependent.unmetOrSlot == 0) {
        finishFollowing(dependent);
      } else if (dependent.state == TaskState.LAUNCHED && task.state != TaskState.SUCCEEDED) {
        Task root = root(task);
        events.onDropped(dependent, root);
        leave(dependent);
        dependent.finish(TaskState.DEPENDENCY_FAILED, root);
        settle(dependent);
      } else if (dependent.isEarly() && dependent.unmet() == 0) {
        beginsThere(dependent);
      }
    }
    task.dropDependents();
  }

  private void oneOfAnyIsDone(Task any, Task dependency) {
    if (dependency.state == TaskState.SUCCEEDED) {
      finishAs(any, dependency);
    } else if (--any.unmetOrSlot == 0) {
      failWith(any, any.arguments());
    }
  }

  /// Walks over everything that is launched or ready; for tests and the simulator.
  public void checkInvariants() {
    int count = 0;
    for (int slot = 0; slot < slotsUsed; slot++) {
      Task task = launched[slot];
      if (task != null) {
        count++;
        if (task.unmetOrSlot != slot || task.state != TaskState.LAUNCHED) {
          throw new IllegalStateException(
              "slot "
                  + slot
                  + " holds taskId="
                  + task.id
                  + " slot="
                  + task.unmetOrSlot
                  + " "
                  + task.state);
        }
      }
    }
    if (count != launchedCount || count + freeCount != slotsUsed) {
      throw new IllegalStateException(
          "launched="
              + launchedCount
              + " counted="
              + count
              + " free="
              + freeCount
              + " used="
              + slotsUsed);
    }
    if (doneCount > submittedCount || failedCount > doneCount) {
      throw new IllegalStateException(
          "submitted=" + submittedCount + " done=" + doneCount + " failed=" + failedCount);
    }
  }
}
