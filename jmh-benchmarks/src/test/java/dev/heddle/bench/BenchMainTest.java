package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.run.Benchmarks;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Small runs of every benchmark, on threads and on a tree of ranks in this process.
final class BenchMainTest {
  private static final List<String> CONDITIONS =
      List.of(
          ("host cores os jdk jvmArgs mpi mpiVersion transport ranks slots treeFanout levels"
                  + " oversubscribed commit dirty utc")
              .split(" ", -1));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final BenchMain main = new BenchMain(print(out), print(err), false);

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private JsonNode json() throws IOException {
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.endsWith("}\n"), text);
    assertEquals(1, text.lines().count(), text);
    return new ObjectMapper().readTree(text);
  }

  static Stream<Arguments> benchmarks() {
    Map<String, String> options =
        Map.ofEntries(
            Map.entry("latency", "--tasks 30 --silence 0.01"),
            Map.entry("throughput", "--tasks 3000"),
            Map.entry("chain", "--tasks 300"),
            Map.entry("fanout", "--tasks 2000"),
            Map.entry("fanin", "--tasks 1000"),
            Map.entry("dag", "--tasks 1000 --seed 7"),
            Map.entry("memory", "--tasks 20000"),
            Map.entry("allocation", "--tasks 5000"),
            Map.entry("idle", "--seconds 0.05"));
    Map<String, String> metrics =
        Map.ofEntries(
            Map.entry("latency", "p50Us p90Us p99Us p999Us maxUs firstAfterIdleUs"),
            Map.entry("throughput", "tasksPerSecond"),
            Map.entry("chain", "usPerTask"),
            Map.entry("fanout", "tasksPerSecond"),
            Map.entry("fanin", "tasksPerSecond"),
            Map.entry("dag", "tasksPerSecond"),
            Map.entry("memory", "heapBytesPerPendingTask"),
            Map.entry("allocation", "bytesPerTask"),
            Map.entry("idle", "cpuShareMax cpuShareAsleep cpuShareInGet"));
    return Benchmarks.names().stream()
        .filter(options::containsKey) // the others have tests of their own
        .flatMap(
            name ->
                Stream.of("--ranks 1", "--ranks 4 --fanout 2")
                    .map(
                        tree ->
                            Arguments.of(
                                name,
                                tree + " " + String.valueOf(options.get(name)),
                                String.valueOf(metrics.get(name)))));
  }

  @ParameterizedTest
  @MethodSource("benchmarks")
  void shouldReportWhatTheContractNames(String name, String options, String metrics)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("bench", name));
    line.addAll(List.of(options.split(" ", -1)));
    line.addAll(List.of("--warmup", "1", "--repetitions", "2", "--json", "-"));

    int code = main.run(line.toArray(String[]::new));

    assertEquals(ExitCode.DONE, code, () -> err.toString(StandardCharsets.UTF_8));
    JsonNode json = json();
    assertEquals("heddle.bench/1", json.path("schema").asText());
    assertEquals(name, json.path("benchmark").asText());
    assertTrue(json.path("simulated").isBoolean());
    assertFalse(json.path("simulated").asBoolean());
    assertTrue(json.path("checksumOk").asBoolean());
    assertEquals(2, json.path("repetitions").asInt());
    assertEquals(2, json.path("runs").size());
    assertEquals(1, json.path("params").path("warmup").asInt());
    for (String metric : metrics.split(" ", -1)) {
      double value = json.path(metric).asDouble();
      assertTrue(json.path(metric).isNumber(), metric);
      // what else the JVM allocates meanwhile may outweigh so few tasks
      boolean isNoisy = metric.startsWith("heapBytes");
      boolean isShare = metric.startsWith("cpuShare");
      assertTrue(isNoisy || (isShare ? value >= 0 : value > 0), () -> metric + "=" + value);
      double first = json.path("runs").path(0).path(metric).asDouble();
      double second = json.path("runs").path(1).path(metric).asDouble();
      assertEquals((first + second) / 2, json.path(metric).asDouble(), 0.06 + 1e-6 * first, metric);
    }
    for (String key :
        List.of("pingPongUs", "pingPongModesUs", "pingPongModeStarts", "pingPongStartsUs")) {
      assertEquals(name.equals("latency"), json.has(key), key);
    }
    assertTrue(json.path("rssBytes").isIntegralNumber());
    checkConditions(json.path("conditions"), options.contains("--ranks 4"));
    assertFalse(json.toString().contains("NaN"));
  }

  private static void checkConditions(JsonNode conditions, boolean isTree) {
    for (String key : CONDITIONS) {
      assertTrue(conditions.has(key), key);
    }
    assertEquals("local", conditions.path("transport").asText());
    assertTrue(conditions.path("mpi").isNull());
    assertEquals(isTree ? 4 : 1, conditions.path("ranks").asInt());
    assertEquals(isTree ? 3 : 1, conditions.path("levels").asInt());
    assertEquals(isTree ? 2 : 128, conditions.path("treeFanout").asInt());
    assertTrue(conditions.path("jvmArgs").isArray());
  }

  @Test
  void shouldReportToPeopleAndToFiles(@TempDir Path folder) throws IOException {
    Path json = folder.resolve("r.json");
    Path hlog = folder.resolve("r.hlog");
    String[] line = {
      "bench",
      "latency",
      "--tasks",
      "25",
      "--warmup",
      "0",
      "--repetitions",
      "3",
      "--silence",
      "0",
      "--json",
      json.toString(),
      "--hlog",
      hlog.toString()
    };

    assertEquals(ExitCode.DONE, main.run(line), () -> err.toString(StandardCharsets.UTF_8));

    String report = out.toString(StandardCharsets.UTF_8);
    assertTrue(report.contains("p50Us "), report);
    assertTrue(report.contains("checksum           ok"), report);
    assertTrue(report.contains("cores="), report);
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("repetition 3 of 3"));
    assertEquals(
        25, new ObjectMapper().readTree(json.toFile()).path("params").path("tasks").asInt());
    assertEquals(3, intervals(hlog.toFile(), 25));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(2, left.count());
    }
  }

  /// Number of intervals in a histogram log, each of which has to hold `samples` values.
  private static int intervals(File hlog, int samples) throws IOException {
    int count = 0;
    try (HistogramLogReader reader = new HistogramLogReader(hlog)) {
      for (EncodableHistogram next = reader.nextIntervalHistogram();
          next != null;
          next = reader.nextIntervalHistogram()) {
        assertEquals(samples, ((Histogram) next).getTotalCount());
        count++;
      }
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bench",
        "bench nosuch",
        "bench latency --tasks 0",
        "bench latency --tasks many",
        "bench latency --bogus",
        "bench latency --transport pigeon",
        "bench latency --mpi lam",
        "bench latency --mpi mpich --transport local",
        "bench latency --mpi mpich --ranks 2",
        "bench chain --ranks 0",
        "bench chain --ranks 2000",
        "bench chain --slots 99999",
        "bench chain --fanout 1",
        "bench chain --warmup -1",
        "bench chain --repetitions 0",
        "bench chain --hlog x.hlog",
        "bench chain --json no/such/folder/x.json",
        "bench idle --tasks 3",
        "bench throughput --pending 0",
        "bench throughput --pending 1000000001",
        "bench throughput --pending 10 --tasks 10",
        "bench chain --pending 10",
        "bench throughput --payload 8",
        "bench throughput --payload 67108865",
        "bench chain --payload 100",
        "bench chain --seed 1",
        "bench dag --seed x",
        "bench memory --tasks 999",
        "bench allocation --tasks 0",
        "check bench allocation --mpi mpich --ranks 1",
        "bench idle --seconds NaN",
        "bench latency --silence -1",
        "bench latency --interval 100",
        "bench latency --interval 0us",
        "bench latency --interval 11s",
        "bench chain --interval 1ms",
        "check bench nosuch",
        "bench --tasks 5 peers",
        "bench latency all",
        "check simulate --workers 0",
        "config",
        "nosuch"
      })
  void shouldRefuseBadInputInOneSentence(String line) {
    assertEquals(ExitCode.REFUSED, main.run(line.split(" ", -1)));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    String message = err.toString(StandardCharsets.UTF_8);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.startsWith("heddle: "), message);
  }

  @Test
  void shouldCheckWithoutRunning() {
    assertEquals(
        ExitCode.DONE, main.run("check", "bench", "latency", "--mpi", "openmpi", "--ranks", "2"));
    assertEquals("", out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void shouldRefuseThreadsUnderALauncher() {
    BenchMain launched = new BenchMain(print(out), print(err), true);
    assertEquals(ExitCode.REFUSED, launched.run("bench", "chain", "--transport", "local"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bench latency --help",
        "bench all --help",
        "bench peers --help",
        "bench costs --help",
        "bench against --help",
        "simulate --help",
        "study --help",
        "study all --help"
      })
  void shouldShowHelpOnceThoughItIsCheckedFirst(String line) {
    assertEquals(ExitCode.DONE, main.run(("check " + line).split(" ", -1)));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    assertEquals(ExitCode.DONE, main.run(line.split(" ", -1)));
    String usage = "Usage: heddle " + line.substring(0, line.indexOf(' '));
    assertTrue(out.toString(StandardCharsets.UTF_8).startsWith(usage), usage);
  }

  @ParameterizedTest
  @CsvSource({
    "bench against --starts 0, bench against",
    "bench peers --nosuch, bench peers",
    "bench costs --in-flight 1, bench costs",
    "bench chain --ranks 0, bench",
    "study all --workers 0, study",
    "study validate --real-seconds 0, study",
    "simulate --workers 0, simulate"
  })
  void shouldNameTheCommandWhoseHelpToRead(String line, String command) {
    assertEquals(ExitCode.REFUSED, main.run(line.split(" ", -1)));
    String message = err.toString(StandardCharsets.UTF_8);
    assertTrue(message.endsWith("; see 'heddle " + command + " --help'\n"), message);
  }

  @Test
  void shouldShowHelp() {
    assertEquals(ExitCode.DONE, main.run("bench", "--help"));
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("--repetitions"));
  }
}
