package dev.heddle.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends a rank whose start-up hangs: MPI_Init and the collectives after it wait for every rank, for
/// ever.
final class Watchdog implements Runnable {
  private final CountDownLatch started = new CountDownLatch(1);
  private final long timeoutNs;

  private Watchdog(long timeoutNs) {
    this.timeoutNs = timeoutNs;
  }

  static Watchdog start(long timeoutNs) {
    Watchdog watchdog = new Watchdog(timeoutNs);
    Thread.ofPlatform().daemon().name("heddle-start").start(watchdog);
    return watchdog;
  }

  void stop() {
    started.countDown();
  }

  @Override
  public void run() {
    try {
      if (!started.await(timeoutNs, TimeUnit.NANOSECONDS)) {
        String reason =
            "rank "
                + Launch.rank()
                + " on "
                + LocalRun.hostName()
                + " was not through its start-up after startTimeout="
                + timeoutNs / 1_000_000_000
                + " s: a rank did not start (look for its error), or the machine is slow (raise startTimeout)";
        Log.tell("heddle: " + reason);
        Verdict.write(1, reason);
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
