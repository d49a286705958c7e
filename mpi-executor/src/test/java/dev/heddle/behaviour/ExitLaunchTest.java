package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.transport.mpi.Launch;
import dev.heddle.transport.mpi.MpiLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A task that ends its process ends the run with exit code 1 and a sentence, on threads as on
/// ranks; the body's own exit is the program's.
@Tag("mpi")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ExitLaunchTest {
  private static final long TIME_MS_MAX = 90_000;

  @TempDir Path folder;

  private static Launch.Result onThreads(int ranks, int fanout, String who, int code)
      throws Exception {
    return Launch.threads(
        List.of("-Dheddle.localRanks=" + ranks, "-Dheddle.fanout=" + fanout),
        Map.of(),
        TIME_MS_MAX,
        ExitMain.class.getName(),
        who,
        Integer.toString(code));
  }

  @ParameterizedTest(name = "threads, localRanks={0}: {2} {3}")
  @CsvSource({
    "1, 128, task, 0, 'the task 1 (ExitMain.exit) called System.exit'",
    "1, 128, task, 3, 'the task 1 (ExitMain.exit) called System.exit'",
    "2, 128, task, 0, 'the task 1 (ExitMain.exit) called System.exit'",
    "16, 4, task, 0, 'the task 1 (ExitMain.exit) called System.exit'",
    "1, 128, thread, 0, 'a thread that a task has started, by-thread, called System.exit'",
    "1, 128, index, 0, 'the task 1 (ExitMain.indexExit) called System.exit'",
    "1, 128, combiner, 0, 'called System.exit'",
  })
  void shouldFailWhenATaskExits(int ranks, int fanout, String who, int code, String sentence)
      throws Exception {
    Launch.Result result = onThreads(ranks, fanout, who, code);
    assertEquals(1, result.code(), result::output);
    List<String> told =
        result.output().lines().filter(line -> line.startsWith("heddle: ")).toList();
    assertEquals(1, told.size(), result::output);
    assertTrue(told.getFirst().contains(sentence), result::output);
    assertTrue(told.getFirst().contains("in the middle of the run"), result::output);
    assertFalse(result.output().contains("came to its end"), result::output);
    assertEquals(who.equals("task"), result.output().contains("task 1] last words"));
  }

  @Test
  void shouldShowWhatWasFlushedBeforeACrash() throws Exception {
    Launch.Result result = onThreads(1, 128, "crash", 9);
    assertEquals(9, result.code(), result::output);
    assertTrue(result.output().contains(" task 1] about to crash "), result::output);
  }

  @ParameterizedTest(name = "threads: {0} {1}")
  @CsvSource({"body, 0", "body, 7", "bodyThread, 5", "after, 4", "after, 0"})
  void shouldLeaveTheProgramItsOwnExit(String who, int code) throws Exception {
    Launch.Result result = onThreads(1, 128, who, code);
    assertEquals(code, result.code(), result::output);
    assertFalse(result.output().contains("heddle: "), result::output);
  }

  @ParameterizedTest(name = "{0}, {1} ranks: task 0")
  @CsvSource({"openmpi, 2", "openmpi, 16", "mpich, 2", "mpich, 16"})
  void shouldFailWhenATaskEndsItsRank(String family, int ranks) throws Exception {
    assumeTrue(MpiLibrary.available().contains(family), "the shim of " + family + " is not built");
    // launchers don't deliver exit codes: what counts is rank 0's verdict
    Launch.Result result =
        Launch.runOn(
            family,
            ranks,
            List.of("-Dheddle.fanout=4"),
            Map.of("HEDDLE_RUN_DIR", folder.toString()),
            TIME_MS_MAX,
            ExitMain.class.getName(),
            "task",
            "0");
    String verdict = Files.readString(folder.resolve("exit"));
    assertTrue(verdict.startsWith("1\trank "), () -> verdict + result.output());
    assertTrue(
        verdict.contains("ended in the middle of the run (System.exit in a task, or a signal)"),
        verdict);
    assertTrue(verdict.contains("1 (ExitMain.exit)"), verdict);
  }

  /// The others wait for such a rank, which says why itself.
  @ParameterizedTest(name = "{0}, 3 ranks: one can not start")
  @CsvSource({"openmpi", "mpich"})
  void shouldSayWhyARankCouldNotStart(String family) throws Exception {
    assumeTrue(MpiLibrary.available().contains(family), "the shim of " + family + " is not built");
    Launch.Result result =
        Launch.runOn(
            family,
            3,
            List.of("-Dheddle.startTimeout=10s"),
            Map.of("HEDDLE_RUN_DIR", folder.toString()),
            TIME_MS_MAX,
            CannotStartMain.class.getName());
    // rank 0, which no `heddle` has told, may have a later word
    String verdict = Files.readString(folder.resolve("exit"));
    assertTrue(verdict.startsWith("1\t"), () -> verdict + result.output());
    String sentence =
        result
            .output()
            .lines()
            .filter(line -> line.contains("rank 1 on ") && line.contains(" could not start: "))
            .findFirst()
            .orElse("none");
    assertTrue(sentence.contains("java.lang.LinkageError: planned"), result::output);
    assertTrue(sentence.contains("CannotStartMain"), "where: " + result.output());
    assertFalse(result.output().contains("the body has begun"), result::output);
  }
}
