package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.BenchMain;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.bench.measure.PayloadWork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `bench payload` in small, in which speeds mean nothing.
@Timeout(120)
final class PayloadBenchmarkTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final BenchMain main =
      new BenchMain(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8),
          false);

  /// 5 and 16 fit into the window, 40 do not; 65,536 bytes are sent as a large value.
  @ParameterizedTest
  @CsvSource({"5, 1", "16, 3", "40, 3"})
  void shouldReportWhatTheContractNames(int tasks, int ranks) throws IOException {
    BenchOptions options =
        BenchOptions.parse(
            ("payload --fanout 2 --warmup 1 --repetitions 2 --json - --bytes-max 70000 --tasks "
                    + tasks
                    + " --ranks "
                    + ranks)
                .split(" ", -1));

    int code =
        new BenchCommand(
                new Invocation(
                    List.of(),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false))
            .run(new PayloadBenchmark("16=1000,65536=2000"), options);

    assertEquals(ExitCode.DONE, code, () -> err.toString(StandardCharsets.UTF_8));
    JsonNode json = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertTrue(json.path("checksumOk").asBoolean());
    assertTrue(json.path("bytesPerSecondMax").asDouble() > 0);
    assertEquals(tasks, json.path("params").path("tasks").asInt());
    assertEquals(70_000, json.path("params").path("bytesMax").asInt());
    JsonNode rows = json.path("rows");
    assertEquals(14, rows.size());
    int bytes = 16;
    for (int i = 0; i < 7; i++, bytes *= 4) {
      JsonNode array = rows.path(i);
      assertEquals("byte[]", array.path("kind").asText());
      assertEquals(bytes, array.path("bytes").asInt());
      double rate = array.path("bytesPerSecond").asDouble();
      assertTrue(rate > 0);
      JsonNode segment = rows.path(7 + i);
      assertEquals("MemorySegment", segment.path("kind").asText());
      assertEquals(bytes, segment.path("bytes").asInt());
      assertTrue(segment.path("bytesPerSecond").asDouble() > 0);
      if (i == 0 || i == 6) {
        int mpi = i == 0 ? 1000 : 2000;
        assertEquals(mpi, array.path("mpiBytesPerSecond").asInt());
        assertEquals(rate / mpi, array.path("ratio").asDouble(), 1e-3 * rate / mpi + 1e-3);
      } else {
        assertTrue(array.path("mpiBytesPerSecond").isNull() && array.path("ratio").isNull());
      }
    }
  }

  @Test
  void shouldSeeWhatIsWrongInAPayload() {
    byte[] payload = PayloadWork.payload(4096);
    PayloadWork.stamp(payload, 7);
    long sampled = PayloadWork.sampled(payload);
    long whole = PayloadWork.whole(payload);
    PayloadWork.stamp(payload, 8);
    assertNotEquals(sampled, PayloadWork.sampled(payload));
    PayloadWork.stamp(payload, 7);
    assertEquals(sampled, PayloadWork.sampled(payload));
    payload[4095]++;
    assertNotEquals(sampled, PayloadWork.sampled(payload));
    payload[4095]--;
    for (int i = 0; i < payload.length; i++) {
      payload[i]++;
      assertNotEquals(whole, PayloadWork.whole(payload), "byte " + i);
      payload[i]--;
    }
    byte[] shorter = PayloadWork.payload(16);
    PayloadWork.stamp(shorter, 7);
    assertNotEquals(sampled, PayloadWork.sampled(shorter));
  }

  @Test
  void shouldReadTheBandwidthOfBareMpiOrNothing() {
    assertEquals(Map.of(16, 5.0, 64, 7.0), PayloadBenchmark.parse("16=5,64=7"));
    assertEquals(Map.of(), PayloadBenchmark.parse(null));
    assertEquals(Map.of(), PayloadBenchmark.parse("no figure"));
    assertEquals(Map.of(), PayloadBenchmark.parse("16=5,64="));
  }

  @ParameterizedTest
  @CsvSource({
    "payload --bytes-max 15,        --bytes-max must be 16 to 67108864",
    "payload --bytes-max 67108865,  --bytes-max must be 16 to 67108864",
    "payload --tasks 0,             --tasks must be at least 1",
    "chain --bytes-max 64,          --bytes-max is for payload alone"
  })
  void shouldRefuseAndNameTheBound(String line, String why) {
    assertEquals(ExitCode.REFUSED, main.run(("bench " + line.trim()).split(" ", -1)));
    String message = err.toString(StandardCharsets.UTF_8);
    assertTrue(message.startsWith("heddle: " + why), message);
  }
}
