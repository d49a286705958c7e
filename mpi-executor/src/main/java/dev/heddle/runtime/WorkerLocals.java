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

  /// Errors: what the maker threw, for the task that called it; those that waited for it try
  /// themselves, since it may have been that task alone that was given up.
  @SuppressWarnings({"unchecked", "NullAway"}) // the maker's type is T
  <T extends @Nullable Object> T get(WorkerLocal<T> local) throws Exception {
    while (true) {
      State known = states.get(local.id());
      if (known == null) {
        State mine = new State();
        known = states.putIfAbsent(local.id(), mine);
        if (known == null) {
          make(local, mine);
          return (T) valueOf(mine);
        }
      }
      if (!known.isDone() && Thread.currentThread().equals(known.maker)) {
        throw new IllegalStateException(
            "the maker of a WorkerLocal needs itself: it calls get() of what it is to make");
      }
      try {
        return (T) known.get();
      } catch (ExecutionException e) {
        // the next round makes it here, or waits for another that does
      }
    }
  }

  private static @Nullable Object valueOf(State made) throws Exception {
    try {
      return made.get();
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
      // it is this task's failure, told by its future; the next task tries again
      states.remove(local.id(), state);
      state.completeExceptionally(thrown);
    }
  }

  /// Closes what can be closed, for at most `timeoutNs`: users' code must not hold up the end.
  void close(long timeoutNs) throws InterruptedException {
    if (states.isEmpty()) {
      return;
    }
    Thread closing = Thread.ofPlatform().daemon().name("heddle-close").start(this::closeAll);
    if (!closing.join(java.time.Duration.ofNanos(timeoutNs))) {
      Log.log().warn("the state of this rank's workers is still being closed; not waited for");
    }
  }

  private void closeAll() {
    Leftovers leftovers = new Leftovers(Thread.currentThread());
    for (State state : states.values()) {
      leftovers.clear();
      if (state.state() == java.util.concurrent.Future.State.SUCCESS
          && state.resultNow() instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Throwable e) {
          Log.log().warn("a worker's state could not be closed: {}", e.toString());
        }
      }
    }
    states.clear();
  }
}
