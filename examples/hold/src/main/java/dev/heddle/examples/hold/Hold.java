package dev.heddle.examples.hold;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/// Holds a run open with tasks that sleep, or ends it in a chosen way; for tests of signals, exit
/// codes and lost ranks.
///
/// Prints one line when the run works: `holding: ranks=4 slots=4 tasks=8`.
public final class Hold {
  /// Killers last this long, so that one rank cannot take them all.
  private static final long KILLER_MS = 20;

  private static final int KILLERS_PER_SLOT = 50;

  private Hold() {}

  /// See `--help`.
  public static void main(String[] args) {
    Options options = Options.parseOrExit(args);
    Heddle.run(args, heddle -> run(heddle, options));
  }

  /// The body, on rank 0 only.
  static void run(Heddle heddle, Options options) throws InterruptedException, ExecutionException {
    Integer endedRank = options.endedRank();
    if (endedRank != null && endedRank >= heddle.ranks()) {
      throw new IllegalArgumentException(
          "the rank to end must be below the number of ranks: "
              + endedRank
              + " of "
              + heddle.ranks());
    }
    // A task that comes back is the sign that tasks run; the sleepers cannot say so themselves.
    heddle.submit(Hold::sleep, 0L).get();
    long tasks = options.tasks(heddle.slots());
    List<TaskFuture<Long>> sleepers = new ArrayList<>();
    if (endedRank != null) {
      for (long i = 0; i < KILLERS_PER_SLOT * heddle.slots(); i++) {
        sleepers.add(heddle.submit(Hold::endIfOn, endedRank, options.isKilled()));
      }
    }
    for (long i = 0; i < tasks; i++) {
      sleepers.add(heddle.submit(Hold::sleep, options.sleepMs()));
    }
    System.out.println(
        "holding: ranks=" + heddle.ranks() + " slots=" + heddle.slots() + " tasks=" + tasks);
    System.out.flush();

    Integer exitCode = options.exitCode();
    if (exitCode != null) {
      System.exit(exitCode);
    }
    if (options.isThrowing()) {
      throw new IllegalStateException("hold was told to throw");
    }
    if (sleepers.isEmpty() || options.waiting() == Options.Wait.SLEEP) {
      Thread.sleep(options.sleepMs());
    } else {
      for (TaskFuture<Long> sleeper : sleepers) {
        sleeper.get();
      }
    }
  }

  /// The task: sleeps, and says how long.
  static long sleep(long sleepMs) throws InterruptedException {
    Thread.sleep(sleepMs);
    return sleepMs;
  }

  /// The other task: ends its own process if that is rank `rank`.
  static long endIfOn(int rank, boolean isKilled) throws InterruptedException, IOException {
    Integer own = Options.launcherRank();
    if (own != null && own == rank) {
      if (!isKilled) {
        System.exit(9);
      }
      // A process may not destroy itself by ProcessHandle, and a real SIGKILL is what is wanted.
      String pid = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-KILL", pid).inheritIO().start().waitFor();
    }
    return sleep(KILLER_MS);
  }
}
