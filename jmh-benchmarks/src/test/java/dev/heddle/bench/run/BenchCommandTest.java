package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// A benchmark whose results are wrong.
final class BenchCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  /// A benchmark in which one of ten tasks gets the index of another.
  private static final class MixedUp implements Benchmark {
    @Override
    public String name() {
      return "mixed-up";
    }

    @Override
    public List<Metric> metrics() {
      return List.of(Metric.rate("tasksPerSecond"), Metric.us("missingUs"));
    }

    @Override
    public int defaultTasks() {
      return 10;
    }

    @Override
    public Map<String, Double> measure(BenchSession session)
        throws InterruptedException, ExecutionException {
      long first = session.firstIndex();
      long sum = 0;
      for (int i = 0; i < session.tasks(); i++) {
        sum += session.heddle().submit(Work::mix64, first + (i == 3 ? 4 : i)).get();
      }
      session.check(sum, Work.expectedSum(first, session.tasks()));
      return Map.of("tasksPerSecond", Double.NaN);
    }
  }

  @Test
  void shouldFailWhenTheChecksumIsWrong() throws IOException {
    BenchOptions options =
        BenchOptions.parse("throughput", "--warmup", "0", "--json", "-", "--ranks", "1");

    int code =
        new BenchCommand(new Invocation(List.of(), print(out), print(err), false))
            .run(new MixedUp(), options);

    assertEquals(ExitCode.FAILED, code);
    String message = err.toString(StandardCharsets.UTF_8);
    assertTrue(message.contains("WRONG: repetition 1, "), message);
    assertTrue(message.contains("heddle: bench mixed-up: wrong checksum"), message);
    JsonNode json = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertFalse(json.path("checksumOk").asBoolean(true));
    assertEquals(1, json.path("runs").size());
    assertTrue(json.path("tasksPerSecond").isNull());
    assertTrue(json.path("missingUs").isNull());
  }
}
