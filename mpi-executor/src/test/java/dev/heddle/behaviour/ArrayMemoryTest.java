package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ArrayFuture;
import dev.heddle.Heddle;
import dev.heddle.LongArrayFuture;
import dev.heddle.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is left of arrays on the heap while their futures are kept.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ArrayMemoryTest {
  private static final int ARRAYS = 600;
  private static final int INDICES = 1_000_000;

  @Test
  void shouldKeepLessThanFourKilobytesForAMillionReducedIndices() {
    boolean _ = Way.LOCAL_2.run(ArrayMemoryTest::measure);
  }

  private static void measure(Heddle heddle) throws Exception {
    long expected = LongStream.range(0, INDICES).map(ArrayBehaviours::mixed).sum();
    List<ArrayFuture<Long>> warm = reduced(heddle, expected);
    long before = usedBytes();
    List<ArrayFuture<Long>> kept = reduced(heddle, expected);
    long bytes = (usedBytes() - before) / ARRAYS;
    assertEquals(ARRAYS, kept.size());
    assertEquals(INDICES, warm.getFirst().size());
    assertTrue(bytes < 4_096, "bytes=" + bytes);
    // whether it would have been seen
    LongArrayFuture each = heddle.mapToLong(ArrayBehaviours::mixed, Range.of(INDICES));
    assertEquals(expected, LongStream.of(each.get()).sum());
    long more = usedBytes() - before - bytes * ARRAYS;
    assertTrue(more > 4L * INDICES, "bytes=" + more);
    assertEquals(INDICES, each.doneCount());
  }

  private static List<ArrayFuture<Long>> reduced(Heddle heddle, long expected) throws Exception {
    List<ArrayFuture<Long>> arrays = new ArrayList<>();
    for (int i = 0; i < ARRAYS; i++) {
      arrays.add(heddle.mapReduceToLong(ArrayBehaviours::mixed, Range.of(INDICES), Long::sum, 0));
    }
    for (ArrayFuture<Long> array : arrays) {
      assertEquals(expected, array.get());
    }
    return arrays;
  }

  /// After as many collections as other tests' garbage needs: some of it goes in the second only.
  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      System.gc();
      long now = runtime.totalMemory() - runtime.freeMemory();
      if (i > 1 && now >= used) {
        return now;
      }
      used = now;
    }
    return used;
  }
}
