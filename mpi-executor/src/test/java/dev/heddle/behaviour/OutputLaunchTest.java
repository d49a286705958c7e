package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.transport.mpi.Launch;
import dev.heddle.transport.mpi.MpiLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What tasks print on four processes, and what comes out of the launcher.
@Tag("mpi")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OutputLaunchTest {
  private static final int RANKS = 4;
  private static final long TIME_MS_MAX = 90_000;
  private static final String SUM =
      "{sum " + (OutputMain.TASKS * (OutputMain.TASKS + 1) / 2 + 52_000) + "}";

  @TempDir Path folder;

  private List<String> run(String family, String choice) throws Exception {
    assumeTrue(
        MpiLibrary.available().contains(family),
        "the shim of " + family + " is not built: cmake and its mpicc are missing (mvn -Pnative)");
    Map<String, String> environment = new HashMap<>();
    environment.put("HEDDLE_RUN_DIR", folder.toString());
    environment.put("HEDDLE_TASK_OUTPUT", choice);
    Launch.Result result =
        Launch.run(
            family,
            RANKS,
            List.of("-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8"),
            environment,
            TIME_MS_MAX,
            OutputMain.class.getName());
    assertEquals(0, result.code(), result::output);
    List<String> lines = result.output().lines().toList();
    // the launcher passes on in pieces what ranks write: one may stand within another's line
    assertTrue(
        result.output().contains("{begin}") && result.output().contains(SUM), result::output);
    return lines;
  }

  private static void eachOnce(Stream<String> lines, String pattern, String expected) {
    List<String> found = lines.filter(line -> line.matches(pattern)).toList();
    for (int i = 1; i <= OutputMain.TASKS; i++) {
      String end = expected + i;
      assertEquals(
          1, found.stream().filter(line -> line.endsWith(end)).count(), () -> end + ": " + found);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldCollectOnRank0UpToTheBound(String family) throws Exception {
    List<String> lines = run(family, "collect");
    eachOnce(lines.stream(), "\\[rank [123] task (\\d+)] out äöü \\1", "] out äöü ");
    eachOnce(lines.stream(), "\\[rank [123] task (\\d+)] err \\1", "] err ");
    List<String> much =
        lines.stream().filter(line -> line.endsWith("] " + "x".repeat(99))).toList();
    assertTrue(much.size() > 1_000, "lines=" + much.size());
    int bytes = much.size() * (much.getFirst().length() + 1);
    assertTrue(bytes <= 1 << 20 && bytes > (1 << 20) - 10_000, "bytes=" + bytes);
    int lineBytes = much.getFirst().length() + 1;
    List<String> dropped = lines.stream().filter(line -> line.contains("dropped")).toList();
    assertEquals(1, dropped.size(), dropped::toString);
    assertTrue(
        dropped
            .getFirst()
            .endsWith(
                (52_000 - much.size()) * lineBytes
                    + " bytes of task output dropped (taskOutputBytesMax=1m); use taskOutput=files"
                    + " to keep all"),
        dropped::toString);
    assertTrue(Files.notExists(folder.resolve("logs")));
  }

  private List<String> file() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("logs"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), "one file per host: " + all);
      assertTrue(all.getFirst().toString().endsWith(".out"));
      return Files.readAllLines(all.getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldKeepEverythingInAFilePerHost(String family) throws Exception {
    List<String> lines = run(family, "files");
    assertTrue(lines.stream().noneMatch(line -> line.contains("[rank ")));
    List<String> kept = file();
    assertEquals(2 * OutputMain.TASKS + 52_000, kept.size());
    eachOnce(kept.stream(), "\\[rank [123] task (\\d+) out] out äöü \\1", "] out äöü ");
    eachOnce(kept.stream(), "\\[rank [123] task (\\d+) err] err \\1", "] err ");
    assertEquals(
        52_000,
        kept.stream().filter(line -> line.matches("\\[rank [123] task 61 out] x{99}")).count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldWarnOnceWhereNoFileCanBeWritten(String family) throws Exception {
    Files.writeString(folder.resolve("logs"), "a file where a folder should be");
    List<String> lines = run(family, "files");
    List<String> warnings =
        lines.stream().filter(line -> line.contains("cannot write " + folder)).toList();
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.getFirst().startsWith("heddle: taskOutput=files: rank "));
    // the launcher passes on in pieces what ranks write: one may stand within another's line
    assertEquals(2 * OutputMain.TASKS + 52_000, count(lines, '['));
    assertTrue(count(lines, 'x') >= 52_000 * 99, "less than was printed");
  }

  private static long count(List<String> lines, char one) {
    return lines.stream().flatMapToInt(String::chars).filter(c -> c == one).count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"openmpi", "mpich"})
  void shouldLeaveItAlone(String family) throws Exception {
    List<String> lines = run(family, "inherit");
    // within another rank's line, where the launcher has put it there
    String all = String.join("\n", lines);
    for (int i = 1; i <= OutputMain.TASKS; i++) {
      String end = "out äöü " + i;
      long count = Pattern.compile(end + "(?!\\d)").matcher(all).results().count();
      assertEquals(1, count, () -> end + ": " + all);
    }
    assertTrue(lines.stream().noneMatch(line -> line.contains("[rank ")));
  }
}
