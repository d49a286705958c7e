package dev.heddle.examples.readmap;

import dev.heddle.Fn0;
import dev.heddle.Fn1;
import dev.heddle.Fn2;
import dev.heddle.Heddle;
import dev.heddle.Progress;
import dev.heddle.TaskFuture;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// NOT an executor: runs each task at its submit, on the caller's thread, and encodes nothing. It
/// shows that the example's graph is right without waiting for ranks.
final class FakeHeddle extends Heddle {
  private long tasks;

  private record Done<T extends @Nullable Object>(Heddle heddle, long taskId, T value)
      implements TaskFuture<T> {
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
      return heddle.<T, R>submit(function::call, this);
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
  }

  @Override
  public String[] args() {
    return new String[0];
  }

  @Override
  public long slots() {
    return 1;
  }

  @Override
  public int ranks() {
    return 1;
  }

  @Override
  public Progress progress() {
    return new Progress(tasks, tasks, 0, 0, 1, 1);
  }

  long tasks() {
    return tasks;
  }

  @Override
  public <T extends @Nullable Object> TaskFuture<List<T>> all(
      Collection<? extends TaskFuture<? extends T>> futures) {
    List<T> values = new ArrayList<>();
    for (TaskFuture<? extends T> future : futures) {
      values.add(((Done<? extends T>) future).value());
    }
    return new Done<>(this, -1, values);
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the typed methods of the API are the only callers
  protected <R extends @Nullable Object> TaskFuture<R> submitTask(
      Serializable function, @Nullable Object... arguments) {
    Object[] a = new Object[arguments.length];
    for (int i = 0; i < a.length; i++) {
      a[i] = arguments[i] instanceof Done<?> done ? done.value() : arguments[i];
    }
    try {
      R value =
          switch (function) {
            case Fn0<?> fn -> (R) fn.call();
            case Fn1<?, ?> fn -> ((Fn1<Object, R>) fn).call(a[0]);
            case Fn2<?, ?, ?> fn -> ((Fn2<Object, Object, R>) fn).call(a[0], a[1]);
            default -> throw new IllegalArgumentException("not here: " + function);
          };
      return new Done<>(this, tasks++, value);
    } catch (Exception failed) {
      throw new IllegalStateException("task failed", failed);
    }
  }
}
