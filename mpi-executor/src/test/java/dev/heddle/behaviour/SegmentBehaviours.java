package dev.heddle.behaviour;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Memory segments as arguments and results: whose they are, and how long.
final class SegmentBehaviours {
  private static final int[] SIZES = {0, 1, 1_000, 32_800, 300_001, 5_000_000};

  private SegmentBehaviours() {}

  /// A record with a segment in it.
  record Named(String name, MemorySegment bytes) {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("memory segments of any size and kind of memory", SegmentBehaviours::sizes),
        new Scenario("a memory segment is sent as it was at submit", SegmentBehaviours::isolated),
        new Scenario("a task reads its memory segment, until it ends", SegmentBehaviours::lifetime),
        new Scenario("a memory segment as result is the caller's own", SegmentBehaviours::results),
        new Scenario("a memory segment shared by many tasks", SegmentBehaviours::shared),
        new Scenario("memory segments inside containers", SegmentBehaviours::nested),
        new Scenario("many large arguments one after the other", SegmentBehaviours::reused),
        new Scenario("large arguments of tasks that are given up", SegmentBehaviours::cancelled),
        new Scenario("a closed memory segment is refused", SegmentBehaviours::closed));
  }

  private static byte at(long seed, long index) {
    return (byte) (seed * 31 + index * 7 + (index >> 9));
  }

  private static void fill(MemorySegment segment, long seed) {
    for (long i = 0; i < segment.byteSize(); i++) {
      segment.set(JAVA_BYTE, i, at(seed, i));
    }
  }

  /// The index of the first byte that is not as [#fill] left it, or -1.
  static long mismatch(MemorySegment segment, long seed) {
    for (long i = 0; i < segment.byteSize(); i++) {
      if (segment.get(JAVA_BYTE, i) != at(seed, i)) {
        return i;
      }
    }
    return -1;
  }

  static String look(MemorySegment segment, long seed) {
    return segment.byteSize() + " " + mismatch(segment, seed);
  }

  private static void sizes(Heddle heddle) throws Exception {
    for (int size : SIZES) {
      MemorySegment heap = MemorySegment.ofArray(new byte[size]);
      fill(heap, size);
      assertEquals(size + " -1", heddle.submit(SegmentBehaviours::look, heap, (long) size).get());
      assertEquals(
          size + " -1",
          heddle.submit(SegmentBehaviours::look, heap.asReadOnly(), (long) size).get());
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment here = arena.allocate(size + 8L).asSlice(3, size).copyFrom(heap);
        assertEquals(size + " -1", heddle.submit(SegmentBehaviours::look, here, (long) size).get());
      }
    }
    MemorySegment longs = MemorySegment.ofArray(new long[10_000]);
    fill(longs, 5);
    assertEquals("80000 -1", heddle.submit(SegmentBehaviours::look, longs, 5L).get());
  }

  private static void isolated(Heddle heddle) throws Exception {
    for (int size : SIZES) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(size);
        fill(segment, 1);
        TaskFuture<String> before = heddle.submit(SegmentBehaviours::look, segment, 1L);
        fill(segment, 2);
        TaskFuture<String> after = heddle.submit(SegmentBehaviours::look, segment, 2L);
        segment.fill((byte) 99);
        assertEquals(size + " -1", before.get());
        assertEquals(size + " -1", after.get());
      }
    }
  }

  private static final AtomicReference<@Nullable MemorySegment> KEPT = new AtomicReference<>();

  static String keep(MemorySegment segment) throws InterruptedException {
    KEPT.set(segment);
    String elsewhere =
        ForkJoinPool.commonPool()
            .submit(
                () -> {
                  try {
                    return "read " + segment.get(JAVA_BYTE, 0);
                  } catch (WrongThreadException e) {
                    return "refused";
                  }
                })
            .join();
    return segment.isNative()
        + " "
        + segment.isReadOnly()
        + " "
        + segment.address() % 64
        + " "
        + segment.get(ValueLayout.JAVA_LONG, 8)
        + " "
        + elsewhere;
  }

  static String again(int ignored) {
    MemorySegment kept = KEPT.get();
    if (kept == null) {
      return "another process";
    }
    try {
      return "read " + kept.get(JAVA_BYTE, 0);
    } catch (IllegalStateException | WrongThreadException e) {
      return "refused";
    }
  }

  private static void lifetime(Heddle heddle) throws Exception {
    for (int size : new int[] {64, 100_000}) {
      MemorySegment segment = MemorySegment.ofArray(new byte[size]);
      segment.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 77);
      assertEquals("true true 0 77 refused", heddle.submit(SegmentBehaviours::keep, segment).get());
      for (int i = 0; i < 8; i++) {
        assertFalse(heddle.submit(SegmentBehaviours::again, i).get().startsWith("read"));
      }
    }
  }

  static MemorySegment make(int size, long seed) {
    MemorySegment segment = MemorySegment.ofArray(new byte[size]);
    fill(segment, seed);
    return segment;
  }

  static MemorySegment same(MemorySegment segment) {
    return segment;
  }

  private static void results(Heddle heddle) throws Exception {
    for (int size : SIZES) {
      TaskFuture<MemorySegment> made = heddle.submit(SegmentBehaviours::make, size, 3L);
      MemorySegment result = made.get();
      assertEquals(size + " -1", look(result, 3));
      assertTrue(result.isNative());
      fill(result, 4);
      assertEquals(size + " -1", heddle.submit(SegmentBehaviours::look, made, 3L).get());
      assertEquals(size + " -1", look(heddle.submit(SegmentBehaviours::same, result).get(), 4));
      assertEquals(size + " -1", look(made.then(SegmentBehaviours::same).get(), 3));
    }
  }

  private static void shared(Heddle heddle) throws Exception {
    TaskFuture<MemorySegment> made = heddle.submit(SegmentBehaviours::make, 200_000, 8L);
    List<TaskFuture<String>> looks = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      looks.add(heddle.submit(SegmentBehaviours::look, made, 8L));
    }
    for (TaskFuture<String> look : looks) {
      assertEquals("200000 -1", look.get());
    }
  }

  static String lookAll(List<Named> named) {
    StringBuilder text = new StringBuilder();
    for (Named one : named) {
      text.append(one.name()).append(' ').append(look(one.bytes(), 6)).append(';');
    }
    return text.toString();
  }

  static String lookIn(List<? extends Future<MemorySegment>> futures) {
    return look(futures.getFirst().resultNow(), 9);
  }

  private static void nested(Heddle heddle) throws Exception {
    List<Named> named = List.of(new Named("a", make(10, 6)), new Named("b", make(50_000, 6)));
    assertEquals("a 10 -1;b 50000 -1;", heddle.submit(SegmentBehaviours::lookAll, named).get());
    List<TaskFuture<MemorySegment>> futures =
        List.of(heddle.submit(SegmentBehaviours::make, 70_000, 9L));
    assertEquals("70000 -1", heddle.submit(SegmentBehaviours::lookIn, futures).get());
  }

  static long sum(byte[] bytes, double[] doubles) {
    long sum = bytes.length + 1_000L * doubles.length;
    for (byte b : bytes) {
      sum += b;
    }
    for (double d : doubles) {
      sum += (long) d;
    }
    return sum;
  }

  private static void reused(Heddle heddle) throws Exception {
    List<TaskFuture<String>> segments = new ArrayList<>();
    List<TaskFuture<Long>> arrays = new ArrayList<>();
    List<Long> sums = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      MemorySegment segment = make(40_000 + 1_000 * (i % 7), i);
      segments.add(heddle.submit(SegmentBehaviours::look, segment, (long) i));
      byte[] bytes = segment.toArray(JAVA_BYTE);
      double[] doubles = new double[5_000 + i];
      doubles[i] = i;
      sums.add(sum(bytes, doubles));
      arrays.add(heddle.submit(SegmentBehaviours::sum, bytes, doubles));
    }
    for (int i = 0; i < 60; i++) {
      assertEquals(40_000 + 1_000 * (i % 7) + " -1", segments.get(i).get());
      assertEquals(sums.get(i), arrays.get(i).get());
    }
  }

  private static void cancelled(Heddle heddle) throws Exception {
    List<TaskFuture<String>> kept = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      TaskFuture<String> future = heddle.submit(SegmentBehaviours::look, make(60_000, i), (long) i);
      if (i % 3 == 0) {
        kept.add(future);
      } else {
        future.cancel(true);
      }
    }
    for (TaskFuture<String> future : kept) {
      assertEquals("60000 -1", future.get());
    }
  }

  private static void closed(Heddle heddle) throws Exception {
    for (int size : new int[] {10, 100_000}) {
      MemorySegment gone;
      try (Arena arena = Arena.ofConfined()) {
        gone = arena.allocate(size);
      }
      String told;
      try {
        told = heddle.submit(SegmentBehaviours::look, gone, 1L).get();
      } catch (TaskSerializationException e) {
        told = String.valueOf(e.getMessage());
      } catch (ExecutionException e) {
        told = "on a worker: " + e;
      }
      assertTrue(told.startsWith("argument 0 of ") && told.contains("closed"), told);
    }
  }
}
