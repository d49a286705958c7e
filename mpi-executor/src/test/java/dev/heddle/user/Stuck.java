package dev.heddle.user;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A user's code that waits for what never comes, in a package of its own as users have.
public final class Stuck {
  private Stuck() {}

  /// Waits for `never`; notes an interrupt, and goes on waiting where it is deaf.
  public static void waitFor(CountDownLatch never, boolean isDeaf, AtomicBoolean wasInterrupted) {
    do {
      try {
        never.await();
        return;
      } catch (InterruptedException e) {
        wasInterrupted.set(true);
      }
    } while (isDeaf);
  }
}
