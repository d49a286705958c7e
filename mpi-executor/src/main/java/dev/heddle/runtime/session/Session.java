package dev.heddle.runtime.session;

import dev.heddle.Progress;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.ValueCodec;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.graph.Task;
import dev.heddle.runtime.engine.End;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.engine.Settings;
import dev.heddle.runtime.progress.Pollers;
import dev.heddle.runtime.slot.Slot;
import dev.heddle.wire.Ids;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The user's side of a run, on rank 0: numbers tasks, hands them to the coordinator, waits.
///
/// Threading: any thread. Submitters share only a queue and a counter.
public final class Session {

  /// A submitter takes a turn once in this many tasks: on few cores it is the thread that is awake.
  private static final int TASKS_PER_TURN = 64;

  private final Engine engine;
  private final String[] args;
  private final long pendingTasksMax;
  private final long reserveTasks;
  private final int joinDepthMax;
  private final FunctionRegistry functions = new FunctionRegistry(this);
  private final ArgumentEncoder encoder;
  private final Callbacks callbacks;
  private final ForeignFutures adopted = new ForeignFutures(this);
  private final FailedTasks failed = new FailedTasks();
  private final AtomicLong taskIds = new AtomicLong();
  private final AtomicLong refusedCount = new AtomicLong();
  private final AtomicLong valueIds = new AtomicLong();
  private final RunningHeddle root = new RunningHeddle(this);
  private volatile boolean isOver;
  private volatile boolean hasCancelled;

  public Session(Engine engine, String[] args) {
    this.engine = engine;
    this.args = args;
    this.pendingTasksMax = engine.config().number("pendingTasksMax");
    this.reserveTasks = Settings.reserveTasks(pendingTasksMax);
    this.joinDepthMax = engine.config().count("joinDepthMax");
    this.encoder = new ArgumentEncoder(this);
    this.callbacks = new Callbacks(engine.loader());
  }

  public Engine engine() {
    return engine;
  }

  public String[] args() {
    return args;
  }

  public ValueCodec codec() {
    return engine.codec();
  }

  FunctionRegistry functions() {
    return functions;
  }

  ArgumentEncoder encoder() {
    return encoder;
  }

  Callbacks callbacks() {
    return callbacks;
  }

  /// A sentence about failed tasks whose results were never asked for, or null.
  public @Nullable String unaskedFailures() {
    return failed.sentence();
  }

  FailedTasks failed() {
    return failed;
  }

  /// The view of the whole run.
  public RunningHeddle root() {
    return root;
  }

  long nextValueId() {
    return Ids.argument(0, valueIds.incrementAndGet());
  }

  /// The graph's form of an encoded value of this process; `what` names the value. Errors:
  /// [TaskSerializationException] where it is too large to be sent.
  Object graphValue(byte[] encoded, String what) {
    long valueBytesMax = engine.valueBytesMax();
    if (encoded.length > valueBytesMax) {
      throw new TaskSerializationException(
          what
              + " has "
              + encoded.length
              + " bytes; at most "
              + valueBytesMax
              + " can be sent: raise valueBytesMax or pass less",
          null);
    }
    return encoded.length <= engine.config().count("inlineBytesMax")
        ? encoded
        : ValueFrame.of(nextValueId(), encoded, 0, encoded.length);
  }

  Progress progress() {
    long done = engine.doneCount();
    var everybody = Objects.requireNonNull(engine.all(), "the run has not started");
    return new Progress(
        Math.max(done, taskIds.get() - refusedCount.get()),
        done,
        engine.failedCount(),
        engine.launchedCount(),
        everybody.workers(),
        everybody.slots());
  }

  // ---- tasks

  /// The task of a future that `what` depends on. A future that isn't a task becomes one.
  Task dependency(Future<?> future, String what) {
    if (future instanceof EngineFuture<?> ours) {
      if (ours.heddle().session() == this) {
        return ours.valueTask();
      }
      throw new IllegalArgumentException(
          "a future given to "
              + what
              + " is of another run: task="
              + ours.taskId()
              + "; pass its value instead");
    }
    return adopted.taskOf(future, what);
  }

  public <R extends @Nullable Object> TaskFuture<R> submit(
      EngineFuture<R> future,
      int functionId,
      int priority,
      int flags,
      String label,
      int captureCount,
      @Nullable Object[] encoded) {
    long taskId = taskIds.incrementAndGet();
    if (taskId > Ids.SEQUENCE_MAX) {
      refusedCount.incrementAndGet();
      throw new RejectedExecutionException(
          "this run has submitted all the "
              + Ids.SEQUENCE_MAX
              + " tasks that a run can number: go on in another run");
    }
    future.defineTask(taskId, functionId, priority, flags, label, captureCount, encoded);
    if (taskId - engine.doneCount() > pendingTasksMax) {
      awaitRoom(taskId);
    }
    OpenTasks scope = future.heddle().scope();
    if (scope != null && !scope.add(future)) {
      if (future.markCancelled()) {
        refusedCount.incrementAndGet();
      } else {
        // the thread that closed the scope has given the task up, so it counts as done: the graph
        // must know it
        command(future);
      }
      throw scope.refusal();
    }
    command(future);
    if (taskId % TASKS_PER_TURN == 0 && !Thread.currentThread().isVirtual()) {
      int _ = engine.tryTurn();
    }
    return future;
  }

