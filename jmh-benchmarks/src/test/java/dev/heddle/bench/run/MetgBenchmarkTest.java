package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.bench.BenchMain;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.metg.MetgCurve;
import dev.heddle.bench.metg.MetgGraph;
import dev.heddle.bench.metg.MetgHashes;
import dev.heddle.bench.metg.MetgOutputs;
import dev.heddle.bench.metg.MetgPattern;
import dev.heddle.bench.metg.MetgTasks;
import dev.heddle.bench.metg.MetgWork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// `bench metg` in small, in which speeds mean nothing.
@Timeout(120)
final class MetgBenchmarkTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final BenchMain main =
      new BenchMain(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8),
          false);

  @ParameterizedTest
  @EnumSource
  void shouldComputeWithFuturesWhatALoopComputes(MetgPattern pattern) {
    HeddleConfig config =
        HeddleConfig.builder().serializablePackages("dev.heddle.bench").localRanks(3).build();
    MetgGraph graph = new MetgGraph(pattern, 7, 6, 20);
    List<Long> sums = new ArrayList<>();

    boolean _ =
        Heddle.run(
            config,
            new String[0],
            heddle -> {
              for (MetgTasks<?> tasks : List.of(new MetgHashes(), new MetgOutputs(40))) {
                sums.add(tasks.run(heddle, graph, 5, 1));
                sums.add(tasks.run(heddle, graph, 6, 1));
              }
            });

    assertEquals(
        List.of(
            graph.expectedSum(5),
            graph.expectedSum(6),
            graph.expectedOriginSum(5),
            graph.expectedOriginSum(6)),
        sums);
    assertNotEquals(sums.get(0), sums.get(1));
    assertNotEquals(sums.get(2), sums.get(3));
  }

  /// The length isn't a multiple of a pair: what is left over is nobody's.
  @Test
  void shouldFillAndCompareOutputsAsTaskBenchDoes() {
    MetgOutputs outputs = new MetgOutputs(40);
    long from = MetgWork.specification(0xffffff, 7, 1);
    byte[] output = MetgOutputs.task(from, 40L << 36);
    ByteBuffer pairs = ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(40, output.length);
    for (int pair = 0; pair < 2; pair++) {
      assertEquals(0xffffff, pairs.getLong());
      assertEquals(7, pairs.getLong());
    }
    assertEquals(MetgWork.start(from), outputs.value(output));

    // A step wraps, and so does the one before it.
    long to = MetgWork.specification(0x1000000, 3, 1);
    long needs7 = 40L << 36 | 7;
    byte[] right = MetgOutputs.task1(to, needs7, output);
    assertEquals(MetgWork.start(to), outputs.value(right));
    assertArrayEquals(right, MetgOutputs.taskMany(to, 40, new int[] {7}, List.of(output)));

    byte[] ofAnotherPoint = MetgOutputs.task(MetgWork.specification(0xffffff, 6, 1), 40L << 36);
    byte[] ofAnotherStep = MetgOutputs.task(MetgWork.specification(0xfffffe, 7, 1), 40L << 36);
    byte[] damaged = output.clone();
    damaged[31] ^= 1;
    List<byte[]> wrong =
        List.of(
            ofAnotherPoint,
            ofAnotherStep,
            damaged,
            Arrays.copyOf(output, 39),
            Arrays.copyOf(output, 56));
    for (byte[] one : wrong) {
      byte[] passedOn = MetgOutputs.task1(to, needs7, one);
      assertEquals(0, outputs.value(passedOn), Arrays.toString(one));
      assertEquals(0, outputs.value(MetgOutputs.taskMany(to, 40, new int[] {7}, List.of(one))));
      // And on, so that it reaches the harness.
      long next = MetgWork.specification(1, 3, 1);
      long needs3 = 40L << 36 | 3;
      assertEquals(0, outputs.value(MetgOutputs.task1(next, needs3, passedOn)));
      long needsBoth = 40L << 36 | 7 << 12 | 7;
      assertEquals(0, outputs.value(MetgOutputs.task2(to, needsBoth, output, one)));
      long needsThree = needsBoth | 7L << 24;
      assertEquals(0, outputs.value(MetgOutputs.task3(to, needsThree, output, output, one)));
      assertEquals(0, outputs.value(MetgOutputs.task3(to, needsThree, output, one, output)));
    }
    byte[] leftOver = output.clone();
    leftOver[39] = 1;
    assertEquals(MetgWork.start(to), outputs.value(MetgOutputs.task1(to, needs7, leftOver)));
  }

  @Test
  void shouldRateTheSameTimeBesideAnotherPeak() {
    MetgCurve.Point point = MetgCurve.Point.of(100, 4_000, 20);
    assertEquals(new MetgCurve.Point(100, 4, 0.5), point);
    assertEquals(0.25, point.at(10).efficiency());
  }

  /// With two ranks rank 0's core computes nothing, so at most half of the peak is left.
  @ParameterizedTest
  @CsvSource({"--ranks 2, 1, 2", "--ranks 3, 2, 3", "--slots 2, 2, 2"})
  void shouldCountTheCoresThatItSays(String place, int workers, int all) throws IOException {
    for (String cores : List.of("workers", "all")) {
      out.reset();
      int code =
          main.run(
              ("bench metg --steps 4 --warmup 0 --repetitions 1 --output 48 --json - --cores "
                      + cores
                      + " "
                      + place)
                  .split(" ", -1));
      assertEquals(ExitCode.DONE, code, () -> err.toString(StandardCharsets.UTF_8));
      JsonNode json = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
      assertTrue(json.path("checksumOk").asBoolean());
      assertEquals(cores, json.path("cores").asText());
      assertEquals(cores.equals("all") ? all : workers, json.path("coreCount").asInt());
      assertEquals(48, json.path("outputBytes").asInt());
      if (cores.equals("all") && 2 * workers <= all) {
        assertTrue(json.path("metgUs").isNull(), "half of the peak is out of reach");
      }
      double share = cores.equals("all") ? (double) workers / all : 1;
      for (JsonNode row : json.path("rows")) {
        // Peak is the best rate seen, so nothing is above it.
        assertTrue(row.path("efficiency").asDouble() <= share + 1e-4, row.toString());
        double kernelUs =
            row.path("iterations").asInt() * json.path("kernelNsPerIteration").asDouble() / 1e3;
        assertEquals(
            kernelUs / row.path("taskUs").asDouble(), row.path("efficiency").asDouble(), 0.01);
      }
    }
  }

  @Test
  void shouldTakeOrderAndPlaceIntoTheValue() {
    long at = MetgWork.specification(3, 4, 5);
    assertNotEquals(MetgWork.task2(at, 1, 2), MetgWork.task2(at, 2, 1));
    assertNotEquals(MetgWork.task(at), MetgWork.task(MetgWork.specification(4, 3, 5)));
    assertEquals(MetgWork.task(at), MetgWork.task(MetgWork.specification(3, 4, 0)));
    assertEquals(MetgWork.task4(at, 1, 2, 3, 4), MetgWork.taskMany(at, List.of(1L, 2L, 3L, 4L)));
    assertEquals(MetgWork.task3(at, 1, 2, 3), MetgWork.taskMany(at, List.of(1L, 2L, 3L)));
  }

  @Test
  void shouldRunTheKernelOfTaskBench() {
    assertEquals(64 * 1.2345, MetgWork.kernel(0), 1e-9);
    assertEquals(64 * (1.2345 * 1.2345 + 1.2345), MetgWork.kernel(1), 1e-9);
    assertEquals(Double.POSITIVE_INFINITY, MetgWork.kernel(100));
    assertTrue(MetgWork.kernelNs(1) > 0);
  }

  /// A cost of 3 us beside the kernel makes METG 6 us, whatever sizes are measured.
  @ParameterizedTest
  @CsvSource({"64", "100", "48"})
  void shouldFindTheSizeAtWhichCostAndKernelAreEqual(double largestUs) {
    List<MetgCurve.Point> points = new ArrayList<>();
    for (double us = largestUs; us > 0.5; us /= 2) {
      points.add(new MetgCurve.Point(1, us + 3, us / (us + 3)));
    }
    Double metgUs = MetgCurve.metgUs(points);
    assertEquals(6.0, metgUs == null ? Double.NaN : metgUs, 1e-9);
  }

  @Test
  void shouldTakeTheLastEfficientSizeOrNone() {
    MetgCurve.Point good = new MetgCurve.Point(8, 9, 0.9);
    MetgCurve.Point bad = new MetgCurve.Point(4, 8, 0.4);
    assertEquals(9.0, MetgCurve.metgUs(List.of(bad, good)));
    assertNull(MetgCurve.metgUs(List.of(bad, bad)));
    assertNull(MetgCurve.metgUs(List.of()));
  }

  @ParameterizedTest
  @CsvSource({"all, 11", "tree, 1"})
  void shouldReportWhatTheContractNames(String pattern, int patterns) throws IOException {
    int code =
        main.run(
            ("bench metg --ranks 3 --fanout 2 --steps 3 --width 6 --radix 4 --warmup 1"
                    + " --repetitions 2 --json - --pattern "
                    + pattern)
                .split(" ", -1));

    assertEquals(ExitCode.DONE, code, () -> err.toString(StandardCharsets.UTF_8));
    JsonNode json = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertEquals("metg", json.path("benchmark").asText());
    assertTrue(json.path("checksumOk").asBoolean());
    // Null where the machine is too busy to reach half of its peak at all.
    assertTrue(json.path("metgUs").isNumber() || json.path("metgUs").isNull());
    assertTrue(json.has("metgUs"));
    assertEquals(2, json.path("runs").size());
    assertTrue(json.path("kernelNsPerIteration").asDouble() > 0);
    assertEquals("workers", json.path("cores").asText());
    assertEquals(8, json.path("outputBytes").asInt());
    assertEquals(patterns, json.path("metgUsByPattern").size());
    assertTrue(json.path("rows").size() >= 2 * patterns, json.toString());
    for (JsonNode row : json.path("rows")) {
      assertTrue(row.path("pattern").isTextual() && row.path("iterations").asInt() > 0);
      assertTrue(row.path("taskUs").asDouble() > 0 && row.path("efficiency").isNumber());
    }
    JsonNode params = json.path("params");
    assertEquals(pattern, params.path("pattern").asText());
    assertEquals(6, params.path("width").asInt());
    assertEquals(4, params.path("radix").asInt());
    assertEquals(3, params.path("steps").asInt());
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("\nrows "), "a table for people");
  }

  @ParameterizedTest
  @CsvSource({
    "metg --width 0,                 --width must be 1 to 4096",
    "metg --width 5000,              --width must be 1 to 4096",
    "metg --radix 0,                 --radix must be 1 to 256",
    "metg --steps 0,                 --steps must be 1 to 1048576",
    "metg --steps 2000000,           --steps must be 1 to 1048576",
    "metg --output 15,               --output must be 16 to 1048576 bytes",
    "metg --output 2000000,          --output must be 16 to 1048576 bytes",
    "metg --cores some,              '--cores is ''some'', but there are workers and all'",
    "chain --output 16,              --output is for metg alone",
    "chain --cores all,              --cores is for metg alone",
    "metg --pattern star,            there is no pattern 'star'",
    "metg --tasks 5,                 --tasks means nothing to metg",
    "chain --width 4,                --width is for metg alone",
    "chain --pattern all,            --pattern is for metg alone"
  })
  void shouldRefuseAndNameTheBound(String line, String why) {
    assertEquals(ExitCode.REFUSED, main.run(("bench " + line.trim()).split(" ", -1)));
    String message = err.toString(StandardCharsets.UTF_8);
    assertTrue(message.startsWith("heddle: " + why), message);
    assertEquals(1, message.lines().count(), message);
  }
}
