package dev.heddle.runtime.launch;

import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.Log;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends a rank whose start-up hangs: MPI_Init and the collectives after it wait for every rank,
/// without a limit.
final class Watchdog implements Runnable {
  /// Time to say why: a host name may be looked up, and a write to a standard error without a
  /// reader may block.
  private static final long END_NS_MAX = 5_000_000_000L;

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
        end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    try {
      LastSteps.haltAfter(END_NS_MAX, 1, () -> {});
      LastSteps.take("to say why", this::say);
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  private void say() {
    String reason =
        "rank "
            + Launch.rank()
            + " on "
            + LocalRun.hostName()
            + " was not through its start-up after startTimeout="
            + timeoutNs / 1_000_000_000
            + " s: a rank did not start (look for its error), or the machine is slow (raise startTimeout)";
    boolean _ = Verdict.write(1, reason);
    Log.tell("heddle: " + reason);
  }
}
