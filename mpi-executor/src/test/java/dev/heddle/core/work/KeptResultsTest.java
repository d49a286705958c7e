package dev.heddle.core.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeptResultsTest {
  private static final int RESULTS_MAX = 50;

  @Test
  void shouldAgreeWithSetsWhateverComesAndGoes() {
    SplittableRandom random = new SplittableRandom(2);
    KeptResults kept = new KeptResults(RESULTS_MAX);
    Set<Long> here = new HashSet<>();
    ArrayDeque<Long> made = new ArrayDeque<>();
    long next = 1;
    for (int i = 0; i < 100_000; i++) {
      if (here.size() < 30 && random.nextInt(3) > 0) {
        // ids as they come where several workers share them
        next += 1 + random.nextInt(9);
        kept.arrive(next);
        here.add(next);
      } else if (!here.isEmpty()) {
        long id = here.stream().skip(random.nextInt(here.size())).findFirst().orElseThrow();
        here.remove(id);
        if (random.nextInt(4) == 0) {
          kept.forget(id);
        } else {
          kept.keep(id, new byte[] {(byte) id});
          made.add(id);
          if (made.size() > RESULTS_MAX) {
            made.remove();
          }
        }
      }
      if (!made.isEmpty()) {
        long id = made.stream().skip(random.nextInt(made.size())).findFirst().orElseThrow();
        byte[] result = kept.result(id);
        assertNotNull(result);
        assertEquals((byte) id, result[0]);
      }
      long probe = Math.max(1, next - random.nextInt(400));
      if (!made.contains(probe)) {
        assertNull(kept.result(probe));
      }
      kept.checkInvariants(here.size());
    }
  }

  @Test
  void shouldHoldABoundedNumberOfBytes() {
    KeptResults kept = new KeptResults(RESULTS_MAX);
    byte[] large = new byte[600 << 10];
    kept.keep(1, large);
    kept.keep(2, new byte[100 << 10]);
    assertSame(large, kept.result(1));
    kept.keep(3, large);
    assertNull(kept.result(1));
    assertNotNull(kept.result(2));
    // one alone may be larger
    kept.keep(4, new byte[2 << 20]);
    assertNull(kept.result(3));
    assertNotNull(kept.result(4));
    kept.checkInvariants(0);
  }

  @Test
  void shouldTakeATaskThatComesAgain() {
    KeptResults kept = new KeptResults(2);
    kept.arrive(1);
    kept.keep(1, new byte[] {1});
    kept.arrive(1);
    assertNull(kept.result(1));
    kept.keep(1, new byte[] {2});
    kept.keep(2, new byte[] {3});
    kept.keep(3, new byte[] {4});
    kept.checkInvariants(0);
    assertNull(kept.result(1));
    assertNotNull(kept.result(3));
  }
}
