package dev.heddle.graph;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All tasks that are submitted and not done: their dependencies, which tasks are ready, and which
/// tasks are launched.
///
/// Shape: O(tasks not done); a launched task has a ticket ([Tickets]). Threading: the coordinator's
/// alone. Errors: a broken invariant throws [IllegalStateException] and ends the run.
///
/// Failures travel along the edges without recursion: a task that can't start any more goes to a
/// work list through its `next` link, so that a chain of a million dependents costs no stack.
@SuppressWarnings("ReferenceEquality") // a task is one node of the graph
public final class TaskGraph {

  /// Receives the tasks that have reached their last state, on the coordinator's thread and in
  /// order.
  @FunctionalInterface
  public interface Completions {
    /// `task` is done, unless the user has given it up: the answer decides once which of the two
    /// was first. After false the task counts as cancelled: its outcome is dropped, and its
    /// dependents fail. A cancelled task stays cancelled whatever the answer.
    boolean onDone(Task task);

    /// The part of `task` on the coordinator begins; it ends by [TaskGraph#succeedLocal],
    /// [TaskGraph#failLocal], [TaskGraph#follow], [TaskGraph#followAll] or [TaskGraph#memoize].
    default void onLocal(Task task) {
      throw new IllegalStateException("nobody runs local tasks: taskId=" + task.id());
    }

    /// `task` was launched ahead of an argument that now doesn't succeed, because `root` didn't.
    /// `task` is about to be done.
    default void onDropped(Task task, Task root) {}

    /// The number of tasks at `child` that wait there for an argument has changed by `change`.
    default void onEarly(int child, int change) {}
  }

  /// Receives each step of each task, on the coordinator's thread and in order. A graph has one
  /// watcher or none; without one a step costs a null check.
  public interface Watcher {
    /// `task` has arrived. A task that its user gave up on the way here has ended already.
    void onSubmitted(Task task);

    /// `task` has moved. The end of a task is told once, after [Completions#onDone] has decided
    /// whether outcome or user was first.
    void onMoved(Task task, TaskEvent event);
  }

  private final Completions events;
  private @Nullable Watcher watcher;
  private final ReadyQueue ready = new ReadyQueue();
  private final Memo memo;
  private final Ahead ahead;
  private final Following following;

  private final Tickets tickets = new Tickets();

  private long submittedCount;
  private long doneCount;
  private long failedCount;

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

  /// As [#TaskGraph(Completions, long)], for a coordinator with this many `children`.
  public TaskGraph(Completions events, long memoBytesMax, int children) {
    this.events = events;
    this.memo = new Memo(memoBytesMax);
    this.ahead = new Ahead(children);
    this.following = new Following(new Settling(), events, memo);
  }

  /// The tasks that may be launched before all their arguments are done.
  public Ahead ahead() {
    return ahead;
  }

  /// Sends each step to `all` from now on; null ends that.
  public void watch(@Nullable Watcher all) {
    watcher = all;
  }

  /// Takes a task in; it becomes ready, waits, or is done at once if a dependency has failed.
  public void submit(Task task) {
    submittedCount++;
    Watcher told = watcher;
    if (told != null) {
      told.onSubmitted(task);
    }
    if (task.taskState().isDone()) {
      return; // its user cancelled it on its way here
    }
    if (task.functionId() == Task.ANY) {
      following.submitAny(task);
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
      if (argument instanceof Task dependency && dependency.taskState() != TaskState.SUCCEEDED) {
        if (dependency.taskState().isDone()) {
          culprit = culprit == null ? dependency : culprit;
        } else {
          unmet++;
        }
      }
    }
    if (culprit != null) {
      task.finish(TaskEvent.DEPENDENCY_FAILED, root(culprit));
      settle(task);
      settleAll();
      return;
    }
    task.unmetOrTicket = unmet;
    if (unmet > 0) {
      for (Object argument : task.arguments()) {
        if (argument instanceof Task dependency && !dependency.taskState().isDone()) {
          dependency.addDependent(task);
        }
      }
      ahead.onSubmitted(task);
      return;
    }
    release(task);
    settleAll();
  }

  // ---- tasks with a part on the coordinator, see Following

  /// The part of `task` on the coordinator has a value: `byte[]` or [BigValue]. Returns false where
  /// the user had given the task up.
  public boolean succeedLocal(Task task, Object value) {
    return following.end(task, TaskEvent.SUCCEEDED, value);
  }

