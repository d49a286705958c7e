package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DependencyException;
import dev.heddle.Heddle;
import dev.heddle.JoinException;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;

/// All, any, the order of completion, and parts of results.
final class SeveralBehaviours {
  private SeveralBehaviours() {}

  /// What a task returns to be taken apart.
  record Result(double energy, List<Integer> steps, Map<String, String> notes) {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("any has the first value", SeveralBehaviours::any),
        new Scenario("any passes over failures", SeveralBehaviours::anyFailing),
        new Scenario("any of failures only has them all", SeveralBehaviours::noneOfAny),
        new Scenario("any of nothing is refused", SeveralBehaviours::anyOfNothing),
        new Scenario("any of futures that are done", SeveralBehaviours::anyOfDone),
        new Scenario("all waits for the last", SeveralBehaviours::all),
        new Scenario("futures in the order of completion", SeveralBehaviours::completed),
        new Scenario("completed has failed and cancelled ones", SeveralBehaviours::completedFails),
        new Scenario("completed of nothing", SeveralBehaviours::completedOfNothing),
        new Scenario("interrupt of a wait for the next", SeveralBehaviours::completedInterrupted),
        new Scenario("a part of a result", SeveralBehaviours::part),
        new Scenario("a part is there without blocking", SeveralBehaviours::partLater),
        new Scenario("a missing part fails alone", SeveralBehaviours::missingPart),
        new Scenario("a part of a failed task", SeveralBehaviours::partOfFailed),
        new Scenario("a part that can't be sent", SeveralBehaviours::unsendablePart));
  }

  private static Result result(int index) {
    return new Result(index / 2.0, List.of(index, index + 1), Map.of("name", "r" + index));
  }

  private static void any(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      if (heddle.slots() == 1) {
        gate.open();
      }
      TaskFuture<Integer> any =
          heddle.any(List.of(held, heddle.submit(Tasks::answer).then(Tasks::number)));
      assertTrue(List.of(7, 42).contains(any.get()));
      assertEquals(heddle.slots() == 1 || any.get() == 42, true);
      gate.open();
      assertEquals(7, held.get(), "the others go on");
    }
  }

  private static void anyFailing(Heddle heddle) throws Exception {
    TaskFuture<Integer> failed = heddle.submit(Tasks::fail, "one");
    Expect.failure(IOException.class, failed);
    assertEquals(42, heddle.any(List.of(failed, heddle.submit(Tasks::answer))).get());
    assertEquals(84, heddle.any(List.of(failed.then(Tasks::twice), heddle.submit(() -> 84))).get());
  }

  private static void noneOfAny(Heddle heddle) {
    TaskFuture<Integer> one = heddle.submit(Tasks::fail, "one");
    TaskFuture<Integer> two = heddle.submit(Tasks::fail, "two");
    TaskFuture<Integer> given = two.then(Tasks::increment);
    TaskFuture<Integer> none = heddle.any(List.of(one, two, given, one));
    JoinException failure = Expect.failure(JoinException.class, none);
    assertArrayEquals(
        new long[] {one.taskId(), two.taskId(), given.taskId(), one.taskId()}, failure.taskIds());
    assertEquals("one", assertInstanceOf(IOException.class, failure.getCause()).getMessage());
    assertInstanceOf(DependencyException.class, failure.getSuppressed()[1]);
    JoinException again = Expect.failure(JoinException.class, heddle.any(List.of(two, two)));
    assertEquals(two.taskId(), again.taskIds()[0], "of those that are done");
    assertEquals(
        none.taskId(),
        Expect.failure(DependencyException.class, none.then(Tasks::twice)).rootTaskId());
  }

  private static void anyOfNothing(Heddle heddle) {
    List<TaskFuture<Integer>> none = List.of();
    assertThrows(IllegalArgumentException.class, () -> heddle.any(none));
  }

  private static void anyOfDone(Heddle heddle) throws Exception {
    TaskFuture<Integer> one = heddle.submit(Tasks::answer);
    assertEquals(42, one.get());
    assertEquals(42, heddle.any(List.of(one)).get());
    assertEquals(84, heddle.any(List.of(one, one)).then(Tasks::twice).get());
  }

  private static void all(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      TaskFuture<List<Integer>> all = heddle.all(List.of(held, heddle.submit(Tasks::answer)));
      assertFalse(all.isDone());
      gate.open();
      assertEquals(List.of(7, 42), all.get());
      assertThrows(UnsupportedOperationException.class, () -> all.get().add(1));
    }
  }

  private static void completed(Heddle heddle) throws Exception {
    try (Gate first = Gate.create();
        Gate second = Gate.create()) {
      // each waits for its gate, and the second doesn't start before the first is done
      TaskFuture<Integer> one = heddle.submit(Gate::pass, first, 1);
      TaskFuture<Integer> two = heddle.with(second, one).submit((gate, _) -> Gate.pass(gate, 2));
      TaskFuture<Integer> three = two.then(_ -> 3);
      Iterator<TaskFuture<Integer>> order =
          heddle.<Integer>completed(List.of(three, two, one)).iterator();
      first.open();
      assertSame(one, order.next());
      assertFalse(two.isDone());
      second.open();
      assertSame(two, order.next());
      assertSame(three, order.next());
      assertFalse(order.hasNext());
      assertEquals(3, heddle.<Integer>completed(List.of(one, one, one)).toList().size());
    }
    List<TaskFuture<Integer>> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      many.add(heddle.submit(Tasks::twice, i));
    }
    Set<TaskFuture<Integer>> seen = new HashSet<>();
    heddle.<Integer>completed(many).forEach(one -> assertTrue(one.isDone() && seen.add(one)));
    assertEquals(200, seen.size());
  }

  private static void completedFails(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      TaskFuture<Integer> failed = heddle.submit(Tasks::fail, "no");
      if (heddle.slots() == 1) {
        gate.open();
      }
      Expect.failure(IOException.class, failed);
      TaskFuture<Integer> given = failed.then(Tasks::twice);
      TaskFuture<Integer> last = held.then(Tasks::twice);
      assertTrue(last.cancel(true) || last.isDone());
      List<TaskFuture<Integer>> order =
          heddle.<Integer>completed(List.of(last, given, failed)).toList();
      assertEquals(Set.of(last, given, failed), Set.copyOf(order));
    }
  }

  private static void completedOfNothing(Heddle heddle) {
    List<TaskFuture<Integer>> none = List.of();
    assertEquals(List.of(), heddle.<Integer>completed(none).toList());
  }

  private static void completedInterrupted(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      FutureTask<Boolean> waiting =
          new FutureTask<>(
              () -> {
                assertThrows(
                    CancellationException.class,
                    () -> heddle.<Integer>completed(List.of(held)).toList());
                return Thread.currentThread().isInterrupted();
              });
      Thread thread = Thread.ofPlatform().start(waiting);
      thread.interrupt();
      assertTrue(waiting.get(), "the interrupt stays set");
      gate.open();
      assertEquals(7, held.get());
    }
  }

  private static void part(Heddle heddle) throws Exception {
    TaskFuture<Result> whole = heddle.submit(SeveralBehaviours::result, 5);
    assertEquals(2.5, whole.part(Result::energy).get());
    assertEquals(6, whole.part(Result::steps).part(steps -> steps.get(1)).get());
    assertEquals("r5", whole.part(r -> r.notes().get("name")).get());
    assertEquals(3.5, heddle.with(whole.part(Result::energy), 1.0).submit(Double::sum).get());
    List<String> log = new ArrayList<>();
    assertEquals(
        2.5,
        whole
            .part(
                r -> {
                  log.add("here");
                  return r.energy();
                })
            .get(),
        "the accessor isn't sent");
    assertEquals(List.of("here"), log);
  }

  private static void partLater(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      TaskFuture<Double> part = held.then(SeveralBehaviours::result).part(Result::energy);
      TaskFuture<Integer> behind = part.then(energy -> (int) (2 * energy));
      assertFalse(part.isDone());
      gate.open();
      assertEquals(7, behind.get());
    }
  }

  private static void missingPart(Heddle heddle) throws Exception {
    TaskFuture<Result> whole = heddle.submit(SeveralBehaviours::result, 5);
    TaskFuture<Integer> missing = whole.part(r -> r.steps().get(2));
    TaskFuture<Object> none =
        whole.part(
            _ -> {
              throw new NoSuchElementException("no such part");
            });
    TaskFuture<Integer> there = whole.part(r -> r.steps().get(0));
    IndexOutOfBoundsException failure = Expect.failure(IndexOutOfBoundsException.class, missing);
    assertEquals(missing.taskId(), Expect.origin(failure).taskId());
    assertEquals(0, Expect.origin(failure).rank());
    assertEquals("no such part", Expect.failure(NoSuchElementException.class, none).getMessage());
    assertEquals(
        missing.taskId(),
        Expect.failure(DependencyException.class, missing.then(Tasks::twice)).rootTaskId());
    assertEquals(5, there.get());
    assertEquals(2.5, whole.get().energy());
  }

  private static void partOfFailed(Heddle heddle) {
    TaskFuture<Integer> root = heddle.submit(Tasks::fail, "the root");
    DependencyException failure =
        Expect.failure(DependencyException.class, root.part(value -> value + 1));
    assertEquals(root.taskId(), failure.rootTaskId());
    assertInstanceOf(IOException.class, failure.getCause());
  }

  private static void unsendablePart(Heddle heddle) {
    TaskFuture<Integer> whole = heddle.submit(Tasks::answer);
    Expect.contains(
        Expect.failure(TaskSerializationException.class, whole.part(_ -> Thread.currentThread())),
        "java.lang");
  }
}
