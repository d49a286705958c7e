package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/// The real side of `study validate`: runs workloads on the ranks that it finds itself on, and
/// prints what each run took.
///
/// Arguments: `RUNS SEED LOAD...`. Each load is run [#WARM_UPS] times, behind a flood of no-op
/// tasks that has the methods of a task compiled on all ranks, then `RUNS` times; a line `ran LOAD
/// RUN MAKESPAN_NS` each. Without loads it measures what waking up costs, with idle ranks and lone
/// tasks, and prints `woke LOOK_NS TASK_NS RESULT_NS`.
///
/// Threading: the body's thread.
public final class ValidateRun {
  /// As many runs before those that count.
  static final int WARM_UPS = 2;

  private static final int FLOOD_TASKS_PER_RANK = 1_500;
  private static final int FLOODS = 2;

  private static final long IDLE_MS = 2_500;
  private static final int LONE_TASKS = 250;
  private static final int LONE_WARM_UPS = 500;

  /// Longer than it takes an idle rank to sleep as long as it ever does.
  private static final long LONE_NS = 5_000_000;

  private static final double NS_PER_S = 1e9;

  private ValidateRun() {}

  /// See the class.
  @SuppressWarnings("SystemOut") // what the command that started it reads
  public static void main(String[] args) {
    int runs = Integer.parseInt(args[0]);
    long seed = Long.parseLong(args[1]);
    List<ValidateLoad> loads = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      loads.add(ValidateLoad.parse(args[i]));
    }
    run(
        body -> {
          boolean _ = Heddle.run(args, body);
        },
        loads,
        runs,
        seed,
        System.out);
  }

  /// Starts a run of Heddle, and returns at its end; on all ranks alike.
  interface Starting {
    void start(Heddle.Body body);
  }

  /// Runs all loads and prints what each took, each in a run of its own, since workers that have
  /// seen shorter tasks ask for more ahead.
  static void run(
      Starting starting, List<ValidateLoad> loads, int runs, long seed, PrintStream out) {
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
    long[] down = new long[LONE_TASKS];
    long[] up = new long[LONE_TASKS];
    for (int i = -LONE_WARM_UPS; i < LONE_TASKS; i++) {
      // ranks of one host have one clock
      Thread.sleep(LONE_NS / 1_000_000);
      long submittedNs = System.nanoTime();
      long endedNs = heddle.submit(Work::clockAfterNs, LONE_NS).get();
      long gotNs = System.nanoTime();
      if (i >= 0) {
        down[i] = endedNs - LONE_NS - submittedNs;
        up[i] = gotNs - endedNs;
      }
    }
    double cpuS = cpuSeconds(processes);
    long sleeps = sleeps(processes);
    Thread.sleep(IDLE_MS);
    double lookNs =
        (cpuSeconds(processes) - cpuS) * NS_PER_S / Math.max(1, sleeps(processes) - sleeps);
    Arrays.sort(down);
    Arrays.sort(up);
    out.printf("woke %d %d %d%n", Math.round(lookNs), down[LONE_TASKS / 2], up[LONE_TASKS / 2]);
    out.flush();
  }

  private static double cpuSeconds(Processes processes) throws IOException, BenchFailure {
    return processes.cpuSeconds().values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /// How often threads of these processes have gone to sleep so far.
  private static long sleeps(Processes processes) throws IOException {
    long sum = 0;
    for (long pid : processes.pids()) {
      try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
        for (Path thread : threads.toList()) {
          try {
            sum += sleeps(Files.readString(thread.resolve("status")));
          } catch (IOException _) {
            // this thread has ended since, as the compiler's do
          }
        }
      }
    }
    return sum;
  }

  /// From the text of `/proc/PID/task/TID/status`.
  static long sleeps(String status) {
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("voluntary_ctxt_switches:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}
