package dev.heddle;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The two arguments of a task not yet submitted, values or futures; made by [Heddle#with].
///
/// Threading: immutable; may be submitted any number of times.
///
/// @param <A> type of argument a
/// @param <B> type of argument b
public final class With2<A extends @Nullable Object, B extends @Nullable Object> {
  private final Heddle heddle;
  private final @Nullable Object a;
  private final @Nullable Object b;

  With2(Heddle heddle, @Nullable Object a, @Nullable Object b) {
    this.heddle = heddle;
    this.a = a;
    this.b = b;
  }

  /// Submits `function` with these arguments.
  ///
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @return the future of its result
  public <R extends @Nullable Object> TaskFuture<R> submit(Fn2<? super A, ? super B, R> function) {
    return heddle.submitTask(function, a, b);
  }

  /// Submits a function that returns nothing.
  ///
  /// @param procedure runs on a worker
  /// @return a future whose value is null
  public TaskFuture<@Nullable Void> run(Proc2<? super A, ? super B> procedure) {
    return heddle.submitTask(procedure, a, b);
  }

  /// As [Heddle#join(Fn0)] with these arguments.
  ///
  /// @param <R> type of the result
  /// @param function runs on rank 0 and returns a future
  /// @return a future that ends as the returned future does
  public <R extends @Nullable Object> TaskFuture<R> join(
      Fn2<? super A, ? super B, ? extends Future<? extends R>> function) {
    return heddle.joinTask(function, false, a, b);
  }

  /// As [Heddle#joinAll(Fn0)] with these arguments.
  ///
  /// @param <R> type of each result
  /// @param function runs on rank 0 and returns futures
  /// @return the future of the list of their values
  public <R extends @Nullable Object> TaskFuture<List<R>> joinAll(
      Fn2<? super A, ? super B, ? extends Collection<? extends Future<? extends R>>> function) {
    return heddle.joinTask(function, true, a, b);
  }
}
