package dev.heddle.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InFlightTest {
  @Test
  void shouldAgreeWithAMap() {
    SplittableRandom random = new SplittableRandom(1);
    InFlight table = new InFlight();
    Map<Long, Integer> map = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      long id = 1L + random.nextInt(300) * (random.nextBoolean() ? 1L : 1L << 33);
      if (random.nextBoolean()) {
        int child = random.nextInt(8);
        table.put(id, child);
        map.put(id, child);
      } else {
        table.remove(id);
        map.remove(id);
      }
      assertEquals(map.size(), table.size());
      long probe = 1L + random.nextInt(300);
      assertEquals(map.getOrDefault(probe, -1), table.get(probe));
    }
    for (int child = 0; child < 8; child++) {
      int of = child;
      assertArrayEquals(
          map.keySet().stream()
              .filter(id -> map.getOrDefault(id, -1) == of)
              .mapToLong(Long::longValue)
              .sorted()
              .toArray(),
          table.tasksOf(child));
    }
  }

  @Test
  void shouldKnowNothingWhenEmpty() {
    InFlight table = new InFlight();
    table.remove(7);
    assertEquals(-1, table.get(7));
    assertEquals(0, table.tasksOf(0).length);
  }
}
