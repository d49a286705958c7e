package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.wire.Port;
import dev.heddle.wire.fault.FaultPlan;
import dev.heddle.wire.fault.FaultyPort;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Faults by the door of the port, at random places of random runs: what comes late changes no
/// value, and a rank that ends at some state is reported lost, wherever it was.
class InjectedFaultsTest {
  private static final int SEEDS = 150;

  /// Faults of one rank.
  private record Injected(int rank, String text) implements Watch {
    @Override
    public Port wrap(int of, Port port, Surroundings surroundings) {
      return of == rank
          ? new FaultyPort(
              port, FaultPlan.parse(text, rank), surroundings::nowNs, surroundings::end)
          : port;
    }
  }

  @Test
  void shouldEndAsWithoutFaultsWhereMessagesComeLate() {
    int late = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimConfig config = SimConfig.random(seed);
      if (!config.faults().isEmpty() || config.tree().ranks() < 2) {
        continue;
      }
      SplittableRandom random = new SplittableRandom(seed);
      int rank = random.nextInt(config.tree().ranks());
      String kind = rank == 0 ? "TASK" : "RESULT";
      long longestUs = config.limits().livenessNs() / 8_000;
      String faults =
          "delay=%s#%d@%d:%dus"
              .formatted(kind, 1 + random.nextInt(20), rank, 1 + random.nextLong(longestUs));
      SimResult plain = Simulation.run(config);
      SimResult delayed = Simulation.run(config, new Injected(rank, faults));
      assertEquals(plain.lost(), delayed.lost(), "seed=" + seed + " " + faults);
      late += plain.traceHash().equals(delayed.traceHash()) ? 0 : 1;
    }
    assertTrue(late > SEEDS / 5, "late=" + late);
  }

  @Test
  void shouldReportARankThatEndsAtSomeState() {
    int ended = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimConfig config = SimConfig.random(seed);
      if (!config.faults().isEmpty() || config.tree().ranks() < 2) {
        continue;
      }
      SplittableRandom random = new SplittableRandom(~seed);
      int rank = 1 + random.nextInt(config.tree().ranks() - 1);
      String[] states = {"end=RESULT", "end=FETCH", "end-received=TASK", "end-received=CANCEL"};
      String faults =
          "%s#%d@%d".formatted(states[random.nextInt(states.length)], 1 + random.nextInt(9), rank);
      // whether the right ranks are lost, and only these, is what the simulation itself checks
      SimResult result = Simulation.run(config, new Injected(rank, faults));
      ended += result.lost().isEmpty() ? 0 : 1;
    }
    assertTrue(ended > SEEDS / 10, "ended=" + ended);
  }
}
