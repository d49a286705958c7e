package dev.heddle;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// An [ExecutorService] whose tasks run on workers; made by [Heddle#asExecutorService].
///
/// Its overloads take serializable functions, and a bare lambda picks them. Through the plain
/// interface a [Callable] or [Runnable] that can't be sent is refused at submit with a
/// [TaskSerializationException] that says what to do; no task ever runs on rank 0 instead.
///
/// So it can't be the executor of [java.util.concurrent.CompletableFuture#supplyAsync(
/// java.util.function.Supplier, java.util.concurrent.Executor)], nor of an
/// [java.util.concurrent.ExecutorCompletionService]: both hand over objects of their own that are
/// bound to this JVM, and are refused. Use [TaskFuture#toCompletableFuture] and [Heddle#completed].
///
/// Shape: `shutdown` and its consequences concern tasks of this service only. Tasks that
/// [TaskFuture#then] and [TaskFuture#part] add to its futures are tasks of this service too.
/// `shutdownNow` returns the tasks that had not been sent to a worker, in the order of submission:
/// a `Runnable` as it was given, a [Callable] inside a [java.util.concurrent.FutureTask]. The
/// futures of all these tasks are cancelled. A running task that is cancelled is interrupted,
/// wherever it runs, and counts as done at once: after `awaitTermination` it may still run for a
/// moment. At the end of the run the service is shut down and terminated; where it was made inside
/// a [Scope], at the end of the scope.
///
/// Threading and errors: as [ExecutorService] says; after shutdown
/// [java.util.concurrent.RejectedExecutionException].
public interface TaskExecutorService extends ExecutorService {

  /// Submits a function.
  ///
  /// @param <T> type of the result
  /// @param task runs on a worker
  /// @return the future of its result
  <T extends @Nullable Object> TaskFuture<T> submit(SerializableCallable<T> task);

  /// Submits a function that returns nothing.
  ///
  /// @param task runs on a worker
  /// @return a future whose value is null
  TaskFuture<?> submit(SerializableRunnable task);

  /// Submits a function that returns nothing, with the value of its future.
  ///
  /// @param <T> type of the value
  /// @param task runs on a worker
  /// @param result the value of the future; it isn't sent
  /// @return a future whose value is `result`
  <T extends @Nullable Object> TaskFuture<T> submit(SerializableRunnable task, T result);

  /// Submits a function without a future; its exception is logged.
  ///
  /// @param task runs on a worker
  void execute(SerializableRunnable task);

  @Override
  <T extends @Nullable Object> TaskFuture<T> submit(Callable<T> task);

  @Override
  TaskFuture<?> submit(Runnable task);

  @Override
  <T extends @Nullable Object> TaskFuture<T> submit(Runnable task, T result);
}
