package dev.heddle.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// The tasks of a scope, or of an executor service, that are not done.
///
/// Threading: any; [#remove] is called in the progress role.
final class OpenTasks {
  private final String what;
  private final Set<EngineFuture<?>> futures = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;
  private final Set<Thread> waiters = ConcurrentHashMap.newKeySet();

  /// `what` names the owner, as in "the scope".
  OpenTasks(String what) {
    this.what = what;
  }

  /// Errors: [IllegalStateException] after [#close].
  void checkOpen() {
    if (isClosed) {
      throw new IllegalStateException(
          what + " is closed: submit inside its body, or to the heddle around it");
    }
  }

  void add(EngineFuture<?> future) {
    futures.add(future);
  }

  void remove(EngineFuture<?> future) {
    futures.remove(future);
    if (!waiters.isEmpty() && futures.isEmpty()) {
      waiters.forEach(LockSupport::unpark);
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
