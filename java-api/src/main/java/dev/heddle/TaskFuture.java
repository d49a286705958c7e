package dev.heddle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The future result of a task; given to `submit` it is a dependency.
///
/// A task that gets such a future inside a container can read it without waiting; [#then], [#part]
/// and [#toCompletableFuture] are for the program that submits.
///
/// Threading: any thread may wait, virtual ones too. The value is decoded once, on the first thread
/// that asks. Errors: [#get()] throws [ExecutionException] whose cause is the task's own exception
/// if its class loads here, else [RemoteException]; a dependent of a failed task has
/// [DependencyException] as cause. A [TaskOrigin] is a suppressed exception of the cause and names
/// task, attempt, rank and host.
///
/// @param <T> type of the value
public interface TaskFuture<T extends @Nullable Object> extends Future<T> {

  /// The task's number.
  ///
  /// @return unique in the run
  long taskId();

  /// The task's name for people.
  ///
  /// @return the label of the submit, or the function's class and method
  String label();

  /// Gives the task up. The future is cancelled at once. Its dependents fail, also dependents that
  /// are submitted later. A result that still arrives is dropped.
  ///
  /// @param mayInterruptIfRunning whether a task that is running is interrupted, on whatever rank;
  ///   the task may also ask [TaskContext#isCancelled()]; if false the task goes on until the end
  ///   of the run, which doesn't wait for it
  /// @return true when this call gave the task up: then its value is seen nowhere, neither here nor
  ///   in another task; false when the task was done already: then its outcome is seen everywhere
  @Override
  boolean cancel(boolean mayInterruptIfRunning);

  @Override
  T get() throws InterruptedException, ExecutionException;

  @Override
  T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException;

  /// Submits `function` with this future's value, on a worker.
  ///
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @return the future of its result
  <R extends @Nullable Object> TaskFuture<R> then(Fn1<? super T, R> function);

  /// The future of a part of the value: `result.part(Result::energy)`.
  ///
  /// Shape: `accessor` runs on rank 0 when the value is there and occupies no worker, so it should
  /// be quick; for work use [#then]. Errors: its exception fails the part only.
  ///
  /// @param <P> type of the part
  /// @param accessor picks the part; it isn't sent anywhere
  /// @return the future of the part
  <P extends @Nullable Object> TaskFuture<P> part(Fn1<? super T, P> accessor);

  /// A copy of this future, to compose with other `CompletableFuture`s.
  ///
  /// Threading: a function chained to the copy runs on a thread made for it, never on a thread that
  /// moves the run on. Completing or cancelling the copy leaves the task as it is. Errors:
  /// completes exceptionally with the cause of [#get()]'s exception.
  ///
  /// @return a new copy at each call
  CompletableFuture<T> toCompletableFuture();
}
