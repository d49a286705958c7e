package dev.heddle.transport.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The contract between processes, under the launchers of both MPIs.
@Tag("mpi")
class MpiTransportContractTest {
  private static final long TIMEOUT_MS = 240_000;

  @TempDir Path shims;

  @ParameterizedTest(name = "{0}, {1} ranks, fanout {2}")
  @CsvSource({
    "openmpi, 1, 4",
    "openmpi, 2, 4",
    "openmpi, 5, 2",
    "openmpi, 16, 4",
    "mpich, 1, 4",
    "mpich, 2, 4",
    "mpich, 5, 2",
    "mpich, 16, 4"
  })
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void shouldKeepTheContract(String family, int ranks, int fanout) throws Exception {
    assumeShim(family);
    Launch.Result result =
        Launch.run(
            family,
            ranks,
            Map.of(),
            TIMEOUT_MS,
            TransportContractMain.class.getName(),
            Integer.toString(fanout));
    assertEquals(0, result.code(), result.output());
    assertTrue(result.output().contains("contract kept: " + family), result.output());
  }

  @ParameterizedTest(name = "launcher of {0}, library of {1}")
  @CsvSource({"openmpi, mpich", "mpich, openmpi"})
  void shouldNameBothMpisWhenLauncherAndLibraryDiffer(String launcher, String library)
      throws Exception {
    assumeShim(launcher);
    assumeShim(library);
    Launch.Result result =
        Launch.run(
            launcher,
            2,
            Map.of("HEDDLE_MPI", library),
            TIMEOUT_MS,
            TransportContractMain.class.getName(),
            "4");
    assertTrue(
        result
            .output()
            .contains(
                "the launcher is of %s and started ranks=2, but the library loaded is %s. Remedy:"
                    .formatted(launcher, library)),
        result.output());
  }

  @ParameterizedTest(name = "a shim by the name of {0} with the library of {1}")
  @CsvSource({"openmpi, mpich", "mpich, openmpi"})
  void shouldAskTheLibraryItselfWhichMpiItIs(String name, String library) throws Exception {
    assumeShim(library);
    Path folder = Path.of(System.getProperty("user.dir")).resolveSibling("native/build/lib");
    Files.copy(
        folder.resolve("libheddle-" + library + ".so"), shims.resolve("libheddle-" + name + ".so"));
    Launch.Result result =
        Launch.run(
            library,
            1,
            Map.of("HEDDLE_MPI", name, "HEDDLE_NATIVE_DIR", shims.toString()),
            TIMEOUT_MS,
            TransportContractMain.class.getName(),
            "4");
    assertTrue(
        result
            .output()
            .matches(
                "(?s).*libheddle-%s.so brings the library of %s [0-9.]+, but %s was asked for\\..*"
                    .formatted(name, library, name)),
        result.output());
  }

  private static void assumeShim(String family) {
    assumeTrue(
        MpiLibrary.available().contains(family),
        "the shim of " + family + " is not built: cmake and its mpicc are missing (mvn -Pnative)");
  }
}
