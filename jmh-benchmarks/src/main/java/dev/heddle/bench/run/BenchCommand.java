package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/// `heddle bench NAME`: one benchmark, on all ranks of its run, or beside the runs that it
/// launches.
///
/// Threading: the calling thread.
final class BenchCommand {
  private final Invocation invocation;

  BenchCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  /// Returns the exit code; on a rank that serves, when the run is over.
  int run(Benchmark benchmark, BenchOptions options) {
    Harness harness = new Harness(benchmark, options, invocation.out(), invocation.err());
    if (benchmark.launchesRuns()) {
      return alone(harness);
    }
    try {
      if (invocation.isUnderLauncher()) {
        benchmark.prepare(options);
      }
      boolean _ =
          Heddle.run(options.config(), invocation.args().toArray(String[]::new), harness::run);
      return harness.isMissed() ? ExitCode.MISSED : ExitCode.DONE;
    } catch (Throwable thrown) {
      if (thrown instanceof BenchFailure failure) {
        tellFailure(failure);
        return ExitCode.FAILED;
      }
      throw thrown;
    }
  }

  private int alone(Harness harness) {
    try {
      harness.run(null);
      return harness.isMissed() ? ExitCode.MISSED : ExitCode.DONE;
    } catch (BenchFailure failure) {
      tellFailure(failure);
    } catch (IOException | ExecutionException e) {
      return invocation.tell(ExitCode.FAILED, "the measurement failed: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return invocation.tell(ExitCode.FAILED, "the measurement was interrupted");
    }
    return ExitCode.FAILED;
  }

  /// The `heddle` command shows a run's verdict itself, where there is one.
  private void tellFailure(BenchFailure failure) {
    if (System.getenv("HEDDLE_STARTED_FD") == null) {
      int _ = invocation.tell(ExitCode.FAILED, String.valueOf(failure.getMessage()));
    }
  }
}
