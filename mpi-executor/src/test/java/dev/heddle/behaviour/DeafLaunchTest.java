package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.transport.mpi.Launch;
import dev.heddle.transport.mpi.MpiLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A rank whose JVM is stopped for longer than the liveness time is not taken for dead as long as
/// its process lives (issue 14, point 5).
@Tag("mpi")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DeafLaunchTest {
  private static final long LIVENESS_MS = 1_000;
  private static final long LOOP_MS = 4_000;
  private static final long TIME_MS_MAX = 90_000;
  private static final Pattern STOPPED = Pattern.compile("stoppedMs=(\\d+)");

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource({"openmpi", "mpich"})
  void shouldWaitForAJvmThatIsStopped(String family) throws Exception {
    assumeTrue(MpiLibrary.available().contains(family), "the shim of " + family + " is not built");
    Launch.Result result =
        Launch.runOn(
            family,
            2,
            List.of(
                "-XX:+UseSerialGC",
                "-XX:-UseCountedLoopSafepoints",
                // only the second compiler leaves safepoints out
                "-XX:TieredStopAtLevel=4",
                "-XX:ReservedCodeCacheSize=64m",
                "-Xmx128m",
                "-Dheddle.slots=2",
                "-Dheddle.serializablePackages=" + DeafMain.class.getPackageName(),
                "-Dheddle.liveness=" + LIVENESS_MS + "ms"),
            Map.of("HEDDLE_SHM", folder.toString()),
            TIME_MS_MAX,
            DeafMain.class.getName(),
            Long.toString(LOOP_MS));
    assertEquals(0, result.code(), result::output);
    Matcher matcher = STOPPED.matcher(result.output());
    assertTrue(matcher.find(), result::output);
    // else nothing was tried
    assertTrue(Long.parseLong(matcher.group(1)) > LIVENESS_MS, result::output);
  }
}
