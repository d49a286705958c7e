package dev.heddle.bench.against;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The agent in a JVM of its own, with a program that says what a benchmark says.
@Timeout(60)
final class AgainstAgentTest {
  private static final int WARMUP_BYTES = 64 << 20;
  private static final int COUNTED_BYTES = 16 << 20;

  @TempDir Path folder;

  /// The program.
  static final class Program {
    private Program() {}

    private static int allocate(int bytes) {
      int sum = 0;
      for (int left = bytes; left > 0; left -= 1024) {
        byte[] some = new byte[1024 - 16];
        sum += some.length + System.identityHashCode(some) % 2;
      }
      return sum;
    }

    @SuppressWarnings("SystemOut") // what is tested
    public static void main(String[] args) {
      System.err.println("bench x: warm-up 1 of 1");
      int sum = allocate(WARMUP_BYTES);
      if (args.length == 0) {
        System.err.println("bench x: repetition 1 of 2");
      }
      sum += allocate(COUNTED_BYTES / 2);
      System.err.println("bench x: repetition 2 of 2");
      sum += allocate(COUNTED_BYTES / 2);
      System.out.println("the report: größer " + (sum > 0));
      sum += allocate(WARMUP_BYTES);
      System.out.println("{}" + (sum == 1 ? "!" : ""));
    }
  }

  private String run(Path counted, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path jar = folder.resolve("agent.jar");
    AgainstAgent.writeJar(jar);
    Path out = folder.resolve("out");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dstdout.encoding=UTF-8",
                "-javaagent:" + jar + "=" + counted,
                "-cp",
                Path.of("target/test-classes").toAbsolutePath().toString(),
                Program.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    assertEquals(0, builder.start().waitFor(), () -> text(out));
    return text(out);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void shouldCountFromTheFirstRepetitionToTheReport() throws Exception {
    Path counted = folder.resolve("counted");
    String said = run(counted, Map.of());
    String[] numbers = Files.readString(counted).split(" ", -1);
    assertEquals(2, numbers.length);
    assertTrue(Long.parseLong(numbers[0]) >= 0, numbers[0]);
    long bytes = Long.parseLong(numbers[1]);
    assertTrue(bytes >= COUNTED_BYTES && bytes < COUNTED_BYTES + (COUNTED_BYTES >> 2), numbers[1]);
    assertEquals(
        List.of(
            "bench x: warm-up 1 of 1",
            "bench x: repetition 1 of 2",
            "bench x: repetition 2 of 2",
            "the report: größer true",
            "{}"),
        said.lines().toList());
  }

  @Test
  void shouldCountRankZeroAlone() throws Exception {
    Path counted = folder.resolve("counted");
    for (String variable : List.of("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK")) {
      String _ = run(counted, Map.of(variable, "1"));
      assertFalse(Files.exists(counted), variable);
    }
    String _ = run(counted, Map.of("PMI_RANK", "0"));
    assertTrue(Files.exists(counted));
  }

  @Test
  void shouldCountNothingWhereNoRepetitionIsSeen() throws Exception {
    Path counted = folder.resolve("counted");
    String _ = run(counted, Map.of(), "silent");
    assertFalse(Files.exists(counted));
  }
}
