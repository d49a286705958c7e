package dev.heddle.runtime;

import dev.heddle.SerializableCallable;
import dev.heddle.SerializableRunnable;
import dev.heddle.TaskExecutorService;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
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
  private static final long LOOK_NS = 1_000_000;

  private final Session session;
  private final OpenTasks open;
  private final RunningHeddle heddle;
  private volatile boolean isShutdown;

  HeddleExecutorService(RunningHeddle outer) {
    this.session = outer.session();
    this.open = new OpenTasks("the executor service", outer.scope());
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
    return start(ServiceFuture.of(heddle, new FutureTask<>(task)), task);
  }

  @Override
  public TaskFuture<?> submit(Runnable task) {
    Objects.requireNonNull(task, "task");
    return start(ServiceFuture.of(heddle, task), task);
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<T> submit(Runnable task, T result) {
    Objects.requireNonNull(task, "task");
    return start(new ServiceFuture<>(heddle, task, true, result), task);
  }

  @Override
  public void execute(Runnable task) {
    TaskFuture<?> future = submit(task);
    Future<?> _ =
        future
            .toCompletableFuture()
            .whenComplete(
                (_, failure) -> {
                  if (failure != null && !(failure instanceof CancellationException)) {
                    Log.log()
                        .error(
                            "task={} label={} of an executor service failed",
                            future.taskId(),
                            future.label(),
                            failure);
                  }
                });
  }

  private <T extends @Nullable Object> TaskFuture<T> start(
      ServiceFuture<T> future, Object function) {
    if (isShutdown) {
      throw new RejectedExecutionException("the executor service is shut down");
    }
    if (!(function instanceof Serializable sendable)) {
      throw new TaskSerializationException(
          function.getClass().getName()
              + " can't be sent to a worker, since it is not Serializable: give a lambda to the"
              + " overloads of TaskExecutorService, cast it to SerializableCallable or"
              + " SerializableRunnable, or let its class implement Serializable",
          null);
    }
    try {
      return heddle.submitTask(future, sendable);
    } catch (IllegalStateException e) {
      throw new RejectedExecutionException(e.getMessage(), e);
    }
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
      return true; // done is all that was asked
    } catch (TimeoutException e) {
      return false;
    }
    return true;
  }

  private static long deadline(long timeoutNs) {
    return System.nanoTime() + Math.min(timeoutNs, Long.MAX_VALUE / 2);
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
    isShutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    isShutdown = true;
    List<EngineFuture<?>> futures = List.copyOf(open.futures());
    List<Runnable> neverStarted = new ArrayList<>();
    AtomicBoolean isKnown = new AtomicBoolean();
    Thread asker = Thread.currentThread();
    session.command(
        root -> {
          for (EngineFuture<?> future : futures) {
            Task task = future.task();
            if (task.state() == TaskState.PENDING || task.state() == TaskState.READY) {
              if (future instanceof ServiceFuture<?> ours) {
                neverStarted.add(ours.original());
              }
              boolean _ = root.cancel(task, true);
            }
          }
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
        break; // the run has ended, and every task with it
      }
    }
    open.cancelAll();
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return isKnown.get() ? neverStarted : List.of();
  }

  @Override
  public boolean isShutdown() {
    return isShutdown || session.isOver();
  }

  @Override
  public boolean isTerminated() {
    return isShutdown() && (open.isEmpty() || session.isOver());
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      session.await(this::isTerminated, unit.toNanos(timeout), this::park);
    } catch (IllegalStateException e) {
      return true; // the run has ended, and every task with it
    }
    return isTerminated();
  }

  private void park(long ns) {
    if (open.isEmpty()) {
      // nothing wakes a thread that waits for shutdown
      LockSupport.parkNanos(this, Math.min(ns, LOOK_NS));
    } else {
      open.park(ns);
    }
  }
}
