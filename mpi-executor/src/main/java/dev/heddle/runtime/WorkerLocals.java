package dev.heddle.runtime;

import dev.heddle.WorkerLocal;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// The state of one rank's [WorkerLocal]s. Threading: any task of the rank; [#close] when none
/// runs.
final class WorkerLocals {
  private final ConcurrentHashMap<UUID, State> states = new ConcurrentHashMap<>();

  /// The state to come, and who makes it.
  private static final class State extends CompletableFuture<@Nullable Object> {
    private final Thread maker = Thread.currentThread();
  }

  /// Errors: what the maker threw, for the task that made it and for those that waited.
  @SuppressWarnings({"unchecked", "NullAway"}) // the maker's type is T
  <T extends @Nullable Object> T get(WorkerLocal<T> local) throws Exception {
    State state = states.get(local.id());
    if (state == null) {
      State mine = new State();
      state = states.putIfAbsent(local.id(), mine);
      if (state == null) {
        make(local, mine);
        state = mine;
      }
    }
    if (!state.isDone() && Thread.currentThread().equals(state.maker)) {
      throw new IllegalStateException(
          "the maker of a WorkerLocal needs itself: it calls get() of what it is to make");
    }
    try {
      return (T) state.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception thrown) {
        throw thrown;
      }
      throw (Error) java.util.Objects.requireNonNull(e.getCause());
    }
  }

  private void make(WorkerLocal<?> local, State state) {
    try {
      state.complete(local.maker().call());
    } catch (Throwable thrown) {
      // the next task tries again
      states.remove(local.id(), state);
      state.completeExceptionally(thrown);
    }
  }

  /// Closes what can be closed.
  void close() {
    for (State state : states.values()) {
      if (state.state() == java.util.concurrent.Future.State.SUCCESS
          && state.resultNow() instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          Log.log().warn("a worker's state could not be closed: {}", e.toString());
        }
      }
    }
    states.clear();
  }
}
