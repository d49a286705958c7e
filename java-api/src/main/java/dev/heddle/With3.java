package dev.heddle;

import org.jspecify.annotations.Nullable;

/// The three arguments of a task to be, values or futures; made by [Heddle#with].
///
/// Threading: immutable; may be submitted any number of times.
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
  public <R extends @Nullable Object> TaskFuture<R> submit(
      Fn3<? super A, ? super B, ? super C, R> function) {
    return heddle.submitTask(function, a, b, c);
  }
}
