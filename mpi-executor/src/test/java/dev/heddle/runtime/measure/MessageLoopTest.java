package dev.heddle.runtime.measure;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Measures messages without anything above the edges.
@Timeout(60)
final class MessageLoopTest {
  /// A message that allocated an object each time would show 16 bytes or more.
  @Test
  void shouldMeasureMessagesBetweenTwoRanks() {
    double bytes = MessageLoop.local(20_000);
    assertTrue(bytes >= 0 && bytes < 4_096, () -> "bytesPerMessage=" + bytes);
  }
}
