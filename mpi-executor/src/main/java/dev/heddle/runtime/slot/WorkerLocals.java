package dev.heddle.runtime.slot;

import dev.heddle.WorkerLocal;
import dev.heddle.runtime.Log;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// The state of one rank's [WorkerLocal]s. Threading: any task of the rank; [#close] when no task
/// runs.
public final class WorkerLocals {
  /// Users are told of longer waits at the end.
  private static final long TELL_NS = 1_500_000_000;

  private final ConcurrentHashMap<UUID, State> states = new ConcurrentHashMap<>();

  /// The class of the state that is being closed.
  private volatile String closing = "?";

  /// The state to come, and the thread that makes it.
  private static final class State extends CompletableFuture<@Nullable Object> {
    private final Thread maker = Thread.currentThread();
  }

  /// The state of `local`, made by the first task that asks. Errors: the task that called the maker
  /// gets what the maker threw. Tasks that waited for it try themselves, since perhaps only that
  /// task was given up.
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
        // the next round makes it here, or waits for another task that does
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
      // the failure is this task's, told by its future; the next task tries again
      states.remove(local.id(), state);
      state.completeExceptionally(thrown);
    }
  }

  /// Closes each state that can be closed, for at most `timeoutNs`: users' code must not hold up
  /// the end. After [#TELL_NS] the state being closed is named. `where` is this rank, for people.
  public void close(long timeoutNs, String where) throws InterruptedException {
    if (states.isEmpty()) {
      return;
    }
    Thread thread = Thread.ofPlatform().daemon().name("heddle-close").start(this::closeAll);
    if (thread.join(Duration.ofNanos(Math.min(timeoutNs, TELL_NS)))) {
      return;
    }
    Log.tell(
        "heddle: "
            + where
            + " waits for a WorkerLocal to be closed, a "
            + closing
            + "; it is given up after "
            + timeoutNs / 1_000_000_000
            + " s");
    boolean _ = thread.join(Duration.ofNanos(Math.max(0, timeoutNs - TELL_NS)));
  }

  private void closeAll() {
    Leftovers leftovers = new Leftovers(Thread.currentThread());
    for (State state : states.values()) {
      leftovers.clear();
      if (state.state() == java.util.concurrent.Future.State.SUCCESS
          && state.resultNow() instanceof AutoCloseable closeable) {
        closing = closeable.getClass().getName();
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
