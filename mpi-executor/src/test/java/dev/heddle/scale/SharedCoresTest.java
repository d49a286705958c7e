package dev.heddle.scale;

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
    return new ScaleBody(roundTasks, 1, areComputing, 0, 0, 0, ScaleBody.Waking.FREE);
  }

  private static ScaleBody waking(int roundTasks, ScaleBody.Waking waking) {
    return new ScaleBody(roundTasks, 1, false, 0, 0, 0, waking);
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
    ScaleBody dear = waking(1, new ScaleBody.Waking(300_000, 200_000, 0));
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
    ScaleBody body = new ScaleBody(62, 1, true, 0, 0, 0, new ScaleBody.Waking(100_000, 50_000, 20));
    ScaleResult first = ScaleSimulation.run(config, body);
    ScaleResult second = ScaleSimulation.run(config, body);
    assertEquals(first.traceHash(), second.traceHash());
    assertEquals(first.makespanNs(), second.makespanNs());
    assertEquals(500, first.done());
  }

  @Test
  void shouldServeWhoCameLastFirst() {
    ScaleConfig config = config(7, 1, 0);
    HostCores cores = new HostCores(Machine.of("local"), new ScaleTree(config), new EventHeap());
    assertTrue(cores.areShared());
    cores.occupy(1, 0, 10);
    cores.occupy(2, 0, 20);
    assertFalse(cores.mayBegin(3, 5, 33));
    assertFalse(cores.mayBegin(4, 6, 44));
    assertTrue(cores.areWanted(1));
    assertEquals(-1, cores.next(0, 9));
    assertEquals(44, cores.next(0, 10));
    cores.occupy(4, 10, 30);
    assertEquals(-1, cores.next(0, 15));
    assertEquals(33, cores.next(1, 20));
    assertEquals(-1, cores.next(1, 20));
    assertTrue(cores.mayBegin(5, 20, 55));
    assertFalse(cores.areWanted(1));
  }

  @Test
  void shouldChargeLessTheLessOthersHaveLooked() {
    ScaleBody.Waking waking = new ScaleBody.Waking(300, 200, 50);
    assertEquals(0, waking.ns(1, 0));
    assertEquals(150, waking.ns(1, 50));
    assertEquals(100, waking.ns(0, 50));
    assertEquals(300, new ScaleBody.Waking(300, 200, 0).ns(1, 1));
    assertEquals(0, ScaleBody.Waking.FREE.ns(1, 0));
    ScaleConfig lone = config(7, 50, 0);
    long allNs = makespanNs(lone, new ScaleBody.Waking(300_000, 200_000, 0));
    long partNs = makespanNs(lone, new ScaleBody.Waking(300_000, 200_000, 50));
    assertTrue(partNs < allNs, "partNs=" + partNs + " allNs=" + allNs);
  }

  @Test
  void shouldWaitWithoutACore() {
    // tasks that compute, on seven workers and two cores, leave time for those that wait
    ScaleConfig config = config(7, 140, MS);
    ScaleBody.Waking on = new ScaleBody.Waking(800_000, 0, 0);
    ScaleBody.Waking off = new ScaleBody.Waking(0, 0, 0, 800_000, 0);
    long onNs = ScaleSimulation.run(config, new ScaleBody(0, 1, true, 0, 0, 0, on)).makespanNs();
    long offNs = ScaleSimulation.run(config, new ScaleBody(0, 1, true, 0, 0, 0, off)).makespanNs();
    assertTrue(offNs < onNs, "offNs=" + offNs + " onNs=" + onNs);
    long lone = makespanNs(config(7, 50, 0), off);
    long free = makespanNs(config(7, 50, 0), ScaleBody.Waking.FREE);
    assertTrue(lone > free + 50 * 600_000, "loneNs=" + lone + " freeNs=" + free);
  }

  private static long makespanNs(ScaleConfig config, ScaleBody.Waking waking) {
    return ScaleSimulation.run(config, waking(1, waking)).makespanNs();
  }

  @Test
  void shouldRunTheBodyAgainInRanksThatHaveSeenItsTasks() {
    // short tasks on 7 workers: from the first result on rank 0 knows that they are, and sends many
    ScaleConfig config =
        ScaleConfig.of(
            7, 1, 3 * 35, Durations.parse("lognormal:1.5", MS / 20), Machine.of("local"), 1);
    ScaleBody body = new ScaleBody(35, 3, false, 0, 0, 0, ScaleBody.Waking.FREE);
    long[] ns = ScaleSimulation.runsNs(config, body);
    assertEquals(3, ns.length);
    long one = ScaleSimulation.run(config.withTasks(35, MS / 20), body(35, false)).makespanNs();
    assertEquals((double) one, (double) ns[0], 0.02 * one);
    assertTrue(Math.abs(ns[1] - ns[0]) > 0.02 * ns[0], ns[0] + " " + ns[1] + " " + ns[2]);
    assertThrows(
        IllegalArgumentException.class,
        () -> ScaleSimulation.runsNs(config.withTasks(34, MS), body));
  }

  @Test
  void shouldTakeTheSameTimesInEachRun() {
    ScaleConfig config =
        ScaleConfig.of(
            7, 1, 4 * 70, Durations.parse("exponential", 30 * MS), Machine.of("local"), 5);
    long[] ns =
        ScaleSimulation.runsNs(config, new ScaleBody(70, 4, false, 0, 0, 0, ScaleBody.Waking.FREE));
    for (int run = 2; run < 4; run++) {
      assertEquals((double) ns[1], (double) ns[run], 0.15 * ns[1]);
    }
  }

  @Test
  void shouldChargeSlotsAndWaitsOncePerTaskAndRound() {
    ScaleConfig one = config(1, 200, 0);
    long freeNs = ScaleSimulation.run(one, body(1, false)).makespanNs();
    ScaleBody slow = new ScaleBody(1, 1, false, 0, 3_000, 2_000, ScaleBody.Waking.FREE);
    long slowNs = ScaleSimulation.run(one, slow).makespanNs();
    assertEquals(200 * 5_000, (double) (slowNs - freeNs), 0.1 * 200 * 5_000);
  }

  @Test
  void shouldBeginTheBackOffOfRank0OneStepLater() {
    ScaleConfig config = config(7, 1, 0);
    Idle idle = new Idle(config.costs(), config.parkNsMax());
    IdleLooks lookers = new IdleLooks(idle, config, new ScaleTree(config), true);
    assertEquals(0, lookers.nextNs(0, 1, false, false));
    assertEquals(0, lookers.nextNs(1, 1, false, false));
    long late = (long) (3 * config.costs().parkNs());
    long first = lookers.nextNs(0, 0, false, false);
    assertTrue(first >= 40_000 && first < 40_000 + late, "firstNs=" + first);
    long workers = lookers.nextNs(1, 0, false, false);
    assertTrue(workers >= 20_000 && workers < 20_000 + late, "workersNs=" + workers);
  }

  @Test
  void shouldCountLooksSinceThereWasSomethingToDo() {
    ScaleConfig config = config(7, 1, 0);
    Idle idle = new Idle(config.costs(), config.parkNsMax());
    IdleLooks lookers = new IdleLooks(idle, config, new ScaleTree(config), true);
    lookers.looked(3, 1);
    lookers.looked(4, 0);
    lookers.looked(5, 0);
    assertEquals(2, lookers.looksSince(3));
    lookers.looked(3, 2);
    assertEquals(0, lookers.looksSince(3));
    assertEquals(4, lookers.looksSince(4));
  }

  @Test
  void shouldChargeYieldsAsLooksWhereOthersWaitForTheCore() {
    ScaleConfig cheap = config(15, 300, MS).withCosts(Costs.shipped().withLookNs(0));
    ScaleConfig dear = config(15, 300, MS).withCosts(Costs.shipped().withLookNs(30_000));
    long cheapNs = ScaleSimulation.run(cheap, body(0, true)).makespanNs();
    long dearNs = ScaleSimulation.run(dear, body(0, true)).makespanNs();
    // five yields behind a good part of 300 tasks, on two cores
    assertTrue(dearNs > cheapNs + 50 * 5 * 30_000 / 2, "cheapNs=" + cheapNs + " dearNs=" + dearNs);
    Idle idle = new Idle(cheap.costs(), cheap.parkNsMax());
    assertEquals(5 * 1_000, idle.yieldsNs(1_000) - idle.yieldsNs(0));
  }

  @Test
  void shouldLetIdleRanksSleepLongerWhereManyShareACore() {
    assertEquals(MS, new ScaleTree(config(15, 1, 0)).parkNsMax());
    assertEquals(4 * MS, new ScaleTree(config(63, 1, 0)).parkNsMax());
    ScaleConfig own =
        ScaleConfig.of(1_000, 1, 1, Durations.parse("constant", 0), Machine.of("frontier"), 1);
    assertEquals(MS, new ScaleTree(own).parkNsMax());
  }

  @Test
  void shouldKnowTheLongestSleeps() {
    ScaleConfig config = config(7, 1, 0);
    Idle idle = new Idle(config.costs(), config.parkNsMax());
    IdleLooks lookers = new IdleLooks(idle, config, new ScaleTree(config), true);
    // 20, 40, 80, 160, 320, 640 us, then 1 ms
    for (int sleep = 0; sleep < 6; sleep++) {
      assertTrue(lookers.nextNs(1, 0, false, false) < 900_000);
      assertFalse(lookers.hasSleptLong(1, false));
    }
    assertTrue(lookers.nextNs(1, 0, false, false) >= 1_000_000);
    assertTrue(lookers.hasSleptLong(1, false));
    assertFalse(lookers.hasSleptLong(2, false));
  }

  @Test
  void shouldRefuseNegativeTimes() {
    ScaleBody.Waking free = ScaleBody.Waking.FREE;
    assertThrows(IllegalArgumentException.class, () -> new ScaleBody(-1, 1, false, 0, 0, 0, free));
    assertThrows(IllegalArgumentException.class, () -> new ScaleBody(0, 0, false, 0, 0, 0, free));
    assertThrows(IllegalArgumentException.class, () -> new ScaleBody(0, 1, false, 0, -1, 0, free));
    assertThrows(IllegalArgumentException.class, () -> new ScaleBody.Waking(0, -1, 0));
  }
}
