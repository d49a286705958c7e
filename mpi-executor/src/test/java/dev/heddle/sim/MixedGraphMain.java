package dev.heddle.sim;

import dev.heddle.Fn2;
import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.sim.LoadPlan.Shape;
import dev.heddle.sim.LoadPlan.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Runs graphs of sleeping tasks on real ranks and says how long they took beside a list schedule
/// without any overhead; for notes, since it depends on the machine.
///
///     ./heddle run --mpi openmpi -n 5 --slots 4 -cp mpi-executor/target/test-classes \
///         dev.heddle.sim.MixedGraphMain 20
///
/// Arguments: the number of graphs, the first seed (1). Output: a line per graph, and the worst.
public final class MixedGraphMain {
  private static final long DURATION_NS_MAX = 500_000_000;

  /// The graphs whose mean is below are passed over.
  private static final double MEAN_NS_MIN = 10_000_000;

  /// As many functions as a graph may have: each lambda is one of its own.
  private static final List<Fn2<List<Object>, Long, Object>> FUNCTIONS =
      List.of(
          (needs, ns) -> sleep(needs, ns, 0),
          (needs, ns) -> sleep(needs, ns, 1),
          (needs, ns) -> sleep(needs, ns, 2),
          (needs, ns) -> sleep(needs, ns, 3),
          (needs, ns) -> sleep(needs, ns, 4),
          (needs, ns) -> sleep(needs, ns, 5),
          (needs, ns) -> sleep(needs, ns, 6),
          (needs, ns) -> sleep(needs, ns, 7));

  private MixedGraphMain() {}

  /// Starts a rank.
  @SuppressWarnings("SystemOut") // that is what it is for
  public static void main(String[] args) {
    int graphs = Integer.parseInt(args[0]);
    long firstSeed = args.length > 1 ? Long.parseLong(args[1]) : 1;
    boolean _ =
        Heddle.run(
            args,
            heddle -> {
              double worst = 0;
              long seed = firstSeed;
              for (int ran = 0; ran < graphs; seed++) {
                SimConfig config = config(seed);
                Load load = Load.of(config);
                double meanNs = (double) ListSchedule.workNs(load) / load.count();
                if (meanNs < MEAN_NS_MIN) {
                  continue;
                }
                double listNs = ListSchedule.makespanNs(load, heddle.slots());
                double tookNs = run(heddle, load);
                worst = Math.max(worst, tookNs / listNs);
                System.out.printf(
                    "seed=%d %s %s functions=%d tasks=%d mean=%.1f ms list=%.1f ms took=%.1f ms"
                        + " ratio=%.3f%n",
                    seed,
                    config.load().shape(),
                    config.load().spread(),
                    config.load().functions(),
                    load.count(),
                    meanNs / 1e6,
                    listNs / 1e6,
                    tookNs / 1e6,
                    tookNs / listNs);
                ran++;
              }
              System.out.printf("graphs=%d worst ratio=%.3f%n", graphs, worst);
            });
  }

  private static SimConfig config(long seed) {
    SplittableRandom random = new SplittableRandom(Hashes.mix(seed));
    int tasks = 50 + random.nextInt(150);
    Spread[] spreads = {Spread.BY_TASK, Spread.BY_FUNCTION, Spread.STRAGGLERS};
    LoadPlan plan =
        new LoadPlan(
            Shape.values()[random.nextInt(Shape.values().length)],
            tasks,
            1 + random.nextInt(FUNCTIONS.size()),
            8,
            8,
            0,
            0,
            DURATION_NS_MAX,
            0,
            0,
            tasks,
            0);
    // the tree is the launcher's
    return SimConfig.of(seed, TreePlan.alone(1), plan.with(spreads[random.nextInt(3)]));
  }

  private static Object sleep(List<Object> needs, long ns, int function)
      throws InterruptedException {
    Thread.sleep(ns / 1_000_000, (int) (ns % 1_000_000));
    return needs.size() + function;
  }

  private static int noOp(int index) {
    return index;
  }

  private static double run(Heddle heddle, Load load) throws Exception {
    // short tasks, so that many may wait at each rank: what comes behind must not
    List<TaskFuture<Integer>> before = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      before.add(heddle.submit(MixedGraphMain::noOp, i));
    }
    for (TaskFuture<Integer> one : before) {
      int _ = one.get();
    }
    List<TaskFuture<?>> tasks = new ArrayList<>();
    long startNs = System.nanoTime();
    for (int i = 0; i < load.count(); i++) {
      List<TaskFuture<?>> needs =
          Arrays.stream(load.needsOf(i)).<TaskFuture<?>>mapToObj(tasks::get).toList();
      TaskFuture<List<Object>> all = heddle.all(needs);
      tasks.add(
          load.isList(i)
              ? all
              : heddle
                  .priority(load.priority(i))
                  .submit(FUNCTIONS.get(load.functionOf(i)), all, load.durationNs(i)));
    }
    for (TaskFuture<?> task : tasks) {
      Object _ = task.get();
    }
    return System.nanoTime() - startNs;
  }
}
