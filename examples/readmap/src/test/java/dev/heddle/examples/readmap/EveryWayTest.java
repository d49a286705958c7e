package dev.heddle.examples.readmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The same reads give the same table on every way to run, to the last digit.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class EveryWayTest {
  private static final String[] READS = {"--reads", "3000", "--batch", "50", "--seed", "3"};

  /// Of the same reads on the threads of one rank, with other batches.
  private static final String EXPECTED = inOneJvm(1, "--reads", "3000", "--seed", "3");

  private static final long TIME_MS_MAX = 120_000;

  private static String inOneJvm(int ranks, String... args) {
    Options options = Options.parse(args);
    HeddleConfig config =
        HeddleConfig.builder()
            .localRanks(ranks)
            .fanout(4)
            .serializablePackages(ReadMap.class.getPackageName())
            .build();
    AtomicReference<Summary> summary = new AtomicReference<>();
    Heddle.run(config, args, heddle -> summary.set(ReadMap.submit(heddle, options).get()));
    assertTrue(summary.get().counts().correctFraction() >= 0.99);
    return summary.get().sha256();
  }

  @ParameterizedTest(name = "{0}, {1} local ranks")
  @CsvSource({"threads, 1", "2 ranks, 2", "3 levels, 16"})
  void shouldGiveTheSameResultInOneJvm(String way, int ranks) {
    assertEquals(EXPECTED, inOneJvm(ranks, READS), way);
  }

  @Tag("mpi")
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "openmpi, 2 ranks, 2, 2, 1",
    "openmpi, 3 levels, 16, 3, 15",
    "mpich, 2 ranks, 2, 2, 1",
    "mpich, 3 levels, 16, 3, 15"
  })
  void shouldGiveTheSameResultUnderMpi(
      String mpi, String way, int ranks, int levels, int workers, @TempDir Path folder)
      throws Exception {
    Path shims = shims();
    assumeTrue(
        shims != null && Files.exists(shims.resolve("libheddle-" + mpi + ".so")),
        "the shim of " + mpi + " is not built: cmake and its mpicc are missing (mvn -Pnative)");
    Path json = folder.resolve("r.json");
    List<String> command = new ArrayList<>(launcher(mpi, ranks));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // small JVMs: sixteen of them share few cores
    command.addAll(List.of("-XX:+UseSerialGC", "-Xss256k", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.addAll(List.of("-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-Dheddle.fanout=4", "-Dheddle.nativeDir=" + shims));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ReadMap.class.getName());
    command.addAll(List.of(READS));
    command.addAll(List.of("--json", json.toString()));
    String output = run(command, folder.resolve("output"));

    assertTrue(Files.exists(json), output);
    JsonNode report = new ObjectMapper().readTree(Files.readString(json));
    assertEquals(EXPECTED, report.get("resultSha256").textValue(), way);
    assertEquals(ranks, report.get("ranks").intValue());
    assertEquals(levels, report.get("levels").intValue());
    assertEquals(workers, report.get("workers").intValue());
  }

  private static List<String> launcher(String mpi, int ranks) {
    String count = Integer.toString(ranks);
    return mpi.equals("openmpi")
        ? List.of(
            find("mpirun.openmpi", "mpirun"), "--oversubscribe", "--bind-to", "none", "-n", count)
        : List.of(find("mpiexec.hydra", "mpiexec.mpich", "mpiexec"), "-n", count);
  }

  private static String find(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no launcher on the PATH: " + List.of(names)))
        .toString();
  }

  /// The folder of the shims, or null.
  private static @Nullable Path shims() {
    String named = System.getenv("HEDDLE_NATIVE_DIR");
    if (named != null) {
      return Path.of(named);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path folder = at.resolve("native/build/lib");
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    return null;
  }

  /// Runs a launcher to its end, and its ranks with it. Returns what all said.
  private static String run(List<String> command, Path output)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(new File("/dev/null"));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.matches("(OMPI|PMI|PMIX|HYDRA|HYDI|SLURM)_.*"));
    environment.put("OMPI_ALLOW_RUN_AS_ROOT", "1");
    environment.put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    Process process = builder.start();
    try {
      assertTrue(
          process.waitFor(TIME_MS_MAX, TimeUnit.MILLISECONDS),
          () -> "hangs after " + TIME_MS_MAX + " ms: " + command);
    } finally {
      List<ProcessHandle> below = process.descendants().toList();
      process.destroyForcibly();
      below.forEach(ProcessHandle::destroyForcibly);
    }
    String said = Files.readString(output);
    assertEquals(0, process.exitValue(), said);
    return said;
  }
}
