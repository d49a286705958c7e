package dev.heddle.runtime.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.wire.frame.Frame;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OutputPrinterTest {
  private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);
  private static final int LINE_BYTES = 1_000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private OutputPrinter open(OutputPrinter printer, OutputStream outTarget) {
    printer.open(
        new TaskStreams.Originals(
            new PrintStream(outTarget, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.ISO_8859_1)));
    return printer;
  }

  @Test
  void shouldPrintInOrderToEachStreamInItsCharset() {
    OutputPrinter printer = open(new OutputPrinter("", 1 << 20, LONG_NS), out);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      printer.take(1, Frame.OUTPUT_OUT, 0, line("out ä " + i));
      expected.append("out ä ").append(i).append('\n');
      if (i % 100 == 0) {
        printer.take(2, Frame.OUTPUT_ERR, 0, line("err ä"));
      }
    }
    printer.close();
    assertEquals(expected.toString(), out.toString(StandardCharsets.UTF_8));
    assertEquals("err ä\n".repeat(20), err.toString(StandardCharsets.ISO_8859_1));
    assertEquals(List.of(), printer.summary());
  }

  /// A pipe without a reader.
  private static final class Stuck extends OutputStream {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);

    @Override
    public void write(int b) {
      throw new AssertionError("single bytes are not expected");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      reached.countDown();
      while (true) {
        try {
          gate.await();
          return;
        } catch (InterruptedException e) {
          // interrupts are ignored, as by a write to a pipe
        }
      }
    }
  }

  @Test
  void shouldNeverWaitForAReaderAndCountWhatItDrops() throws InterruptedException {
    Stuck stuck = new Stuck();
    OutputPrinter printer = open(new OutputPrinter("", 100 * LINE_BYTES, 1_000_000), stuck);
    printer.take(1, Frame.OUTPUT_OUT, 0, new byte[LINE_BYTES]);
    assertTrue(stuck.reached.await(30, TimeUnit.SECONDS));
    for (int i = 1; i < 1_000; i++) {
      printer.take(1, Frame.OUTPUT_OUT, 0, new byte[LINE_BYTES]);
    }
    printer.awaitPrinted(1);
    printer.close();
    // all lines but the line that the thread is stuck with
    assertEquals(
        List.of(
            "heddle: "
                + 999 * LINE_BYTES
                + " bytes of task output were not printed, since the output of rank 0 was read too"
                + " slowly; use taskOutput=files to keep all"),
        printer.summary());
    stuck.gate.countDown();
  }

  @Test
  void shouldWaitAtTheEndForAReaderThatIsSlow() throws InterruptedException {
    Stuck stuck = new Stuck();
    OutputPrinter printer = open(new OutputPrinter("", 1 << 20, LONG_NS), stuck);
    for (int i = 0; i < 100; i++) {
      printer.take(1, Frame.OUTPUT_OUT, 0, new byte[LINE_BYTES]);
    }
    assertTrue(stuck.reached.await(30, TimeUnit.SECONDS));
    Thread closer = Thread.ofPlatform().start(printer::close);
    stuck.gate.countDown();
    closer.join();
    assertEquals(List.of(), printer.summary());
  }

  @Test
  void shouldCountDropsPerRankUpToABoundAndSayANoteOnce() {
    OutputPrinter printer = open(new OutputPrinter(" (why)", 1 << 20, LONG_NS), out);
    for (int rank = 20; rank > 0; rank--) {
      printer.take(rank, Frame.OUTPUT_DROPPED, 100, new byte[0]);
      printer.take(rank, Frame.OUTPUT_DROPPED, rank, new byte[0]);
      printer.take(rank, Frame.OUTPUT_NOTE, 0, line("note " + rank));
    }
    printer.close();
    List<String> summary = printer.summary();
    assertEquals(10, summary.size(), summary::toString);
    assertEquals("heddle: rank 13: 113 bytes of task output dropped (why)", summary.getFirst());
    assertEquals(
        "heddle: further ranks: " + (1_200 + 78) + " bytes of task output dropped (why)",
        summary.get(8));
    assertEquals("heddle: 19 further ranks can't write their files either", summary.get(9));
    assertEquals("heddle: note 20\n", err.toString(StandardCharsets.ISO_8859_1).strip() + "\n");
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }
}
