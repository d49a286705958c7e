package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.transport.mpi.Launch;
import dev.heddle.transport.mpi.MpiLibrary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/// The behaviours between processes, under the launchers of both MPIs: one launch each, one test
/// per behaviour.
@Tag("mpi")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class MpiBehaviourTest {
  private static final long TIME_MS_MAX = 240_000;

  @TestFactory
  Stream<DynamicTest> openMpiOn2Ranks() throws Exception {
    return tests("openmpi", 2, "2 ranks");
  }

  @TestFactory
  Stream<DynamicTest> openMpiOn3Levels() throws Exception {
    return tests("openmpi", 16, "3 levels");
  }

  @TestFactory
  Stream<DynamicTest> mpichOn2Ranks() throws Exception {
    return tests("mpich", 2, "2 ranks");
  }

  @TestFactory
  Stream<DynamicTest> mpichOn3Levels() throws Exception {
    return tests("mpich", 16, "3 levels");
  }

  private static Stream<DynamicTest> tests(String family, int ranks, String way) throws Exception {
    assumeTrue(
        MpiLibrary.available().contains(family),
        "the shim of " + family + " is not built: cmake and its mpicc are missing (mvn -Pnative)");
    Launch.Result result =
        Launch.run(
            family,
            ranks,
            List.of("-Xmx128m"),
            Map.of(),
            TIME_MS_MAX,
            BehaviourMain.class.getName(),
            Integer.toString(ranks));
    List<String> lines = result.output().lines().toList();
    Stream<DynamicTest> each =
        Behaviours.names().stream()
            .map(
                name ->
                    DynamicTest.dynamicTest(
                        family + ", " + way + ": " + name, () -> check(name, lines, result)));
    DynamicTest end =
        DynamicTest.dynamicTest(
            family + ", " + way + ": the processes end well",
            () -> assertEquals(0, result.code(), () -> tail(result.output())));
    return Stream.concat(each, Stream.of(end));
  }

  private static void check(String name, List<String> lines, Launch.Result result) {
    for (String line : lines) {
      assertTrue(!line.startsWith("FAILED " + name + ":"), line);
    }
    assertTrue(
        lines.contains("ok " + name),
        () -> "was not played, exit code " + result.code() + ": " + tail(result.output()));
  }

  private static String tail(String output) {
    return output.substring(Math.max(0, output.length() - 4_000));
  }
}
