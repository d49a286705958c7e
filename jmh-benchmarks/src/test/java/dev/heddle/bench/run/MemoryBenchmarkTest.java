package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.BenchMain;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.MemoryUse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `memory` takes from the system, and what it makes of it.
@Timeout(60)
final class MemoryBenchmarkTest {
  /// A heap of 0x3000 bytes in two pieces, a library, and the stack.
  private static final List<String> SMAPS =
      List.of(
          "1000-2000 rw-p 00000000 00:00 0 ",
          "Rss:                   8 kB",
          "Pss:                 100 kB",
          "2000-4000 ---p 00000000 00:00 0 ",
          "Rss:                   4 kB",
          "9000-c000 r-xp 00000000 08:01 77                  /usr/lib/a b.so",
          "Rss:                   2 kB",
          "ff000-ff800 rw-p 00000000 00:00 0                 [stack]",
          "Rss:                   1 kB");

  @Test
  void shouldTellTheHeapFromTheRest() {
    assertEquals(3 * 1024.0, MemoryUse.outsideBytes(SMAPS, 0x3000));
  }

  @Test
  void shouldNotGuessWhereTheHeapIs() {
    assertTrue(Double.isNaN(MemoryUse.outsideBytes(SMAPS, 0x3800)));
    assertTrue(Double.isNaN(MemoryUse.outsideBytes(List.of(), 0x3000)));
  }

  @Test
  void shouldSeparateWhatIsPaidOnce() {
    double[] x = {0, 250, 500, 1000};
    double[] y = {70, 70 + 250 * 12, 70 + 500 * 12, 70 + 1000 * 12};
    assertEquals(12.0, MemoryBenchmark.slope(x, y), 1e-9);
  }

  @Test
  void shouldCountEveryPartOfAPendingTask() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream silence = new PrintStream(PrintStream.nullOutputStream());

    int code =
        new BenchMain(print, silence, false)
            .run(
                "bench",
                "memory",
                "--ranks",
                "2",
                "--tasks",
                "100000",
                "--warmup",
                "0",
                "--repetitions",
                "1",
                "--json",
                "-");

    assertEquals(ExitCode.DONE, code);
    JsonNode json = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertTrue(json.path("checksumOk").asBoolean());
    double heap = json.path("heapBytesPerPendingTask").asDouble();
    // A task and its future have more than ten references, and no more than a few hundred bytes.
    assertTrue(heap > 40 && heap < 1_000, () -> "heap=" + heap);
    double outside = json.path("nativeBytesPerPendingTask").asDouble();
    assertEquals(heap + outside, json.path("bytesPerPendingTask").asDouble(), 0.2, json::toString);
    // A kept result is an array at least as long as an encoded number; a dropped future is nothing.
    assertTrue(json.path("bytesPerKeptTask").isNumber());
    assertTrue(json.path("bytesPerFinishedTask").isNumber());
  }
}