  /// The part of `task` on the coordinator has failed: a [Throwable] or a [Failure].
  public boolean failLocal(Task task, Object failure) {
    return following.end(task, TaskEvent.FAILED, failure);
  }

  /// The part of `task` on the coordinator is over and it ends as `other` does, success or failure.
  public void follow(Task task, Task other) {
    following.follow(task, other);
  }

  /// The part of `task` on the coordinator is over: it waits until all of `others` are done, and
  /// has the list of their values or of their failures.
  public void followAll(Task task, Task[] others) {
    following.followAll(task, others);
  }

  /// The part of `task` on the coordinator has found its key: `task` gets the outcome of the first
  /// task with this key, or is that first task.
  public void memoize(Task task, MemoKey key) {
    following.memoize(task, key);
  }

  /// The part of `task` on the coordinator has found its number of places.
  public void prepared(Task task) {
    following.prepared(task);
  }

  // ---- launching

  /// The task to launch next, left where it is.
  public @Nullable Task peekReady() {
    return ready.peek();
  }

  /// Takes the next ready task for `child` and gives it a ticket.
  public Task launch(int child) {
    return launch(child, false);
  }

  /// As [#launch(int)]; `leads` says that tasks launched to `child` later can't overtake this task.
  public Task launch(int child, boolean leads) {
    Task task = ready.poll();
    if (task == null) {
      throw new IllegalStateException("nothing is ready");
    }
    launch(task, child, leads);
    return task;
  }

  /// Takes the next task of [#ahead] for `child` and gives it a ticket.
  public Task launchAhead(int child) {
    Task task = ahead.take(child);
    task.aheadOfArguments();
    launch(task, child, true);
    task.setEarly(true);
    events.onEarly(child, 1);
    return task;
  }

  private void launch(Task task, int child, boolean leads) {
    task.launch(tickets.give(task), child, leads);
    tell(task, TaskEvent.LAUNCHED);
    if (leads && task.dependentCount() > 0) {
      ahead.onLaunched(task);
    }
  }

  /// A task that was launched ahead comes back without having run, since an argument isn't there.
  /// The task waits again, or is ready.
  public void giveBack(Task task) {
    leave(task);
    int unmet = task.comeBack();
    ahead.onGivenBack(task);
    if (unmet == 0) {
      makeReady(task, TaskEvent.RETURNED);
    } else {
      waitFor(task, unmet);
    }
  }

  /// A launched task comes back without having run, since other tasks keep the slots there. It is
  /// ready again, ahead of all tasks of its priority.
  public void takeBack(Task task) {
    leave(task);
    int unmet = task.comeBack();
    if (unmet == 0) {
      task.move(TaskEvent.RETURNED);
      tell(task, TaskEvent.RETURNED);
      ready.addFirst(task);
    } else {
      waitFor(task, unmet);
    }
  }

  private void waitFor(Task task, int unmet) {
    task.move(TaskEvent.RETURNED_TO_WAIT);
    task.unmetOrTicket = unmet;
    tell(task, TaskEvent.RETURNED_TO_WAIT);
  }

  private void tell(Task task, TaskEvent event) {
    Watcher told = watcher;
    if (told != null) {
      told.onMoved(task, event);
    }
  }

  /// The launched task of this id, ticket and attempt, or null: then the outcome belongs to a task
  /// that is done, or is forged.
  public @Nullable Task find(long taskId, int ticket, int attempt) {
    return tickets.find(taskId, ticket, attempt);
  }

  /// A launched task has its value: `byte[]` or [BigValue].
  public void succeed(Task task, Object value) {
    leave(task);
    if (task.isAhead()) {
      ahead.onRun();
    }
    task.finish(TaskEvent.SUCCEEDED, value);
    settle(task);
    settleAll();
  }

