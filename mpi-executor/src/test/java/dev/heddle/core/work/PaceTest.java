package dev.heddle.core.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.wire.frame.Frame;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// How many tasks of a function may wait for each slot.
class PaceTest {
  private static final long MS = 1_000_000;

  private final Pace pace = new Pace();

  private int prefetchAfter(long durationNs) {
    Pace fresh = new Pace();
    fresh.onRan(3, durationNs);
    return fresh.prefetch(3);
  }

  @Test
  void shouldLetNothingWaitOfAFunctionThatHasNotRun() {
    assertEquals(0, pace.prefetch(0));
    pace.onRan(5, 1_000);
    assertEquals(0, pace.prefetch(4));
    assertEquals(11, pace.prefetch(5));
    assertEquals(0, pace.prefetch(6));
    assertEquals(0, pace.prefetch(60_000));
  }

  @Test
  void shouldLetTasksOfAboutAMillisecondWait() {
    assertEquals(0, prefetchAfter(10 * MS + 1));
    assertEquals(1, prefetchAfter(10 * MS), "one");
    assertEquals(1, prefetchAfter(MS));
    assertEquals(2, prefetchAfter(MS / 2));
    assertEquals(3, prefetchAfter(MS / 3), "four");
    assertEquals(8, prefetchAfter(MS / 100), "128");
    assertEquals(Frame.PREFETCH_MAX, prefetchAfter(0));
  }

  @Test
  void shouldKeepFunctionsApart() {
    for (int i = 0; i < 1_000; i++) {
      pace.onRan(0, 1_000);
      pace.onRan(1, 500 * MS);
    }
    assertEquals(11, pace.prefetch(0));
    assertEquals(0, pace.prefetch(1));
  }

  @Test
  void shouldForgetASlowStart() {
    pace.onRan(0, 100 * MS);
    int results = 1;
    while (pace.prefetch(0) == 0) {
      pace.onRan(0, 1_000);
      results++;
    }
    assertTrue(results < 8, "results=" + results);
    while (pace.prefetch(0) < 11) {
      pace.onRan(0, 1_000);
      results++;
    }
    assertTrue(results < 200, "results=" + results);
  }

  @Test
  void shouldNotTakeAFunctionForShortAfterSomeShortTasks() {
    SplittableRandom random = new SplittableRandom(7);
    int mistakes = 0;
    for (int i = 0; i < 1_000_000; i++) {
      // from a microsecond to a second, evenly in the logarithm: three of four take below 31 ms
      pace.onRan(0, (long) (1_000 * Math.pow(1e6, random.nextDouble())));
      mistakes += i > 100 && pace.prefetch(0) > 0 ? 1 : 0;
    }
    assertTrue(mistakes < 1_000, "mistakes=" + mistakes);
  }

  @Test
  void shouldBearForgedDurations() {
    pace.onRan(0, Long.MAX_VALUE);
    pace.onRan(0, Long.MIN_VALUE);
    assertEquals(0, pace.prefetch(0));
    for (int i = 0; i < 2_000; i++) {
      pace.onRan(0, -1);
    }
    assertTrue(pace.prefetch(0) > 0);
  }
}
