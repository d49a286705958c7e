package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.List;

/// Runs of sleeping tasks on in-process ranks of this machine, or, as a program, on the ranks that
/// it finds itself on ([StudyLaunch]).
///
/// Threading: the calling thread; one run at a time.
public final class StudyReal {
  private static final double NS_PER_S = 1e9;
  private static final double NS_PER_US = 1e3;
  private static final int WARM_UP = 2_000;

  private StudyReal() {}

  /// Arguments: tasks, and milliseconds of each. Rank 0 prints `makespanS=SECONDS`.
  @SuppressWarnings("SystemOut") // what the command that started it reads
  public static void main(String[] args) {
    int tasks = Integer.parseInt(args[0]);
    long taskMs = Long.parseLong(args[1]);
    boolean _ =
        Heddle.run(
            args, heddle -> System.out.println("makespanS=" + makespanS(heddle, tasks, taskMs)));
  }

  /// Seconds from the first submit to the last result of `tasks` tasks that sleep for `taskMs`, on
  /// `workers` ranks with a slot each, below a coordinator. 0 ms are no-op tasks.
  static double makespanS(int workers, int tasks, long taskMs) {
    double[] seconds = new double[1];
    run(workers, heddle -> seconds[0] = makespanS(heddle, tasks, taskMs));
    return seconds[0];
  }

  private static double makespanS(Heddle heddle, int tasks, long taskMs) throws Exception {
    // With tasks of the same length: workers that have seen shorter ones ask for more ahead, and
    // some would keep what others could run.
    List<TaskFuture<Long>> first = new ArrayList<>();
    for (long i = 0; i < (taskMs == 0 ? WARM_UP : 3 * heddle.slots()); i++) {
      first.add(taskMs == 0 ? heddle.submit(Work::mix64, i) : heddle.submit(Work::sleep, taskMs));
    }
    for (TaskFuture<Long> future : first) {
      long _ = future.get();
    }
    List<TaskFuture<Long>> futures = new ArrayList<>(tasks);
    long beganNs = System.nanoTime();
    for (int i = 0; i < tasks; i++) {
      futures.add(
          taskMs == 0 ? heddle.submit(Work::mix64, (long) i) : heddle.submit(Work::sleep, taskMs));
    }
    for (TaskFuture<Long> future : futures) {
      long _ = future.get();
    }
    return (System.nanoTime() - beganNs) / NS_PER_S;
  }

  /// Mean microseconds of a lone no-op task, one after the other.
  static double roundTripUs(int workers, int tasks) {
    double[] us = new double[1];
    run(
        workers,
        heddle -> {
          for (int i = 0; i < WARM_UP; i++) {
            long _ = heddle.submit(Work::mix64, (long) i).get();
          }
          long beganNs = System.nanoTime();
          for (int i = 0; i < tasks; i++) {
            long _ = heddle.submit(Work::mix64, (long) i).get();
          }
          us[0] = (System.nanoTime() - beganNs) / NS_PER_US / tasks;
        });
    return us[0];
  }

  private static void run(int workers, Heddle.Body body) {
    HeddleConfig config =
        HeddleConfig.builder()
            .serializablePackages(StudyReal.class.getPackageName())
            .slots(1)
            .localRanks(workers + 1)
            .build();
    boolean _ = Heddle.run(config, new String[0], body);
  }
}
