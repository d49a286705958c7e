package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values and futures: what goes in, what comes out.
final class ResultBehaviours {
  private static final int LARGE_BYTES = 100_000;

  private ResultBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("result of an immediate task", ResultBehaviours::immediate),
        new Scenario("result of a dependent task", ResultBehaviours::dependent),
        new Scenario("branches that join again", ResultBehaviours::diamond),
        new Scenario("fan-out and fan-in of 500 tasks by all", ResultBehaviours::fanIn),
        new Scenario("all of nothing, and all of all", ResultBehaviours::allOfAll),
        new Scenario("values and futures mixed", ResultBehaviours::mixed),
        new Scenario("captures travel", ResultBehaviours::captures),
        new Scenario("a task shares no object with its caller", ResultBehaviours::copies),
        new Scenario("a result is a copy", ResultBehaviours::resultCopies),
        new Scenario("null as argument and result", ResultBehaviours::nulls),
        new Scenario("values keep their types", ResultBehaviours::types),
        new Scenario("large argument", ResultBehaviours::largeArgument),
        new Scenario("large result", ResultBehaviours::largeResult),
        new Scenario("large capture", ResultBehaviours::largeCapture),
        new Scenario("large value shared by 200 tasks", ResultBehaviours::largeShared),
        new Scenario("large values in a list", ResultBehaviours::largeList),
        new Scenario("values on both sides of the inline bound", ResultBehaviours::inlineBound));
  }

  private static void immediate(Heddle heddle) throws Exception {
    TaskFuture<Integer> future = heddle.submit(Tasks::answer);
    assertEquals(42, future.get());
    assertTrue(future.isDone());
    assertEquals(42, future.get(), "a second time");
  }

  private static void dependent(Heddle heddle) throws Exception {
    TaskFuture<Integer> first = heddle.submit(Tasks::answer);
    TaskFuture<Integer> second = heddle.submit(Tasks::twice, first);
    assertEquals(85, second.then(Tasks::increment).get());
    assertEquals(84, heddle.submit(Tasks::twice, first).get(), "of a task that is done");
  }

  private static void diamond(Heddle heddle) throws Exception {
    TaskFuture<Integer> top = heddle.submit(Tasks::answer);
    TaskFuture<Integer> left = top.then(Tasks::twice);
    TaskFuture<Integer> right = top.then(Tasks::increment);
    assertEquals(84 - 43, heddle.with(left, right).submit((a, b) -> a - b).get());
    assertEquals(84, heddle.with(top, top).submit(Integer::sum).get(), "one future twice");
  }

  private static void fanIn(Heddle heddle) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      futures.add(heddle.submit(Tasks::twice, i));
    }
    TaskFuture<List<Integer>> all = heddle.all(futures);
    assertEquals(500L * 499, heddle.submit(Tasks::sum, all).get());
    List<Integer> values = all.get();
    for (int i = 0; i < 500; i++) {
      assertEquals(2 * i, values.get(i), "order");
    }
  }

  private static void allOfAll(Heddle heddle) throws Exception {
    List<TaskFuture<Integer>> none = List.of();
    assertEquals(List.of(), heddle.all(none).get());
    assertEquals(0L, heddle.submit(Tasks::sum, heddle.all(none)).get());
    TaskFuture<List<Integer>> inner =
        heddle.all(List.of(heddle.submit(Tasks::answer), heddle.submit(Tasks::twice, 1)));
    TaskFuture<List<List<Integer>>> outer = heddle.all(List.of(inner, inner));
    assertEquals(
        List.of(List.of(42, 2), List.of(42, 2)),
        heddle.with(outer).submit(lists -> new ArrayList<>(lists)).get());
  }

  private static void mixed(Heddle heddle) throws Exception {
    TaskFuture<Integer> future = heddle.submit(Tasks::answer);
    assertEquals(40, heddle.with(future, 2).submit((a, b) -> a - b).get());
    assertEquals(-40, heddle.with(2, future).submit((a, b) -> a - b).get());
    assertEquals(
        "1-42-x", heddle.with(1, future, "x").submit((a, b, c) -> a + "-" + b + "-" + c).get());
  }

  private static void captures(Heddle heddle) throws Exception {
    int number = 7;
    String text = "seven";
    List<Integer> list = List.of(1, 2, 3);
    Tasks.Point point = new Tasks.Point(3, "p");
    assertEquals(
        "7seven[1, 2, 3]p5",
        heddle.with(5).submit(a -> number + text + list + point.label() + a).get());
    for (int i = 0; i < 20; i++) {
      int captured = i;
      assertEquals(i, heddle.submit(() -> captured).get(), "each time its own");
    }
  }

  private static void copies(Heddle heddle) throws Exception {
    List<Integer> mine = new ArrayList<>(List.of(1, 2));
    TaskFuture<Integer> size =
        heddle
            .with(mine)
            .submit(
                list -> {
                  list.add(3);
                  return list.size();
                });
    mine.clear();
    assertEquals(3, size.get(), "the task got what was there at submit");
    assertEquals(List.of(), mine, "the task changed its own copy");
  }

  /// What a task has returned, where it ran in this JVM.
  private static volatile @Nullable List<Integer> returned;

  private static List<Integer> keep() {
    List<Integer> list = new ArrayList<>(List.of(1));
    returned = list;
    return list;
  }

  private static void resultCopies(Heddle heddle) throws Exception {
    TaskFuture<List<Integer>> future = heddle.submit(ResultBehaviours::keep);
    assertNotSame(returned, future.get());
    assertEquals(List.of(1), future.get());
    TaskFuture<Integer> behind =
        future.then(
            list -> {
              list.add(2);
              return list.size();
            });
    assertEquals(2, behind.get());
    assertEquals(1, future.get().size(), "each dependent has its own");
  }

  private static void nulls(Heddle heddle) throws Exception {
    TaskFuture<@Nullable Object> none = heddle.submit(Tasks::same, (@Nullable Object) null);
    assertNull(none.get());
    assertNull(none.then(Tasks::same).get(), "through a future");
    assertNull(heddle.all(List.of(none)).get().getFirst(), "in a list");
  }

  private static void types(Heddle heddle) throws Exception {
    Map<String, Object> value =
        Map.of("point", new Tasks.Point(1, null), "array", List.of(1L, 2.0, 'c'), "text", "ü€");
    assertEquals(value, heddle.submit(Tasks::same, value).get());
    assertEquals(Tasks.Kind.SECOND, heddle.submit(Tasks::same, Tasks.Kind.SECOND).get(), "enum");
    assertEquals(
        java.time.Duration.ofMillis(7),
        heddle.submit(Tasks::same, java.time.Duration.ofMillis(7)).get());
    assertArrayEquals(new int[] {1, 2}, (int[]) heddle.submit(Tasks::same, new int[] {1, 2}).get());
  }

  private static void largeArgument(Heddle heddle) throws Exception {
    byte[] value = Tasks.large(LARGE_BYTES, 1);
    TaskFuture<Long> sum = heddle.submit(Tasks::checksum, value);
    value[0]++;
    assertNotEquals(Tasks.checksum(value), sum.get());
    value[0]--;
    assertEquals(Tasks.checksum(value), sum.get());
  }

  private static void largeResult(Heddle heddle) throws Exception {
    TaskFuture<byte[]> value = heddle.submit(Tasks::large, LARGE_BYTES, 2);
    assertEquals(Tasks.checksum(Tasks.large(LARGE_BYTES, 2)), value.then(Tasks::checksum).get());
    assertArrayEquals(Tasks.large(LARGE_BYTES, 2), value.get());
    assertArrayEquals(
        Tasks.large(3_000_000, 3), heddle.submit(Tasks::large, 3_000_000, 3).get(), "3 MB");
  }

  private static void largeCapture(Heddle heddle) throws Exception {
    byte[] value = Tasks.large(LARGE_BYTES, 4);
    assertEquals(
        Tasks.checksum(value) + 5, heddle.with(5).submit(a -> Tasks.checksum(value) + a).get());
  }

  private static void largeShared(Heddle heddle) throws Exception {
    TaskFuture<byte[]> value = heddle.submit(Tasks::large, LARGE_BYTES, 6);
    long expected = Tasks.checksum(Tasks.large(LARGE_BYTES, 6));
    List<TaskFuture<Long>> sums = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      sums.add(heddle.submit(Tasks::checksumWith, value, i));
    }
    for (int i = 0; i < sums.size(); i++) {
      assertEquals(expected + i, sums.get(i).get());
    }
  }

  private static void largeList(Heddle heddle) throws Exception {
    List<TaskFuture<byte[]>> parts = new ArrayList<>();
    long expected = 0;
    for (int i = 0; i < 5; i++) {
      parts.add(heddle.submit(Tasks::large, i % 2 == 0 ? LARGE_BYTES : 10, i));
      expected += Tasks.checksum(Tasks.large(i % 2 == 0 ? LARGE_BYTES : 10, i));
    }
    TaskFuture<List<byte[]>> all = heddle.all(parts);
    assertEquals(
        expected,
        heddle.with(all).submit(list -> list.stream().mapToLong(Tasks::checksum).sum()).get());
    assertEquals(5, all.get().size());
  }

  private static void inlineBound(Heddle heddle) throws Exception {
    for (int bytes = 32_768 - 20; bytes <= 32_768 + 20; bytes += 4) {
      byte[] value = Tasks.large(bytes, bytes);
      assertArrayEquals(value, (byte[]) heddle.submit(Tasks::same, (Object) value).get());
    }
  }
}
