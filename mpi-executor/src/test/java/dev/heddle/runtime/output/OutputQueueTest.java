package dev.heddle.runtime.output;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.OutputFrame;
import dev.heddle.wire.frame.Frame;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OutputQueueTest {
  private static final byte[] LINE = OutputFrame.of(1, Frame.OUTPUT_OUT, 0, new byte[1_000]);
  private static final byte[] DROPPED = OutputFrame.of(1, Frame.OUTPUT_DROPPED, 7, new byte[0]);

  @Test
  void shouldRefuseLinesButNoCountsWhenItIsFull() {
    OutputQueue queue = new OutputQueue(10L * LINE.length);
    for (int i = 0; i < 10; i++) {
      assertTrue(queue.put(LINE));
    }
    assertFalse(queue.put(LINE));
    assertFalse(queue.put(LINE), "it waits once only");
    assertTrue(queue.put(DROPPED));
  }

  @Test
  void shouldNotHoldAnInterruptedTask() {
    OutputQueue queue = new OutputQueue(0);
    Thread.currentThread().interrupt();
    assertFalse(queue.put(LINE));
    assertTrue(Thread.interrupted());
  }
}
