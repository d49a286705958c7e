package dev.heddle.runtime;

import dev.heddle.DependencyException;
import dev.heddle.Fn1;
import dev.heddle.TaskFuture;
import dev.heddle.TaskOrigin;
import dev.heddle.codec.Failures;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Failure;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskGraph;
import dev.heddle.graph.TaskState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A task's future on rank 0.
///
/// Threading: `state` goes once from waiting (null, or a stack of sleeping threads) to `DONE` or
/// `CANCELLED`; that write publishes the task's outcome. Decoding is the caller's work, done once
/// in the usual case and harmless when done twice.
@SuppressWarnings("ReferenceEquality") // states are told apart by identity
final class EngineFuture<T extends @Nullable Object> implements TaskFuture<T> {
  private static final Object DONE = new Object();
  private static final Object CANCELLED = new Object();

  private record Waiter(Thread thread, @Nullable Object next) {}

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(EngineFuture.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final RunningHeddle heddle;
  private @Nullable Task task;
  private volatile @Nullable Object state;

  /// The value once it has been decoded, or the cause of failure; null before.
  private volatile @Nullable Decoded decoded;

  private record Decoded(@Nullable Object value, @Nullable Throwable cause) {}

  EngineFuture(RunningHeddle heddle) {
    this.heddle = heddle;
  }

  /// Ties the future to its task; before either is published.
  void of(Task made) {
    task = made;
  }

  Task task() {
    Task known = task;
    if (known == null) {
      throw new IllegalStateException("a future without a task");
    }
    return known;
  }

  RunningHeddle heddle() {
    return heddle;
  }

  /// The task's outcome is there. Called in the progress role: wakes, decodes nothing.
  void complete() {
    Object before = state;
    while (before != CANCELLED && before != DONE && !STATE.compareAndSet(this, before, DONE)) {
      before = state;
    }
    wake(before);
  }

  private static void wake(@Nullable Object waiters) {
    for (Object at = waiters; at instanceof Waiter waiter; at = waiter.next()) {
      LockSupport.unpark(waiter.thread());
    }
  }

  @Override
  public long taskId() {
    return task().id();
  }

  @Override
  public boolean isDone() {
    Object now = state;
    return now == DONE || now == CANCELLED;
  }

  @Override
  public boolean isCancelled() {
    if (state == CANCELLED) {
      return true;
    }
    return state == DONE && task().state() == TaskState.CANCELLED;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    Object before = state;
    while (before != CANCELLED && before != DONE) {
      if (STATE.compareAndSet(this, before, CANCELLED)) {
        wake(before);
        heddle.cancel(task());
        return true;
      }
      before = state;
    }
    return false;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (!isDone()) {
      heddle.await(this, Long.MAX_VALUE);
    }
    return report();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!isDone()) {
      heddle.await(this, unit.toNanos(timeout));
    }
    if (!isDone()) {
      throw new TimeoutException(
          "not done after "
              + timeout
              + " "
              + unit
              + ": task="
              + taskId()
              + " label="
              + task().label());
    }
    return report();
  }

  @Override
  public <R extends @Nullable Object> TaskFuture<R> then(Fn1<? super T, R> function) {
    return heddle.submitThen(function, this);
  }

  /// Sleeps until woken or `ns` have passed; may wake early.
  void park(long ns) {
    Object before = state;
    Thread self = Thread.currentThread();
    if (!isWaiting(self, before)) {
      if (before == DONE
          || before == CANCELLED
          || !STATE.compareAndSet(this, before, new Waiter(self, before))) {
        return;
      }
    }
    LockSupport.parkNanos(this, ns);
  }

  /// One place in the stack per thread, however often it sleeps.
  private static boolean isWaiting(Thread thread, @Nullable Object waiters) {
    for (Object at = waiters; at instanceof Waiter waiter; at = waiter.next()) {
      if (waiter.thread() == thread) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings({
    "unchecked",
    "NullAway"
  }) // the function's result type is T, null where T allows it
  private T report() throws ExecutionException {
    if (state == CANCELLED) {
      throw new CancellationException("cancelled: task=" + taskId() + " label=" + task().label());
    }
    Decoded known = decode();
    Throwable cause = known.cause();
    if (cause instanceof CancellationException && task().state() == TaskState.CANCELLED) {
      throw new CancellationException(cause.getMessage());
    }
    if (cause != null) {
      throw new ExecutionException(cause);
    }
    return (T) known.value();
  }

  private Decoded decode() {
    Decoded known = decoded;
    if (known == null) {
      known = decode(task());
      decoded = known;
    }
    return known;
  }

  private Decoded decode(Task done) {
    return switch (done.state()) {
      case SUCCEEDED -> {
        try {
          yield new Decoded(value(done.outcome()), null);
        } catch (RuntimeException e) {
          // the value came, but can't be made here
          yield new Decoded(null, e);
        }
      }
      case FAILED, DEPENDENCY_FAILED, CANCELLED -> new Decoded(null, cause(done));
      case PENDING, READY, LAUNCHED ->
          throw new IllegalStateException("not done: task=" + done.id() + " state=" + done.state());
    };
  }

  private @Nullable Object value(@Nullable Object outcome) {
    return switch (outcome) {
      case byte[] bytes -> heddle.codec().decode(bytes, 0, bytes.length);
      case BigValue large -> heddle.codec().decode(large.bytes(), large.offset(), large.length());
      case Task[] list -> {
        List<@Nullable Object> values = new ArrayList<>(list.length);
        for (Task one : list) {
          values.add(value(one.outcome()));
        }
        yield Collections.unmodifiableList(values);
      }
      case null, default -> throw new IllegalStateException("no value: " + outcome);
    };
  }

  private Throwable cause(Task done) {
    return switch (done.outcome()) {
      case Failure failure -> {
        Throwable original = Failures.decode(failure.bytes(), heddle.codec());
        original.addSuppressed(
            new TaskOrigin(
                done.id(), done.label(), failure.attempt(), failure.rank(), failure.host()));
        yield original;
      }
      case Task root ->
          new DependencyException(root.id(), root.label(), cause(TaskGraph.root(root)));
      case null, default ->
          new CancellationException("cancelled: task=" + done.id() + " label=" + done.label());
    };
  }
}
