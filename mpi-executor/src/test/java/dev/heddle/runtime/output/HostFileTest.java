package dev.heddle.runtime.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostFileTest {
  @TempDir Path folder;

  @Test
  void shouldMakeTheFileAtTheFirstLineOnly() throws IOException {
    HostFile file = new HostFile(new RunFolder(folder, folder.toString()), "node/7", null);
    assertEquals(folder.resolve("logs").resolve("node_7.out").toAbsolutePath(), file.path());
    assertFalse(Files.exists(folder.resolve("logs")));
    assertNull(file.append("one\n".getBytes(StandardCharsets.UTF_8)));
    file.close();
    assertEquals("one\n", Files.readString(file.path()));
    assertNotNull(file.append(new byte[1]), "closed");
    assertEquals("one\n", Files.readString(file.path()));
  }

  @Test
  void shouldNameTheRunWhereItIsKnown() {
    HostFile file = new HostFile(new RunFolder(folder, "run"), "n1", "0a1b2c");
    assertEquals(folder.resolve("logs").resolve("n1.0a1b2c.out").toAbsolutePath(), file.path());
  }

  @Test
  void shouldUseAFolderHereWhereThereIsNoneForTheRun() {
    assertEquals(
        Path.of("heddle-logs", "host.out").toAbsolutePath(),
        new HostFile(null, "host", null).path());
  }

  @Test
  void shouldKeepLinesOfSeveralWritersWhole() throws Exception {
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      HostFile file = new HostFile(new RunFolder(folder, "run"), "host", null);
      byte[] line =
          (Integer.toString(writer).repeat(1_000) + "\n").getBytes(StandardCharsets.UTF_8);
      writers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    // an interrupted task must not close the file for other tasks
                    Thread.currentThread().interrupt();
                    for (int i = 0; i < 500; i++) {
                      assertNull(file.append(line));
                    }
                    file.close();
                  }));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    List<String> lines = Files.readAllLines(folder.resolve("logs").resolve("host.out"));
    assertEquals(2_000, lines.size());
    for (String line : lines) {
      assertTrue(line.matches("(\\d)\\1{999}"), line);
    }
  }

  @Test
  void shouldSayWhyItCannotWrite() throws IOException {
    Path blocked = Files.writeString(folder.resolve("logs"), "a file, not a folder");
    HostFile file = new HostFile(new RunFolder(folder, "the run"), "host", null);
    String problem = file.append(new byte[1]);
    assertTrue(problem != null && problem.contains("the run/logs"), () -> blocked + ": " + problem);
    assertEquals("the run/logs/host.out", file.shown());
    assertEquals(problem, file.append(new byte[1]));
  }
}
