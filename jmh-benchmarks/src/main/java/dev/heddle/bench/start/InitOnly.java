package dev.heddle.bench.start;

import dev.heddle.HeddleConfig;
import dev.heddle.runtime.launch.MpiInUse;
import dev.heddle.runtime.launch.MpiInit;

/// What `bench startup` starts on every rank for comparison: calls MPI_Init, says so, and leaves.
public final class InitOnly {
  public static final String LINE = "initialized";

  private InitOnly() {}

  /// Prints one line, `initialized RANK`.
  @SuppressWarnings("SystemOut") // read by the bench
  public static void main(String[] args) {
    MpiInit.run(
        HeddleConfig.builder().build(),
        () -> {
          System.out.println(LINE + " " + MpiInUse.launchedRank());
          System.out.flush();
        });
  }
}
