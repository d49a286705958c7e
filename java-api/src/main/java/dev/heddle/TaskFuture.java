package dev.heddle;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The result of a task to come; given to `submit` it is a dependency.
///
/// Threading: any thread may wait, virtual ones too. The value is decoded once, on the first thread
/// that asks. Errors: [#get()] throws [ExecutionException] whose cause is the task's own exception
/// if its class loads here, else [RemoteException]; a dependent of a failed task has
/// [DependencyException] as cause. [TaskOrigin] rides on the cause as a suppressed exception and
/// names task, attempt, rank and host.
public interface TaskFuture<T extends @Nullable Object> extends Future<T> {

  /// The task's id, unique in the run.
  long taskId();

  /// Gives the task up: the future is cancelled at once, its dependents fail, and a result that
  /// still comes is dropped. Returns false when it was done already.
  ///
  /// A task that is running is not interrupted before the end of the run, whatever
  /// `mayInterruptIfRunning` says.
  @Override
  boolean cancel(boolean mayInterruptIfRunning);

  @Override
  T get() throws InterruptedException, ExecutionException;

  @Override
  T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException;

  /// Submits `function` with this future's value, on a worker.
  <R extends @Nullable Object> TaskFuture<R> then(Fn1<? super T, R> function);
}
