package dev.heddle.runtime.session;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The tasks of a scope, or of an executor service, that are not done.
///
/// Shape: the tasks of a scope inside another scope belong to both. Threading: any; [#remove] is
/// called in the progress role. [#add] adds a task before it checks whether this is closed, and a
/// closing thread looks at the tasks after it has closed this. So no task is overlooked by both
/// threads.
final class OpenTasks {
  /// Tasks cancelled by one command: enough to make commands cheap, and few enough for a short
  /// turn.
  static final int BATCH = 4096;

  private final @Nullable OpenTasks outer;
  private final boolean isService;
  private final Set<EngineFuture<?>> futures = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;
  private final Set<Thread> waiters = ConcurrentHashMap.newKeySet();

  private OpenTasks(@Nullable OpenTasks outer, boolean isService) {
    this.outer = outer;
    this.isService = isService;
  }

  /// The tasks of a scope, inside `outer` where it isn't null.
  static OpenTasks ofScope(@Nullable OpenTasks outer) {
    return new OpenTasks(outer, false);
  }

  /// The tasks of an executor service, inside `outer` where it isn't null.
  static OpenTasks ofService(@Nullable OpenTasks outer) {
    return new OpenTasks(outer, true);
  }

  boolean isClosed() {
    return isClosed || (outer != null && outer.isClosed());
  }

  /// Errors: [#refusal] after [#close].
  void checkOpen() {
    if (isClosed()) {
      throw refusal();
    }
  }

  /// The exception that a submit after [#close] throws.
  RuntimeException refusal() {
    if (!isClosed && outer != null) {
      return outer.refusal();
    }
    return isService
        ? new RejectedExecutionException("the executor service is shut down")
        : new IllegalStateException(
            "the scope is closed: submit inside its body, or to the heddle around it");
  }

  /// Adds `future`. Returns false, and doesn't keep it, where this is closed.
  boolean add(EngineFuture<?> future) {
    if (outer != null && !outer.add(future)) {
      return false;
    }
    futures.add(future);
    if (isClosed) {
      remove(future);
      return false;
    }
    return true;
  }

  void remove(EngineFuture<?> future) {
    futures.remove(future);
    if (!waiters.isEmpty() && futures.isEmpty()) {
      wakeAll();
    }
    if (outer != null) {
      outer.remove(future);
    }
  }

  boolean isEmpty() {
    return futures.isEmpty();
  }

  Set<EngineFuture<?>> futures() {
    return futures;
  }

  /// Refuses all further tasks.
  void close() {
    isClosed = true;
    wakeAll();
  }

  private void wakeAll() {
    waiters.forEach(LockSupport::unpark);
  }

  /// Cancels all tasks. Running tasks are interrupted.
  void cancelAll(Session session) {
    EngineFuture<?>[] batch = new EngineFuture<?>[BATCH];
    int count = 0;
    for (EngineFuture<?> future : futures) {
      if (future.markCancelled()) {
        batch[count++] = future;
        if (count == BATCH) {
          cancel(session, batch);
          batch = new EngineFuture<?>[BATCH];
          count = 0;
        }
      }
    }
    if (count > 0) {
      cancel(session, Arrays.copyOf(batch, count));
    }
  }

  private static void cancel(Session session, EngineFuture<?>[] batch) {
    session.cancel(batch, true);
    for (EngineFuture<?> future : batch) {
      future.interruptLocal();
    }
  }

  /// Sleeps until the last task ends, until [#close], or for `ns` nanoseconds. Returns at once
  /// where `done`.
  void park(BooleanSupplier done, long ns) {
    Thread self = Thread.currentThread();
    waiters.add(self);
    if (!done.getAsBoolean()) {
      LockSupport.parkNanos(this, ns);
    }
    waiters.remove(self);
  }
}
