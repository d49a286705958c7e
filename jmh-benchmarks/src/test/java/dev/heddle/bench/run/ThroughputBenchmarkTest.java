package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.BenchMain;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `throughput` with tasks that stay ready, and with payloads.
@Timeout(60)
final class ThroughputBenchmarkTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String line) {
    return new BenchMain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false)
        .run((line + " --warmup 0 --repetitions 1 --json -").split(" ", -1));
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--ranks 1", "--ranks 4 --fanout 2", "--ranks 2 --payload 100"})
  void shouldKeepTasksReady(String options) throws IOException {
    assertEquals(
        ExitCode.DONE,
        run("bench throughput --pending 20000 --seconds 0.2 " + options),
        () -> err.toString(StandardCharsets.UTF_8));

    JsonNode json = json();
    assertTrue(json.path("checksumOk").asBoolean());
    assertTrue(json.path("tasksPerSecond").asDouble() > 0);
    assertTrue(json.path("longestPauseMs").asDouble() > 0);
    assertTrue(json.path("finishedTasks").isIntegralNumber());
    assertTrue(json.path("finishedTasks").asLong() > 0);
    // how many it could keep is a matter of speed
    assertTrue(json.path("readyTasksMin").asLong() >= 0);
    double pacedShare = json.path("pacedShare").asDouble(-1);
    assertTrue(pacedShare >= 0 && pacedShare <= 1, json.toString());
    assertEquals(20_000, json.path("params").path("pending").asInt());
    assertEquals(0.2, json.path("params").path("seconds").asDouble());
    assertFalse(json.path("params").has("tasks"));
  }

  @Test
  void shouldSayWhatHeapIsNeeded() {
    assertEquals(ExitCode.FAILED, run("bench throughput --pending 1000000000 --payload 4096"));
    String message = err.toString(StandardCharsets.UTF_8);
    assertTrue(message.contains("needs a heap of about"), message);
    assertTrue(message.contains("add --heap "), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 4096, 100_000})
  void shouldCarryPayloads(int bytes) throws IOException {
    assertEquals(
        ExitCode.DONE,
        run("bench throughput --tasks 200 --ranks 2 --payload " + bytes),
        () -> err.toString(StandardCharsets.UTF_8));

    assertTrue(json().path("checksumOk").asBoolean());
    assertEquals(bytes, json().path("params").path("payloadBytes").asInt());
  }

  @Test
  void shouldNoticeADamagedPayload() {
    byte[] payload = ByteBuffer.allocate(100).putLong(7).array();
    payload[99] = Work.lastByte(7, 100);
    assertEquals(Work.mix64(7), Work.mix64Of(payload));
    payload[99]++;
    assertNotEquals(Work.mix64(7), Work.mix64Of(payload));
  }
}
