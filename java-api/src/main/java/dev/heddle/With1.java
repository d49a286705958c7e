package dev.heddle;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The argument of a task not yet submitted, a value or a future; made by [Heddle#with].
///
/// Threading: immutable; may be submitted any number of times.
///
/// @param <A> type of argument a
public final class With1<A extends @Nullable Object> {
  private final Heddle heddle;
  private final @Nullable Object a;

  With1(Heddle heddle, @Nullable Object a) {
    this.heddle = heddle;
    this.a = a;
  }

  /// Submits `function` with this argument.
  ///
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @return the future of its result
  public <R extends @Nullable Object> TaskFuture<R> submit(Fn1<? super A, R> function) {
    return heddle.submitTask(function, a);
  }

  /// Submits a function that returns nothing.
  ///
  /// @param procedure runs on a worker
  /// @return a future whose value is null
  public TaskFuture<@Nullable Void> run(Proc1<? super A> procedure) {
    return heddle.submitTask(procedure, a);
  }

  /// As [Heddle#join(Fn0)] with this argument.
  ///
  /// @param <R> type of the result
  /// @param function runs on rank 0 and returns a future
  /// @return a future that ends as the returned future does
  public <R extends @Nullable Object> TaskFuture<R> join(
      Fn1<? super A, ? extends Future<? extends R>> function) {
    return heddle.joinTask(function, false, a);
  }

  /// As [Heddle#joinAll(Fn0)] with this argument.
  ///
  /// @param <R> type of each result
  /// @param function runs on rank 0 and returns futures
  /// @return the future of the list of their values
  public <R extends @Nullable Object> TaskFuture<List<R>> joinAll(
      Fn1<? super A, ? extends Collection<? extends Future<? extends R>>> function) {
    return heddle.joinTask(function, true, a);
  }
}
