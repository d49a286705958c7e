package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/// What must hold for every seed. `-Dsim.seed` runs one, `-Dsim.seeds` another number of them.
class SimulationTest {
  private static final long SEEDS = Long.getLong("sim.seeds", 3000);

  /// Arrays take ten times as long; there are four tests of them.
  private static final long ARRAY_SEEDS = Math.ceilDiv(SEEDS, 4);

  @Test
  void shouldKeepEveryPromiseForEverySeed() {
    forEachSeed("shouldKeepEveryPromiseForEverySeed", SimConfig::random);
  }

  @Test
  void shouldKeepEveryPromiseUnderFaults() {
    forEachSeed("shouldKeepEveryPromiseUnderFaults", SimConfig::randomWithFault);
  }

  @Test
  void shouldKeepEveryPromiseWithTasksSentAhead() {
    forEachSeed("shouldKeepEveryPromiseWithTasksSentAhead", SimConfig::randomAhead);
  }

  @Test
  void shouldSendManyTasksAheadAndSomeInVain() {
    long sent = 0;
    long inVain = 0;
    long failed = 0;
    long succeeded = 0;
    for (long seed = 1; seed <= 300; seed++) {
      SimResult result = Simulation.run(SimConfig.randomAhead(seed));
      sent += result.sentAhead();
      inVain += result.sentInVain();
      failed += result.failed();
      succeeded += result.succeeded();
    }
    assertTrue(
        sent > succeeded / 10 && inVain > 100 && failed > 1_000,
        "sent=" + sent + " inVain=" + inVain + " failed=" + failed + " succeeded=" + succeeded);
  }

  @Test
  void shouldTakeManyTasksBack() {
    long recalled = 0;
    long returned = 0;
    for (long seed = 1; seed <= 300; seed++) {
      SimResult result = Simulation.run(SimConfig.random(seed));
      recalled += result.recalled();
      returned += result.recalled() > 0 ? result.returned() : 0;
    }
    assertTrue(recalled > 500 && returned > 200, "recalled=" + recalled + " returned=" + returned);
  }

  @Test
  void shouldRunAChainWithoutARoundTripPerLink() {
    long latencyNs = 10_000;
    SimResult result =
        Simulation.run(
            SimConfig.of(
                    11,
                    TreePlan.full(2, 4, 1),
                    new LoadPlan(LoadPlan.Shape.CHAIN, 5_000, 1, 8, 8, 0, 0, 1_000, 0, 0, 5_000, 0))
                .with(new NetworkPlan(3900, 64, 16, 64, 8, latencyNs, latencyNs, 150, 200, 50)));
    assertEquals(5_000, result.succeeded());
    assertTrue(result.sentAhead() > 4_900, result.toString());
    assertTrue(result.makespanNs() < 5_000 * 2 * latencyNs / 5, result.toString());
  }

  @Test
  void shouldKeepEveryPromiseWithArrays() {
    forEachSeed(
        "shouldKeepEveryPromiseWithArrays",
        ARRAY_SEEDS,
        seed -> SimConfig.random(seed).withArrays(1 + (int) (seed % 5)));
  }

  @Test
  void shouldKeepEveryPromiseWithArraysUnderFaults() {
    forEachSeed(
        "shouldKeepEveryPromiseWithArraysUnderFaults",
        ARRAY_SEEDS,
        seed -> SimConfig.randomWithFault(seed).withArrays(1 + (int) (seed % 5)));
  }

  @Test
  void shouldKeepEveryPromiseOfArrays() {
    forEachSeed("shouldKeepEveryPromiseOfArrays", ARRAY_SEEDS, SimConfig::randomArrays);
  }

  @Test
  void shouldKeepEveryPromiseOfArraysUnderFaults() {
    forEachSeed(
        "shouldKeepEveryPromiseOfArraysUnderFaults", ARRAY_SEEDS, SimConfig::randomArraysWithFault);
  }

  @Test
  void shouldReachTheRareBranchesOfArrays() {
    ArrayTally sum = new ArrayTally(0, 0, 0, 0, 0, 0, 0, 0, 0);
    for (long seed = 1; seed <= 300; seed++) {
      sum = sum.plus(Simulation.run(SimConfig.randomArrays(seed)).arrays());
    }
    assertTrue(
        sum.succeeded() > 300
            && sum.failed() > 50
            && sum.cancelled() > 50
            && sum.dependents() > 20
            && sum.retries() > 50
            && sum.empty() > 10
            && sum.huge() > 10
            && sum.foldsFailed() > 50
            && sum.manyParts() > 3,
        sum.toString());
  }

  private static void forEachSeed(String test, LongFunction<SimConfig> draw) {
    forEachSeed(test, SEEDS, draw);
  }

