package dev.heddle.runtime.session;

import dev.heddle.Fn1;
import dev.heddle.TaskFuture;
import dev.heddle.graph.Task;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// The future of an executor service's task. It remembers the submitted object.
class ServiceFuture<T extends @Nullable Object> extends EngineFuture<T> {
  private final Object original;

  /// `original` is a `Callable` or a `Runnable`.
  ServiceFuture(RunningHeddle heddle, Object original) {
    super(heddle);
    this.original = original;
  }

  /// What `shutdownNow` returns: the submitted object, or a `FutureTask` around a `Callable`.
  final Runnable original() {
    return original instanceof Callable<?> callable && !(original instanceof Runnable)
        ? new FutureTask<>(callable)
        : (Runnable) original;
  }

  /// The future of a `Runnable` with a given result: its value is that very object.
  static final class WithResult<T extends @Nullable Object> extends ServiceFuture<T> {
    private final T result;

    WithResult(RunningHeddle heddle, Runnable original, T result) {
      super(heddle, original);
      this.result = result;
    }

    @Override
    T report() throws ExecutionException {
      T _ = super.report();
      return result;
    }

    /// The task's own value is null, so a task that depends on this future needs another task,
    /// which has the result. That task belongs to the run and not to the service, which may be shut
    /// down. Errors: where the result can't be encoded, that task fails.
    @Override
    Task valueTask() {
      LocalWork encode =
          (session, task) -> {
            Object value =
                session.graphValue(
                    session.codec().encode(result, "value of " + label()), "value of " + label());
            session.command((root, _) -> root.graph().succeedLocal(task, value));
          };
      LocalFuture<T> withValue =
          new LocalFuture<>(heddle().session().root(), encode, Callbacks.depth());
      TaskFuture<T> _ =
          heddle()
              .session()
              .submit(withValue, Task.LOCAL, 0, 0, label(), 0, new @Nullable Object[] {this});
      return withValue;
    }

    @Override
    public <P extends @Nullable Object> TaskFuture<P> part(Fn1<? super T, P> accessor) {
      return heddle().submitPart(accessor, valueTask());
    }
  }
}
