package dev.heddle.runtime.session;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.OnLeave;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// Measures how long it takes to give up many pending tasks.
///
/// Arguments: tasks (1,000,000), rounds (5). Rank 0 prints a line per round and way: milliseconds
/// until the calls have returned, and until the coordinator is done with all tasks. With 2 GiB of
/// heap:
///
///     java -Xmx2g -cp ... dev.heddle.runtime.session.CancelMain
public final class CancelMain {
  private CancelMain() {}

  static int next(int value) {
    return value + 1;
  }

  /// A task that waits until it is interrupted.
  static int held(int value) throws InterruptedException {
    new CountDownLatch(1).await();
    return value;
  }

  /// Starts a rank.
  public static void main(String[] args) {
    int tasks = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    HeddleConfig config =
        HeddleConfig.builder()
            .pendingTasksMax(tasks + 1_000)
            .slots(1)
            .serializablePackages(CancelMain.class.getPackageName())
            .build();
    Heddle.run(
        config,
        args,
        heddle -> {
          for (int round = 0; round < rounds; round++) {
            for (boolean isReady : new boolean[] {false, true}) {
              oneByOne(heddle, tasks, isReady);
              byScope(heddle, tasks, isReady);
            }
          }
        });
  }

  private static void oneByOne(Heddle heddle, int tasks, boolean isReady) {
    TaskFuture<Integer> gate = heddle.submit(CancelMain::held, 1);
    List<TaskFuture<Integer>> futures = submit(heddle, gate, tasks, isReady);
    long goal = heddle.progress().done() + tasks;
    long beganNs = System.nanoTime();
    int cancelled = 0;
    for (TaskFuture<Integer> future : futures) {
      cancelled += future.cancel(true) ? 1 : 0;
    }
    if (cancelled < tasks) {
      throw new IllegalStateException("only " + cancelled + " were pending");
    }
    report("one by one", isReady, beganNs, System.nanoTime(), heddle, goal);
    boolean _ = gate.cancel(true);
  }

  private static void byScope(Heddle heddle, int tasks, boolean isReady)
      throws InterruptedException {
    TaskFuture<Integer> gate = heddle.submit(CancelMain::held, 1);
    AtomicLong beganNs = new AtomicLong();
    AtomicLong goal = new AtomicLong();
    heddle
        .scope(OnLeave.CANCEL)
        .run(
            scope -> {
              List<TaskFuture<Integer>> _ = submit(scope, gate, tasks, isReady);
              goal.set(heddle.progress().done() + tasks);
              beganNs.set(System.nanoTime());
            });
    report("by scope", isReady, beganNs.get(), System.nanoTime(), heddle, goal.get());
    boolean _ = gate.cancel(true);
  }

  private static List<TaskFuture<Integer>> submit(
      Heddle heddle, TaskFuture<Integer> gate, int tasks, boolean isReady) {
    List<TaskFuture<Integer>> futures = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      futures.add(
          isReady ? heddle.submit(CancelMain::held, i) : heddle.submit(CancelMain::next, gate));
    }
    return futures;
  }

  @SuppressWarnings("SystemOut") // its output
  private static void report(
      String way, boolean isReady, long beganNs, long calledNs, Heddle heddle, long goal) {
    while (heddle.progress().done() < goal) {
      Thread.onSpinWait();
    }
    System.out.println(
        way
            + (isReady ? ", ready tasks" : ", dependents")
            + ": called "
            + (calledNs - beganNs) / 1_000_000
            + " ms, done "
            + (System.nanoTime() - beganNs) / 1_000_000
            + " ms");
  }
}