  private static void forEachSeed(String test, long count, LongFunction<SimConfig> draw) {
    Long one = Long.getLong("sim.seed");
    long from = one == null ? 1 : one;
    long to = one == null ? count : one;
    for (long seed = from; seed <= to; seed++) {
      try {
        Simulation.run(draw.apply(seed));
      } catch (IllegalStateException e) {
        fail(repeat(test, seed) + "\n" + e.getMessage(), e);
      }
    }
  }

  private static String repeat(String test, long seed) {
    return "repeat with: mvn -q test -pl mpi-executor -am -Dsurefire.failIfNoSpecifiedTests=false"
        + " -Dtest=SimulationTest#"
        + test
        + " -Dsim.seed="
        + seed
        + " at commit "
        + commit();
  }

  private static String commit() {
    try {
      Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
      try (var out = git.getInputStream()) {
        return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
      }
    } catch (IOException e) {
      return "unknown (" + e.getMessage() + ")";
    }
  }

  @Test
  void shouldRepeatARunToTheLastMessage() {
    for (long seed = 1; seed <= 100; seed++) {
      SimResult first = Simulation.run(SimConfig.randomWithFault(seed));
      SimResult second = Simulation.run(SimConfig.randomWithFault(seed));
      assertEquals(first.traceHash(), second.traceHash(), "seed=" + seed);
      assertEquals(first.makespanNs(), second.makespanNs(), "seed=" + seed);
      assertTrue(first.traceHash().matches("[0-9a-f]{16}"), first.traceHash());
    }
    TreePlan tree = TreePlan.full(21, 4, 2);
    LoadPlan load = LoadPlan.free(100, 1_000);
    assertNotEquals(
        Simulation.run(SimConfig.of(1, tree, load)).traceHash(),
        Simulation.run(SimConfig.of(2, tree, load)).traceHash());
  }

  @Test
  void shouldReachTheRareBranches() {
    long bulks = 0;
    long late = 0;
    long lost = 0;
    long values = 0;
    long failed = 0;
    for (long seed = 1; seed <= 300; seed++) {
      SimResult result = Simulation.run(SimConfig.randomWithFault(seed));
      bulks += result.bulks();
      late += result.late();
      lost += result.lost().size();
      values += result.valuesSent();
      failed += result.failed();
    }
    assertTrue(
        bulks > 100 && late > 100 && lost > 10 && values > 100 && failed > 100,
        "bulks="
            + bulks
            + " late="
            + late
            + " lost="
            + lost
            + " values="
            + values
            + " failed="
            + failed);
  }

  @Test
  void shouldReportALostLeafWithItsTask() {
    SimConfig config =
        SimConfig.of(5, TreePlan.full(85, 4, 1), LoadPlan.free(2_000, 20_000_000_000L))
            .with(new Fault.Loss(60, 3_000_000_000L));
    SimResult result = Simulation.run(config);
    assertEquals(1, result.lost().size());
    assertEquals(60, result.lost().getFirst().rank());
    assertEquals("host-60", result.lost().getFirst().host());
    assertTrue(result.lost().getFirst().tasks() >= 1);
    assertTrue(result.lostAtNs().getFirst() - 3_000_000_000L <= config.limits().livenessNs());
  }

  @Test
  void shouldReportALostRelayWithAllTasksBelow() {
    SimConfig config =
        SimConfig.of(6, TreePlan.full(85, 4, 1), LoadPlan.free(2_000, 20_000_000_000L))
            .with(new Fault.Loss(2, 3_000_000_000L));
    SimResult result = Simulation.run(config);
    assertEquals(2, result.lost().getFirst().rank());
    assertEquals(20, result.lost().getFirst().ranksBelow());
    assertTrue(result.lost().getFirst().tasks() >= 21, result.lost().toString());
  }

  @Test
  void shouldMissNobodyWhenRankZeroWasStopped() {
    SimConfig config =
        SimConfig.of(7, TreePlan.full(21, 4, 1), LoadPlan.free(500, 2_000_000_000L))
            .with(new Fault.Pause(0, 3_000_000_000L, 45_000_000_000L));
    SimResult result = Simulation.run(config);
    assertTrue(result.lost().isEmpty());
    assertEquals(500, result.succeeded());
    assertTrue(result.makespanNs() > 48_000_000_000L);
  }

  @Test
  void shouldMissNobodyWhenAWorkerWasStoppedForLessThanItsParentsPatience() {
    SimConfig config =
        SimConfig.of(8, TreePlan.full(21, 4, 1), LoadPlan.free(500, 2_000_000_000L))
            .with(new Fault.Pause(4, 3_000_000_000L, 7_000_000_000L));
    SimResult result = Simulation.run(config);
    assertTrue(result.lost().isEmpty());
    assertEquals(500, result.succeeded());
  }

  @Test
  void shouldBatchUnderLoad() {
    SimResult result =
        Simulation.run(SimConfig.of(9, TreePlan.full(5, 4, 4), LoadPlan.free(10_000, 1_000)));
    assertEquals(10_000, result.succeeded());
    assertFalse(result.messages() > 10_000, result.toString());
  }
}
