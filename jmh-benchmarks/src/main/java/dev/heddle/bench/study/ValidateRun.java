package dev.heddle.bench.study;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Futures;
import dev.heddle.bench.measure.Processes;
import dev.heddle.bench.measure.Work;
import dev.heddle.scale.ScaleConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/// The real side of `study validate`: runs workloads on the ranks that it finds itself on, and
/// prints what each run took.
///
/// Arguments: `RUNS SEED LOAD...`. Each load is run [#WARM_UPS] times, behind a flood of no-op
/// tasks that has the methods of a task compiled on all ranks, then `RUNS` times; a line `ran LOAD
/// RUN MAKESPAN_NS` each. Without loads it measures what waking up costs, with idle ranks and lone
/// tasks, and prints `woke LOOK_NS LATE_NS LONE_NS TASK_NS RESULT_NS`: what a look of an idle rank
/// takes of a core, how late a sleep ends there, what a task of [#lone] takes, and how much of that
/// is before its end and after it, the task's own time aside.
///
/// Threading: the body's thread.
public final class ValidateRun {
  /// As many runs before those that count.
  static final int WARM_UPS = 2;

  private static final int FLOOD_TASKS_PER_RANK = 1_500;
  private static final int FLOODS = 2;

  private static final long IDLE_MS = 4_000;
  private static final int LATE_TASKS = 200;
  private static final long LATE_NS = 1_000_000;

  private static final int LONE_TASKS = 250;

  /// The sleeps of a rank that has nothing to do take twice the longest of them until it is as long
  /// as that.
  private static final int LONE_SLEEPS = 5;

  private ValidateRun() {}

  /// Lone tasks, each longer than it takes an idle rank to sleep as long as it ever does.
  static ValidateLoad lone(int ranks) {
    double us = LONE_SLEEPS * parkNsMax(ranks) / 1e3;
    return ValidateLoad.parse("sleep:" + LONE_TASKS + ":1:" + us + ":constant");
  }

  /// Longest sleep of an idle rank, of so many on this machine.
  static long parkNsMax(int ranks) {
    int cores = Runtime.getRuntime().availableProcessors();
    return ScaleConfig.parkNsMax(ranks, cores);
  }

  /// See the class.
  public static void main(String[] args) {
    int runs = Integer.parseInt(args[0]);
    long seed = Long.parseLong(args[1]);
    List<ValidateLoad> loads = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      loads.add(ValidateLoad.parse(args[i]));
    }
    StudyRanks.main(args, (starting, out) -> run(starting, loads, runs, seed, out));
  }

  /// Runs all loads and prints what each took, each in a run of its own, since workers that have
  /// seen shorter tasks ask for more ahead.
  static void run(
      StudyRanks.Starting starting,
      List<ValidateLoad> loads,
      int runs,
      long seed,
      PrintStream out) {
    starting.start(ValidateRun::warmUp);
    if (loads.isEmpty()) {
      starting.start(heddle -> wakeUps(heddle, out));
    }
    for (int i = 0; i < loads.size(); i++) {
      int at = i;
      starting.start(heddle -> run(heddle, at, loads.get(at), runs, seed, out));
    }
  }

  private static void run(
      Heddle heddle, int number, ValidateLoad load, int runs, long seed, PrintStream out)
      throws InterruptedException, ExecutionException {
    for (int run = -WARM_UPS; run < runs; run++) {
      long ns = makespanNs(heddle, load, seed);
      if (run >= 0) {
        out.printf("ran %d %d %d%n", number, run, ns);
        out.flush();
      }
    }
  }

  private static void warmUp(Heddle heddle) throws InterruptedException, ExecutionException {
    int tasks = FLOOD_TASKS_PER_RANK * heddle.ranks();
    for (int i = 0; i < FLOODS; i++) {
      long _ = makespanNs(heddle, ValidateLoad.parse("noop:1:" + tasks + ":0:constant"), 1);
    }
  }

  /// From the first submit to the last result.
  private static long makespanNs(Heddle heddle, ValidateLoad load, long seed)
      throws InterruptedException, ExecutionException {
    TaskFuture<?>[] futures = new TaskFuture<?>[load.width()];
    long sum = 0;
    long expected = 0;
    long task = 0;
    long beganNs = System.nanoTime();
    for (int round = 0; round < load.rounds(); round++) {
      for (int i = 0; i < futures.length; i++) {
        task++;
        long ns = load.durationNs(seed, task);
        expected += ns;
        futures[i] =
            switch (load.kind()) {
              case SLEEP -> heddle.submit(Work::sleepNs, ns);
              case COMPUTE -> heddle.submit(Work::computeNs, ns);
              case NOOP -> heddle.submit(Work::same, ns);
            };
      }
      sum += Futures.takeSum(futures);
    }
    long tookNs = System.nanoTime() - beganNs;
    if (sum != expected) {
      throw new IllegalStateException("wrong results, which is a bug in Heddle; please report it");
    }
    return tookNs;
  }

  // ---- what waking up costs

  private static void wakeUps(Heddle heddle, PrintStream out)
      throws IOException, BenchFailure, InterruptedException, ExecutionException {
    Processes processes = Processes.find(heddle);
    ValidateLoad lone = lone(heddle.ranks());
    int tasks = lone.tasks();
    long durationNs = lone.durationNs(1, 1);
    long[] down = new long[tasks];
    long[] up = new long[tasks];
    long beganNs = 0;
    for (int i = -WARM_UPS * tasks; i < tasks; i++) {
      // ranks of one host have one clock
      long submittedNs = System.nanoTime();
      beganNs = i == 0 ? submittedNs : beganNs;
      long endedNs = heddle.submit(Work::clockAfterNs, durationNs).get();
      if (i >= 0) {
        down[i] = endedNs - durationNs - submittedNs;
        up[i] = System.nanoTime() - endedNs;
      }
    }
    double loneNs = (double) (System.nanoTime() - beganNs) / tasks;
    double lateNs = lateNs(heddle);
    double cpuS = cpuSeconds(processes);
    Thread.sleep(IDLE_MS);
    double share =
        (cpuSeconds(processes) - cpuS) / (IDLE_MS / 1e3) / Math.max(1, processes.ranksMeasured());
    Arrays.sort(down);
    Arrays.sort(up);
    out.printf(
        "woke %.0f %.0f %.0f %d %d%n",
        lookNs(share, lateNs, parkNsMax(heddle.ranks())),
        lateNs,
        loneNs,
        down[tasks / 2],
        up[tasks / 2]);
    out.flush();
  }

  /// Of a rank that takes `share` of a core for looks, each of which follows a sleep of the longest
  /// kind that ends `lateNs` late.
  static double lookNs(double share, double lateNs, long parkNsMax) {
    return share < 1 ? share * (parkNsMax + lateNs) / (1 - share) : Double.MAX_VALUE;
  }

  /// How late a sleep ends on a worker, in the median.
  private static double lateNs(Heddle heddle) throws InterruptedException, ExecutionException {
    long[] late = new long[LATE_TASKS];
    for (int i = 0; i < LATE_TASKS; i++) {
      late[i] = heddle.submit(Work::lateAfterNs, LATE_NS).get();
    }
    Arrays.sort(late);
    return late[LATE_TASKS / 2];
  }

  private static double cpuSeconds(Processes processes) throws IOException, BenchFailure {
    return processes.cpuSeconds().values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
