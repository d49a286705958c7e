package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DependencyException;
import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Equal calls of memoized tasks. Every task here returns what no other run of it would.
final class MemoBehaviours {
  private MemoBehaviours() {}

  /// A class whose fields have no order that could be compared.
  static final class Plain implements Serializable {
    private static final long serialVersionUID = 1L;
    final int value;

    Plain(int value) {
      this.value = value;
    }
  }

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("same call, same result, run once", MemoBehaviours::same),
        new Scenario("another argument or function is another call", MemoBehaviours::others),
        new Scenario("never memoized unless asked", MemoBehaviours::never),
        new Scenario("memoized calls compare values, not identities", MemoBehaviours::values),
        new Scenario("memoized calls compare captures", MemoBehaviours::captures),
        new Scenario("memoized call behind a dependency", MemoBehaviours::behind),
        new Scenario("a memoized failure is the same exception", MemoBehaviours::failure),
        new Scenario("an argument that can't be compared fails its future", MemoBehaviours::plain),
        new Scenario("one that can't be compared behind a dependency", MemoBehaviours::plainLater),
        new Scenario("equal calls at the same time run once", MemoBehaviours::concurrent),
        new Scenario("cancel of the first lets the second run", MemoBehaviours::cancelled),
        new Scenario("cancel of the second leaves the first", MemoBehaviours::cancelledSecond),
        new Scenario("futures in a container of a memoized call", MemoBehaviours::container),
        new Scenario("memoized large results", MemoBehaviours::large));
  }

  private static String unique(Object argument) {
    return argument + "-" + UUID.randomUUID();
  }

  private static String uniqueToo(Object argument) {
    return argument + "+" + UUID.randomUUID();
  }

  private static String noted(Journal journal, int argument) throws IOException {
    journal.write("ran " + argument);
    return unique(argument);
  }

  private static void same(Heddle heddle) throws Exception {
    try (Journal journal = Journal.create()) {
      Heddle memoized = heddle.memoized();
      String first = memoized.submit(MemoBehaviours::noted, journal, 1).get();
      assertEquals(first, memoized.submit(MemoBehaviours::noted, journal, 1).get());
      assertEquals(
          first,
          heddle.label("x").priority(3).memoized().submit(MemoBehaviours::noted, journal, 1).get(),
          "label and priority are no part of the call");
      assertEquals(first, memoized.with(journal, 1).submit(MemoBehaviours::noted).get());
      assertEquals(List.of("ran 1"), journal.lines());
    }
  }

  private static void others(Heddle heddle) throws Exception {
    Heddle memoized = heddle.memoized();
    String mark = UUID.randomUUID().toString();
    String first = memoized.submit(MemoBehaviours::unique, mark).get();
    assertNotEquals(first, memoized.submit(MemoBehaviours::unique, mark + "x").get());
    assertNotEquals(first, memoized.submit(MemoBehaviours::uniqueToo, mark).get());
    assertNotEquals(
        memoized.submit(MemoBehaviours::unique, 1).get(),
        memoized.submit(MemoBehaviours::unique, 1L).get(),
        "a type is part of a value");
  }

  private static void never(Heddle heddle) throws Exception {
    try (Journal journal = Journal.create()) {
      String first = heddle.memoized().submit(MemoBehaviours::noted, journal, 2).get();
      assertNotEquals(first, heddle.submit(MemoBehaviours::noted, journal, 2).get());
      assertNotEquals(first, heddle.submit(MemoBehaviours::noted, journal, 2).get());
      assertEquals(3, journal.count());
    }
  }

  private static void values(Heddle heddle) throws Exception {
    Heddle memoized = heddle.memoized();
    Map<String, Integer> one = new LinkedHashMap<>();
    one.put("a", 1);
    one.put("b", 2);
    Map<String, Integer> two = new LinkedHashMap<>();
    two.put("b", 2);
    two.put("a", 1);
    Set<Integer> ascending = new LinkedHashSet<>(List.of(1, 2, 3));
    Set<Integer> descending = new LinkedHashSet<>(List.of(3, 2, 1));
    assertEquals(
        memoized.submit(MemoBehaviours::unique, new HashMap<>(one)).get(),
        memoized.submit(MemoBehaviours::unique, new HashMap<>(two)).get());
    assertEquals(
        memoized.submit(MemoBehaviours::unique, new HashSet<>(ascending)).get(),
        memoized.submit(MemoBehaviours::unique, new HashSet<>(descending)).get());
    assertEquals(
        memoized.submit(MemoBehaviours::unique, new Tasks.Point(1, "p")).get(),
        memoized.submit(MemoBehaviours::unique, new Tasks.Point(1, "p")).get());
  }

  private static TaskFuture<String> capturing(Heddle heddle, Object captured) {
    Tasks.Point point = new Tasks.Point(1, captured.toString());
    return heddle.memoized().submit(() -> unique(point));
  }

  private static void captures(Heddle heddle) throws Exception {
    assertEquals(capturing(heddle, "a").get(), capturing(heddle, "a").get());
    assertNotEquals(capturing(heddle, "a").get(), capturing(heddle, "b").get());
  }

  private static void behind(Heddle heddle) throws Exception {
    Heddle memoized = heddle.memoized();
    String mark = UUID.randomUUID().toString();
    TaskFuture<String> dependency = heddle.with(mark).submit(text -> text + "!");
    TaskFuture<String> first = memoized.with(dependency).submit(MemoBehaviours::unique);
    assertEquals(first.get(), memoized.with(dependency).submit(MemoBehaviours::unique).get());
    assertEquals(
        first.get(), memoized.submit(MemoBehaviours::unique, mark + "!").get(), "or by value");
    TaskFuture<String> nested =
        memoized.with(heddle.all(List.of(first))).submit(MemoBehaviours::unique);
    assertEquals(
        nested.get(),
        memoized.with(heddle.all(List.of(first))).submit(MemoBehaviours::unique).get(),
        "a list of values");
  }

  private static int failing(Journal journal) throws IOException {
    journal.write("ran");
    throw new IOException("memoized");
  }

  private static void failure(Heddle heddle) throws Exception {
    try (Journal journal = Journal.create()) {
      Heddle memoized = heddle.memoized();
      TaskFuture<Integer> first = memoized.submit(MemoBehaviours::failing, journal);
      TaskFuture<Integer> second = memoized.submit(MemoBehaviours::failing, journal);
      IOException failure = Expect.failure(IOException.class, second);
      assertSame(failure, Expect.failure(IOException.class, first));
      assertSame(
          failure,
          Expect.failure(IOException.class, memoized.submit(MemoBehaviours::failing, journal)));
      assertSame(
          failure, Expect.failure(DependencyException.class, second.then(Tasks::twice)).getCause());
      assertEquals(1, failure.getSuppressed().length, "one origin");
      assertEquals(1, journal.count());
    }
  }

  private static void plain(Heddle heddle) throws Exception {
    TaskFuture<Integer> future = heddle.memoized().with(new Plain(3)).submit(p -> p.value);
    Expect.contains(
        Expect.failure(TaskSerializationException.class, future),
        "argument 0 of ",
        "can't be compared",
        "MemoBehaviours",
        "Plain",
        "pass a record, or submit without memoized()");
    assertEquals(3, heddle.with(new Plain(3)).submit(p -> p.value).get());
    assertEquals(
        1, Expect.failure(TaskSerializationException.class, future).getSuppressed().length);
  }

  private static void plainLater(Heddle heddle) throws Exception {
    TaskFuture<Plain> made = heddle.submit(Plain::new, 3);
    TaskFuture<Integer> future = heddle.memoized().with(made, 1).submit((p, q) -> p.value + q);
    Expect.contains(
        Expect.failure(TaskSerializationException.class, future), "argument 0 of ", "Plain");
    assertEquals(3, made.get().value);
    assertEquals(
        future.taskId(),
        Expect.failure(DependencyException.class, future.then(Tasks::twice)).rootTaskId());
  }

  private static String held(Gate gate, Journal journal) throws Exception {
    journal.write("ran");
    return unique(Gate.pass(gate, "held"));
  }

  private static void concurrent(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create();
        Journal journal = Journal.create()) {
      List<TaskFuture<String>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(heddle.memoized().submit(MemoBehaviours::held, gate, journal));
      }
      journal.await(1);
      gate.open();
      for (TaskFuture<String> call : calls) {
        assertEquals(calls.getFirst().get(), call.get());
      }
      assertEquals(1, journal.count());
    }
  }

  private static void cancelled(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create();
        Journal journal = Journal.create()) {
      TaskFuture<String> first = heddle.memoized().submit(MemoBehaviours::held, gate, journal);
      journal.await(1);
      TaskFuture<String> second = heddle.memoized().submit(MemoBehaviours::held, gate, journal);
      TaskFuture<String> third = heddle.memoized().submit(MemoBehaviours::held, gate, journal);
      assertTrue(first.cancel(true));
      gate.open();
      Expect.contains(second.get(), "held-");
      assertEquals(second.get(), third.get());
      assertEquals(2, journal.count());
    }
  }

  private static void cancelledSecond(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create();
        Journal journal = Journal.create()) {
      TaskFuture<String> first = heddle.memoized().submit(MemoBehaviours::held, gate, journal);
      journal.await(1);
      TaskFuture<String> second = heddle.memoized().submit(MemoBehaviours::held, gate, journal);
      assertTrue(second.cancel(true));
      gate.open();
      Expect.contains(first.get(), "held-");
      assertTrue(second.isCancelled());
      assertEquals(1, journal.count());
    }
  }

  private static void container(Heddle heddle) throws Exception {
    TaskFuture<Integer> one = heddle.submit(Tasks::answer);
    TaskFuture<Integer> future = heddle.memoized().with(List.of(one)).submit(List::size);
    Expect.contains(
        Expect.failure(TaskSerializationException.class, future), "a future", "heddle.all");
    assertEquals(1, heddle.memoized().with(heddle.all(List.of(one))).submit(List::size).get());
  }

  private static byte[] largeUnique(int bytes) {
    byte[] value = Tasks.large(bytes, 1);
    byte[] mark = UUID.randomUUID().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    System.arraycopy(mark, 0, value, 0, mark.length);
    return value;
  }

  private static void large(Heddle heddle) throws Exception {
    TaskFuture<byte[]> first = heddle.memoized().submit(MemoBehaviours::largeUnique, 100_000);
    long sum = Tasks.checksum(first.get());
    TaskFuture<byte[]> second = heddle.memoized().submit(MemoBehaviours::largeUnique, 100_000);
    assertEquals(sum, Tasks.checksum(second.get()));
    assertEquals(sum, second.then(Tasks::checksum).get());
    assertEquals(
        heddle.memoized().submit(MemoBehaviours::unique, "" + Tasks.checksum(first.get())).get(),
        heddle.memoized().submit(MemoBehaviours::unique, "" + sum).get());
  }
}
