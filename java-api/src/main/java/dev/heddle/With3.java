package dev.heddle;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The three arguments of a task not yet submitted, values or futures; made by [Heddle#with].
///
/// Threading: immutable; may be submitted any number of times.
///
/// @param <A> type of argument a
/// @param <B> type of argument b
/// @param <C> type of argument c
public final class With3<
    A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> {
  private final Heddle heddle;
  private final @Nullable Object a;
  private final @Nullable Object b;
  private final @Nullable Object c;

  With3(Heddle heddle, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    this.heddle = heddle;
    this.a = a;
    this.b = b;
    this.c = c;
  }

  /// Submits `function` with these arguments.
  ///
  /// @param <R> type of the result
  /// @param function runs on a worker
  /// @return the future of its result
  public <R extends @Nullable Object> TaskFuture<R> submit(
      Fn3<? super A, ? super B, ? super C, R> function) {
    return heddle.submitTask(function, a, b, c);
  }

  /// Submits a function that returns nothing.
  ///
  /// @param procedure runs on a worker
  /// @return a future whose value is null
  public TaskFuture<@Nullable Void> run(Proc3<? super A, ? super B, ? super C> procedure) {
    return heddle.submitTask(procedure, a, b, c);
  }

  /// As [Heddle#join(Fn0)] with these arguments.
  ///
  /// @param <R> type of the result
  /// @param function runs on rank 0 and returns a future
  /// @return a future that ends as the returned future does
  public <R extends @Nullable Object> TaskFuture<R> join(
      Fn3<? super A, ? super B, ? super C, ? extends Future<? extends R>> function) {
    return heddle.joinTask(function, false, a, b, c);
  }

  /// As [Heddle#joinAll(Fn0)] with these arguments.
  ///
  /// @param <R> type of each result
  /// @param function runs on rank 0 and returns futures
  /// @return the future of the list of their values
  public <R extends @Nullable Object> TaskFuture<List<R>> joinAll(
      Fn3<? super A, ? super B, ? super C, ? extends Collection<? extends Future<? extends R>>>
          function) {
    return heddle.joinTask(function, true, a, b, c);
  }
}
