package dev.heddle.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class EventHeapTest {
  @Test
  void shouldGiveEventsInTheOrderOfTheirTime() {
    for (long seed = 1; seed <= 50; seed++) {
      Noise noise = new Noise(seed, 0);
      EventHeap heap = new EventHeap();
      PriorityQueue<Long> model = new PriorityQueue<>();
      long nowNs = 0;
      for (int i = 0; i < 5_000; i++) {
        boolean adds = model.isEmpty() || Long.remainderUnsigned(noise.next(), 5) < 3;
        if (adds) {
          int bits = (int) Long.remainderUnsigned(noise.next(), 40);
          long atNs = nowNs + (noise.next() >>> (63 - bits));
          heap.add(atNs, atNs ^ 77);
          model.add(atNs);
        } else {
          long event = heap.poll();
          nowNs = heap.timeNs();
          assertEquals(model.poll(), nowNs, "seed=" + seed);
          assertEquals(nowNs ^ 77, event);
        }
      }
      while (!model.isEmpty()) {
        heap.poll();
        assertEquals(model.poll(), heap.timeNs(), "seed=" + seed);
      }
      assertTrue(heap.isEmpty());
    }
  }

  @Test
  void shouldRefuseThePast() {
    EventHeap heap = new EventHeap();
    heap.add(100, 1);
    heap.poll();
    assertThrows(IllegalArgumentException.class, () -> heap.add(99, 2));
    assertThrows(IllegalStateException.class, heap::poll);
  }
}
