package dev.heddle;

import org.jspecify.annotations.Nullable;

/// The two arguments of a task to be, values or futures; made by [Heddle#with].
///
/// Threading: immutable; may be submitted any number of times.
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
  public <R extends @Nullable Object> TaskFuture<R> submit(Fn2<? super A, ? super B, R> function) {
    return heddle.submitTask(function, a, b);
  }
}
