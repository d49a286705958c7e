package dev.heddle.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleSimulationTest {
  private static final long MS = 1_000_000;

  private static ScaleConfig config(int workers, long perWorker, long taskNs, long seed) {
    return ScaleConfig.of(
        workers,
        1,
        perWorker * workers,
        Durations.parse("constant", taskNs),
        Machine.of("bluewaters"),
        seed);
  }

  private static ScaleConfig with(ScaleConfig config, String... faults) {
    return config.withFaults(ScaleFaults.parse(List.of(faults), "test"));
  }

  @Test
  void shouldRepeatARunToTheLastMessage() {
    for (long seed = 1; seed <= 3; seed++) {
      ScaleResult first = ScaleSimulation.run(config(500, 5, 3 * MS, seed));
      ScaleResult second = ScaleSimulation.run(config(500, 5, 3 * MS, seed));
      assertEquals(first.traceHash(), second.traceHash());
      assertEquals(first.makespanNs(), second.makespanNs());
      assertEquals(first.messages(), second.messages());
      assertTrue(first.traceHash().matches("[0-9a-f]{16}"), first.traceHash());
      ScaleResult other = ScaleSimulation.run(config(500, 5, 3 * MS, seed + 100));
      assertNotEquals(first.traceHash(), other.traceHash());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "exponential", "lognormal:1"})
  void shouldNeverBeFasterThanTheWorkAllows(String shape) {
    Durations durations = Durations.parse(shape, 5 * MS);
    ScaleConfig config =
        ScaleConfig.of(200, 2, 4_000, durations, Machine.of("frontier"), 9).withFanout(8);
    ScaleResult result = ScaleSimulation.run(config);
    long workNs = 0;
    for (long task = 1; task <= 4_000; task++) {
      workNs += durations.ns(9, task);
    }
    assertEquals(4_000, result.done());
    assertTrue(result.makespanNs() >= workNs / 400, "makespanNs=" + result.makespanNs());
    double used = 0;
    for (double share : result.utilisation()) {
      assertTrue(share >= 0 && share <= 1.0001, "share=" + share);
      used += share * result.pointNs() * 400;
    }
    // the last interval is shorter than the others
    assertEquals((double) workNs, used, 400.0 * result.pointNs() + 0.02 * workNs);
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "exponential", "lognormal:1"})
  void shouldRunAnArrayAndRepeatIt(String shape) {
    ScaleConfig config =
        ScaleConfig.of(
                1_000, 2, 20_000, Durations.parse(shape, MS / 2), Machine.of("bluewaters"), 3)
            .withFanout(16)
            .withArray();
    // the simulation itself checks that each place has run once, by their sum
    ScaleResult first = ScaleSimulation.run(config);
    assertEquals(20_000, first.done());
    assertTrue(first.efficiency() > 0 && first.efficiency() < 1, "e=" + first.efficiency());
    ScaleResult second = ScaleSimulation.run(config);
    assertEquals(first.traceHash(), second.traceHash());
    assertEquals(first.makespanNs(), second.makespanNs());
    ScaleResult tasks = ScaleSimulation.run(oneByOne(config));
    assertNotEquals(first.traceHash(), tasks.traceHash());
  }

  private static ScaleConfig oneByOne(ScaleConfig array) {
    return ScaleConfig.of(
        array.workers(),
        array.slots(),
        array.tasks(),
        array.durations(),
        array.machine(),
        array.seed());
  }

  @Test
  void shouldCostRankZeroNoMoreForMorePlaces() {
    ScaleResult few = ScaleSimulation.run(config(500, 10, 10 * MS, 1).withArray());
    ScaleResult many = ScaleSimulation.run(config(500, 1_000, MS / 10, 1).withArray());
    long fewFrames = few.perLevel().getFirst().framesDown();
    long manyFrames = many.perLevel().getFirst().framesDown();
    assertTrue(manyFrames < 10 * fewFrames, fewFrames + " and " + manyFrames);
  }

  @Test
  void shouldBeFasterAsAnArrayThanOneByOneAndNeverThanTheWayThereAndBack() {
    ScaleConfig config = config(8_192, 10, MS / 4, 1);
    long array = ScaleSimulation.run(config.withArray()).makespanNs();
    long tasks = ScaleSimulation.run(config).makespanNs();
    assertTrue(4 * array < tasks, array + " and " + tasks);
    assertTrue(array > 10 * MS / 4 + ScaleFloor.ns(config), "array=" + array);
  }

  @Test
  void shouldCountAnArrayBehindAnotherOneByItself() {
    ScaleConfig config = config(512, 4, MS, 5).withArray();
    ScaleResult first = ScaleSimulation.run(config);
    ScaleResult second = ScaleSimulation.run(config, ScaleBody.behindArray(100_000));
    assertEquals(2048, second.done());
    // 100,000 places of a millisecond before it would be 195 ms more
    assertTrue(second.makespanNs() >= 4 * MS, "makespanNs=" + second.makespanNs());
    assertTrue(
        second.makespanNs() < first.makespanNs() + 10 * MS, "makespanNs=" + second.makespanNs());
    assertTrue(second.firstTaskNs() >= 0 && second.firstTaskNs() < second.lastTaskNs());
    assertTrue(second.lastTaskNs() <= second.makespanNs());
    assertEquals(
        second.traceHash(),
        ScaleSimulation.run(config, ScaleBody.behindArray(100_000)).traceHash());
    assertNotEquals(first.traceHash(), second.traceHash());
  }

  @Test
  void shouldFinishAnArrayThoughARankIsPaused() {
    ScaleConfig config = config(300, 10, 200 * MS, 1).withArray();
    ScaleResult result = ScaleSimulation.run(with(config, "hang 40 0.3 1"));
    assertEquals(3_000, result.done());
    // ten tasks of 200 ms each, and a second less on one of 300 ranks; others take over what it has
    assertTrue(result.makespanNs() >= 2_000 * MS, "makespanNs=" + result.makespanNs());
    assertTrue(result.makespanNs() < 3_000 * MS, "makespanNs=" + result.makespanNs());
  }

  @Test
  void shouldKeepWorkersBusyWithLongTasks() {
    ScaleResult result = ScaleSimulation.run(config(1_000, 10, 1_000 * MS, 1));
    assertTrue(result.efficiency() > 0.99, "efficiency=" + result.efficiency());
    assertTrue(result.efficiency() < 1);
    assertEquals(10_000, result.done());
    assertNull(result.lost());
  }

  @Test
  void shouldBeBoundByTheCoordinatorWhenTasksAreNothing() {
    ScaleConfig config = config(512, 100, 0, 1);
    Costs costs = config.costs();
    ScaleResult fast = ScaleSimulation.run(config);
    ScaleResult slow =
        ScaleSimulation.run(config.withCosts(costs.withCoordinatorNs(2_000, "test")));
    assertTrue(fast.tasksPerSecond() < 1e9 / costs.coordinatorNs());
    assertTrue(slow.tasksPerSecond() < 1e9 / 2_000);
    assertTrue(slow.tasksPerSecond() > 0.5e9 / 2_000, "rate=" + slow.tasksPerSecond());
    assertTrue(Double.isNaN(fast.efficiency()));
  }

  @Test
  void shouldSendBatchesUnderLoadAndLoneTasksAtOnce() {
    // 64 tasks are submitted between two turns, for 8 children
    ScaleResult loaded = ScaleSimulation.run(config(8, 1_000, 0, 1));
    ScaleResult.Level root = loaded.perLevel().getFirst();
    assertTrue(root.framesDown() > 4 * root.messagesDown(), root.toString());
    ScaleConfig lone = config(512, 1, 0, 1).withTasks(1, 0);
    ScaleResult one = ScaleSimulation.run(lone);
    // three levels there and back; nobody sleeps so soon after the start
    assertTrue(one.makespanNs() < 5 * MS, "makespanNs=" + one.makespanNs());
    assertTrue(one.makespanNs() > 2 * 3_000, "makespanNs=" + one.makespanNs());
  }

  @Test
  void shouldFillMessagesTowardsAParentThatIsBusyAndOnlyThen() {
    ScaleResult.Level busy = ScaleSimulation.run(config(8_192, 10, 2 * MS, 1)).perLevel().get(1);
    assertTrue(busy.framesUp() > 4 * busy.messagesUp(), busy.toString());
    // 33 ms between two results of a host
    ScaleResult.Level calm =
        ScaleSimulation.run(
                ScaleConfig.of(
                    512,
                    1,
                    2_048,
                    Durations.parse("exponential", 1_000 * MS),
                    Machine.of("bluewaters"),
                    1))
            .perLevel()
            .get(1);
    assertTrue(calm.framesUp() < 1.3 * calm.messagesUp(), calm.toString());
  }

  @Test
  void shouldKeepTheCoordinatorsStateWhateverTheNumberOfWorkers() {
    ScaleConfig few =
        ScaleConfig.of(1_000, 1, 100, Durations.parse("constant", MS), Machine.of("frontier"), 1);
    ScaleConfig many =
        ScaleConfig.of(40_000, 1, 100, Durations.parse("constant", MS), Machine.of("frontier"), 1);
    long small = ScaleSimulation.run(few).coordinatorStateBytes();
    long large = ScaleSimulation.run(many).coordinatorStateBytes();
    assertTrue(small > 10_000, "bytes=" + small);
    assertEquals((double) small, (double) large, small / 100.0);
  }

  @Test
  void shouldHoldALeafInAboutAKibibyte() {
    ScaleResult result = ScaleSimulation.run(config(2_000, 1, MS, 1));
    for (ScaleResult.Memory memory : result.memory()) {
      if (memory.role().equals("leaf")) {
        assertTrue(memory.bytes() > 300 && memory.bytes() < 2_048, memory.toString());
        return;
      }
    }
    throw new AssertionError("no leaf: " + result.memory());
  }

  @Test
  void shouldEndTheRunWhenARankDies() {
    ScaleConfig config = with(config(300, 10, 2_000 * MS, 1), "die 77 3.5");
    ScaleResult result = ScaleSimulation.run(config);
    String lost = String.valueOf(result.lost());
    assertTrue(lost.contains("rank=77"), lost);
    assertEquals(-1, result.makespanNs());
    assertTrue(result.done() >= 300 && result.done() < 3_000, "done=" + result.done());
    assertEquals(result.traceHash(), ScaleSimulation.run(config).traceHash());
  }

  @Test
  void shouldFinishDespiteAHangThatEndsAndSlowAndDelayedRanks() {
    ScaleConfig plain = config(300, 6, 500 * MS, 1);
    ScaleConfig disturbed =
        with(plain, "hang 50 1 2", "slow 60 4", "delay 70 0 5 0.2", "hang 0 1 0.5");
    ScaleResult result = ScaleSimulation.run(disturbed);
    assertNull(result.lost());
    assertEquals(1_800, result.done());
    long plainNs = ScaleSimulation.run(plain).makespanNs();
    assertTrue(result.makespanNs() > plainNs + 300 * MS, "makespanNs=" + result.makespanNs());
  }

  @Test
  void shouldLoseRanksAtARate() {
    ScaleResult result =
        ScaleSimulation.run(with(config(300, 100, 1_000 * MS, 1), "rate die 3600"));
    assertTrue(result.lost() != null, "nobody was lost");
    assertTrue(result.done() < 30_000);
  }

  @Test
  void shouldRefuseAFaultOfARankThatIsNotThere() {
    ScaleConfig config = with(config(10, 1, MS, 1), "die 5000 1");
    String why =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> ScaleSimulation.run(config))
                .getMessage());
    assertTrue(why.contains("5000"), why);
  }

  @Test
  void shouldWaitForCoresWhereRanksShareThem() {
    Machine local = Machine.of("local");
    ScaleConfig shared = ScaleConfig.of(64, 1, 6_400, Durations.parse("constant", MS), local, 1);
    ScaleConfig own =
        ScaleConfig.of(64, 1, 6_400, Durations.parse("constant", MS), local.withCores(128), 1);
    long sharedNs = ScaleSimulation.run(shared).makespanNs();
    long ownNs = ScaleSimulation.run(own).makespanNs();
    assertTrue(sharedNs > ownNs, "sharedNs=" + sharedNs + " ownNs=" + ownNs);
  }

  @Test
  void shouldMeasureCostsOfTheRealStateMachines() {
    Costs costs = CostBench.measure(960, 100, 150, 50_000, 9_000, "test");
    assertTrue(costs.coordinatorTaskNs() > 0 && costs.relayTaskNs() > 0, costs.toString());
    assertTrue(costs.arrays().rangeNs() >= 1, costs.toString());
    assertTrue(costs.messageInNs() > 0 && costs.workerTaskNs() > 0, costs.toString());
    assertTrue(costs.conditions().contains("tasksInFlight=960"), costs.conditions());
    assertEquals(100, costs.submitNs());
  }
}
