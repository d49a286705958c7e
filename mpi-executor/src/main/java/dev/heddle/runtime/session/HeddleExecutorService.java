package dev.heddle.runtime.session;

import dev.heddle.SerializableCallable;
import dev.heddle.SerializableRunnable;
import dev.heddle.TaskExecutorService;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import dev.heddle.core.role.Coordinator;
import dev.heddle.graph.TaskState;
import dev.heddle.runtime.Log;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A [TaskExecutorService] over a run: a scope of tasks that can be shut down.
///
/// Threading: any.
final class HeddleExecutorService implements TaskExecutorService {
  private final Session session;
  private final OpenTasks open;
  private final RunningHeddle heddle;

  HeddleExecutorService(RunningHeddle outer) {
    this.session = outer.session();
    this.open = OpenTasks.ofService(outer.scope());
    this.heddle = outer.inScope(open);
  }

  // ---- tasks

  @Override
  public <T extends @Nullable Object> TaskFuture<T> submit(SerializableCallable<T> task) {
    return submit((Callable<T>) task);
  }

  @Override
  public TaskFuture<?> submit(SerializableRunnable task) {
    return submit((Runnable) task);
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<T> submit(SerializableRunnable task, T result) {
    return submit((Runnable) task, result);
  }

  @Override
  public void execute(SerializableRunnable task) {
    execute((Runnable) task);
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<T> submit(Callable<T> task) {
    Objects.requireNonNull(task, "task");
    // an object that is a Callable and a Runnable is called as it was submitted
    Serializable function =
        task instanceof Runnable && task instanceof Serializable && !(task instanceof Future)
            ? (SerializableCallable<T>) task::call
            : sendable(task);
    return start(new ServiceFuture<>(heddle, task), function);
  }

  @Override
  public TaskFuture<?> submit(Runnable task) {
    return this.<@Nullable Object>start(new ServiceFuture<>(heddle, task), function(task));
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<T> submit(Runnable task, T result) {
    return start(new ServiceFuture.WithResult<>(heddle, task, result), function(task));
  }

  @Override
  public void execute(Runnable task) {
    ServiceFuture<@Nullable Object> future = new ServiceFuture<>(heddle, task);
    Future<?> _ = this.<@Nullable Object>start(future, function(task));
    future.onDone(() -> logFailure(future));
  }

  private static Serializable function(Runnable task) {
    Objects.requireNonNull(task, "task");
    return task instanceof Callable && task instanceof Serializable && !(task instanceof Future)
        ? (SerializableRunnable) task::run
        : sendable(task);
  }

  /// Logs the failure of a future that has no reader. A callback decodes it, as the thread that
  /// completes the future must not.
  private void logFailure(EngineFuture<?> future) {
    if (future.isCancelled() || future.taskState() == TaskState.SUCCEEDED) {
      return;
    }
    Thread _ =
        session
            .callbacks()
            .start(
                0,
                () ->
                    Log.log()
                        .error(
                            "task={} label={} of an executor service failed",
                            future.taskId(),
                            future.label(),
                            future.exceptionNow()));
  }

  private <T extends @Nullable Object> TaskFuture<T> start(
      ServiceFuture<T> future, Serializable function) {
    try {
      return heddle.submitTask(future, function);
    } catch (IllegalStateException e) {
      throw new RejectedExecutionException(e.getMessage(), e);
    }
  }

  private static Serializable sendable(Object function) {
    // some classes of futures are Serializable, but no future makes sense in another JVM
    if (function instanceof Serializable sendable && !(function instanceof Future)) {
      return sendable;
    }
    Class<?> type = function.getClass();
    String name = type.getName();
    int lambda = name.indexOf("$$Lambda");
    String what = lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
    String remedy;
    if (function instanceof CompletableFuture.AsynchronousCompletionTask) {
      remedy =
          "CompletableFuture puts the function into an object of its own: submit the function"
              + " itself, and call toCompletableFuture() on its future";
    } else if (function instanceof Future) {
      remedy =
          "one such as an ExecutorCompletionService makes, is bound to this JVM: submit"
              + " the function itself; Heddle.completed gives futures in the order in which they"
              + " are done";
    } else {
      remedy =
          "give a lambda to the overloads of TaskExecutorService, cast it to SerializableCallable"
              + " or SerializableRunnable, or let its class implement Serializable";
    }
    throw new TaskSerializationException(
        what
            + " can't be sent to a worker, since it is "
            + (function instanceof Future ? "a future: " : "not Serializable: ")
            + remedy,
        null);
  }

  // ---- several tasks

  @Override
  public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return invokeAll(tasks, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  @Override
  public <T> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    long deadlineNs = deadline(unit.toNanos(timeout));
    List<Future<T>> futures = new ArrayList<>(tasks.size());
    boolean isDone = false;
    try {
      for (Callable<T> task : tasks) {
        futures.add(submit(task));
      }
      for (Future<T> future : futures) {
        if (!isDoneBy(future, deadlineNs)) {
          return futures;
        }
      }
      isDone = true;
      return futures;
    } finally {
      if (!isDone) {
        futures.forEach(future -> future.cancel(true));
      }
    }
  }

  private static boolean isDoneBy(Future<?> future, long deadlineNs) throws InterruptedException {
    try {
      Object _ = future.get(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | CancellationException e) {
      return true; // the future is done, which is all that matters here
    } catch (TimeoutException e) {
      return false;
    }
    return true;
  }

  private static long deadline(long timeoutNs) {
    return System.nanoTime() + Math.clamp(timeoutNs, 0, Long.MAX_VALUE / 2);
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return invokeAny(tasks, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("two hundred years have passed", e);
    }
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("no tasks were given");
    }
    long deadlineNs = deadline(unit.toNanos(timeout));
    List<TaskFuture<T>> futures = new ArrayList<>(tasks.size());
    try {
      for (Callable<T> task : tasks) {
        futures.add(submit(task));
      }
      ExecutionException last = null;
      CompletedOrder<T> order = CompletedOrder.of(session, futures);
      for (int left = futures.size(); left > 0; left--) {
        TaskFuture<T> next = order.take(deadlineNs - System.nanoTime());
        if (next == null) {
          throw new TimeoutException("none succeeded within " + timeout + " " + unit);
        }
        try {
          return next.get();
        } catch (ExecutionException e) {
          last = e;
        } catch (CancellationException e) {
          last = new ExecutionException(e);
        }
      }
      throw Objects.requireNonNull(last);
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  // ---- the end

  @Override
  public void shutdown() {
    open.close();
  }

  @Override
  public List<Runnable> shutdownNow() {
    open.close();
    if (session.isOver()) {
      return List.of();
    }
    List<Runnable> neverStarted = takeBack();
    open.cancelAll(session);
    return neverStarted;
  }

  /// Cancels the tasks that have not been handed to a worker, and returns them in the order of
  /// submission. Only the coordinator knows these tasks. It is asked about [OpenTasks#BATCH] tasks
  /// at a time, so that its turns stay short.
  private List<Runnable> takeBack() {
    List<EngineFuture<?>> futures = new ArrayList<>(open.futures());
    futures.sort(Comparator.comparingLong(EngineFuture::taskId));
    List<Runnable> neverStarted = new ArrayList<>();
    AtomicBoolean isKnown = new AtomicBoolean();
    Thread asker = Thread.currentThread();
    // from the last to the first: the coordinator hands out the first tasks meanwhile
    for (int to = futures.size(); to > 0; to -= OpenTasks.BATCH) {
      List<EngineFuture<?>> some = futures.subList(Math.max(0, to - OpenTasks.BATCH), to);
      session.command((root, nowNs) -> takeBack(root, some, neverStarted, nowNs));
    }
    session.command(
        (_, _) -> {
          isKnown.set(true);
          LockSupport.unpark(asker);
        });
    boolean wasInterrupted = false;
    while (!isKnown.get()) {
      try {
        session.await(isKnown::get, Long.MAX_VALUE, ns -> LockSupport.parkNanos(this, ns));
      } catch (InterruptedException e) {
        wasInterrupted = true;
      } catch (IllegalStateException e) {
        if (!session.isOver()) {
          throw e;
        }
        return List.of(); // the run has ended, and so has every task
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    Collections.reverse(neverStarted);
    return neverStarted;
  }

  private static void takeBack(
      Coordinator root, List<EngineFuture<?>> futures, List<Runnable> neverStarted, long nowNs) {
    for (EngineFuture<?> future : futures.reversed()) {
      boolean hasStarted =
          switch (future.taskState()) {
            case PENDING, READY, JOINING -> false;
            case LAUNCHED, SUCCEEDED, FAILED, DEPENDENCY_FAILED, CANCELLED -> true;
          };
      if (!hasStarted && future instanceof ServiceFuture<?> ours && ours.markCancelled()) {
        neverStarted.add(ours.original());
        boolean _ = root.cancel(future, true, nowNs);
      }
    }
  }

  @Override
  public boolean isShutdown() {
    return open.isClosed() || session.isOver();
  }

  @Override
  public boolean isTerminated() {
    return session.isOver() || (open.isClosed() && open.isEmpty());
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    long timeoutNs = unit.toNanos(timeout);
    if (isTerminated()) {
      return true;
    }
    try {
      session.await(this::isTerminated, timeoutNs, ns -> open.park(this::isTerminated, ns));
    } catch (IllegalStateException e) {
      if (!session.isOver()) {
        throw e;
      }
    }
    return isTerminated();
  }
}
