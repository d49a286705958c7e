package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.BenchMain;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.bench.measure.Work;
import dev.heddle.bench.start.StartupLaunch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launches are a script here, in the place of the command `heddle`.
final class StartupBenchmarkTest {
  private static final String CONDITIONS = "conditions {\"host\":\"h\",\"ranks\":3}";

  @TempDir Path home;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final BenchMain main = new BenchMain(print(out), print(err), false);

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  /// A stand-in that notes its arguments and does what `first` or `init` says.
  private void command(String first, String init) throws IOException {
    Path file = home.resolve("heddle");
    Files.writeString(
        file,
        """
        #!/bin/sh
        echo "$* build=$HEDDLE_BUILD local=$HEDDLE_LOCAL_RANKS" >>%s/launches
        case "$*" in
          *FirstTasks) %s ;;
          *InitOnly) %s ;;
        esac
        """
            .formatted(home, first, init));
    assertTrue(file.toFile().setExecutable(true));
  }

  private static String lines(String... lines) {
    return "printf '%s\\n' '" + String.join("' '", lines) + "'";
  }

  private static String first(long sum) {
    return lines("done 3 " + sum, "resident 1000", CONDITIONS);
  }

  private int bench(String... options) {
    List<String> line = new java.util.ArrayList<>(List.of("bench", "startup"));
    line.addAll(List.of(options));
    BenchOptions parsed = BenchOptions.parse(line.subList(1, line.size()).toArray(String[]::new));
    return new BenchCommand(new Invocation(line, print(out), print(err), false))
        .run(new StartupBenchmark(home.toString()), parsed);
  }

  private List<String> launches() throws IOException {
    return Files.readAllLines(home.resolve("launches"));
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void shouldLaunchBothKindsAndChangeTheirOrder() throws IOException {
    command(
        first(Work.expectedSum(0, 3)), lines("initialized 0", "initialized 2", "initialized 1"));

    int code =
        bench(
            "--mpi=mpich",
            "--ranks=3",
            "--warmup=0",
            "--repetitions=2",
            "--jvm-arg=-Da=b",
            "--json=-");

    assertEquals(ExitCode.DONE, code, () -> err.toString(StandardCharsets.UTF_8));
    String start = "run --mpi mpich --ranks 3 --jvm-arg -Da=b dev.heddle.bench.start.";
    assertEquals(
        List.of(
            start + "FirstTasks build=never local=",
            start + "InitOnly build=never local=",
            start + "InitOnly build=never local=",
            start + "FirstTasks build=never local="),
        launches());
    JsonNode json = json();
    assertTrue(json.path("checksumOk").asBoolean());
    assertEquals(1000, json.path("rssBytesPerRank").asLong());
    assertEquals("h", json.path("conditions").path("host").asText());
    for (JsonNode run : json.path("runs")) {
      double ratio = run.path("firstTaskS").asDouble() / run.path("mpiInitS").asDouble();
      assertTrue(run.path("firstTaskS").asDouble() > 0, json::toString);
      assertTrue(run.path("ratio").asDouble() > 0 && ratio > 0, json::toString);
    }
    assertFalse(json.has("rssBytes"), json::toString);
  }

  @Test
  void shouldMeasureTheFirstTaskAloneOnThreads() throws IOException {
    command(first(Work.expectedSum(0, 3)), "exit 9");

    int code = bench("--warmup=0", "--repetitions=1", "--json=-");

    assertEquals(ExitCode.DONE, code, () -> err.toString(StandardCharsets.UTF_8));
    assertEquals(List.of("run dev.heddle.bench.start.FirstTasks build=never local=1"), launches());
    assertTrue(json().path("mpiInitS").isNull());
    assertTrue(json().path("ratio").isNull());
  }

  @Test
  void shouldNoticeWrongResults() throws IOException {
    command(first(Work.expectedSum(0, 3) + 1), "exit 9");

    assertEquals(ExitCode.FAILED, bench("--warmup=0", "--repetitions=1", "--json=-"));
    assertFalse(json().path("checksumOk").asBoolean());
  }

  @Test
  void shouldSayWhatAFailedLaunchSaid() throws IOException {
    command("echo 'no such machine' >&2; exit 7", "exit 9");

    assertEquals(ExitCode.FAILED, bench("--warmup=0", "--repetitions=1"));
    String text = err.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("exit code 7: no such machine"), text);
  }

  @Test
  void shouldNoticeARankThatSaysNothing() throws Exception {
    StartupLaunch launch =
        new StartupLaunch(List.of("initialized 0", "else"), List.of(1_500_000_000L, 2L));

    assertEquals(1.5, launch.seconds("initialized", 1));
    assertThrows(BenchFailure.class, () -> launch.seconds("initialized", 2));
    assertThrows(BenchFailure.class, () -> launch.rest("done"));
  }

  @Test
  void shouldLeaveNoRunDirectory() throws Exception {
    Path trace = home.resolve("trace");
    StartupLaunch launch =
        StartupLaunch.of(
            List.of(
                "sh", "-c", "mkdir -p $HEDDLE_RUN_DIR/x; echo $HEDDLE_RUN_DIR; echo $A >" + trace),
            Map.of("A", "b"));

    assertEquals("b", Files.readString(trace).strip());
    assertFalse(Files.exists(Path.of(launch.lines().getFirst())), launch::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--tasks 3", "--seed 4", "--pending 5"})
  void shouldRefuseOptionsOfOthers(String options) {
    List<String> line = new java.util.ArrayList<>(List.of("bench", "startup"));
    line.addAll(List.of(options.split(" ", -1)));

    assertEquals(ExitCode.REFUSED, main.run(line.toArray(String[]::new)));
  }

  @Test
  void shouldRefuseToStartInsideALauncher() {
    BenchMain inside = new BenchMain(print(out), print(err), true);

    assertEquals(ExitCode.REFUSED, inside.run("bench", "startup", "--mpi", "openmpi"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("outside of mpirun"));
  }
}
