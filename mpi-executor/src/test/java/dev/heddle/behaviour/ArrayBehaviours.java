package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ArrayException;
import dev.heddle.ArrayFuture;
import dev.heddle.Combiner;
import dev.heddle.DependencyException;
import dev.heddle.DoubleArrayFuture;
import dev.heddle.Fn1;
import dev.heddle.Heddle;
import dev.heddle.IndexFailure;
import dev.heddle.ListArrayFuture;
import dev.heddle.LongArrayFuture;
import dev.heddle.OnLeave;
import dev.heddle.Range;
import dev.heddle.TaskContext;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Arrays: one function for many indices.
final class ArrayBehaviours {
  private static final int MANY = 100_000;

  private ArrayBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("map over a range, in order", ArrayBehaviours::range),
        new Scenario("map over a list", ArrayBehaviours::list),
        new Scenario("map over a list that is a future", ArrayBehaviours::futureList),
        new Scenario("map to packed longs and doubles", ArrayBehaviours::packed),
        new Scenario("reductions of longs, doubles and objects", ArrayBehaviours::reductions),
        new Scenario("results are combined in the order of indices", ArrayBehaviours::order),
        new Scenario("arrays of no indices", ArrayBehaviours::empty),
        new Scenario("ranges with steps", ArrayBehaviours::steps),
        new Scenario("wrong ranges are refused", ArrayBehaviours::wrongRanges),
        new Scenario("an array is a dependency", ArrayBehaviours::dependency),
        new Scenario("captures of an array's function and combiner", ArrayBehaviours::captures),
        new Scenario("large captures of arrays", ArrayBehaviours::largeCaptures),
        new Scenario("failed indices leave the others alone", ArrayBehaviours::failures),
        new Scenario("failed indices of a reduction", ArrayBehaviours::failedReduction),
        new Scenario("all indices may fail", ArrayBehaviours::allFail),
        new Scenario("a combiner that fails", ArrayBehaviours::failingCombiner),
        new Scenario("a result of an index that can't be sent", ArrayBehaviours::unsendable),
        new Scenario("a failed array fails its dependents", ArrayBehaviours::dependents),
        new Scenario("retry runs only what failed", ArrayBehaviours::retry),
        new Scenario("retry of a reduction", ArrayBehaviours::retryReduction),
        new Scenario("retry of what didn't fail is refused", ArrayBehaviours::noRetry),
        new Scenario("results stream in order as they arrive", ArrayBehaviours::streams),
        new Scenario("a stream ends at a failed index", ArrayBehaviours::failedStream),
        new Scenario("cancel of a running array", ArrayBehaviours::cancel),
        new Scenario("cancel of an array among slow indices", ArrayBehaviours::cancelSlow),
        new Scenario("arrays and tasks share the slots", ArrayBehaviours::mixed),
        new Scenario("many small arrays at the same time", ArrayBehaviours::manySmall),
        new Scenario("labels and scopes of arrays", ArrayBehaviours::views));
  }

  static List<RunScenario> runs() {
    return List.of(
        new RunScenario("the body throws in the middle of an array", ArrayBehaviours::bodyThrows),
        new RunScenario("an array counts as one pending task", ArrayBehaviours::pending));
  }

  static long mixed(long index) {
    long z = (index ^ (index >>> 30)) * 0xBF58476D1CE4E5B9L;
    return z ^ (z >>> 27);
  }

  private static void range(Heddle heddle) throws Exception {
    ListArrayFuture<String> names = heddle.map(i -> "name-" + i, Range.of(7, 3_000));
    List<String> expected = LongStream.range(7, 3_000).mapToObj(i -> "name-" + i).toList();
    assertEquals(expected, names.get());
    assertEquals(2_993, names.size());
    assertEquals(2_993, names.doneCount());
    assertEquals(0, names.failedCount());
    assertTrue(names.failures().isEmpty() && names.failedRanges().isEmpty());
    assertEquals(expected.subList(0, 100), names.get(1, TimeUnit.SECONDS).subList(0, 100));
    List<Long> boxed = heddle.map(ArrayBehaviours::mixed, Range.of(MANY)).get();
    assertEquals(LongStream.range(0, MANY).map(ArrayBehaviours::mixed).boxed().toList(), boxed);
  }

  private static void list(Heddle heddle) throws Exception {
    List<String> words = IntStream.range(0, 500).mapToObj(i -> "w".repeat(i % 7) + i).toList();
    assertEquals(
        words.stream().map(String::length).toList(), heddle.map(String::length, words).get());
    assertEquals(String.join("", words), heddle.mapReduce(w -> w, words, String::concat, "").get());
    List<Tasks.Point> points = heddle.map(x -> new Tasks.Point(x, "p"), List.of(3, 1, 2)).get();
    assertEquals(List.of(3, 1, 2), points.stream().map(Tasks.Point::x).toList());
    List<TaskFuture<Integer>> futures = List.of(heddle.submit(() -> 5), heddle.submit(() -> 6));
    Fn1<TaskFuture<Integer>, Integer> read = f -> f.get() * 10;
    assertEquals(List.of(50, 60), heddle.map(read, futures).get(), "futures in the list");
  }

  private static void futureList(Heddle heddle) throws Exception {
    TaskFuture<List<Integer>> later = heddle.submit(() -> List.of(1, 2, 3, 4));
    assertEquals(List.of(1, 4, 9, 16), heddle.map(x -> x * x, later).get());
    List<TaskFuture<Integer>> each = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      each.add(heddle.submit(Tasks::twice, i));
    }
    ArrayFuture<Integer> sum = heddle.mapReduce(x -> x + 1, heddle.all(each), (a, b) -> a + b, 0);
    assertEquals(20 * 19 + 20, sum.get());
    assertEquals(20, sum.size());
    ListArrayFuture<Long> first = heddle.map(i -> 2 * i, Range.of(2_000));
    assertEquals(
        LongStream.range(0, 2_000).map(i -> 2 * i + 1).boxed().toList(),
        heddle.map(x -> x + 1, first).get(),
        "an array's list is another's");
    TaskFuture<Integer> broken = heddle.submit(Tasks::fail, "no list");
    Expect.failure(DependencyException.class, heddle.map(x -> x, broken.part(x -> List.of(x))));
  }

  private static void packed(Heddle heddle) throws Exception {
    LongArrayFuture longs = heddle.mapToLong(ArrayBehaviours::mixed, Range.of(MANY));
    DoubleArrayFuture doubles = heddle.mapToDouble(i -> i / 2.0, Range.of(-5, 5));
    assertArrayEquals(LongStream.range(0, MANY).map(ArrayBehaviours::mixed).toArray(), longs.get());
    assertArrayEquals(LongStream.range(-5, 5).mapToDouble(i -> i / 2.0).toArray(), doubles.get());
    assertArrayEquals(new long[] {1}, heddle.mapToLong(i -> i + 1, Range.of(1)).get());
  }

  private static void reductions(Heddle heddle) throws Exception {
    assertEquals(
        LongStream.range(0, 1_000_000).map(ArrayBehaviours::mixed).sum(),
        heddle.mapReduceToLong(ArrayBehaviours::mixed, Range.of(1_000_000), Long::sum, 0).get());
    assertEquals(
        999_999.0, heddle.mapReduceToDouble(i -> i, Range.of(1_000_000), Math::max, 0).get());
    assertEquals(
        Long.valueOf(4_999_950_000L),
        heddle.mapReduce(i -> i, Range.of(MANY), Long::sum, 0L).get());
    assertEquals(
        new Tasks.Point(99, "most"),
        heddle
            .mapReduce(
                i -> new Tasks.Point(Math.toIntExact(i % 100), "most"),
                Range.of(5_000),
                (a, b) -> a.x() < b.x() ? b : a,
                new Tasks.Point(-1, "none"))
            .get());
  }

  private static void order(Heddle heddle) throws Exception {
    String expected =
        LongStream.range(0, 3_000).mapToObj(i -> i + ",").collect(Collectors.joining());
    for (int i = 0; i < 3; i++) {
      assertEquals(
          expected,
          heddle.mapReduce(n -> n + ",", Range.of(3_000), String::concat, "unused").get());
    }
    // 2x2 matrices: associative, not commutative
    long[] product =
        heddle
            .mapReduce(
                n -> new long[] {n % 7, 1, 1, 0},
                Range.of(MANY),
                ArrayBehaviours::times,
                new long[] {1, 0, 0, 1})
            .get();
    long[] one = {0, 1, 1, 0};
    for (long n = 1; n < MANY; n++) {
      one = times(one, new long[] {n % 7, 1, 1, 0});
    }
    assertArrayEquals(one, product);
  }

  private static long[] times(long[] a, long[] b) {
    return new long[] {
      a[0] * b[0] + a[1] * b[2],
      a[0] * b[1] + a[1] * b[3],
      a[2] * b[0] + a[3] * b[2],
      a[2] * b[1] + a[3] * b[3]
    };
  }

  private static void empty(Heddle heddle) throws Exception {
    assertEquals(List.of(), heddle.map(i -> "x" + i, Range.of(0)).get());
    assertEquals(0, heddle.mapToLong(i -> i, Range.of(5, 5)).get().length);
    assertEquals(0, heddle.mapToDouble(i -> i, Range.of(0)).get().length);
    assertEquals("id", heddle.mapReduce(i -> "", Range.of(0), String::concat, "id").get());
    assertEquals(7, heddle.mapReduceToLong(i -> i, Range.of(0), Long::sum, 7).get());
    assertEquals(List.of(), heddle.map(Tasks::same, List.of()).get());
    TaskFuture<List<Integer>> none = heddle.submit(() -> List.of());
    ListArrayFuture<Integer> array = heddle.map(x -> x, none);
    assertEquals(List.of(), array.get());
    assertEquals(0, array.size());
    assertEquals(0, heddle.mapToLong(i -> i, Range.of(0)).stream().count());
  }

  private static void steps(Heddle heddle) throws Exception {
    assertArrayEquals(new long[] {3, 8, 13}, heddle.mapToLong(i -> i, Range.of(3, 14).by(5)).get());
    assertEquals(
        LongStream.range(0, 5_000).map(i -> 10 + i * 3).sum(),
        heddle.mapReduceToLong(i -> i, Range.of(10, 15_010).by(3), Long::sum, 0).get());
    ArrayFuture<Long> failing =
        heddle.mapReduceToLong(
            i -> {
              if (i == 16) {
                throw new IOException("sixteen");
              }
              return i;
            },
            Range.of(10, 25).by(3),
            Long::sum,
            0);
    assertEquals(16, Expect.failure(ArrayException.class, failing).failures().getFirst().index());
    assertEquals(List.of(new Range(16, 17, 3)), failing.failedRanges());
  }

  private static void wrongRanges(Heddle heddle) {
    assertThrows(IllegalArgumentException.class, () -> Range.of(5, 4));
    assertThrows(IllegalArgumentException.class, () -> Range.of(10).by(0));
    assertThrows(IllegalArgumentException.class, () -> Range.of(Long.MIN_VALUE, Long.MAX_VALUE));
    assertThrows(IndexOutOfBoundsException.class, () -> Range.of(4).index(4));
    Throwable large =
        assertThrows(
            IllegalArgumentException.class, () -> heddle.mapToLong(i -> i, Range.of(1L << 33)));
    Expect.contains(large, "8589934592 indices", "valueBytesMax");
  }

  private static void dependency(Heddle heddle) throws Exception {
    ListArrayFuture<Integer> squares = heddle.map(i -> (int) (i * i), Range.of(1_000));
    LongArrayFuture longs = heddle.mapToLong(i -> i, Range.of(MANY));
    ArrayFuture<Long> sum = heddle.mapReduceToLong(i -> i, Range.of(10), Long::sum, 0);
    assertEquals(332_833_500L, squares.then(Tasks::sum).get());
    assertEquals(
        4_999_950_000L + 45,
        heddle.with(longs, sum).submit((all, more) -> Arrays.stream(all).sum() + more).get());
    List<TaskFuture<List<Integer>>> container = List.of(squares);
    assertEquals(
        1_000, heddle.with(container).submit(inside -> inside.getFirst().get().size()).get());
    assertEquals(2, heddle.all(List.of(squares, longs)).get().size());
    ListArrayFuture<String> wide = heddle.map(i -> "x".repeat(400) + i, Range.of(2_000));
    assertEquals(2_000, wide.then(list -> list.size()).get(), "larger than what travels inline");
    assertEquals("x".repeat(400) + 1_999, wide.then(list -> list.getLast()).get());
    assertEquals(999 * 999, squares.part(list -> list.get(999)).get());
  }

  private static void captures(Heddle heddle) throws Exception {
    long offset = 100;
    String between = "-";
    int[] table = {5, 6, 7};
    assertArrayEquals(
        new long[] {105, 107, 109},
        heddle.mapToLong(i -> table[(int) i] + offset + i, Range.of(3)).get());
    assertEquals(
        "100-101-102",
        heddle.mapReduce(i -> "" + (i + offset), Range.of(3), (a, b) -> a + between + b, "").get());
    // the combiner's captures are known where nothing but combining happens too
    StringBuilder expected = new StringBuilder("0");
    for (int i = 1; i < 2_000; i++) {
      expected.append(between).append(i);
    }
    assertEquals(
        expected.toString(),
        heddle.mapReduce(i -> "" + i, Range.of(2_000), (a, b) -> a + between + b, "").get());
  }

  private static void largeCaptures(Heddle heddle) throws Exception {
    byte[] large = Tasks.large(100_000, 3);
    byte[] other = Tasks.large(60_000, 9);
    long sum = Tasks.checksum(large);
    assertEquals(
        200 * sum,
        heddle
            .mapReduceToLong(
                i -> Tasks.checksum(large),
                Range.of(200),
                (a, b) -> a + b + (other.length - 60_000),
                0)
            .get());
    ListArrayFuture<Integer> lengths =
        heddle.map(i -> large.length + other.length + i.intValue(), Range.of(30));
    assertEquals(160_029, lengths.get().getLast());
    // larger than a message, smaller than a large value: the descriptor comes in bulk
    byte[] medium = Tasks.large(20_000, 1);
    assertEquals(
        20_000 * 300L,
        heddle.mapReduceToLong(i -> medium.length, Range.of(300), Long::sum, 0).get());
  }

  private static String failThirds(long index) throws IOException {
    if (index % 3 == 0) {
      throw new IOException("index " + index + " can't be divided");
    }
    return "ok" + index;
  }

  private static void failures(Heddle heddle) throws Exception {
    ListArrayFuture<String> array = heddle.map(ArrayBehaviours::failThirds, Range.of(1, 1_000));
    ArrayException failed = Expect.failure(ArrayException.class, array);
    Expect.contains(failed, "333 of 999 indices", "index=3", "index 3 can't be divided");
    assertEquals(333, failed.failedCount());
    assertEquals(333, array.failedCount());
    assertEquals(999, array.doneCount());
    IndexFailure first = array.failures().getFirst();
    assertEquals(3, first.index());
    IOException cause = assertInstanceOf(IOException.class, first.cause());
    assertEquals("failThirds", cause.getStackTrace()[0].getMethodName(), "the remote stack");
    assertEquals(array.taskId(), Expect.origin(cause).taskId());
    assertEquals(16, array.failures().size());
    assertEquals(
        LongStream.range(1, 334).mapToObj(i -> new Range(3 * i, 3 * i + 1, 1)).toList(),
        array.failedRanges());
    assertFalse(array.isCancelled());
  }

  private static void failedReduction(Heddle heddle) {
    ArrayFuture<Long> array =
        heddle.mapReduceToLong(
            i -> {
              if (i == 500 || i == 501 || i == 7_777) {
                throw new IllegalStateException("bad " + i);
              }
              return i;
            },
            Range.of(10_000),
            Long::sum,
            0);
    ArrayException failed = Expect.failure(ArrayException.class, array);
    Expect.contains(failed, "3 of 10000", "index=500", "bad 500");
    assertEquals(
        List.of(500L, 501L, 7_777L), failed.failures().stream().map(IndexFailure::index).toList());
    assertEquals(List.of(Range.of(500, 502), Range.of(7_777, 7_778)), array.failedRanges());
  }

  private static void allFail(Heddle heddle) {
    LongArrayFuture array =
        heddle.mapToLong(
            i -> {
              throw new IllegalStateException("no");
            },
            Range.of(2_000));
    assertEquals(2_000, Expect.failure(ArrayException.class, array).failedCount());
    assertEquals(List.of(Range.of(2_000)), array.failedRanges());
    assertTrue(array.failures().size() <= 16);
  }

  private static void failingCombiner(Heddle heddle) {
    Combiner<Long> refuses =
        (a, b) -> {
          throw new IOException("can't combine");
        };
    ArrayFuture<Long> array = heddle.mapReduce(i -> i, Range.of(1_000), refuses, 0L);
    ArrayException failed = Expect.failure(ArrayException.class, array);
    Expect.contains(failed, "can't combine");
    assertTrue(failed.failedCount() > 0);
  }

  private static void unsendable(Heddle heddle) {
    ListArrayFuture<Object> array =
        heddle.map(i -> i == 70 ? Tasks.sampleWith("reader") : "fine" + i, Range.of(100));
    ArrayException failed = Expect.failure(ArrayException.class, array);
    Expect.contains(failed, "1 of 100", "index=70", "java.io.StringReader");
    assertEquals(List.of(Range.of(70, 71)), array.failedRanges());
  }

  private static void dependents(Heddle heddle) throws Exception {
    ListArrayFuture<String> array = heddle.map(ArrayBehaviours::failThirds, Range.of(5));
    DependencyException dependent =
        Expect.failure(DependencyException.class, array.then(list -> list.size()));
    assertEquals(array.taskId(), dependent.rootTaskId());
    assertInstanceOf(ArrayException.class, dependent.getCause());
    ListArrayFuture<String> never =
        heddle.map(x -> "" + x, heddle.submit(Tasks::fail, "dead").part(x -> List.of(x)));
    Expect.failure(DependencyException.class, never);
    assertEquals(0, never.doneCount());
  }

  private static String onlyWhenOpen(Gate gate, Journal journal, long index) throws IOException {
    if (index % 10 == 4) {
      journal.write("" + index);
      if (!gate.isOpen()) {
        throw new IOException("closed for " + index);
      }
    }
    return "n" + index;
  }

  private static void retry(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create();
        Journal journal = Journal.create();
        Journal others = Journal.create()) {
      ListArrayFuture<String> array =
          heddle.map(
              i -> {
                if (i == 55) {
                  others.write("55");
                }
                return onlyWhenOpen(gate, journal, i);
              },
              Range.of(200));
      assertEquals(20, Expect.failure(ArrayException.class, array).failedCount());
      assertEquals(20, journal.count());
      ListArrayFuture<String> stillClosed = array.retry();
      assertEquals(20, Expect.failure(ArrayException.class, stillClosed).failedCount());
      assertEquals(40, journal.count());
      gate.open();
      ListArrayFuture<String> again = stillClosed.retry();
      List<String> expected = IntStream.range(0, 200).mapToObj(i -> "n" + i).toList();
      assertEquals(expected, again.get());
      assertEquals(expected, again.stream().toList());
      assertEquals(60, journal.count(), "only what failed ran again");
      assertEquals(1, others.count());
      assertEquals(200, again.doneCount());
      assertEquals(0, again.failedCount());
      assertEquals(20, array.failedCount(), "the first stays as it was");
      assertEquals(200, again.then(list -> list.size()).get());
    }
  }

  private static long longWhenOpen(Gate gate, long index) throws IOException {
    if (index % 1_000 == 17 && !gate.isOpen()) {
      throw new IOException("closed");
    }
    return index;
  }

  private static void retryReduction(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      ArrayFuture<String> text =
          heddle.mapReduce(i -> longWhenOpen(gate, i) + ",", Range.of(5_000), String::concat, "");
      ArrayFuture<Long> sum =
          heddle.mapReduceToLong(i -> longWhenOpen(gate, i), Range.of(5_000), Long::sum, 0);
      LongArrayFuture kept = heddle.mapToLong(i -> longWhenOpen(gate, i), Range.of(5_000));
      assertEquals(5, Expect.failure(ArrayException.class, text).failedCount());
      assertEquals(5, Expect.failure(ArrayException.class, sum).failedCount());
      assertEquals(5, Expect.failure(ArrayException.class, kept).failedCount());
      gate.open();
      assertEquals(
          LongStream.range(0, 5_000).mapToObj(i -> i + ",").collect(Collectors.joining()),
          text.retry().get());
      assertEquals(12_497_500L, sum.retry().get());
      assertArrayEquals(LongStream.range(0, 5_000).toArray(), kept.retry().get());
    }
  }

  private static void noRetry(Heddle heddle) throws Exception {
    LongArrayFuture good = heddle.mapToLong(i -> i, Range.of(10));
    good.get();
    assertThrows(IllegalStateException.class, good::retry);
    try (Gate gate = Gate.create()) {
      ListArrayFuture<Integer> held = heddle.map(i -> Gate.pass(gate, 1), Range.of(1));
      assertThrows(IllegalStateException.class, held::retry);
      gate.open();
      held.get();
    }
  }

  private static void streams(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      LongArrayFuture longs =
          heddle.mapToLong(i -> i == 3_000 ? Gate.pass(gate, i) : 2 * i, Range.of(3_001));
      assertArrayEquals(
          LongStream.range(0, 100).map(i -> 2 * i).toArray(),
          longs.stream().limit(100).toArray(),
          "while the last is held");
      assertFalse(longs.isDone());
      gate.open();
      assertEquals(LongStream.range(0, 3_000).map(i -> 2 * i).sum() + 3_000, longs.stream().sum());
      assertEquals(3_001, longs.stream().count());
    }
    ListArrayFuture<String> words = heddle.map(i -> "w" + i, Range.of(2_000));
    assertEquals(
        IntStream.range(0, 2_000).mapToObj(i -> "w" + i).toList(), words.stream().toList());
    assertEquals(words.get(), words.stream().toList());
    assertEquals(124_750.0, heddle.mapToDouble(i -> i, Range.of(500)).stream().sum());
    TaskFuture<List<Integer>> later = heddle.submit(() -> List.of(4, 5));
    assertEquals(List.of(5, 6), heddle.map(x -> x + 1, later).stream().toList());
  }

  private static void failedStream(Heddle heddle) {
    ListArrayFuture<String> array = heddle.map(ArrayBehaviours::failThirds, Range.of(1, 9));
    List<String> seen = new ArrayList<>();
    ArrayException failed =
        assertThrows(ArrayException.class, () -> array.stream().forEach(seen::add));
    assertEquals(List.of("ok1", "ok2"), seen);
    assertEquals(3, failed.failures().getFirst().index());
    LongArrayFuture longs =
        heddle.mapToLong(
            i -> {
              if (i == 2) {
                throw new IOException("two");
              }
              return i;
            },
            Range.of(4));
    assertThrows(ArrayException.class, () -> longs.stream().sum());
  }

  private static void cancel(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create();
        Journal journal = Journal.create()) {
      LongArrayFuture array =
          heddle.mapToLong(
              i -> {
                journal.write("started");
                return Gate.pass(gate, i);
              },
              Range.of(1_000_000));
      journal.await(1);
      assertTrue(array.cancel(true));
      assertTrue(array.isCancelled());
      assertThrows(CancellationException.class, array::get);
      assertThrows(CancellationException.class, () -> array.stream().sum());
      // the slots are free again though the gate is closed
      List<TaskFuture<Integer>> after = new ArrayList<>();
      for (int i = 0; i < 2 * heddle.slots(); i++) {
        after.add(heddle.submit(Tasks::twice, i));
      }
      heddle.all(after).get();
      assertTrue(journal.count() < 10_000, "indices that began: " + journal.count());
      assertThrows(IllegalStateException.class, array::retry);
    }
  }

  private static void cancelSlow(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create();
        Journal journal = Journal.create()) {
      // so quick at first that many are done between two looks at the clock
      ArrayFuture<Long> array =
          heddle.mapReduceToLong(
              i -> {
                if (i > 200_000) {
                  journal.write("slow");
                  TimeUnit.MILLISECONDS.sleep(20);
                }
                return gate.file().length() + i;
              },
              Range.of(1L << 40),
              Long::sum,
              0);
      journal.await(3);
      assertTrue(array.cancel(false));
      List<TaskFuture<Integer>> after = new ArrayList<>();
      for (int i = 0; i < 2 * heddle.slots(); i++) {
        after.add(heddle.submit(Tasks::twice, i));
      }
      heddle.all(after).get();
    }
  }

  private static void mixed(Heddle heddle) throws Exception {
    ArrayFuture<Long> array =
        heddle.mapReduceToLong(ArrayBehaviours::mixed, Range.of(20_000_000), Long::sum, 0);
    List<TaskFuture<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      tasks.add(heddle.submit(Tasks::twice, i));
    }
    LongArrayFuture other = heddle.priority(3).mapToLong(i -> i, Range.of(1_000));
    for (int i = 0; i < 200; i++) {
      assertEquals(2 * i, tasks.get(i).get());
    }
    assertEquals(499_500, Arrays.stream(other.get()).sum());
    assertEquals(LongStream.range(0, 20_000_000).map(ArrayBehaviours::mixed).sum(), array.get());
  }

  private static void manySmall(Heddle heddle) throws Exception {
    List<ArrayFuture<Long>> arrays = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      long base = i;
      arrays.add(heddle.mapReduceToLong(n -> base + n, Range.of(i % 12), Long::sum, -1));
    }
    for (int i = 0; i < 150; i++) {
      long base = i;
      long expected = i % 12 == 0 ? -1 : LongStream.range(0, i % 12).map(n -> base + n).sum();
      assertEquals(expected, arrays.get(i).get(), "array " + i);
    }
  }

  private static void views(Heddle heddle) throws Exception {
    ListArrayFuture<String> labels =
        heddle.label("spectra").map(i -> TaskContext.current().label() + i, Range.of(3));
    assertEquals(List.of("spectra0", "spectra1", "spectra2"), labels.get());
    assertEquals("spectra", labels.label());
    try (Gate gate = Gate.create()) {
      List<ListArrayFuture<Integer>> inside = new ArrayList<>();
      heddle
          .scope(OnLeave.CANCEL)
          .run(s -> inside.add(s.map(i -> Gate.pass(gate, 1), Range.of(50))));
      assertThrows(CancellationException.class, inside.getFirst()::get);
    }
  }

  private static void bodyThrows(Way way) {
    IllegalStateException thrown = new IllegalStateException("in the middle");
    try {
      way.run(
          heddle -> {
            LongArrayFuture array = heddle.mapToLong(i -> i, Range.of(1_000_000));
            ArrayFuture<Long> endless =
                heddle.mapReduceToLong(ArrayBehaviours::mixed, Range.of(1L << 50), Long::sum, 0);
            assertEquals(45, array.stream().limit(10).sum());
            assertFalse(endless.isDone());
            throw thrown;
          });
      assertFalse(way.mpi() && thrown.getMessage() == null, "other ranks return");
    } catch (IllegalStateException e) {
      assertEquals(thrown.getMessage(), e.getMessage());
    }
  }

  private static void pending(Way way) {
    boolean _ =
        way.run(
            builder -> builder.pendingTasksMax(2),
            heddle -> {
              try (Gate gate = Gate.create()) {
                TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 1);
                LongArrayFuture array = heddle.mapToLong(i -> 3 * i, Range.of(10_000));
                gate.open();
                assertEquals(1, held.get());
                assertEquals(3 * 49_995_000L, Arrays.stream(array.get()).sum());
              }
            });
  }
}
