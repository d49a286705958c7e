package dev.heddle.runtime;

import dev.heddle.Fn1;
import dev.heddle.Heddle;
import dev.heddle.Progress;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.CapturedFunction;
import dev.heddle.codec.FunctionDefinition;
import dev.heddle.codec.ValueCodec;
import dev.heddle.core.Subtree;
import dev.heddle.core.ValueFrame;
import dev.heddle.graph.Task;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The user's side of a run, on rank 0: encodes on the caller's thread, hands tasks to the
/// coordinator, waits.
///
/// Threading: any thread. The only thing that submitters share is a queue and a counter.
final class RunningHeddle extends Heddle {
  /// Bit that tells the ids of large arguments from those of tasks and of large results.
  private static final long ARGUMENT_VALUE_ID = 1L << 61;

  /// A submitter moves the run on itself once in so many tasks: on few cores it is the thread that
  /// is awake.
  private static final int TASKS_PER_TURN = 64;

  private final Engine engine;
  private final String[] args;
  private final ValueCodec codec;
  private final int inlineBytesMax;
  private final long valueBytesMax;
  private final long pendingTasksMax;
  private final FunctionRegistry functions = new FunctionRegistry(this);
  private final AtomicLong taskIds = new AtomicLong();
  private final AtomicLong valueIds = new AtomicLong();
  private volatile boolean isOver;
  private volatile boolean hasCancelled;

  RunningHeddle(Engine engine, String[] args) {
    this.engine = engine;
    this.args = args;
    this.codec = engine.codec();
    this.inlineBytesMax = engine.config().count("inlineBytesMax");
    this.valueBytesMax = engine.config().number("valueBytesMax");
    this.pendingTasksMax = engine.config().number("pendingTasksMax");
  }

  ValueCodec codec() {
    return codec;
  }

  @Override
  public String[] args() {
    return args;
  }

  @Override
  public long slots() {
    return everybody().slots();
  }

  @Override
  public int ranks() {
    return everybody().ranks();
  }

  @Override
  public int levels() {
    return everybody().levels();
  }

  private Subtree everybody() {
    return Objects.requireNonNull(engine.all(), "the run has not started");
  }

