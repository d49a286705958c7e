package dev.heddle.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ValuePoolTest {
  private static final long MEBIBYTE = 1 << 20;

  private final ValuePool pool = new ValuePool(4 * MEBIBYTE);

  @Test
  void shouldUseMemoryAgainThatWasGivenBack() {
    MemorySegment first = pool.take(MEBIBYTE / 2 - 100);
    MemorySegment second = pool.take(MEBIBYTE / 2 - 100);
    assertEquals(MEBIBYTE / 2 - 100, first.byteSize());
    assertNotEquals(first.address(), second.address());
    assertEquals(0, first.address() % 64);
    pool.give(first);
    assertEquals(MEBIBYTE / 2, pool.idleBytes());
    MemorySegment again = pool.take(MEBIBYTE / 2);
    assertEquals(first.address(), again.address());
    assertEquals(MEBIBYTE / 2, again.byteSize());
    again.fill((byte) 1);
    assertEquals(0, pool.idleBytes());
    assertEquals(2, pool.count());
  }

  @Test
  void shouldReceiveIntoWhatWasUsedLastAndFillWhatHasRestedLongest() {
    MemorySegment[] all = new MemorySegment[3];
    for (int i = 0; i < all.length; i++) {
      all[i] = pool.take(MEBIBYTE / 2);
    }
    for (MemorySegment segment : all) {
      pool.give(segment);
    }
    assertEquals(all[0].address(), pool.takeToFill(MEBIBYTE / 2).address());
    assertEquals(all[2].address(), pool.take(MEBIBYTE / 2).address());
    assertEquals(all[1].address(), pool.takeToFill(MEBIBYTE / 2).address());
    assertEquals(3, pool.count());
  }

  @Test
  void shouldAskForLargePagesForLargeMemory() {
    MemorySegment segment = pool.take(MEBIBYTE);
    assertEquals(0, segment.address() % HugePages.BYTES);
    segment.fill((byte) 3);
    assertEquals(3, segment.get(ValueLayout.JAVA_BYTE, MEBIBYTE - 1));
    pool.give(segment);
    assertEquals(HugePages.BYTES, pool.idleBytes());
    assertThrows(
        IllegalArgumentException.class, () -> HugePages.advise(segment.asSlice(0, MEBIBYTE)));
  }

  @Test
  void shouldKeepNoMoreIdleThanItMayAndTheSizeAskedForLast() {
    MemorySegment[] small = new MemorySegment[8];
    for (int i = 0; i < small.length; i++) {
      small[i] = pool.take(MEBIBYTE / 2);
    }
    for (MemorySegment segment : small) {
      pool.give(segment);
    }
    assertEquals(4 * MEBIBYTE, pool.idleBytes());
    MemorySegment large = pool.take(2 * MEBIBYTE);
    pool.give(large);
    assertEquals(4 * MEBIBYTE, pool.idleBytes());
    assertEquals(5, pool.count(), "four small ones were freed");
    assertEquals(large.address(), pool.take(2 * MEBIBYTE).address());
    pool.give(pool.take(64 * MEBIBYTE));
    assertEquals(1, pool.count(), "what is larger than all that may be idle is freed at once");
    assertEquals(0, pool.idleBytes());
  }

  @Test
  void shouldFreeWhatNobodyCanReach() {
    for (int i = 0; i < 16; i++) {
      pool.take(MEBIBYTE).fill((byte) i);
    }
    MemorySegment kept = pool.take(MEBIBYTE);
    // until the collector's cleaner has freed all but one
    while (pool.count() > 1) {
      System.gc();
      Thread.onSpinWait();
    }
    kept.fill((byte) 7);
    pool.give(kept);
    assertEquals(kept.address(), pool.take(MEBIBYTE).address());
  }

  @Test
  void shouldLeaveAtMostAFifthUnusedOrPartOfALargePage() {
    for (long bytes = 32 << 10; bytes < 1L << 30; bytes += bytes / 7 + 1) {
      long room = ValuePool.room(bytes);
      long unusedMax = Math.max(bytes < MEBIBYTE / 2 ? 4096 : HugePages.BYTES, room / 5);
      assertTrue(room >= bytes && room - bytes <= unusedMax, "bytes=" + bytes);
      assertEquals(0, bytes < MEBIBYTE ? 0 : room % HugePages.BYTES);
      assertEquals(room, ValuePool.room(room));
    }
  }
}
