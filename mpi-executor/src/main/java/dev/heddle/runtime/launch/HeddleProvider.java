package dev.heddle.runtime.launch;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.spi.ExecutorProvider;
import dev.heddle.transport.mpi.MpiLibrary;
import java.util.concurrent.atomic.AtomicBoolean;

/// Finds out how this process was started, and runs accordingly: as one rank of many under an MPI
/// launcher, else on threads of this JVM.
public final class HeddleProvider implements ExecutorProvider {
  private static final AtomicBoolean RUNNING = new AtomicBoolean();

  /// For [java.util.ServiceLoader].
  public HeddleProvider() {}

  /// Whether a run goes on in this process.
  static boolean isRunning() {
    return RUNNING.get();
  }

  @Override
  public boolean run(HeddleConfig config, String[] args, Heddle.Body body) {
    if (!RUNNING.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "a Heddle run is going on in this process: wait for its end, or submit to it");
    }
    try {
      MpiLibrary.checkLauncher();
      return MpiLibrary.underLauncher()
          ? new MpiRun(config).run(args, body)
          : new LocalRun(config).run(args, body);
    } finally {
      RUNNING.set(false);
    }
  }
}