  @Override
  public Progress progress() {
    long done = engine.doneCount();
    return new Progress(
        Math.max(done, taskIds.get()),
        done,
        engine.failedCount(),
        engine.launchedCount(),
        everybody().workers(),
        everybody().slots());
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<List<T>> all(
      Collection<? extends TaskFuture<? extends T>> futures) {
    checkOpen();
    @Nullable Object[] tasks = new @Nullable Object[futures.size()];
    int count = 0;
    for (TaskFuture<? extends T> future : futures) {
      tasks[count++] = taskOf(future, "all");
    }
    return submit(Task.LIST, "all", 0, tasks);
  }

  @Override
  protected <R extends @Nullable Object> TaskFuture<R> submitTask(
      Serializable function, @Nullable Object... arguments) {
    checkOpen();
    Objects.requireNonNull(function, "function");
    CapturedFunction captured = CapturedFunction.of(function);
    FunctionDefinition definition = captured.definition();
    @Nullable Object[] captures = captured.captures();
    @Nullable Object[] encoded = new @Nullable Object[captures.length + arguments.length];
    for (int i = 0; i < captures.length; i++) {
      encoded[i] = value(codec.encode(captures[i], "capture", i, definition), definition);
    }
    for (int i = 0; i < arguments.length; i++) {
      encoded[captures.length + i] =
          arguments[i] instanceof TaskFuture<?> future
              ? taskOf(future, definition.label())
              : value(codec.encode(arguments[i], "argument", i, definition), definition);
    }
    int functionId = functions.number(function.getClass(), captured).functionId();
    return submit(functionId, definition.label(), captures.length, encoded);
  }

  /// For [TaskFuture#then].
  <A extends @Nullable Object, R extends @Nullable Object> TaskFuture<R> submitThen(
      Fn1<A, R> function, TaskFuture<?> argument) {
    return submitTask(function, argument);
  }

  private Object value(byte[] encoded, FunctionDefinition definition) {
    if (encoded.length <= inlineBytesMax) {
      return encoded;
    }
    if (encoded.length > valueBytesMax) {
      throw new TaskSerializationException(
          "an argument of "
              + definition.label()
              + " has "
              + encoded.length
              + " bytes; at most "
              + valueBytesMax
              + " can be sent: raise valueBytesMax or pass less",
          null);
    }
    return ValueFrame.of(
        ARGUMENT_VALUE_ID | valueIds.incrementAndGet(), encoded, 0, encoded.length);
  }

  private Task taskOf(TaskFuture<?> future, String what) {
    if (future instanceof EngineFuture<?> ours && ours.heddle() == this) {
      return ours.task();
    }
    throw new IllegalArgumentException(
        "a future given to " + what + " is of another run: " + future + "; pass its value instead");
  }

  private <R extends @Nullable Object> TaskFuture<R> submit(
      int functionId, String label, int captureCount, @Nullable Object[] encoded) {
    long taskId = taskIds.incrementAndGet();
    EngineFuture<R> future = new EngineFuture<>(this);
    Task task = new Task(taskId, functionId, 0, label, captureCount, encoded, future);
    future.of(task);
    if (taskId - engine.doneCount() > pendingTasksMax) {
      awaitRoom(taskId);
    }
    command(task);
    if (taskId % TASKS_PER_TURN == 0 && !Thread.currentThread().isVirtual()) {
      int _ = engine.tryTurn();
    }
    return future;
  }

  /// Waits until fewer tasks are pending: back-pressure, so that a submitter that is faster than
  /// the machine doesn't fill the heap.
  private void awaitRoom(long taskId) {
    until(() -> taskId - engine.doneCount() <= pendingTasksMax);
  }

  /// Takes turns, or sleeps, until `ready`; an interrupt is kept for the caller.
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

  void command(Engine.Command command) {
    command((Object) command);
  }

  void cancel(Task task) {
    hasCancelled = true;
    command(root -> root.cancel(task));
  }

  /// Waits for a future, at most `timeoutNs`. Errors: [IllegalStateException] when the run can't go
  /// on.
  void await(EngineFuture<?> future, long timeoutNs) throws InterruptedException {
    if (Slot.isInsideTask()) {
      throw new IllegalStateException(
          "a task can't wait for a future, which would hold its slot: pass the future to submit as"
              + " an argument");
    }
    long nowNs = System.nanoTime();
    long deadlineNs =
        timeoutNs > Long.MAX_VALUE / 2 ? nowNs + Long.MAX_VALUE / 2 : nowNs + timeoutNs;
    if (Thread.currentThread().isVirtual()) {
      while (!future.isDone() && !engine.isClosed() && deadlineNs - System.nanoTime() > 0) {
        future.park(Math.min(100_000_000, deadlineNs - System.nanoTime()));
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } else {
      engine
          .pollers()
          .pollUntil(() -> future.isDone() || engine.isClosed(), deadlineNs, future::park);
    }
    if (!future.isDone() && engine.isClosed()) {
      throw ended();
    }
  }

  /// Waits until every task that was submitted is done.
  void awaitAll() throws InterruptedException {
    engine
        .pollers()
        .pollUntil(
            () -> engine.doneCount() >= taskIds.get() || engine.isClosed(),
            System.nanoTime() + Long.MAX_VALUE / 2,
            engine.pollers()::nap);
    if (engine.isClosed()) {
      throw ended();
    }
  }

  /// True when a cancelled task may still be running though all tasks are done.
  boolean hasCancelled() {
    return hasCancelled;
  }

  /// From now on nothing can be submitted.
  void over() {
    isOver = true;
  }

  private void checkOpen() {
    if (Slot.isInsideTask()) {
      throw new IllegalStateException(
          "tasks can't submit tasks: return a value, and submit what follows in the body of"
              + " Heddle.run");
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
