package dev.heddle.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The tasks of a scope, or of an executor service, that are not done.
///
/// Threading: any; [#remove] is called in the progress role.
final class OpenTasks {
  private final String what;
  private final @Nullable OpenTasks outer;
  private final Set<EngineFuture<?>> futures = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;
  private final Set<Thread> waiters = ConcurrentHashMap.newKeySet();

  /// `what` names the owner, as in "the scope"; what belongs to it belongs to `outer` too.
  OpenTasks(String what, @Nullable OpenTasks outer) {
    this.what = what;
    this.outer = outer;
  }

  /// Errors: [IllegalStateException] after [#close].
  void checkOpen() {
    if (isClosed) {
      throw new IllegalStateException(
          what + " is closed: submit inside its body, or to the heddle around it");
    }
    if (outer != null) {
      outer.checkOpen();
    }
  }

  void add(EngineFuture<?> future) {
    futures.add(future);
    if (outer != null) {
      outer.add(future);
    }
  }

  void remove(EngineFuture<?> future) {
    futures.remove(future);
    if (!waiters.isEmpty() && futures.isEmpty()) {
      waiters.forEach(LockSupport::unpark);
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
  }

  void cancelAll() {
    futures.forEach(future -> future.cancel(true));
  }

  /// Sleeps until it may be empty or `ns` have passed.
  void park(long ns) {
    Thread self = Thread.currentThread();
    waiters.add(self);
    if (!futures.isEmpty()) {
      LockSupport.parkNanos(this, ns);
    }
    waiters.remove(self);
  }
}