  /// As [#succeed] for a short value, given as by [Task#shortLength], [Task#shortHead] and
  /// [Task#shortTail].
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
    task.finish(TaskEvent.FAILED, failure);
    settle(task);
    settleAll();
  }

  /// Gives up a task that is not done; its dependents fail. Returns false when the task was done
  /// already.
  public boolean cancel(Task task) {
    if (task.taskState().isDone()) {
      return false;
    }
    if (task.taskState() == TaskState.LAUNCHED) {
      leave(task);
    }
    // A ready task stays in its queue and is passed over by #skipDone, since taking it out would
    // cost a search. Its `next` link is therefore in use, and its dependents are released here
    // rather than through the work list.
    task.finish(TaskEvent.CANCELLED, null);
    tell(task, TaskEvent.CANCELLED);
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
    for (Task head = ready.peek(); head != null && head.taskState().isDone(); head = ready.peek()) {
      ready.poll();
    }
  }

  /// The task whose failure is the root of the failure of `task`.
  public static Task root(Task task) {
    Task at = task;
    while ((at.taskState() == TaskState.DEPENDENCY_FAILED || at.taskState() == TaskState.FAILED)
        && at.outcome() instanceof Task root) {
      at = root;
    }
    return at;
  }

  /// Calls `visitor` for every launched task, in the order of tickets.
  public void forEachLaunched(Consumer<Task> visitor) {
    tickets.forEach(visitor);
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

  /// Tasks that are launched.
  public int launchedCount() {
    return tickets.count();
  }

  /// Tasks that wait for a worker. Cancelled tasks count until they are passed over.
  public int readyCount() {
    return ready.size();
  }

  private void leave(Task task) {
    tickets.takeBack(task, task.unmetOrTicket);
    if (task.isEarly()) {
      beginsThere(task);
    }
  }

  /// A launched task no longer waits for other tasks, or is no longer launched.
  private void beginsThere(Task task) {
    task.setEarly(false);
    events.onEarly(task.child, -1);
  }

  private void release(Task task) {
    if (task.functionId() == Task.LIST) {
      following.finishAsList(task);
    } else if (task.functionId() == Task.LOCAL || task.isMemoized() || task.isToBePrepared()) {
      task.move(TaskEvent.BEGUN_HERE);
      tell(task, TaskEvent.BEGUN_HERE);
      events.onLocal(task);
    } else {
      makeReady(task, TaskEvent.RELEASED);
    }
  }

  private void makeReady(Task task, TaskEvent event) {
    task.move(event);
    tell(task, event);
    ready.add(task);
  }

  /// Carries out what [Following] decides.
  private final class Settling implements Following.Graph {
    @Override
    public void makeReady(Task task) {
      TaskGraph.this.makeReady(task, TaskEvent.RELEASED);
    }

    @Override
    public void settle(Task task) {
      TaskGraph.this.settle(task);
    }

    @Override
    public void settleAll() {
      TaskGraph.this.settleAll();
    }
  }

  /// Reports a task that has reached its last state, unless it was given up first. Its dependents
  /// follow in [#settleAll], and see the decision made here.
  private void settle(Task task) {
    if (!events.onDone(task)) {
      task.finish(TaskEvent.OVERRULED, null);
    }
    if (watcher != null) {
      tell(task, TaskEvent.endingIn(task.taskState()));
    }
    doneCount++;
    if (task.isMemoized()) {
      memo.onDone(task);
    }
    if (task.taskState() != TaskState.SUCCEEDED) {
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
      if (dependent.taskState() == TaskState.PENDING) {
        if (dependent.functionId() == Task.ANY) {
          following.oneOfAnyIsDone(dependent, task);
        } else if (task.taskState() != TaskState.SUCCEEDED) {
          dependent.finish(TaskEvent.DEPENDENCY_FAILED, root(task));
          settle(dependent);
        } else if (--dependent.unmetOrTicket == 0) {
          release(dependent);
        }
      } else if (dependent.taskState() == TaskState.JOINING && --dependent.unmetOrTicket == 0) {
        following.finish(dependent);
      } else if (dependent.taskState() == TaskState.LAUNCHED
          && task.taskState() != TaskState.SUCCEEDED) {
        Task root = root(task);
        events.onDropped(dependent, root);
        leave(dependent);
        dependent.finish(TaskEvent.DEPENDENCY_FAILED, root);
        settle(dependent);
      } else if (dependent.isEarly() && dependent.unmet() == 0) {
        beginsThere(dependent);
      }
    }
    task.dropDependents();
  }

  /// Checks every task that is launched or ready; for tests and the simulator.
  public void checkInvariants() {
    tickets.checkInvariants();
    if (doneCount > submittedCount || failedCount > doneCount) {
      throw new IllegalStateException(
          "submitted=" + submittedCount + " done=" + doneCount + " failed=" + failedCount);
    }
  }
}
