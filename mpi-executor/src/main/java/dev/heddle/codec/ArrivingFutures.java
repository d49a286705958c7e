package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The futures of one template, taken from the reader's source: one object per index.
///
/// Threading: one decode, one thread. Errors: [TaskSerializationException] for an index that the
/// template doesn't have.
final class ArrivingFutures {
  private final IntFunction<? extends Future<?>> source;
  private final @Nullable Future<?>[] futures;
  private @Nullable CompletableFuture<?>[] completables = {};

  ArrivingFutures(IntFunction<? extends Future<?>> source, int count) {
    this.source = source;
    this.futures = new @Nullable Future<?>[count];
  }

  Future<?> at(int index) {
    if (index >= futures.length) {
      throw new TaskSerializationException(
          "a value's bytes are damaged: future number=" + index + " of " + futures.length, null);
    }
    Future<?> future = futures[index];
    if (future == null) {
      future = Objects.requireNonNull(source.apply(index), "a future");
      futures[index] = future;
    }
    return future;
  }

  /// A completed `CompletableFuture` where the source gives another kind of future: static types
  /// must hold.
  CompletableFuture<?> completableAt(int index) {
    Future<?> future = at(index);
    if (future instanceof CompletableFuture<?> already) {
      return already;
    }
    if (completables.length == 0) {
      completables = new @Nullable CompletableFuture<?>[futures.length];
    }
    CompletableFuture<?> completable = completables[index];
    if (completable == null) {
      completable = completed(future);
      completables[index] = completable;
    }
    return completable;
  }

  private static CompletableFuture<?> completed(Future<?> future) {
    CompletableFuture<@Nullable Object> completable = new CompletableFuture<>();
    switch (future.state()) {
      case SUCCESS -> completable.complete(future.resultNow());
      case FAILED -> completable.completeExceptionally(future.exceptionNow());
      case CANCELLED -> completable.cancel(false);
      case RUNNING -> throw new IllegalStateException("a future that is not done: " + future);
    }
    return completable;
  }
}