  /// Waits until fewer tasks are pending, or refuses a callback's task where they are far too many.
  /// This back-pressure keeps a submitter that is faster than the machine from filling the heap.
  private void awaitRoom(long taskId) {
    if (!Callbacks.isCallback()) {
      until(() -> pendingBefore(taskId) <= pendingTasksMax);
      return;
    }
    if (pendingBefore(taskId) > pendingTasksMax + reserveTasks) {
      refusedCount.incrementAndGet();
      throw new RejectedExecutionException(
          "more than pendingTasksMax="
              + pendingTasksMax
              + " tasks are pending, and a join or callback can't wait for room, since that may"
              + " need it to go on: raise pendingTasksMax, or submit less at a time");
    }
  }

  /// The number of pending tasks up to `taskId`. A refused task has a number and is never done.
  private long pendingBefore(long taskId) {
    return taskId - refusedCount.get() - engine.doneCount();
  }

  void checkJoinDepth(int depth, String label) {
    if (depth > joinDepthMax) {
      throw new IllegalStateException(
          "joins in joins, "
              + depth
              + " deep: "
              + label
              + " seems to submit itself for ever; if it does end, raise joinDepthMax="
              + joinDepthMax);
    }
  }

  /// Takes turns, or sleeps, until `ready`. An interrupt is kept for the caller.
  private void until(BooleanSupplier ready) {
    boolean mayPoll = !Thread.currentThread().isVirtual();
    boolean wasInterrupted = false;
    while (!ready.getAsBoolean()) {
      checkOpen();
      wasInterrupted |= Thread.interrupted();
      if (!mayPoll || engine.tryTurn() <= 0) {
        LockSupport.parkNanos(this, 50_000);
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Hands a task or an [Engine.Command] to the coordinator.
  private void command(Object command) {
    if (!engine.offer(command)) {
      until(() -> engine.offer(command));
    }
  }

  /// Queues `command` for the holder of the progress role, which runs commands soon and in order.
  void command(Engine.Command command) {
    command((Object) command);
  }

  void cancel(Task task, boolean interrupt) {
    if (mayCancel()) {
      command((coordinator, nowNs) -> coordinator.cancel(task, interrupt, nowNs));
    }
  }

  void cancel(Task[] tasks, boolean interrupt) {
    if (mayCancel()) {
      command(
          (coordinator, nowNs) -> {
            for (Task task : tasks) {
              boolean _ = coordinator.cancel(task, interrupt, nowNs);
            }
          });
    }
  }

  /// Notes that the user cancels. Returns false where the run has ended, and so has every task.
  private boolean mayCancel() {
    if (!hasCancelled) {
      hasCancelled = true;
    }
    return !engine.isClosed();
  }

  // ---- waiting

  /// Waits until `done`, for at most `timeoutNs`, and sleeps by `parker`. Errors:
  /// [IllegalStateException] where the run can't go on, and inside of tasks.
  void await(BooleanSupplier done, long timeoutNs, Pollers.Parker parker)
      throws InterruptedException {
    if (Slot.isInsideTask()) {
      throw new IllegalStateException(
          "a task can't wait for a future, which would hold its slot: pass the future to submit as"
              + " an argument");
    }
    long nowNs = System.nanoTime();
    long deadlineNs = nowNs + Math.clamp(timeoutNs, 0, Long.MAX_VALUE / 2);
    if (Thread.currentThread().isVirtual()) {
      engine.sleepers().await(done, deadlineNs, parker);
    } else {
      engine
          .pollers()
          .pollUntil(() -> done.getAsBoolean() || engine.isClosed(), deadlineNs, parker);
    }
    if (engine.isClosed() && !done.getAsBoolean()) {
      throw ended();
    }
  }

  /// Waits until every submitted task is done, and every callback has returned or was given up.
  public void awaitAll() throws InterruptedException {
    new Ending(this, adopted).await();
    if (engine.isClosed()) {
      throw ended();
    }
  }

  /// Whether all tasks are done and no callback runs. A callback may submit while it runs, and a
  /// task's end may start a callback, so the tasks are checked again after the callbacks.
  boolean isIdle() {
    return areAllDone() && callbacks.runningCount() == 0 && areAllDone();
  }

  boolean areAllDone() {
    return engine.doneCount() >= taskIds.get() - refusedCount.get();
  }

  /// Whether a cancelled task may still be running though all tasks are done.
  public boolean hasCancelled() {
    return hasCancelled;
  }

  /// Ends submitting: from now on a submit is refused. Callbacks that still run are interrupted.
  public void over() {
    isOver = true;
    callbacks.end();
  }

  /// Whether submitting has ended.
  boolean isOver() {
    return isOver || engine.isClosed();
  }

  void checkOpen() {
    if (Slot.isInsideTask()) {
      throw new IllegalStateException(
          "tasks can't submit tasks: return a value, and submit what follows in the body of"
              + " Heddle.run, or in a join");
    }
    if (isOver) {
      throw new IllegalStateException("the run is over: submit inside the body of Heddle.run");
    }
    if (engine.isClosed()) {
      throw ended();
    }
  }

  private IllegalStateException ended() {
    End end = engine.end();
    return new IllegalStateException(
        end == null
            ? "the run is over: its futures that were not done never will be"
            : "the run can't go on: " + end.reason());
  }
}
