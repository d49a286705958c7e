package dev.heddle.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What users give the simulator: durations, faults, costs, sizes.
class ScalePlansTest {
  private static String refused(Runnable reading) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, reading::run).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "exponential", "lognormal:0.5", "lognormal:1.5"})
  void shouldDrawDurationsWithTheMeanThatWasAskedFor(String shape) {
    Durations durations = Durations.parse(shape, 1_000_000);
    double sum = 0;
    int count = 400_000;
    for (int i = 1; i <= count; i++) {
      long ns = durations.ns(7, i);
      assertEquals(ns, durations.ns(7, i));
      assertTrue(ns > 0);
      sum += ns;
    }
    assertEquals(1_000_000, sum / count, 20_000, shape);
    assertEquals(shape, durations.text());
  }

  @Test
  void shouldDrawOtherDurationsFromAnotherSeed() {
    Durations durations = Durations.parse("exponential", 1_000_000);
    int same = 0;
    for (int i = 1; i <= 1_000; i++) {
      same += durations.ns(1, i) == durations.ns(2, i) ? 1 : 0;
    }
    assertTrue(same < 10, "same=" + same);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "normal", "lognormal:", "lognormal:0", "lognormal:-1", "lognormal:NaN"})
  void shouldRefuseOtherDistributions(String text) {
    assertTrue(refused(() -> Durations.parse(text, 1)).contains("'" + text + "'"));
  }

  @Test
  void shouldReadFaults() {
    ScaleFaults faults =
        ScaleFaults.parse(
            List.of(
                "# a comment",
                "die 5 1.5",
                "hang 6 1 0.25 # another",
                "",
                "slow 7 3",
                "delay 8 0 2 0.001",
                "rate die 2.5"),
            "plan");
    assertEquals(
        List.of(
            new ScaleFaults.Fault.Die(5, 1_500_000_000L),
            new ScaleFaults.Fault.Hang(6, 1_000_000_000L, 250_000_000L),
            new ScaleFaults.Fault.Slow(7, 3),
            new ScaleFaults.Fault.Delay(8, 0, 2_000_000_000L, 1_000_000L)),
        faults.list());
    assertEquals(2.5, faults.deathsPerHour());
    assertTrue(faults.needsLiveness());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "die 0 1",
        "die x 1",
        "die 5",
        "die 5 -1",
        "hang 5 1",
        "slow 5 0.5",
        "slow 5 fast",
        "delay 5 1 1",
        "explode 5",
        "rate slow 5",
        "rate die x"
      })
  void shouldRefuseOtherFaultsAndNameTheLine(String line) {
    String why = refused(() -> ScaleFaults.parse(List.of("die 1 1", line), "plan"));
    assertTrue(why.contains("plan, line 2 '" + line + "'"), why);
  }

  @Test
  void shouldReadTheCostsItHasWritten() {
    Costs shipped = Costs.shipped();
    assertEquals(shipped.toMap(), Costs.parse(shipped.text(), "again").toMap());
    assertTrue(shipped.conditions().contains("bench costs"), shipped.conditions());
    Costs other = shipped.withCoordinatorNs(2_000, "why");
    assertEquals(2_000, other.coordinatorNs(), 1e-6);
    assertEquals(shipped.messageInNs(), other.messageInNs());
  }

  @ParameterizedTest
  @CsvSource({"turnNs=-1,turnNs", "turnNs=x,turnNs", "turnNs=1e10,turnNs", "more=1,more"})
  void shouldRefuseOtherCosts(String line, String named) {
    String text = Costs.shipped().text() + line + "\n";
    assertTrue(refused(() -> Costs.parse(text, "costs")).contains(named));
  }

  @Test
  void shouldRefuseCostsThatMissAValue() {
    String text = Costs.shipped().text().replaceAll("(?m)^submitNs=.*$", "");
    assertTrue(refused(() -> Costs.parse(text, "costs")).contains("submitNs is missing"));
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,10,workers is 0",
    "3000000,1,10,workers is 3000000",
    "5,0,10,slots is 0",
    "1000000,4096,10,workers x slots",
    "5,1,0,tasks is 0"
  })
  void shouldRefuseSizesOutOfBounds(int workers, int slots, long tasks, String named) {
    Durations durations = Durations.parse("constant", 1);
    Machine machine = Machine.of("frontier");
    String why = refused(() -> ScaleConfig.of(workers, slots, tasks, durations, machine, 1));
    assertTrue(why.contains(named), why);
  }

  @Test
  void shouldNameTheMachinesThereAre() {
    assertTrue(refused(() -> Machine.of("summit")).contains("bluewaters"));
    for (String name : Machine.names()) {
      assertEquals(name, Machine.of(name).name());
    }
  }

  @Test
  void shouldHaveNoiseOfMeanOneWhoseTailIsAsPublished() {
    Noise noise = new Noise(1, 0.268);
    double[] factors = new double[200_000];
    double sum = 0;
    for (int i = 0; i < factors.length; i++) {
      factors[i] = noise.factor();
      sum += factors[i];
    }
    java.util.Arrays.sort(factors);
    assertEquals(1, sum / factors.length, 0.01);
    assertEquals(1.8, factors[factors.length * 99 / 100], 0.05);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 31, 32, 128, 129, 130, 1000, 4097, 20_000})
  void shouldHaveExactlyTheWorkersThatWereAskedFor(int workers) {
    for (String machine : Machine.names()) {
      for (int fanout : new int[] {4, 16, 128}) {
        ScaleConfig config =
            ScaleConfig.of(workers, 1, 10, Durations.parse("constant", 1), Machine.of(machine), 1)
                .withFanout(fanout);
        ScaleTree tree = new ScaleTree(config);
        int found = 0;
        for (int rank = 0; rank < tree.ranks(); rank++) {
          found += tree.runsTasks(rank) ? 1 : 0;
        }
        assertEquals(workers, found, machine + " fanout=" + fanout);
      }
    }
  }
}
