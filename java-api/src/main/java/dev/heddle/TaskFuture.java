package dev.heddle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The result of a task to come; given to `submit` it is a dependency.
///
/// A task that gets one inside a container can read it without waiting; [#then], [#part] and
/// [#toCompletableFuture] are for the program that submits.
///
/// Threading: any thread may wait, virtual ones too. The value is decoded once, on the first thread
/// that asks. Errors: [#get()] throws [ExecutionException] whose cause is the task's own exception
/// if its class loads here, else [RemoteException]; a dependent of a failed task has
/// [DependencyException] as cause. [TaskOrigin] rides on the cause as a suppressed exception and
/// names task, attempt, rank and host.
///
/// @param <T> type of the value
public interface TaskFuture<T extends @Nullable Object> extends Future<T> {

  /// The task's number.
  ///
  /// @return unique in the run
  long taskId();

  /// What people call the task.
  ///
  /// @return the label it was given, or the function's class and method
  String label();

  /// Gives the task up: the future is cancelled at once, its dependents fail, those that are
  /// submitted later too, and a result that still comes is dropped.
  ///
  /// @param mayInterruptIfRunning whether a task that is running is interrupted, on whatever rank;
  ///   it may also ask [TaskContext#isCancelled()]; if false it goes on until the end of the run,
  ///   which doesn't wait for it
  /// @return true when this call gave it up: then nobody sees a value of it, here or in another
  ///   task; false when it was done already: then everybody sees how
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
  /// be quick; for work use [#then]. Errors: what it throws fails the part only.
  ///
  /// @param <P> type of the part
  /// @param accessor isn't sent anywhere
  /// @return the future of the part
  <P extends @Nullable Object> TaskFuture<P> part(Fn1<? super T, P> accessor);

  /// This future for the JDK's way of composing.
  ///
  /// Threading: what is chained to it runs on a thread made for it, never on one that moves the run
  /// on. Completing or cancelling the copy leaves the task as it is. Errors: completes
  /// exceptionally with what is the cause of [#get()]'s exception.
  ///
  /// @return a new one at each call
  CompletableFuture<T> toCompletableFuture();
}
