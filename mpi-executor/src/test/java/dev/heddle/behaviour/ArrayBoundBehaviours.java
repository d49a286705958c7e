package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.ArrayException;
import dev.heddle.ArrayFuture;
import dev.heddle.Combiner;
import dev.heddle.DependencyException;
import dev.heddle.Fn1;
import dev.heddle.Heddle;
import dev.heddle.ListArrayFuture;
import dev.heddle.LongArrayFuture;
import dev.heddle.Range;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.function.Executable;

/// What arrays are given, and what they give back at their bounds.
final class ArrayBoundBehaviours {
  private ArrayBoundBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("futures that an array captures", ArrayBoundBehaviours::capturedFutures),
        new Scenario("wrong arguments of arrays", ArrayBoundBehaviours::wrongArguments),
        new Scenario("every other index fails", ArrayBoundBehaviours::everyOther));
  }

  static List<RunScenario> runs() {
    return List.of(
        new RunScenario(
            "results of an array as long as they may be", ArrayBoundBehaviours::longest));
  }

  private static void capturedFutures(Heddle heddle) throws Exception {
    TaskFuture<Integer> one = heddle.submit(Tasks::twice, 50);
    List<TaskFuture<Integer>> some = List.of(one, heddle.submit(Tasks::twice, 4), one);
    TaskFuture<byte[]> large = heddle.submit(() -> Tasks.large(100_000, 3));
    assertArrayEquals(
        new long[] {100, 101, 102}, heddle.mapToLong(i -> one.get() + i, Range.of(3)).get());
    assertEquals(
        List.of(108L, 208L),
        heddle
            .map(
                i -> (i == 1 ? some.get(2).get() : 0) + some.get(0).get() + some.get(1).get() + 0L,
                Range.of(2))
            .get());
    assertEquals(
        4_950 + 99 * 100L,
        heddle.mapReduce(i -> i, Range.of(100), (a, b) -> a + b + one.get(), 0L).get());
    assertEquals(
        200 * 100_000L,
        heddle.mapReduceToLong(i -> large.get().length, Range.of(200), Long::sum, 0).get());
    assertEquals(
        List.of(105, 106), heddle.map(x -> x + one.get(), List.of(5, 6)).get(), "beside a list");
    TaskFuture<long[]> array = heddle.mapToLong(i -> i * i, Range.of(20_000));
    ArrayFuture<Long> sum =
        heddle.mapReduceToLong(i -> array.get()[(int) i], Range.of(20_000), Long::sum, 0);
    assertEquals(LongStream.range(0, 20_000).map(i -> i * i).sum(), sum.get(), "another array's");
    LongArrayFuture declared = heddle.mapToLong(i -> i, Range.of(2));
    Throwable refused =
        assertThrows(
            TaskSerializationException.class,
            () -> heddle.mapToLong(i -> declared.get()[0], Range.of(2)));
    Expect.contains(refused, "future of an array", "declare the variable as a TaskFuture");
    TaskFuture<Integer> broken = heddle.submit(Tasks::fail, "no input");
    ArrayFuture<Long> never =
        heddle.mapReduceToLong(i -> i + broken.get(), Range.of(9), Long::sum, 0);
    assertEquals(broken.taskId(), Expect.failure(DependencyException.class, never).rootTaskId());
    assertEquals(0, never.doneCount());
  }

  @SuppressWarnings("NullAway") // wrong on purpose
  private static void wrongArguments(Heddle heddle) throws Exception {
    Range three = Range.of(3);
    Fn1<Long, Long> none = null;
    Fn1<Long, Long> same = i -> i;
    List<Long> noList = null;
    Range noRange = null;
    Combiner<Long> noCombiner = null;
    for (var wrong :
        List.<Map.Entry<String, Executable>>of(
            Map.entry("function", () -> heddle.map(none, three)),
            Map.entry("range", () -> heddle.map(same, noRange)),
            Map.entry("range", () -> heddle.mapToLong(i -> i, noRange)),
            Map.entry("range", () -> heddle.mapToDouble(i -> i, noRange)),
            Map.entry("range", () -> heddle.mapReduce(same, noRange, Long::sum, 0L)),
            Map.entry("range", () -> heddle.mapReduceToLong(i -> i, noRange, Long::sum, 0)),
            Map.entry("list", () -> heddle.map(same, noList)),
            Map.entry("list", () -> heddle.mapReduce(same, noList, Long::sum, 0L)),
            Map.entry("combiner", () -> heddle.mapReduce(same, three, noCombiner, 0L)))) {
      assertEquals(
          wrong.getKey(), assertThrows(NullPointerException.class, wrong.getValue()).getMessage());
    }
    Object unsendable = Tasks.sampleWith("reader");
    Expect.contains(
        assertThrows(
            TaskSerializationException.class,
            () -> heddle.mapReduce(i -> unsendable, Range.of(3), (a, b) -> a, "")),
        "capture 0",
        "java.io.StringReader");
    Expect.contains(
        assertThrows(
            TaskSerializationException.class,
            () -> heddle.mapReduce(i -> (Object) i, Range.of(3), (a, b) -> a, unsendable)),
        "identity",
        "java.io.StringReader");
  }

  private static void everyOther(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      ArrayFuture<Long> array =
          heddle.mapReduceToLong(
              i -> {
                if (i % 2 == 1 && !gate.isOpen()) {
                  throw new IllegalStateException("odd " + i);
                }
                return i;
              },
              Range.of(4_000),
              Long::sum,
              0);
      ArrayException failed = Expect.failure(ArrayException.class, array);
      Expect.contains(failed, "2000 of 4000", "index=1 ");
      assertEquals(
          IntStream.range(0, 2_000).mapToObj(i -> Range.of(2 * i + 1, 2 * i + 2)).toList(),
          array.failedRanges());
      assertEquals(16, failed.failures().size());
      gate.open();
      assertEquals(3_999 * 2_000, array.retry().get());
    }
  }

  private static void longest(Way way) {
    boolean _ =
        way.run(
            builder -> builder.valueBytesMax(100_000),
            heddle -> {
              // in sum far more than a value may have
              ListArrayFuture<byte[]> wide = heddle.map(i -> new byte[60_000], Range.of(100));
              assertEquals(100, wide.stream().filter(bytes -> bytes.length == 60_000).count());
              ListArrayFuture<byte[]> some =
                  heddle.map(i -> new byte[i == 7 ? 200_000 : 99_000], Range.of(20));
              Expect.contains(
                  Expect.failure(ArrayException.class, some),
                  "1 of 20",
                  "index=7",
                  "valueBytesMax");
              ArrayFuture<byte[]> gaps =
                  heddle.mapReduce(
                      i -> {
                        if (i % 3 == 0) {
                          throw new IOException("third " + i);
                        }
                        return new byte[99_000];
                      },
                      Range.of(90),
                      (a, b) -> b,
                      new byte[0]);
              assertEquals(30, Expect.failure(ArrayException.class, gaps).failedCount());
              ArrayFuture<String> growing =
                  heddle.mapReduce(i -> "x".repeat(1_000), Range.of(500), String::concat, "");
              Expect.contains(
                  Expect.failure(ArrayException.class, growing), "bytes", "valueBytesMax");
              assertEquals(12_000, heddle.mapToLong(i -> i, Range.of(12_000)).get().length);
            });
  }
}
