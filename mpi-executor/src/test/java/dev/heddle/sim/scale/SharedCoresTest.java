package dev.heddle.sim.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Ranks that share the cores of a host, and bodies that wait in between.
class SharedCoresTest {
  private static final long MS = 1_000_000;

  private static ScaleConfig config(int workers, long tasks, long taskNs) {
    return ScaleConfig.of(
        workers, 1, tasks, Durations.parse("constant", taskNs), Machine.of("local"), 1);
  }

  private static ScaleBody body(int roundTasks, boolean areComputing) {
    return new ScaleBody(roundTasks, areComputing, 0, 0, 0);
  }

  @Test
  void shouldShareCoresAmongTasksThatCompute() {
    ScaleConfig config = config(15, 300, MS);
    long computing = ScaleSimulation.run(config, body(0, true)).makespanNs();
    long sleeping = ScaleSimulation.run(config, body(0, false)).makespanNs();
    // 300 ms of work on two cores, or in 15 slots
    assertTrue(computing >= 150 * MS && computing < 200 * MS, "computingNs=" + computing);
    assertTrue(sleeping >= 20 * MS && sleeping < 50 * MS, "sleepingNs=" + sleeping);
  }

  @Test
  void shouldNotShareWhatEachRankHasForItself() {
    ScaleConfig config =
        ScaleConfig.of(15, 1, 300, Durations.parse("constant", MS), Machine.of("frontier"), 1);
    assertEquals(
        ScaleSimulation.run(config).makespanNs(),
        ScaleSimulation.run(config, body(0, true)).makespanNs());
  }

  @Test
  void shouldKeepACoreUntilTheTaskEnds() {
    // three tasks of 20 ms on two cores: the third one waits
    long ns = ScaleSimulation.run(config(3, 3, 20 * MS), body(0, true)).makespanNs();
    assertTrue(ns >= 40 * MS && ns < 44 * MS, "makespanNs=" + ns);
  }

  @Test
  void shouldWaitForEachRound() {
    ScaleConfig config = config(7, 70, 3 * MS);
    long rounds = ScaleSimulation.run(config, body(7, false)).makespanNs();
    long flood = ScaleSimulation.run(config, body(0, false)).makespanNs();
    assertTrue(rounds >= 30 * MS, "roundsNs=" + rounds);
    assertTrue(rounds > flood, "roundsNs=" + rounds + " floodNs=" + flood);
    // one more round, for what is left over
    long uneven = ScaleSimulation.run(config(7, 71, 3 * MS), body(7, false)).makespanNs();
    assertTrue(uneven >= rounds + 2 * MS, "unevenNs=" + uneven);
  }

  @Test
  void shouldChargeWakingUpToLoneTasksOnly() {
    ScaleBody free = body(1, false);
    ScaleBody dear = new ScaleBody(1, false, 0, 300_000, 200_000);
    ScaleConfig lone = config(7, 50, 0);
    long freeNs = ScaleSimulation.run(lone, free).makespanNs();
    long dearNs = ScaleSimulation.run(lone, dear).makespanNs();
    assertTrue(dearNs > freeNs + 50 * 200_000, "freeNs=" + freeNs + " dearNs=" + dearNs);
    ScaleConfig alone = config(1, 50, 0);
    assertEquals(
        ScaleSimulation.run(alone, free).makespanNs(),
        ScaleSimulation.run(alone, dear).makespanNs());
  }

  @Test
  void shouldRepeatARunOnSharedCores() {
    ScaleConfig config = config(31, 500, MS);
    ScaleBody body = new ScaleBody(62, true, 0, 100_000, 50_000);
    ScaleResult first = ScaleSimulation.run(config, body);
    ScaleResult second = ScaleSimulation.run(config, body);
    assertEquals(first.traceHash(), second.traceHash());
    assertEquals(first.makespanNs(), second.makespanNs());
    assertEquals(500, first.done());
  }

  @Test
  void shouldServeInTheOrderOfWaiting() {
    ScaleConfig config = config(7, 1, 0);
    HostCores cores = new HostCores(Machine.of("local"), new ScaleTree(config), new EventHeap());
    assertTrue(cores.areShared());
    cores.occupy(1, 0, 10);
    cores.occupy(2, 0, 20);
    assertFalse(cores.mayBegin(3, 5, 33));
    assertFalse(cores.mayBegin(4, 6, 44));
    assertEquals(-1, cores.next(0, 9));
    assertEquals(33, cores.next(0, 10));
    cores.occupy(3, 10, 30);
    assertEquals(-1, cores.next(0, 15));
    assertEquals(44, cores.next(1, 20));
    assertEquals(-1, cores.next(1, 20));
    assertTrue(cores.mayBegin(5, 20, 55));
  }

  @Test
  void shouldRefuseNegativeTimes() {
    assertThrows(IllegalArgumentException.class, () -> new ScaleBody(-1, false, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new ScaleBody(0, false, 0, -1, 0));
  }
}
