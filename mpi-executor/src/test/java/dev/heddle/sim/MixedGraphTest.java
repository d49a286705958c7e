package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.sim.LoadPlan.Shape;
import dev.heddle.sim.LoadPlan.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// How long graphs of tasks from a microsecond to a second take, beside a schedule without any
/// overhead. `-Dsim.mixes` runs another number of them and prints what came out, `-Dsim.seed` runs
/// one.
class MixedGraphTest {
  private static final int MIXES = 200;

  /// From this mean on the way to a rank and back is short beside a task, so that nothing but a
  /// wrong place can make a graph last longer.
  private static final double MEAN_NS_MIN = 10_000_000;

  /// A list schedule of the same graph in a slightly other order may take longer: that is the
  /// anomaly after which Graham's paper is named.
  private static final double RATIO_MAX = 1.1;

  /// What no list schedule exceeds, and the ways of messages: up to 0.4 ms there and back through
  /// two relays, between one task of a chain and the next.
  private static final double GRAHAM_MAX = 1.05;

  private record Ran(long seed, SimConfig config, SimResult result, double meanNs, double ratio) {}

  /// Runs the graph of a seed; what no list schedule does is an error.
  private static Ran run(long seed) {
    SimConfig config = SimConfig.randomMix(seed);
    Load load = Load.of(config);
    long slots = Arrays.stream(config.tree().slots()).sum();
    double workNs = ListSchedule.workNs(load);
    double pathNs = ListSchedule.criticalPathNs(load);
    double listNs = ListSchedule.makespanNs(load, slots);
    double boundNs = workNs / slots + pathNs * (1 - 1.0 / slots);
    assertTrue(listNs <= boundNs + slots, "seed=" + seed + " the schedule itself is wrong");
    SimResult result = Simulation.run(config);
    double meanNs = workNs / load.count();
    String told =
        "seed=%d mean=%.1f ms list=%.1f ms slots=%d %s %s"
            .formatted(seed, meanNs / 1e6, listNs / 1e6, slots, config.load(), result);
    assertTrue(
        meanNs < MEAN_NS_MIN || result.tasksNs() <= GRAHAM_MAX * boundNs,
        "a slot was free while a task was ready: " + told);
    double ratio = result.tasksNs() / listNs;
    assertTrue(meanNs < MEAN_NS_MIN || ratio <= RATIO_MAX, "ratio=" + ratio + " " + told);
    return new Ran(seed, config, result, meanNs, ratio);
  }

  @Test
  void shouldTakeNoLongerThanAListScheduleWithoutOverhead() {
    Long one = Long.getLong("sim.seed");
    int mixes = one == null ? Integer.getInteger("sim.mixes", MIXES) : 1;
    List<Ran> ofLongTasks = new ArrayList<>();
    long returned = 0;
    for (long seed = one == null ? 1 : one; mixes > 0; seed++, mixes--) {
      Ran ran = run(seed);
      returned += ran.result().returned();
      if (ran.meanNs() >= MEAN_NS_MIN) {
        ofLongTasks.add(ran);
      }
    }
    if (one == null) {
      assertTrue(
          ofLongTasks.size() > 100 && returned > 100, ofLongTasks.size() + " returned=" + returned);
    }
    if (Integer.getInteger("sim.mixes") != null) {
      double[] ratios = ofLongTasks.stream().mapToDouble(Ran::ratio).sorted().toArray();
      System.out.printf(
          "graphs with a mean of 10 ms and more: %d, makespan / list schedule: median %.4f,"
              + " p99 %.4f, max %.4f; tasks that came back: %d%n",
          ratios.length,
          ratios[ratios.length / 2],
          ratios[ratios.length * 99 / 100],
          ratios[ratios.length - 1],
          returned);
    }
  }

  @Test
  void shouldDrawAllKindsOfGraphs() {
    for (Spread spread : List.of(Spread.BY_TASK, Spread.BY_FUNCTION, Spread.STRAGGLERS)) {
      for (Shape shape : Shape.values()) {
        assertTrue(
            LongStream.rangeClosed(1, MIXES)
                .mapToObj(SimConfig::randomMix)
                .anyMatch(c -> c.load().shape() == shape && c.load().spread() == spread),
            shape + " " + spread);
      }
    }
  }

  @Test
  void shouldScheduleALoadThatAnybodyCanCheck() {
    // one chain: its length, whatever the slots; without dependencies on one slot: the work
    SimConfig chain =
        SimConfig.of(
            3,
            TreePlan.full(3, 4, 2),
            new LoadPlan(Shape.CHAIN, 30, 1, 8, 8, 0, 0, 1_000, 0, 0, 30, 0));
    Load load = Load.of(chain);
    assertEquals(ListSchedule.workNs(load), ListSchedule.criticalPathNs(load));
    assertEquals(ListSchedule.workNs(load), ListSchedule.makespanNs(load, 4));
    Load free = Load.of(SimConfig.of(4, TreePlan.full(3, 4, 2), LoadPlan.free(30, 1_000)));
    assertEquals(ListSchedule.workNs(free), ListSchedule.makespanNs(free, 1));
    assertEquals(ListSchedule.criticalPathNs(free), ListSchedule.makespanNs(free, 30));
  }
}
