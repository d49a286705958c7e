package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tasks that are due at fixed times, and bare round trips in two modes.
@Timeout(120)
final class LatencyBenchmarkTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private JsonNode run(String pingPongUs, String options) throws IOException {
    String line = "latency --tasks 200 --silence 0 --warmup 0 --repetitions 2 --json - --ranks 1 ";
    BenchOptions parsed = BenchOptions.parse((line + options).strip().split(" ", -1));
    int code =
        new BenchCommand(
                new Invocation(
                    List.of(),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false))
            .run(new LatencyBenchmark(pingPongUs), parsed);
    assertEquals(ExitCode.DONE, code, () -> err.toString(StandardCharsets.UTF_8));
    return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void shouldKeepThePaceAndShowBoth(@TempDir Path folder) throws IOException {
    Path hlog = folder.resolve("x.hlog");
    long startNs = System.nanoTime();
    JsonNode json = run("", "--interval 1ms --hlog " + hlog);
    // 200 tasks have 199 intervals between them.
    assertTrue(System.nanoTime() - startNs >= 2 * 199 * 1_000_000L);
    assertEquals(1000, json.path("params").path("intervalUs").asInt());
    for (String key : List.of("50", "99", "999")) {
      double uncorrected = json.path("uncorrectedP" + key + "Us").asDouble();
      assertTrue(uncorrected > 0, key);
    }
    assertTrue(json.path("p50Us").asDouble() > 0);
    try (HistogramLogReader reader = new HistogramLogReader(hlog.toFile())) {
      assertTrue(((Histogram) reader.nextIntervalHistogram()).getTotalCount() >= 200);
    }
  }

  /// A task of 10 ms where one is due every ms hides nine others, of 9 ms to 1 ms.
  @Test
  void shouldAddTheTasksThatCouldNotBeSubmitted() {
    Histogram histogram = new Histogram(3_600_000_000_000L, 3);
    for (int i = 0; i < 90; i++) {
      histogram.recordValue(1_000);
    }
    histogram.recordValue(10_000_000);
    histogram.setStartTimeStamp(5);
    histogram.setEndTimeStamp(7);
    Histogram corrected = LatencyBenchmark.corrected(histogram, 1_000_000);
    assertEquals(91 + 9, corrected.getTotalCount());
    assertEquals(1_000.0, (double) histogram.getValueAtPercentile(98), 10);
    assertEquals(8_000_000.0, (double) corrected.getValueAtPercentile(98), 10_000);
    assertEquals(5, corrected.getStartTimeStamp());
    assertEquals(7, corrected.getEndTimeStamp());
  }

  @Test
  void shouldShowBothModesOfTheBareRoundTrip() throws IOException {
    JsonNode json = run("0.3,1.2,0.4,1.3", "");
    assertEquals("[0.35,1.25]", json.path("pingPongModesUs").toString().replace("00", ""));
    assertEquals("[2,2]", json.path("pingPongModeStarts").toString());
    assertEquals(4, json.path("pingPongStartsUs").size());
    assertEquals(0.8, json.path("pingPongUs").asDouble());
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("pingPongModesUs    0.3500 1.2500"));
    assertTrue(json.path("params").path("intervalUs").isNull());
    assertFalse(json.has("uncorrectedP50Us"));
  }
}
