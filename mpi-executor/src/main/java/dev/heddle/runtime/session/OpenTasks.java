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
/// Shape: those of a scope inside another belong to both. Threading: any; [#remove] is called in
/// the progress role. A task is added before [#add] looks whether this is closed, and who closes
/// looks at the tasks afterwards: so none is overlooked by both.
final class OpenTasks {
  /// Tasks cancelled by one command: enough to make commands cheap, and a turn stays short.
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

  /// Of a scope, inside of `outer` if there is one.
  static OpenTasks ofScope(@Nullable OpenTasks outer) {
    return new OpenTasks(outer, false);
  }

  /// Of an executor service, inside of `outer` if there is one.
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

  /// What a submit after [#close] throws.
  RuntimeException refusal() {
    if (!isClosed && outer != null) {
      return outer.refusal();
    }
    return isService
        ? new RejectedExecutionException("the executor service is shut down")
        : new IllegalStateException(
            "the scope is closed: submit inside its body, or to the heddle around it");
  }

  /// Returns false, and has not taken it, when this is closed.
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

  /// Nothing is added from now on.
  void close() {
    isClosed = true;
    wakeAll();
  }

  private void wakeAll() {
    waiters.forEach(LockSupport::unpark);
  }

  /// Gives all of them up; the tasks that are running are interrupted.
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

  /// Sleeps until woken, by the end of the last task or by [#close], unless `done`; or until `ns`
  /// have passed.
  void park(BooleanSupplier done, long ns) {
    Thread self = Thread.currentThread();
    waiters.add(self);
    if (!done.getAsBoolean()) {
      LockSupport.parkNanos(this, ns);
    }
    waiters.remove(self);
  }
}
