package dev.heddle.bench.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.scale.Costs;
import dev.heddle.scale.ScaleBody;
import org.junit.jupiter.api.Test;

class ValidateModelTest {
  private static ValidateModel model(double handOverNs, ScaleBody.Waking waking) {
    Costs costs = Costs.shipped().withLookNs(20_000).withParkNs(80_000);
    return new ValidateModel(costs, handOverNs, 80_000, waking, 1);
  }

  @Test
  void shouldFindWhatWakingUpCostsAgain() {
    ScaleBody.Waking real = new ScaleBody.Waking(120_000, 80_000, 40);
    ValidateModel reality = model(0, real);
    ValidateLoad shallow = ValidateLoad.parse("sleep:500:1:100:constant");
    int cores = Runtime.getRuntime().availableProcessors();
    int deepRanks = 4 * cores;
    double loneNs = reality.loneNs(deepRanks);
    double[] woke = {20_000, 80_000, loneNs, 550_000 + 120_000 + 80_000, 550_000 + 80_000};
    ValidateModel found =
        model(0, ScaleBody.Waking.FREE)
            .calibrated(deepRanks, woke, cores + 1, reality.predictedNs(cores + 1, shallow));
    // fewer looks until half of more is nearly the same
    assertEquals(
        200_000, found.waking().taskNs() + found.waking().resultNs(), 100_000, found.text());
    assertTrue(found.waking().taskNs() > found.waking().resultNs(), found.text());
    assertEquals(
        reality.predictedNs(cores + 1, shallow),
        found.predictedNs(cores + 1, shallow),
        0.05 * reality.predictedNs(cores + 1, shallow));
    assertEquals(loneNs, found.loneNs(deepRanks), 0.02 * loneNs);
  }

  @Test
  void shouldFindHowMuchLaterManyRanksWakeUp() {
    int ranks = 2 * ValidateModel.deepRanks();
    ValidateModel reality = model(0, new ScaleBody.Waking(60_000, 60_000, 40, 200_000, 100_000));
    double loneNs = reality.loneNs(ranks);
    double[] woke = {20_000, 80_000, loneNs, 550_000 + 80_000 + 260_000, 550_000 + 160_000};
    ScaleBody.Waking found =
        model(0, new ScaleBody.Waking(60_000, 60_000, 40)).crowded(ranks, woke).waking();
    assertEquals(300_000, found.taskDelayNs() + found.resultDelayNs(), 120_000);
    assertEquals(loneNs, model(0, found).loneNs(ranks), 0.02 * loneNs);
    assertTrue(found.taskDelayNs() > found.resultDelayNs(), found.toString());
    assertEquals(60_000, found.taskNs());
  }

  @Test
  void shouldChargeTheHandOverOncePerLoneTask() {
    ValidateLoad lone = ValidateLoad.parse("noop:1000:1:0:constant");
    double freeNs = model(0, ScaleBody.Waking.FREE).predictedNs(2, lone);
    double dearNs = model(4_000, ScaleBody.Waking.FREE).predictedNs(2, lone);
    assertEquals(4_000, (dearNs - freeNs) / lone.tasks(), 400);
  }

  @Test
  void shouldTellWhatItHasMeasured() {
    ValidateModel model = model(2_500, new ScaleBody.Waking(100_000, 50_000, 30));
    assertEquals("20.0", String.valueOf(model.metrics().get("lookUs")));
    assertEquals("2.50", String.valueOf(model.metrics().get("handOverUs")));
    assertTrue(model.text().contains("a look takes 20.0 us"), model.text());
  }
}
