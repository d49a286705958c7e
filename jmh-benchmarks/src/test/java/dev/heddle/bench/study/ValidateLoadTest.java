package dev.heddle.bench.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.bench.measure.Work;
import dev.heddle.scale.Durations;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidateLoadTest {
  @Test
  void shouldReadWhatItWrites() {
    ValidateLoad load = ValidateLoad.parse("sleep:10:14:5000:lognormal:1.5");
    assertEquals(ValidateLoad.Kind.SLEEP, load.kind());
    assertEquals(140, load.tasks());
    assertEquals(new Durations(5_000_000, Durations.Shape.LOGNORMAL, 1.5), load.durations());
    assertEquals(load, ValidateLoad.parse(load.text()));
    assertThrows(IllegalArgumentException.class, () -> ValidateLoad.parse("sleep:10:14:5000"));
    assertThrows(IllegalArgumentException.class, () -> ValidateLoad.parse("rest:1:1:1:constant"));
  }

  @Test
  void shouldDrawTheSameDurationsForTheSameSeedOnly() {
    ValidateLoad load = ValidateLoad.parse("sleep:1:1000:1000:exponential");
    assertEquals(load.workNs(3), load.workNs(3));
    assertTrue(load.workNs(3) != load.workNs(4));
    assertEquals(1_000 * 1e6, (double) load.workNs(3), 0.15 * 1_000 * 1e6);
    assertEquals(0, ValidateLoad.parse("noop:5:10:1000:constant").workNs(1));
  }

  @Test
  void shouldComputeForAsLongAsTold() {
    long beganNs = System.nanoTime();
    assertEquals(3_000_000, Work.computeNs(3_000_000));
    assertTrue(System.nanoTime() - beganNs >= 3_000_000);
  }

  @Test
  void shouldTellALookFromTheShareOfACore() {
    // 2 % of a core, a look every 1.1 ms and its own time
    double lookNs = ValidateRun.lookNs(0.02, 100_000, 1_000_000);
    assertEquals(0.02, lookNs / (1_100_000 + lookNs), 1e-9);
    assertEquals(0, ValidateRun.lookNs(0, 100_000, 1_000_000));
    assertTrue(ValidateRun.lookNs(1, 100_000, 1_000_000) > 1e9);
  }

  @Test
  void shouldMeasureEachLoadAsOftenAsAsked() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    List<ValidateLoad> loads =
        List.of(
            ValidateLoad.parse("sleep:2:6:2000:constant"),
            ValidateLoad.parse("compute:1:4:500:exponential"),
            ValidateLoad.parse("noop:20:1:0:constant"));
    HeddleConfig config =
        HeddleConfig.builder()
            .serializablePackages(ValidateRun.class.getPackageName())
            .slots(1)
            .localRanks(4)
            .build();
    ValidateRun.run(body -> assertTrue(Heddle.run(config, new String[0], body)), loads, 2, 7, out);
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(6, lines.size(), lines.toString());
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(lines.get(i).matches("ran " + i / 2 + " " + i % 2 + " [0-9]+"), lines.get(i));
    }
    // two rounds of two tasks one after the other, on three workers
    assertTrue(Long.parseLong(lines.getFirst().split(" ", -1)[3]) >= 8_000_000, lines.toString());
  }
}
