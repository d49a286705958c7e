package dev.heddle.core.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class InFlightTest {
  @Test
  void shouldAgreeWithASet() {
    SplittableRandom random = new SplittableRandom(1);
    InFlight tasks = new InFlight();
    Set<Long> set = new TreeSet<>();
    for (int i = 0; i < 200_000; i++) {
      long id = 1L + random.nextInt(300) * (random.nextBoolean() ? 1L : 1L << 33);
      if (random.nextBoolean()) {
        tasks.add(id);
        set.add(id);
      } else {
        assertEquals(set.remove(id), tasks.remove(id));
      }
      assertEquals(set.size(), tasks.size());
      long probe = 1L + random.nextInt(300);
      assertEquals(set.contains(probe), tasks.contains(probe));
    }
    assertArrayEquals(set.stream().mapToLong(Long::longValue).toArray(), tasks.tasks());
  }

  @Test
  void shouldKnowNothingWhenEmpty() {
    InFlight tasks = new InFlight();
    assertFalse(tasks.remove(7));
    assertFalse(tasks.contains(7));
    assertEquals(0, tasks.tasks().length);
  }
}
