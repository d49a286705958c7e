package dev.heddle.runtime.progress;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Virtual threads that wait: they never take the progress role, since a downcall would hold their
/// carrier. They sleep until they are woken.
///
/// Shape: O(threads that wait); a hundred thousand of them cost no timer. Threading: any.
public final class Sleepers {
  /// A thread looks again after this time though it was not woken. That costs nothing, and there is
  /// no need to prove that no wake-up can be lost.
  private static final long LOOK_NS = 10_000_000_000L;

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final BooleanSupplier isClosed;

  /// `isClosed`: whether nothing will be done any more.
  public Sleepers(BooleanSupplier isClosed) {
    this.isClosed = isClosed;
  }

  public void await(BooleanSupplier done, long deadlineNs, Pollers.Parker parker)
      throws InterruptedException {
    if (done.getAsBoolean()) {
      return;
    }
    Thread self = Thread.currentThread();
    threads.add(self);
    try {
      for (long leftNs = deadlineNs - System.nanoTime();
          leftNs > 0 && !done.getAsBoolean() && !isClosed.getAsBoolean();
          leftNs = deadlineNs - System.nanoTime()) {
        parker.park(Math.min(leftNs, LOOK_NS));
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } finally {
      threads.remove(self);
    }
  }

  /// Wakes all threads, to see that the run is closed.
  public void wakeAll() {
    threads.forEach(LockSupport::unpark);
  }
}
