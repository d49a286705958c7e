package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.List;

/// Functions of 0 to 5 arguments in both forms, values and futures mixed.
final class ArityBehaviours {
  private ArityBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("functions of 0 to 5 values, function first", ArityBehaviours::valuesAfter),
        new Scenario("functions of 0 to 5 futures, function first", ArityBehaviours::futuresAfter),
        new Scenario("functions of 2 to 5 arguments mixed, function first", ArityBehaviours::mixed),
        new Scenario("functions of 1 to 5 values, arguments first", ArityBehaviours::valuesBefore),
        new Scenario("functions of 1 to 5 futures, arguments first", ArityBehaviours::before),
        new Scenario("functions of 2 to 5 arguments mixed, arguments first", ArityBehaviours::mix),
        new Scenario("overloaded and generic methods, constructors", ArityBehaviours::references),
        new Scenario("procedures of 0 to 5 arguments", ArityBehaviours::procedures),
        new Scenario("a procedure that fails", ArityBehaviours::failingProcedure),
        new Scenario("then runs on a worker and takes one value", ArityBehaviours::then));
  }

  // ---- tasks

  private static String zero() {
    return "-";
  }

  private static String one(int a) {
    return "" + a;
  }

  private static String two(int a, String b) {
    return a + b;
  }

  private static String three(int a, String b, double c) {
    return a + b + c;
  }

  private static String four(int a, String b, double c, char d) {
    return a + b + c + d;
  }

  private static String five(int a, String b, double c, char d, List<Long> e) {
    return a + b + c + d + e;
  }

  private static void note0() {}

  // ---- function first

  private static void valuesAfter(Heddle heddle) throws Exception {
    assertEquals("-", heddle.submit(ArityBehaviours::zero).get());
    assertEquals("1", heddle.submit(ArityBehaviours::one, 1).get());
    assertEquals("1b", heddle.submit(ArityBehaviours::two, 1, "b").get());
    assertEquals("1b2.5", heddle.submit(ArityBehaviours::three, 1, "b", 2.5).get());
    assertEquals("1b2.5d", heddle.submit(ArityBehaviours::four, 1, "b", 2.5, 'd').get());
    assertEquals(
        "1b2.5d[7]", heddle.submit(ArityBehaviours::five, 1, "b", 2.5, 'd', List.of(7L)).get());
  }

  private static void futuresAfter(Heddle heddle) throws Exception {
    TaskFuture<Integer> a = heddle.submit(() -> 1);
    TaskFuture<String> b = heddle.submit(() -> "b");
    TaskFuture<Double> c = heddle.submit(() -> 2.5);
    TaskFuture<Character> d = heddle.submit(() -> 'd');
    TaskFuture<List<Long>> e = heddle.submit(() -> List.of(7L));
    assertEquals("1", heddle.submit(ArityBehaviours::one, a).get());
    assertEquals("1b", heddle.submit(ArityBehaviours::two, a, b).get());
    assertEquals("1b2.5", heddle.submit(ArityBehaviours::three, a, b, c).get());
    assertEquals("1b2.5d", heddle.submit(ArityBehaviours::four, a, b, c, d).get());
    assertEquals("1b2.5d[7]", heddle.submit(ArityBehaviours::five, a, b, c, d, e).get());
  }

  private static void mixed(Heddle heddle) throws Exception {
    TaskFuture<Integer> a = heddle.submit(() -> 1);
    TaskFuture<String> b = heddle.submit(() -> "b");
    TaskFuture<Double> c = heddle.submit(() -> 2.5);
    TaskFuture<List<Long>> e = heddle.submit(() -> List.of(7L));
    assertEquals("1b", heddle.submit(ArityBehaviours::two, a, "b").get());
    assertEquals("1b", heddle.submit(ArityBehaviours::two, 1, b).get());
    assertEquals("1b2.5", heddle.submit(ArityBehaviours::three, 1, b, 2.5).get());
    assertEquals("1b2.5", heddle.submit(ArityBehaviours::three, a, "b", c).get());
    assertEquals("1b2.5d", heddle.submit(ArityBehaviours::four, 1, "b", c, 'd').get());
    assertEquals("1b2.5d", heddle.submit(ArityBehaviours::four, a, b, 2.5, 'd').get());
    assertEquals("1b2.5d[7]", heddle.submit(ArityBehaviours::five, 1, b, 2.5, 'd', e).get());
    assertEquals(
        "1b2.5d[7]", heddle.submit(ArityBehaviours::five, a, "b", c, 'd', List.of(7L)).get());
  }

  // ---- arguments first

  private static void valuesBefore(Heddle heddle) throws Exception {
    assertEquals("1", heddle.with(1).submit(a -> "" + a).get());
    assertEquals("1b", heddle.with(1, "b").submit((a, b) -> a + b).get());
    assertEquals("1b2.5", heddle.with(1, "b", 2.5).submit((a, b, c) -> a + b + c).get());
    assertEquals(
        "1b2.5d", heddle.with(1, "b", 2.5, 'd').submit((a, b, c, d) -> a + b + c + d).get());
    assertEquals(
        "1b2.5d[7]",
        heddle
            .with(1, "b", 2.5, 'd', List.of(7L))
            .submit((a, b, c, d, e) -> a + b + c + d + e)
            .get());
  }

  private static void before(Heddle heddle) throws Exception {
    TaskFuture<Integer> a = heddle.submit(() -> 1);
    TaskFuture<String> b = heddle.submit(() -> "b");
    TaskFuture<Double> c = heddle.submit(() -> 2.5);
    TaskFuture<Character> d = heddle.submit(() -> 'd');
    TaskFuture<List<Long>> e = heddle.submit(() -> List.of(7L));
    assertEquals("2", heddle.with(a).submit(p -> "" + (p + 1)).get());
    assertEquals("1b", heddle.with(a, b).submit((p, q) -> p + q).get());
    assertEquals("1b2.5", heddle.with(a, b, c).submit((p, q, r) -> p + q + r).get());
    assertEquals("1b2.5d", heddle.with(a, b, c, d).submit((p, q, r, s) -> p + q + r + s).get());
    assertEquals(
        "1b2.5d[7]", heddle.with(a, b, c, d, e).submit((p, q, r, s, t) -> p + q + r + s + t).get());
  }

  private static void mix(Heddle heddle) throws Exception {
    TaskFuture<Integer> a = heddle.submit(() -> 1);
    TaskFuture<Double> c = heddle.submit(() -> 2.5);
    TaskFuture<List<Long>> e = heddle.submit(() -> List.of(7L));
    assertEquals(-1.0, heddle.with(a, 2.0).submit((p, q) -> p - q).get());
    assertEquals(1.5, heddle.with(c, 1).submit((p, q) -> p - q).get());
    assertEquals("1b2.5", heddle.with(1, "b", c).submit((p, q, r) -> p + q + r).get());
    assertEquals("1b2.5d", heddle.with(a, "b", c, 'd').submit((p, q, r, s) -> p + q + r + s).get());
    assertEquals(
        "1b2.5d[7]",
        heddle.with(1, "b", c, 'd', e).submit((p, q, r, s, t) -> p + q + r + s + t).get());
  }

  private static void references(Heddle heddle) throws Exception {
    assertEquals(2, heddle.with(1, 2).submit(Math::max).get(), "overloaded");
    assertEquals(2.5, heddle.with(1.0, heddle.submit(() -> 2.5)).submit(Math::max).get());
    assertEquals(
        new Tasks.Point(3, "p"), heddle.submit(Tasks.Point::new, 3, "p").get(), "constructor");
    assertEquals(List.of("x"), heddle.with("x").submit(List::of).get(), "generic");
    String text = "bound";
    assertEquals("boundary", heddle.submit(text::concat, "ary").get(), "bound instance method");
    assertEquals(5, heddle.with("seven").submit(String::length).get(), "instance method");
  }

  private static void procedures(Heddle heddle) throws Exception {
    assertNull(heddle.submit(ArityBehaviours::note0).get());
    try (Journal journal = Journal.create()) {
      TaskFuture<Integer> two = heddle.submit(() -> 2);
      assertNull(heddle.with(journal).run(j -> j.write("1")).get());
      assertNull(heddle.with(journal, two).run((j, b) -> j.write("2" + b)).get());
      assertNull(heddle.with(journal, "b", two).run((j, b, c) -> j.write("3" + b + c)).get());
      assertNull(
          heddle.with(journal, two, 'c', 4L).run((j, b, c, d) -> j.write("4" + b + c + d)).get());
      assertNull(
          heddle
              .with(journal, 2, two, 4, 5)
              .run((j, b, c, d, e) -> j.write("5" + b + c + d + e))
              .get());
      assertNull(heddle.submit(() -> journal.write("0")).get());
      assertEquals(List.of("1", "22", "3b2", "42c4", "52245", "0"), journal.lines());
    }
  }

  private static void failingProcedure(Heddle heddle) {
    TaskFuture<?> failed =
        heddle
            .with("no")
            .run(
                text -> {
                  throw new IOException(text);
                });
    assertEquals("no", Expect.failure(IOException.class, failed).getMessage());
  }

  private static void then(Heddle heddle) throws Exception {
    TaskFuture<Integer> first = heddle.submit(Tasks::answer);
    int rank = first.then(_ -> dev.heddle.TaskContext.current().rank()).get();
    assertEquals(heddle.ranks() == 1, rank == 0, "rank 0 runs tasks only where it is alone");
    assertEquals("42!", first.then(value -> value + "!").get());
    TaskFuture<Integer> failed = heddle.submit(Tasks::fail, "first");
    assertEquals(
        failed.taskId(),
        Expect.failure(dev.heddle.DependencyException.class, failed.then(Tasks::twice))
            .rootTaskId());
  }
}
