package dev.heddle.runtime;

import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// The future of a task of an executor service: remembers what was submitted, and the value that a
/// `Runnable` was to have.
final class ServiceFuture<T extends @Nullable Object> extends EngineFuture<T> {
  private final Runnable original;
  private final boolean hasResult;
  private final T result;

  ServiceFuture(RunningHeddle heddle, Runnable original, boolean hasResult, T result) {
    super(heddle);
    this.original = original;
    this.hasResult = hasResult;
    this.result = result;
  }

  @SuppressWarnings("NullAway") // the result isn't used
  static <T extends @Nullable Object> ServiceFuture<T> of(RunningHeddle heddle, Runnable original) {
    return new ServiceFuture<>(heddle, original, false, null);
  }

  /// What `shutdownNow` gives back.
  Runnable original() {
    return original;
  }

  @Override
  T report() throws ExecutionException {
    T value = super.report();
    return hasResult ? result : value;
  }
}
