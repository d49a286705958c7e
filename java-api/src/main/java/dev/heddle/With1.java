package dev.heddle;

import org.jspecify.annotations.Nullable;

/// The one argument of a task to be, values or futures; made by [Heddle#with].
///
/// Threading: immutable; may be submitted any number of times.
public final class With1<A extends @Nullable Object> {
  private final Heddle heddle;
  private final @Nullable Object a;

  With1(Heddle heddle, @Nullable Object a) {
    this.heddle = heddle;
    this.a = a;
  }

  /// Submits `function` with these arguments.
  public <R extends @Nullable Object> TaskFuture<R> submit(Fn1<? super A, R> function) {
    return heddle.submitTask(function, a);
  }
}
