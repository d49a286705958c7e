package dev.heddle.runtime.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CoreSharingTest {
  private static final long LONG_NS = 4_000;
  private static final long SHORT_NS = 400;
  private static final long REST_NS = 1_000_000;

  private final CoreSharing sharing = new CoreSharing(() -> 0);
  private long nowNs;

  private boolean yieldFor(long ns) {
    long startNs = nowNs;
    nowNs += ns;
    return sharing.onYield(startNs, nowNs);
  }

  /// The number of long yields until the move is asked for.
  private int yieldsUntilMove() {
    for (int i = 1; i <= 1_000_000; i++) {
      if (yieldFor(LONG_NS)) {
        return i;
      }
    }
    throw new AssertionError("never");
  }

  @Test
  void shouldMoveAfterEightLongYieldsInARow() {
    for (int i = 0; i < 7; i++) {
      assertFalse(yieldFor(LONG_NS));
    }
    assertFalse(yieldFor(SHORT_NS));
    assertEquals(8, yieldsUntilMove());
  }

  @Test
  void shouldRestTwiceAsLongEachTimeThatAMoveDidNotHelp() {
    assertEquals(8, yieldsUntilMove());
    assertEquals(REST_NS / LONG_NS, yieldsUntilMove());
    assertEquals(2 * REST_NS / LONG_NS, yieldsUntilMove());
    assertEquals(4 * REST_NS / LONG_NS, yieldsUntilMove());
    nowNs += 1_000 * REST_NS;
    assertEquals(8, yieldsUntilMove());
    assertEquals(REST_NS / LONG_NS, yieldsUntilMove());
  }

  @Test
  void shouldNotRestLongerThanIsNoticed() {
    CoreSharing lasting = new CoreSharing(new SplittableRandom(1));
    long movedNs = 0;
    for (int moves = 0; moves < 20; ) {
      nowNs += LONG_NS;
      if (lasting.onYield(nowNs - LONG_NS, nowNs)) {
        assertTrue(nowNs - movedNs <= 40_000_000, "rested for ns=" + (nowNs - movedNs));
        movedNs = nowNs;
        moves++;
      }
    }
  }

  @Test
  void shouldNotMoveBothAtTheSameTimeForEver() {
    RandomGenerator chance = new SplittableRandom(1);
    CoreSharing one = new CoreSharing(chance);
    CoreSharing other = new CoreSharing(chance);
    int together = 0;
    for (int yields = 0; yields < 1_000_000; yields++) {
      nowNs += LONG_NS;
      boolean oneMoves = one.onYield(nowNs - LONG_NS, nowNs);
      boolean otherMoves = other.onYield(nowNs - LONG_NS, nowNs);
      together += oneMoves && otherMoves ? 1 : 0;
    }
    assertTrue(together <= 1, "together=" + together);
  }

  @Test
  void shouldLeaveAThreadWithTheCoresThatItHad() throws IOException {
    Path status = Path.of("/proc/thread-self/status");
    if (!Files.exists(status)) {
      assertFalse(CoreMove.move(), "no threads to look at, so no Linux, and nothing is moved");
      return;
    }
    String before = cores(status);
    boolean moved = CoreMove.move();
    assertEquals(before, cores(status));
    // a list of one core has no comma and no dash
    assertEquals(before.matches(".*[,-].*"), moved);
    assertTrue(before.startsWith("Cpus_allowed_list"), before);
  }

  private static String cores(Path status) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list"))
        .findFirst()
        .orElseThrow();
  }
}
