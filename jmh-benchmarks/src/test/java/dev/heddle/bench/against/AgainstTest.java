package dev.heddle.bench.against;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.BenchMain;
import dev.heddle.bench.measure.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `bench against` with a checkout whose command `heddle` is a script: it notes its command lines,
/// and says the figure that a file beside it holds. What is committed is the build of then.
@Timeout(120)
final class AgainstTest {
  private static final String SCRIPT =
      """
      #!/bin/bash
      home=$(cd "${0%/*}" && pwd)
      name=$2
      echo "${home##*/} $* build=${HEDDLE_BUILD-none} slots=${HEDDLE_SLOTS-none} $HEDDLE_RUN_DIR" >>FOLDER/lines
      if [[ ${HEDDLE_BUILD-} != never && -e $home/broken ]]; then
        echo "[ERROR] cannot find symbol" >&2
        echo "heddle: the build failed: x/build.log has the whole log" >&2
        exit 1
      fi
      if [[ ! -e $home/$name ]]; then
        echo "heddle: there is no benchmark '$name'; see 'heddle bench --help'" >&2
        exit 2
      fi
      if [[ -e $home/hangs && ${HEDDLE_BUILD-} == never ]]; then
        echo $$ >FOLDER/pid
        exec sleep 600
      fi
      cat "$home/$name"
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;
  private Path home = Path.of("");

  @BeforeEach
  void makeCheckout() throws Exception {
    home = Files.createDirectory(folder.resolve("now"));
    Path script = home.resolve("heddle");
    Files.writeString(script, SCRIPT.replace("FOLDER", folder.toString()));
    assertTrue(script.toFile().setExecutable(true));
    figure("throughput", "tasksPerSecond", 100);
    figure("chain", "usPerTask", 2);
    git("init", "--quiet");
    commit();
  }

  private void figure(String benchmark, String key, double value) throws IOException {
    Files.writeString(
        home.resolve(benchmark),
        String.format(
            Locale.ROOT,
            "{\"checksumOk\":true,\"%s\":%s,\"repetitions\":2,\"params\":{\"tasks\":10},"
                + "\"conditions\":{\"ranks\":2,\"jvmArgs\":[],\"commit\":\"abc\",\"dirty\":true}}%n",
            key,
            value));
  }

  private void commit() throws Exception {
    git("add", "--all");
    git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "-m", "a commit");
  }

  private void git(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", home.toString()));
    command.addAll(List.of(words));
    File said = folder.resolve("git").toFile();
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(said)
            .start()
            .waitFor();
    assertEquals(0, code, () -> String.join(" ", command));
  }

  private int run(String line) {
    List<String> words = new ArrayList<>(List.of("bench", "against", "--home", home.toString()));
    words.addAll(List.of(line.split(" ", -1)));
    return new BenchMain(print(out), print(err), false).run(words.toArray(String[]::new));
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /// What was started, a command line each.
  private List<String> lines() throws IOException {
    Path lines = folder.resolve("lines");
    return Files.exists(lines) ? Files.readAllLines(lines) : List.of();
  }

  /// The temporary folder is named by each start, and is gone with the copy of the commit.
  private void expectNothingLeft() throws IOException {
    for (String line : lines()) {
      Path temporary = Path.of(line.substring(line.lastIndexOf(' ') + 1)).getParent();
      assertTrue(temporary != null && temporary.toString().contains("heddle-against-"), line);
      assertFalse(Files.exists(temporary), line);
    }
    try (var left = Files.list(home.resolve(".git"))) {
      assertTrue(left.noneMatch(file -> file.endsWith("worktrees")), "git knows of no copy");
    }
  }

  @Test
  void shouldStartBuildsInTurns() throws Exception {
    figure("throughput", "tasksPerSecond", 150);

    int code = run("HEAD throughput chain --starts 3 --tasks 10 --slots 2 --tiny --json -");

    assertEquals(ExitCode.DONE, code, this::err);
    List<String> order =
        lines().stream()
            .map(line -> String.join(" ", List.of(line.split(" ", -1)).subList(0, 3)))
            .toList();
    assertEquals(
        List.of(
            // the first ones, which build
            "now bench throughput",
            "then bench throughput",
            "now bench chain",
            "then bench chain",
            // three rounds
            "then bench throughput",
            "now bench throughput",
            "then bench chain",
            "now bench chain",
            "now bench throughput",
            "then bench throughput",
            "now bench chain",
            "then bench chain",
            "then bench throughput",
            "now bench throughput",
            "then bench chain",
            "now bench chain",
            // what rank 0 takes
            "then bench throughput",
            "now bench throughput",
            "then bench chain",
            "now bench chain"),
        order);
    for (int i = 0; i < lines().size(); i++) {
      String line = lines().get(i);
      assertTrue(line.contains("--slots 2 --tiny") || line.contains("--tiny --slots 2"), line);
      assertTrue(line.contains("--tasks 10 "), line);
      assertEquals(i >= 4, line.contains("build=never"), line);
      assertEquals(i < 4, line.contains("--warmup 0 --repetitions 1"), line);
      assertEquals(i >= 16, line.contains("--jvm-arg -javaagent:"), line);
      assertTrue(line.contains("slots=none"), "the user's variables reach no build");
    }
    JsonNode json = new ObjectMapper().readTree(out());
    assertEquals("against", json.path("benchmark").asText());
    assertTrue(json.path("checksumOk").asBoolean());
    assertEquals(3, json.path("repetitions").asInt());
    assertEquals(3, json.path("runs").size());
    assertEquals(150, json.path("runs").path(2).path("throughput tasksPerSecond now").asInt());
    assertEquals(40, json.path("params").path("thenCommit").asText().length());
    assertEquals(3, json.path("params").path("starts").asInt());
    assertTrue(json.path("conditions").path("dirty").asBoolean());
    JsonNode row = json.path("rows").path(0);
    assertEquals("throughput", row.path("benchmark").asText());
    assertEquals("tasksPerSecond", row.path("key").asText());
    assertEquals(100, row.path("thenMedian").asDouble());
    assertEquals(150, row.path("nowMedian").asDouble());
    assertEquals(1.5, row.path("ratio").asDouble());
    assertEquals(1.5, row.path("ratioLow").asDouble());
    assertEquals(1.5, row.path("ratioHigh").asDouble());
    assertEquals(3, row.path("starts").asInt());
    for (String key : List.of("thenCpuNs", "nowCpuNs", "thenBytes", "nowBytes")) {
      assertTrue(row.has(key) && row.path(key).isNull(), "a script is no JVM: " + key);
    }
    assertEquals(1, json.path("rows").path(1).path("ratio").asDouble());
    assertTrue(err().contains("no verdict: 3 starts of each build"), err());
    assertTrue(err().contains("abc with changes that no commit has is now"), err());
    expectNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "throughput, tasksPerSecond, 90,  3,  3",
    "throughput, tasksPerSecond, 90,  12, 0",
    "throughput, tasksPerSecond, 200, 3,  0",
    "chain,      usPerTask,      2.2, 3,  3",
    "chain,      usPerTask,      2.2, 12, 0",
    "chain,      usPerTask,      1,   3,  0"
  })
  void shouldTellWhatIsWorse(String name, String key, double value, int percent, int code)
      throws Exception {
    figure(name, key, value);

    assertEquals(code, run("HEAD " + name + " --within " + percent), this::err);

    assertEquals(
        code == ExitCode.MISSED, out().contains(name + " " + key + ": WORSE by more than"));
    assertEquals(
        code == ExitCode.DONE, out().contains(name + " " + key + ": within " + percent + " %"));
    assertFalse(out().contains("no verdict"), out());
    expectNothingLeft();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none-such | there is no commit 'none-such' in ",
        "HEAD --starts 0 | --starts must be 1 to ",
        "HEAD --starts 19 --within 3 | --within is a verdict, which needs at least 20 starts",
        "HEAD --within 0 | --within is a percentage above 0",
        "HEAD throughput throughput | a benchmark is named twice",
        "HEAD peers | there is no benchmark 'peers'",
        "HEAD metg --tasks 4 | --tasks means nothing to metg",
        "HEAD --time-limit 0 | --time-limit must be 0.1 to 86400",
        "HEAD --json no/such/folder/x.json | --json no/such/folder/x.json cannot be written",
        "--starts 3 | no commit named",
      })
  void shouldRefuseBeforeAnythingStarts(String line, String why) throws Exception {
    assertEquals(ExitCode.REFUSED, run(line));
    assertTrue(err().startsWith("heddle: " + why), err());
    assertEquals(1, err().lines().count(), err());
    assertEquals(List.of(), lines());
  }

  @Test
  void shouldRefuseWhereThereIsNoCheckout() throws Exception {
    Path elsewhere = Files.createDirectory(home.resolve("inside"));
    home = elsewhere;
    assertEquals(ExitCode.REFUSED, run("HEAD"));
    assertTrue(err().contains("is not the top of a checkout of git"), err());
    assertEquals(List.of(), lines());
  }

  @Test
  void shouldRefuseACommitThatHasNoCommand() throws Exception {
    git("rm", "--quiet", "--cached", "heddle");
    commit0("without");
    assertEquals(ExitCode.REFUSED, run("HEAD"));
    assertTrue(err().contains("has no command heddle"), err());
    assertEquals(List.of(), lines());
  }

  private void commit0(String message) throws Exception {
    git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "-m", message);
  }

  @Test
  void shouldRefuseWhatThatBuildLacks() throws Exception {
    figure("fanout", "tasksPerSecond", 5);
    assertEquals(ExitCode.REFUSED, run("HEAD throughput fanout"));
    assertTrue(
        err()
            .contains(
                "heddle: the build of HEAD can't run bench fanout: there is no benchmark 'fanout'"),
        err());
    expectNothingLeft();

    figure("dag", "steps", 5);
    commit();
    figure("dag", "tasksPerSecond", 5);
    assertEquals(ExitCode.REFUSED, run("HEAD dag"));
    assertTrue(err().contains("the build of HEAD doesn't say tasksPerSecond in bench dag"), err());
    assertTrue(
        lines().stream().noneMatch(line -> line.contains("build=never")), "nothing measured");
  }

  @Test
  void shouldTellOfABuildThatFails() throws Exception {
    Files.writeString(home.resolve("broken"), "");
    commit();
    Files.delete(home.resolve("broken"));

    assertEquals(ExitCode.FAILED, run("HEAD throughput"));

    assertTrue(err().contains("the build of HEAD, the first start of bench throughput"), err());
    assertTrue(err().contains("[ERROR] cannot find symbol"), err());
    assertFalse(err().contains("start 1 of 20"), err());
    expectNothingLeft();
  }

  @Test
  void shouldEndAStartThatHangs() throws Exception {
    Files.writeString(home.resolve("hangs"), "");

    assertEquals(ExitCode.FAILED, run("HEAD throughput --time-limit 0.5"));

    assertTrue(
        err()
            .contains(
                "this build, throughput, start 1 of 20: it took longer than 0.5 s (--time-limit)"),
        err());
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    ProcessHandle left = ProcessHandle.of(pid).orElse(null);
    if (left != null) {
      left.onExit().get(30, TimeUnit.SECONDS);
    }
    expectNothingLeft();
  }

  @Test
  void shouldTellOfWrongResultsAndMissingFigures() throws Exception {
    figure("chain", "usPerTask", 1);
    Path chain = home.resolve("chain");
    String right = Files.readString(chain);
    Files.writeString(chain, right.replace("\"checksumOk\":true", "\"checksumOk\":false"));
    assertEquals(ExitCode.FAILED, run("HEAD chain"));
    assertTrue(err().contains("its own check found wrong results"), err());

    Files.writeString(chain, right.replace("\"usPerTask\":1.0", "\"usPerTask\":null"));
    assertEquals(ExitCode.FAILED, run("HEAD chain"));
    assertTrue(err().contains("(now) ended well without a figure for usPerTask"), err());
    expectNothingLeft();
  }
}
