package dev.heddle;

import dev.heddle.spi.CurrentTask;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// State that is made once on each rank and used by all tasks there: a model, a connection, an open
/// file.
///
/// A `WorkerLocal` may be captured by a task's function, be passed as an argument, or be a static
/// field of a class. The state is made when the first task asks for it, and lives until the end of
/// the run; then it is closed if it is [AutoCloseable].
///
/// Threading: a rank with several slots shares the state among tasks that run at the same time, so
/// the state must be thread-safe. One task makes the state; other tasks that ask at the same moment
/// wait. Errors: an exception of `maker` fails the task that called it; tasks that waited, and
/// later tasks, try again.
///
/// {@snippet file="dev/heddle/ApiSnippets.java" region="workerLocal"}
///
/// @param id the identity of this state on every rank
/// @param maker makes the state, on the rank that needs it
/// @param <T> type of the state
public record WorkerLocal<T extends @Nullable Object>(UUID id, Fn0<? extends T> maker) {

  /// Checks that nothing is null.
  public WorkerLocal {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(maker, "maker");
  }

  /// A new state, apart from any other.
  ///
  /// @param <T> type of the state
  /// @param maker makes the state, on the rank that needs it
  /// @return a `WorkerLocal` for use inside tasks
  public static <T extends @Nullable Object> WorkerLocal<T> of(Fn0<? extends T> maker) {
    return new WorkerLocal<>(UUID.randomUUID(), maker);
  }

  /// This rank's state.
  ///
  /// @return the state, made by the first task here that asked for it
  /// @throws IllegalStateException outside of tasks
  /// @throws Exception the exception of the maker
  public T get() throws Exception {
    return CurrentTask.require("WorkerLocal.get()").workerLocal(this);
  }
}
