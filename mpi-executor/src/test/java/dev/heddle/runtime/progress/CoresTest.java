package dev.heddle.runtime.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CoresTest {
  private static final long MS = 1_000_000;

  @Test
  void shouldBeShortOfCoresWhereSlotsAreMore() {
    assertFalse(Cores.of(2, 1, 2).areCrowded());
    assertTrue(Cores.of(3, 1, 2).areCrowded());
    assertTrue(Cores.of(2, 2, 2).areCrowded());
    assertFalse(Cores.of(1, 2, 2).areCrowded());
  }

  @Test
  void shouldLetRanksSleepLongerWhereManyShareACore() {
    assertEquals(MS, Cores.of(16, 1, 2).parkNsMax(MS));
    assertEquals(4 * MS, Cores.of(64, 1, 2).parkNsMax(MS));
    // of the slots of a rank only one looks
    assertEquals(MS, Cores.of(1, 64, 2).parkNsMax(MS));
  }
}
