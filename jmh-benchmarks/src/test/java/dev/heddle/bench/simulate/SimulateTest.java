package dev.heddle.bench.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.BenchMain;
import dev.heddle.bench.measure.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `heddle simulate`, as scripts use it.
final class SimulateTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final BenchMain main =
      new BenchMain(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8),
          false);

  private JsonNode simulated(String line) throws IOException {
    out.reset();
    assertEquals(
        ExitCode.DONE, main.run(line.split(" ", -1)), err.toString(StandardCharsets.UTF_8));
    String text = out.toString(StandardCharsets.UTF_8);
    assertEquals(1, text.lines().count(), text);
    return new ObjectMapper().readTree(text);
  }

  @Test
  void shouldWriteTheKeysThatScriptsRelyOn() throws IOException {
    JsonNode json =
        simulated("simulate --workers 300 --tasks-per-worker 4 --task-ms 20 --seed 5 --json -");
    assertEquals("heddle.bench/1", json.get("schema").asText());
    assertEquals("simulate", json.get("benchmark").asText());
    assertTrue(json.get("simulated").asBoolean());
    assertTrue(json.get("checksumOk").asBoolean());
    assertEquals(300, json.get("workers").asInt());
    assertEquals(1200, json.get("tasks").asLong());
    assertEquals(5, json.get("seed").asLong());
    double makespanS = json.get("makespanS").asDouble();
    assertTrue(makespanS >= 0.08, "makespanS=" + makespanS);
    assertEquals(1200 / makespanS, json.get("tasksPerSecond").asDouble(), 1);
    assertEquals(1200 * 0.02 / (makespanS * 300), json.get("efficiency").asDouble(), 1e-5);
    assertTrue(json.get("traceHash").asText().matches("[0-9a-f]{16}"));
    for (String key : List.of("coordinatorStateBytes", "peakHeapBytes")) {
      assertTrue(json.get(key).isIntegralNumber() && json.get(key).asLong() > 1000, key);
    }
    assertTrue(json.get("wallS").isNumber());
    assertEquals("simulated", json.get("conditions").get("transport").asText());
    assertEquals(300, json.get("conditions").get("slots").asLong());
    assertTrue(json.get("levels").size() >= 2);
    assertFalse(json.get("utilisation").isEmpty());
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("simulated"));
  }

  @Test
  void shouldRunAnArray() throws IOException {
    String line = "simulate --workers 300 --tasks-per-worker 4 --task-ms 20 --array --json -";
    JsonNode json = simulated(line);
    assertTrue(json.get("checksumOk").asBoolean());
    assertTrue(json.get("params").get("array").asBoolean());
    assertEquals(1200, json.get("tasksDone").asLong());
    assertTrue(json.get("params").get("costs").get("chunkNs").asDouble() > 0);
    assertEquals(json.get("traceHash"), simulated(line).get("traceHash"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("submitted as one array"));
  }

  @Test
  void shouldFindTheShortestTasksOfAnArray() throws IOException {
    JsonNode json = simulated("study metg --workers 256 --array --tasks-per-worker 10 --json -");
    assertTrue(json.get("simulated").asBoolean());
    assertTrue(json.get("array").asBoolean());
    assertEquals(256, json.get("workers").asInt());
    double metgMs = json.get("metgMs").asDouble();
    assertTrue(metgMs > json.get("floorMs").asDouble() && metgMs < 5, "metgMs=" + metgMs);
    JsonNode row = json.get("studies").get(0).get("rows").get(0);
    assertEquals(0.5, row.get("efficiency").asDouble(), 0.1);
    assertEquals("simulated", row.get("how").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"latency", "throughput", "strong", "weak", "sweep", "peers-check"})
  void shouldRunEachStudyAndSayOfEachRowWhereItIsFrom(String study) throws IOException {
    JsonNode json =
        simulated(
            "study " + study + " --workers 64 --tasks-per-worker 2 --real-seconds 0 --json -");
    JsonNode rows = json.get("studies").get(0).get("rows");
    assertTrue(rows.size() > 1, json.toString());
    int simulated = 0;
    for (JsonNode row : rows) {
      String how = row.get("how").asText();
      assertTrue(List.of("simulated", "published").contains(how), how);
      simulated += how.equals("simulated") ? 1 : 0;
    }
    assertTrue(simulated > 0);
  }

  @Test
  void shouldHaveNoEfficiencyForTasksOfNoTime() throws IOException {
    JsonNode json = simulated("simulate --workers 20 --tasks 100 --task-ms 0 --json -");
    assertTrue(json.get("efficiency").isNull());
    assertEquals(100, json.get("tasks").asLong());
  }

  @Test
  void shouldRepeatARunInAnotherJvm() throws IOException, InterruptedException {
    String line =
        "simulate --workers 150 --tasks-per-worker 3 --task-ms 5 --task-dist lognormal:1 --machine"
            + " bluewaters --seed 11 --json -";
    String here = simulated(line).get("traceHash").asText();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(BenchMain.class.getName());
    command.addAll(List.of(line.split(" ", -1)));
    Process other =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text;
    try (var answer = other.getInputStream()) {
      text = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(0, other.waitFor());
    assertEquals(here, new ObjectMapper().readTree(text).get("traceHash").asText());
    String otherSeed = line.replace("--seed 11", "--seed 12");
    assertFalse(here.equals(simulated(otherSeed).get("traceHash").asText()));
  }

  @Test
  void shouldSayThatALostRankEndsTheRun(@TempDir Path folder) throws IOException {
    Path plan = folder.resolve("plan");
    Files.writeString(plan, "die 40 1\n");
    int code =
        main.run("simulate", "--workers", "60", "--task-ms", "2000", "--faults", plan.toString());
    assertEquals(ExitCode.FAILED, code);
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("rank=40"), text);
    assertTrue(text.contains("a lost rank ends the run today"), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--workers 0|--workers is 0, but has to be 1 to 2000000",
        "--workers 2000001|--workers is 2000001",
        "--workers x|'x'",
        "--slots 5000|--slots is 5000, but has to be 1 to 4096",
        "--fanout 1|--fanout is 1, but has to be 2 to 4096",
        "--prefetch -1|--prefetch is -1",
        "--tasks 0|--tasks is 0",
        "--tasks 5 --tasks-per-worker 5|leave out one of them",
        "--task-ms -1|--task-ms is -1",
        "--task-ms NaN|--task-ms is NaN",
        "--task-dist normal|--task-dist: 'normal' is no distribution",
        "--machine summit|--machine: there is no machine 'summit'",
        "--costs /nowhere/costs|--costs: the costs file /nowhere/costs can't be read",
        "--faults /nowhere/plan|--faults: the faults file /nowhere/plan can't be read",
        "--json /nowhere/out.json|--json /nowhere/out.json cannot be written",
        "--speed 5|--speed",
      })
  void shouldRefuseBadInputAndNameIt(String options, String why) {
    String[] line = ("simulate " + options).split(" ", -1);
    assertEquals(ExitCode.REFUSED, main.run(line));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains(why), said);
    assertTrue(said.contains("heddle simulate --help"), said);
    assertEquals(1, said.lines().count(), said);
    List<String> checked = new ArrayList<>(List.of(line));
    checked.add(0, "check");
    assertEquals(ExitCode.REFUSED, main.run(checked.toArray(String[]::new)));
  }

  @Test
  void shouldRefuseMoreInFlightThanCostsCanHave() {
    assertEquals(ExitCode.REFUSED, main.run("bench", "costs", "--in-flight", "5"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("--in-flight is 5"));
  }
}
