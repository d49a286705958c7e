package dev.heddle.runtime.session;

import dev.heddle.Heddle;
import java.util.Locale;

/// Gives up millions of tasks at random moments and says how often two looks at a task disagreed:
///
///     ./heddle run -cp mpi-executor/target/test-classes \
///         dev.heddle.runtime.session.CancelRoundsMain 4000000
///     ./heddle run --mpi mpich -n 2 -cp ... dev.heddle.runtime.session.CancelRoundsMain \
///         3000000 7 mixed
///
/// Arguments: number of calls of `cancel` (1,000,000), seed (1), and `plain` (single tasks, the
/// default) or `mixed` (futures of every kind). Exit code: 1 after a disagreement; the first
/// disagreements are told.
public final class CancelRoundsMain {
  /// Rounds between two lines of progress.
  private static final int ROUNDS_PER_LINE = 20_000;

  /// Moments lie at most this far apart: as long as a task takes to be done.
  private static final int SPIN_NS_MAX = 10_000;

  private CancelRoundsMain() {}

  /// Starts a rank.
  public static void main(String[] args) {
    long cancels = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
    boolean isPlain = args.length < 3 || args[2].equals("plain");
    Heddle.run(
        args,
        heddle -> {
          try (CancelRounds rounds = new CancelRounds(heddle, seed, isPlain, SPIN_NS_MAX)) {
            for (int i = 1; rounds.totals().cancels() < cancels; i++) {
              rounds.play();
              if (i % ROUNDS_PER_LINE == 0) {
                System.err.println(text(rounds));
              }
            }
            System.out.println(text(rounds));
            if (rounds.totals().disagreements() > 0) {
              throw new IllegalStateException("seed=" + seed + ": " + rounds.told());
            }
          }
        });
  }

  private static String text(CancelRounds rounds) {
    CancelRounds.Totals t = rounds.totals();
    return String.format(
        Locale.ROOT,
        "cancels=%d saidTrue=%d looks=%d disagreements=%d",
        t.cancels(),
        t.saidTrue(),
        t.looks(),
        t.disagreements());
  }
}
