package dev.heddle.core.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class IdleSleepTest {
  private static final long MS = 1_000_000;
  private static final long S = 1_000_000_000;

  @Test
  void shouldSleepAsLongAsConfiguredWithEightRanksPerCoreOrFewer() {
    assertEquals(MS, IdleSleep.nsMax(MS, 1, 1));
    assertEquals(MS, IdleSleep.nsMax(MS, 8, 1));
    assertEquals(MS, IdleSleep.nsMax(MS, 2, 64));
    assertEquals(MS, IdleSleep.nsMax(MS, 16, 2));
  }

  @Test
  void shouldSleepLongerInProportionToTheRanksOfACore() {
    assertEquals(2 * MS, IdleSleep.nsMax(MS, 16, 1));
    assertEquals(4 * MS, IdleSleep.nsMax(MS, 64, 2));
    assertEquals(MS + MS / 8, IdleSleep.nsMax(MS, 9, 1));
    assertEquals(80_000, IdleSleep.nsMax(10_000, 64, 1));
  }

  @Test
  void shouldNotSleepForSecondsBecauseOfOthers() {
    assertEquals(10 * MS, IdleSleep.nsMax(MS, 999_999_999, 1));
    assertEquals(10 * MS, IdleSleep.nsMax(9 * MS, 64, 2));
    assertEquals(20 * MS, IdleSleep.nsMax(20 * MS, 64, 2));
    assertEquals(S, IdleSleep.nsMax(S, 999_999_999, 1));
  }
}
