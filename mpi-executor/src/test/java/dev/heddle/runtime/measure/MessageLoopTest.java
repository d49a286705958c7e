package dev.heddle.runtime.measure;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Messages without anything above the edges.
@Timeout(60)
final class MessageLoopTest {
  /// A message that allocated one object each time would have 16 bytes or more.
  @Test
  void shouldMeasureMessagesBetweenTwoRanks() {
    double bytes = MessageLoop.local(20_000);
    assertTrue(bytes >= 0 && bytes < 4_096, () -> "bytesPerMessage=" + bytes);
  }
}
