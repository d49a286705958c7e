package dev.heddle.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.BenchMain;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Programs;
import dev.heddle.bench.measure.Work;
import dev.heddle.bench.peers.PeersSystem.Check;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// `bench peers` with systems that are a line of shell, and with Java's pools; what Heddle and the
/// others say of themselves is tested from outside.
@Timeout(120)
final class PeersTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private static PeersOptions options(String... args) {
    PeersOptions options = new PeersOptions();
    new CommandLine(options).parseArgs(args);
    options.check();
    return options;
  }

  private Peers peers(String options) {
    return new Peers(options(("--json - " + options).split(" ", -1)), print(out), print(err));
  }

  private JsonNode json() throws IOException {
    String text = out.toString(StandardCharsets.UTF_8);
    assertEquals(1, text.lines().count(), text);
    return new ObjectMapper().readTree(text);
  }

  /// A system that is a line of shell, compared with `against`.
  private static PeersSystem shell(
      String name, @Nullable String against, Check check, String script) {
    PeersSystem.Step step =
        new PeersSystem.Step(List.of("/bin/sh", "-c", script), Map.of("GREETING", "hello"), check);
    return new PeersSystem(name, null, against, 100, List.of(step), null);
  }

  private static String said(double p50Us, double tasksPerSecond) {
    String sums = "[[5,3,\\\"" + Long.toUnsignedString(Work.expectedSum(5, 3)) + "\\\"]]";
    return "echo a library says something; echo \"{\\\"version\\\":\\\"$GREETING\\\",\\\"p50Us\\\":"
        + p50Us
        + ",\\\"tasksPerSecond\\\":"
        + tasksPerSecond
        + ",\\\"sums\\\":"
        + sums
        + "}\"";
  }

  @Test
  void shouldSetSystemsSideBySide() throws Exception {
    PeersSystem base =
        shell("heddle-x", null, Check.HARNESS, "echo '{\"checksumOk\":true,\"p50Us\":4}'");
    PeersSystem missing =
        PeersSystem.missing("gone", "gone.map", "heddle-x", "it is not installed");
    List<PeersSystem> systems =
        List.of(base, shell("other", "heddle-x", Check.SUMS, said(8, 1000)), missing);
    try (Programs programs = new Programs(folder)) {
      peers("--repetitions 3 --tasks 7").run(programs, systems);
    }
    JsonNode json = json();
    assertEquals("heddle.bench/1", json.path("schema").asText());
    assertEquals("peers", json.path("benchmark").asText());
    assertTrue(json.path("checksumOk").asBoolean());
    assertEquals(3, json.path("repetitions").asInt());
    assertEquals(7, json.path("params").path("tasks").asInt());
    assertEquals(8, json.path("runs").path(2).path("other p50Us").asDouble());
    assertTrue(json.path("conditions").path("ranks").isNull());
    assertTrue(json.path("conditions").path("cores").asInt() > 0);
    JsonNode rows = json.path("rows");
    assertEquals(4, rows.size());
    assertTrue(rows.path(0).path("ratioLatency").isNull());
    JsonNode other = rows.path(1);
    assertEquals("other", other.path("system").asText());
    assertEquals("hello", other.path("version").asText());
    assertEquals(0.5, other.path("ratioLatency").asDouble());
    assertTrue(other.path("ratioRate").isNull(), "Heddle has no rate here");
    assertTrue(other.path("unavailable").isNull());
    for (int i = 2; i < 4; i++) {
      assertEquals("it is not installed", rows.path(i).path("unavailable").asText());
      assertTrue(rows.path(i).path("p50Us").isNull());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "echo oops >&2; exit 7, it ended with exit code 7 and no figures: oops",
    "exit 0, it ended with exit code 0 and no figures: it said nothing",
    "sleep 600, it took longer than 5.0 s (--time-limit)"
  })
  void shouldGoOnWithoutASystemThatFails(String script, String why) throws Exception {
    List<PeersSystem> systems =
        List.of(
            shell("bad", null, Check.SUMS, script), shell("good", null, Check.SUMS, said(8, 10)));
    try (Programs programs = new Programs(folder)) {
      peers("--repetitions 2 --time-limit " + (why.contains("longer") ? "5" : "60"))
          .run(programs, systems);
    }
    JsonNode rows = json().path("rows");
    assertEquals(why, rows.path(0).path("unavailable").asText());
    assertEquals(8, rows.path(1).path("p50Us").asDouble());
    String progress = err.toString(StandardCharsets.UTF_8);
    assertEquals(
        1,
        progress.lines().filter(line -> line.startsWith("bench peers: bad: ")).count(),
        progress);
  }

  @ParameterizedTest
  @CsvSource({"SUMS, '[[5,3,\"1\"]]'", "SUMS, '[]'", "HARNESS, '[]'"})
  void shouldFailWhereResultsAreWrong(Check check, String sums) throws Exception {
    String script = "echo '{\"p50Us\":1,\"checksumOk\":false,\"sums\":" + sums + "}'";
    try (Programs programs = new Programs(folder)) {
      Peers peers = peers("--repetitions 2");
      List<PeersSystem> systems = List.of(shell("bad", null, check, script));
      BenchFailure failure = assertThrows(BenchFailure.class, () -> peers.run(programs, systems));
      assertTrue(String.valueOf(failure.getMessage()).contains("wrong checksum: bad, "));
    }
    assertFalse(json().path("checksumOk").asBoolean(true));
    assertTrue(json().path("rows").path(0).path("p50Us").isNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "forkjoin", "virtual"})
  void shouldMeasureJavasPools(String kind)
      throws IOException, InterruptedException, ExecutionException {
    JsonNode said = new ObjectMapper().readTree(PeersPools.measure(kind, 500, 20, 1));
    assertTrue(said.path("p50Us").asDouble() > 0);
    assertTrue(said.path("tasksPerSecond").asDouble() > 0);
    long next = 0;
    for (JsonNode sum : said.path("sums")) {
      assertEquals(next, sum.path(0).asLong());
      long count = sum.path(1).asLong();
      assertEquals(Long.toUnsignedString(Work.expectedSum(next, count)), sum.path(2).asText());
      next += count;
    }
    assertEquals(2 * (500 + 20), next);
  }

  /// Started by hand, this class finds neither the command nor a launcher, but Java's pools.
  @Test
  void shouldSayWhatIsMissing() throws IOException {
    int code =
        new BenchMain(print(out), print(err), false)
            .run(
                ("bench peers --tasks 20 --warmup 0 --repetitions 1 --json - --python /no/python"
                        + " --home "
                        + folder)
                    .split(" ", -1));
    assertEquals(ExitCode.DONE, code, () -> err.toString(StandardCharsets.UTF_8));
    Map<String, JsonNode> rows = new HashMap<>();
    json().path("rows").forEach(row -> rows.put(row.path("system").asText(), row));
    for (String name : new String[] {"fixed-pool", "fork-join-pool", "virtual-threads"}) {
      JsonNode row = row(rows, "java." + name);
      assertTrue(row.path("unavailable").isNull(), row::toString);
      assertTrue(row.path("tasksPerSecond").asDouble() > 0);
      assertEquals("heddle-threads", row.path("against").asText());
      assertTrue(row.path("ratioRate").isNull());
    }
    Map<String, String> reasons =
        Map.ofEntries(
            Map.entry("heddle-threads", "there is no command heddle"),
            Map.entry("heddle-openmpi", "there is no command heddle"),
            Map.entry("heddle-mpich", "there is no command heddle"),
            Map.entry("pingpong-openmpi", "no launcher of Open MPI was found"),
            Map.entry("pingpong-mpich", "no launcher of MPICH was found"),
            Map.entry("mpi4py.futures", "no Python has mpi4py"),
            Map.entry("mpi4py.futures.map", "apt-get install python3-mpi4py"),
            Map.entry("dask.distributed", "no Python has Dask distributed"),
            Map.entry("dask.distributed.map", "apt-get install python3-distributed"));
    reasons.forEach(
        (name, why) -> {
          JsonNode row = row(rows, name);
          assertTrue(row.path("unavailable").asText().contains(why), row::toString);
          assertTrue(row.path("p50Us").isNull() && row.path("tasksPerSecond").isNull());
        });
    assertEquals(reasons.size() + 3, rows.size());
  }

  private static JsonNode row(Map<String, JsonNode> rows, String name) {
    @Nullable JsonNode row = rows.get(name);
    return Objects.requireNonNull(row, () -> name + " is not in " + rows.keySet());
  }

  /// The child of a program is in a session of its own, out of reach of signals to the group.
  @Test
  void shouldLeaveNoProcessBehindWhenClosed() throws Exception {
    Path pids = folder.resolve("pids");
    String script =
        "trap '' TERM; setsid sleep 600 & echo $! >part; echo $$ >>part; mv part pids; wait; wait";
    Programs programs = new Programs(folder, Duration.ofMillis(50));
    FutureTask<Programs.Ending> running =
        new FutureTask<>(
            () ->
                programs.run(
                    List.of("/bin/sh", "-c", script), new HashMap<>(), Duration.ofSeconds(100)));
    Thread.ofPlatform().start(running);
    while (!Files.exists(pids)) {
      assertFalse(running.isDone(), "it has to run until it is ended");
      Thread.onSpinWait();
    }
    programs.close();
    ExecutionException ended = assertThrows(ExecutionException.class, running::get);
    assertTrue(ended.getCause() instanceof InterruptedException);
    List<String> lines = Files.readAllLines(pids);
    assertEquals(2, lines.size());
    for (String line : lines) {
      ProcessHandle left = ProcessHandle.of(Long.parseLong(line)).orElse(null);
      if (left != null) {
        left.onExit().get(); // the test's time limit is this one's
      }
    }
  }

  @Test
  void shouldStartNothingOnceClosed() {
    Programs programs = new Programs(folder);
    programs.close();
    assertThrows(
        InterruptedException.class,
        () -> programs.run(List.of("true"), new HashMap<>(), Duration.ofSeconds(10)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bench peers --tasks 0",
        "bench peers --tasks many",
        "bench peers --repetitions 0",
        "bench peers --warmup -1",
        "bench peers --mpi lam",
        "bench peers --time-limit 0",
        "bench peers --ranks 4",
        "bench peers --json no/such/folder/x.json",
        "check bench peers --tasks 0"
      })
  void shouldRefuseBadInputInOneSentence(String line) {
    assertEquals(
        ExitCode.REFUSED, new BenchMain(print(out), print(err), false).run(line.split(" ", -1)));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    String message = err.toString(StandardCharsets.UTF_8);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.startsWith("heddle: "), message);
  }

  @Test
  void shouldShowHelp() {
    assertEquals(
        ExitCode.DONE,
        new BenchMain(print(out), print(err), false).run("bench", "peers", "--help"));
    String help = out.toString(StandardCharsets.UTF_8);
    assertTrue(help.contains("--time-limit"), help);
    assertFalse(help.contains("--launcher"), help);
  }
}
