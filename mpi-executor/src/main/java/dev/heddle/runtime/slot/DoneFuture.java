package dev.heddle.runtime.slot;

import dev.heddle.Fn1;
import dev.heddle.TaskFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A future inside a value that was given to a task. It is done, since the task waited for it.
///
/// Shape: `taskId` is 0 inside a task on a worker, since only the value was sent. Threading:
/// immutable.
public final class DoneFuture<T extends @Nullable Object> implements TaskFuture<T> {
  private final long taskId;
  private final String label;
  private final T value;

  public DoneFuture(long taskId, String label, T value) {
    this.taskId = taskId;
    this.label = label;
    this.value = value;
  }

  @Override
  public long taskId() {
    return taskId;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return false;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public boolean isDone() {
    return true;
  }

  @Override
  public T get() {
    return value;
  }

  @Override
  public T get(long timeout, TimeUnit unit) {
    return value;
  }

  @Override
  public <R extends @Nullable Object> TaskFuture<R> then(Fn1<? super T, R> function) {
    throw refused("then");
  }

  @Override
  public <P extends @Nullable Object> TaskFuture<P> part(Fn1<? super T, P> accessor) {
    throw refused("part");
  }

  private static IllegalStateException refused(String method) {
    return new IllegalStateException(
        method
            + " of a future that was given to a task: its value is here, so call get(), and submit"
            + " what follows in the body of Heddle.run");
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    return CompletableFuture.completedFuture(value);
  }

  @Override
  public String toString() {
    return "done: " + value;
  }
}
