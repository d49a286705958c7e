package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

/// `bench map` in small, in which speeds mean nothing.
@Timeout(120)
final class MapBenchmarkTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource({"1, 1", "40000, 2", "12345, 7"})
  void shouldMeasureEachForm(int indices, int ranks) throws IOException {
    JsonNode json =
        measured(
            "map --fanout 2 --warmup 1 --repetitions 2 --json - --tasks "
                + indices
                + " --ranks "
                + ranks);

    assertTrue(json.path("checksumOk").asBoolean());
    for (String key :
        List.of("indicesPerSecond", "boxedIndicesPerSecond", "keptIndicesPerSecond")) {
      assertTrue(json.path(key).asDouble() > 0, key);
      assertTrue(json.path("runs").path(1).path(key).asDouble() > 0, key);
    }
    assertEquals(indices, json.path("params").path("tasks").asInt());
  }

  @Test
  void shouldMeasureTheFormThatIsNamed() throws IOException {
    JsonNode json =
        measured("map --form boxed --warmup 0 --repetitions 1 --json - --tasks 100 --ranks 2");

    assertTrue(json.path("boxedIndicesPerSecond").asDouble() > 0);
    assertFalse(json.has("indicesPerSecond"));
    assertEquals("[\"boxed\"]", json.path("params").path("forms").toString());
  }

  @ParameterizedTest
  @CsvSource({"map --form square", "latency --form keep"})
  void shouldRefuseOtherForms(String line) {
    ParameterException refusal =
        assertThrows(ParameterException.class, () -> BenchOptions.parse(line.split(" ", -1)));

    assertTrue(String.valueOf(refusal.getMessage()).contains("--form"), refusal.getMessage());
  }

  private JsonNode measured(String line) throws IOException {
    BenchOptions options = BenchOptions.parse(line.split(" ", -1));
    int code =
        new BenchCommand(
                new Invocation(
                    List.of(),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false))
            .run(new MapBenchmark(), options);
    assertEquals(ExitCode.DONE, code, () -> err.toString(StandardCharsets.UTF_8));
    return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
  }
}
