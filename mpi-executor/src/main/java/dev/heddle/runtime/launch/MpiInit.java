package dev.heddle.runtime.launch;

import dev.heddle.HeddleConfig;
import dev.heddle.transport.mpi.MpiWorld;

/// The start of MPI and nothing else, on this rank: the yardstick for the start of a run.
public final class MpiInit {
  private MpiInit() {}

  /// Initialises MPI, runs `initialized` on this thread, and finalises. Once per process, and never
  /// in a process that runs tasks. Errors: a rank halts where the other ranks don't follow within
  /// `startTimeout`, as in a run.
  public static void run(HeddleConfig config, Runnable initialized) {
    long timeoutNs = config.number("startTimeout");
    Watchdog watchdog = Watchdog.start(timeoutNs);
    MpiWorld.initAlone(
        timeoutNs,
        () -> {
          Launch.tellStarted();
          watchdog.stop();
          initialized.run();
        });
  }
}
