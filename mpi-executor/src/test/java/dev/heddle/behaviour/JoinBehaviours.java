package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DependencyException;
import dev.heddle.Fn0;
import dev.heddle.Heddle;
import dev.heddle.JoinException;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/// Functions that submit and return futures.
final class JoinBehaviours {
  private static final int DEPTH = 10_000;

  private JoinBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("join over one future", JoinBehaviours::one),
        new Scenario("join over many futures", JoinBehaviours::many),
        new Scenario("join over no future", JoinBehaviours::none),
        new Scenario("join arguments, values and futures", JoinBehaviours::arguments),
        new Scenario("join over foreign futures", JoinBehaviours::foreign),
        new Scenario("a join that returns another type", JoinBehaviours::wrongType),
        new Scenario("a join that returns null", JoinBehaviours::nothing),
        new Scenario("a join that returns its own future", JoinBehaviours::itself),
        new Scenario("two joins that return each other's future", JoinBehaviours::eachOther),
        new Scenario("a join that throws", JoinBehaviours::throwing),
        new Scenario("a join fails with what its future failed with", JoinBehaviours::failed),
        new Scenario("a join has all inner errors with task ids", JoinBehaviours::allErrors),
        new Scenario("a join behind a failed dependency", JoinBehaviours::dependent),
        new Scenario("a join occupies no worker", JoinBehaviours::occupiesNothing),
        new Scenario("a join waits inside", JoinBehaviours::waitsInside),
        new Scenario("a join in a join", JoinBehaviours::nested),
        new Scenario("joins to a depth of 10,000", JoinBehaviours::deep),
        new Scenario("joins of lists to a depth of 10,000", JoinBehaviours::deepLists),
        new Scenario("failure at the bottom of 10,000 joins", JoinBehaviours::deepFailure),
        new Scenario("failure at the bottom of 10,000 lists", JoinBehaviours::deepListFailure),
        new Scenario("endless recursion of joins is refused", JoinBehaviours::endless),
        new Scenario("a join whose inner task is cancelled", JoinBehaviours::innerCancelled),
        new Scenario("cancel of a join interrupts it", JoinBehaviours::cancelled));
  }

  private static void one(Heddle heddle) throws Exception {
    TaskFuture<Integer> joined = heddle.join(() -> heddle.submit(Tasks::answer));
    assertEquals(42, joined.get());
    assertEquals(84, joined.then(Tasks::twice).get());
    TaskFuture<Integer> before = heddle.submit(Tasks::answer);
    assertEquals(42, before.get());
    assertEquals(42, heddle.join(() -> before).get(), "of a task that is done");
  }

  private static void many(Heddle heddle) throws Exception {
    TaskFuture<List<Integer>> joined =
        heddle.joinAll(
            () -> {
              List<TaskFuture<Integer>> futures = new ArrayList<>();
              for (int i = 0; i < 50; i++) {
                futures.add(heddle.submit(Tasks::twice, i));
              }
              return futures;
            });
    assertEquals(2450L, heddle.submit(Tasks::sum, joined).get());
    assertEquals(98, joined.get().get(49), "order");
    assertEquals(98, joined.part(values -> values.get(49)).get());
  }

  private static void none(Heddle heddle) throws Exception {
    TaskFuture<List<Integer>> joined = heddle.joinAll(List::<TaskFuture<Integer>>of);
    assertEquals(List.of(), joined.get());
    assertEquals(0L, heddle.submit(Tasks::sum, joined).get());
  }

  private static void arguments(Heddle heddle) throws Exception {
    TaskFuture<Integer> future = heddle.submit(Tasks::answer);
    List<Integer> mine = new ArrayList<>(List.of(1));
    assertEquals(
        "42 2 [1] x",
        heddle
            .with(future, 2, mine, "x")
            .join((a, b, c, d) -> heddle.with(a + " " + b + " " + c).submit(s -> s + " " + d))
            .get());
    assertEquals(
        List.of(42, 2), heddle.with(future, 2).joinAll((a, b) -> numbers(heddle, a, b)).get());
    assertEquals(
        3,
        heddle
            .with(mine)
            .join(
                list -> {
                  list.add(2);
                  list.add(3);
                  return heddle.submit(() -> list.size());
                })
            .get());
    assertEquals(List.of(1), mine, "arguments are copies");
    assertEquals(
        42,
        heddle
            .with(List.of(future))
            .join(list -> heddle.submit(Tasks::number, list.getFirst().get()))
            .get(),
        "futures in containers are done");
  }

  private static List<TaskFuture<Integer>> numbers(Heddle heddle, int... values) {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int value : values) {
      futures.add(heddle.submit(Tasks::number, value));
    }
    return futures;
  }

  private static void foreign(Heddle heddle) throws Exception {
    CompletableFuture<Integer> foreign = new CompletableFuture<>();
    TaskFuture<Integer> joined = heddle.join(() -> foreign);
    TaskFuture<List<Integer>> list =
        heddle.joinAll(() -> List.of(foreign, heddle.submit(Tasks::answer)));
    foreign.complete(7);
    assertEquals(7, joined.get());
    assertEquals(List.of(7, 42), list.get());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // a cast that hides what is returned
  private static <T> Fn0<T> lie(Fn0<?> function) {
    return (Fn0) function;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the join gets it
  private static void wrongType(Heddle heddle) throws Exception {
    TaskFuture<Integer> joined =
        heddle.join(JoinBehaviours.<Future<Integer>>lie(() -> "no future"));
    Expect.contains(
        Expect.failure(ClassCastException.class, joined), "a future", "java.lang.String");
    TaskFuture<List<Integer>> list =
        heddle.joinAll(
            JoinBehaviours.<List<Future<Integer>>>lie(() -> heddle.submit(Tasks::answer)));
    Expect.contains(
        Expect.failure(ClassCastException.class, list), "a collection of futures", "returned:");
    TaskFuture<List<Integer>> mixed =
        heddle.joinAll(
            JoinBehaviours.<List<Future<Integer>>>lie(
                () -> List.of(heddle.submit(Tasks::answer), "no future")));
    Expect.contains(
        Expect.failure(ClassCastException.class, mixed), "at index 1", "java.lang.String");
    assertEquals(mixed.taskId(), Expect.origin(cause(mixed)).taskId());
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static Throwable cause(TaskFuture<?> future) {
    return Expect.failure(Throwable.class, future);
  }

  private static void nothing(Heddle heddle) {
    TaskFuture<Integer> joined = heddle.join(JoinBehaviours.<Future<Integer>>lie(() -> null));
    Expect.contains(Expect.failure(ClassCastException.class, joined), "a future", "null");
  }

  private static void itself(Heddle heddle) {
    CompletableFuture<TaskFuture<Integer>> own = new CompletableFuture<>();
    TaskFuture<Integer> joined = heddle.join(() -> own.join());
    own.complete(joined);
    Expect.contains(Expect.failure(IllegalArgumentException.class, joined), "its own future");
    CompletableFuture<TaskFuture<List<Object>>> ownList = new CompletableFuture<>();
    TaskFuture<List<Object>> list = heddle.joinAll(() -> List.of(ownList.join()));
    ownList.complete(list);
    Expect.contains(Expect.failure(IllegalArgumentException.class, list), "its own future");
  }

  private static void eachOther(Heddle heddle) {
    CompletableFuture<TaskFuture<Integer>> first = new CompletableFuture<>();
    CompletableFuture<TaskFuture<Integer>> second = new CompletableFuture<>();
    TaskFuture<Integer> one = heddle.join(() -> second.join());
    TaskFuture<Integer> two = heddle.join(() -> first.join());
    first.complete(one);
    second.complete(two);
    Expect.contains(Expect.failure(IllegalArgumentException.class, one), "never be done");
    Expect.contains(Expect.failure(IllegalArgumentException.class, two), "never be done");
  }

  private static void throwing(Heddle heddle) {
    IOException thrown = new IOException("inside");
    TaskFuture<Integer> joined =
        heddle
            .label("careful")
            .join(
                () -> {
                  throw thrown;
                });
    IOException failure = Expect.failure(IOException.class, joined);
    assertSame(thrown, failure);
    assertEquals(joined.taskId(), Expect.origin(failure).taskId());
    Expect.contains(Expect.origin(failure), "careful", "rank=0");
    TaskFuture<Integer> hard =
        heddle.join(
            () -> {
              throw new StackOverflowError("hard");
            });
    Expect.failure(StackOverflowError.class, hard);
  }

  private static void failed(Heddle heddle) {
    CompletableFuture<TaskFuture<Integer>> inner = new CompletableFuture<>();
    TaskFuture<Integer> joined =
        heddle.join(
            () -> {
              TaskFuture<Integer> failing = heddle.submit(Tasks::fail, "inner");
              inner.complete(failing);
              return failing;
            });
    IOException failure = Expect.failure(IOException.class, joined);
    assertEquals("inner", failure.getMessage());
    assertEquals(inner.join().taskId(), Expect.origin(failure).taskId());
    DependencyException behind =
        Expect.failure(DependencyException.class, joined.then(Tasks::twice));
    assertEquals(inner.join().taskId(), behind.rootTaskId(), "the root is the inner task");
    assertSame(failure, behind.getCause());
  }

  private static void allErrors(Heddle heddle) {
    CompletableFuture<List<TaskFuture<Integer>>> inner = new CompletableFuture<>();
    TaskFuture<List<Integer>> joined =
        heddle.joinAll(
            () -> {
              TaskFuture<Integer> first = heddle.submit(Tasks::fail, "first");
              List<TaskFuture<Integer>> futures =
                  List.of(
                      heddle.submit(Tasks::answer),
                      first,
                      heddle.submit(Tasks::fail, "second"),
                      first.then(Tasks::twice),
                      heddle.submit(Tasks::answer));
              inner.complete(futures);
              return futures;
            });
    JoinException failure = Expect.failure(JoinException.class, joined);
    List<TaskFuture<Integer>> futures = inner.join();
    assertArrayEquals(
        new long[] {futures.get(1).taskId(), futures.get(2).taskId(), futures.get(3).taskId()},
        failure.taskIds());
    assertEquals("first", assertInstanceOf(IOException.class, failure.getCause()).getMessage());
    assertEquals(
        "second", assertInstanceOf(IOException.class, failure.getSuppressed()[0]).getMessage());
    assertInstanceOf(DependencyException.class, failure.getSuppressed()[1]);
    assertEquals(futures.get(1).taskId(), Expect.origin(failure.getCause()).taskId());
    Expect.contains(failure, "3 failed", "task=" + futures.get(2).taskId(), "Tasks.fail");
  }

  private static void dependent(Heddle heddle) {
    TaskFuture<Integer> root = heddle.submit(Tasks::fail, "the root");
    List<String> log = new ArrayList<>();
    TaskFuture<Integer> joined =
        heddle
            .with(root)
            .join(
                value -> {
                  log.add("ran");
                  return heddle.submit(Tasks::twice, value);
                });
    assertEquals(root.taskId(), Expect.failure(DependencyException.class, joined).rootTaskId());
    assertEquals(List.of(), log, "it was never begun");
  }

  private static void occupiesNothing(Heddle heddle) throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    List<TaskFuture<Integer>> joins = new ArrayList<>();
    for (int i = 0; i < heddle.slots() + 3; i++) {
      joins.add(
          heddle.join(
              () -> {
                latch.await();
                return heddle.submit(Tasks::answer);
              }));
    }
    assertEquals(42, heddle.submit(Tasks::answer).get(), "a slot is free");
    assertFalse(joins.stream().anyMatch(Future::isDone));
    latch.countDown();
    for (TaskFuture<Integer> join : joins) {
      assertEquals(42, join.get());
    }
  }

  private static void waitsInside(Heddle heddle) throws Exception {
    assertEquals(
        84,
        heddle
            .join(
                () -> {
                  int value = heddle.submit(Tasks::answer).get();
                  return heddle.submit(Tasks::twice, value);
                })
            .get());
  }

  private static TaskFuture<Integer> fibonacci(Heddle heddle, int n) {
    return n < 2
        ? heddle.submit(Tasks::number, n)
        : heddle
            .with(n)
            .join(
                k ->
                    heddle
                        .with(fibonacci(heddle, k - 1), fibonacci(heddle, k - 2))
                        .submit(Integer::sum));
  }

  private static void nested(Heddle heddle) throws Exception {
    assertEquals(21, fibonacci(heddle, 8).get());
  }

  private static TaskFuture<Integer> down(Heddle heddle, int depth, boolean fails) {
    return depth == 0
        ? fails ? heddle.submit(Tasks::fail, "bottom") : heddle.submit(Tasks::answer)
        : heddle.join(() -> down(heddle, depth - 1, fails));
  }

  private static void deep(Heddle heddle) throws Exception {
    assertEquals(42, down(heddle, DEPTH, false).get());
  }

  private static void deepFailure(Heddle heddle) {
    TaskFuture<Integer> top = down(heddle, DEPTH, true);
    assertEquals("bottom", Expect.failure(IOException.class, top).getMessage());
    DependencyException behind = Expect.failure(DependencyException.class, top.then(Tasks::twice));
    Expect.contains(behind.rootLabel(), "Tasks.fail");
  }

  /// Each level is a list of one, of which the next takes the first.
  private static TaskFuture<Integer> downLists(Heddle heddle, int depth, boolean fails) {
    return depth == 0
        ? fails ? heddle.submit(Tasks::fail, "bottom") : heddle.submit(Tasks::answer)
        : heddle.joinAll(() -> List.of(downLists(heddle, depth - 1, fails))).part(List::getFirst);
  }

  private static void deepLists(Heddle heddle) throws Exception {
    assertEquals(42, downLists(heddle, DEPTH, false).get());
  }

  private static void deepListFailure(Heddle heddle) {
    TaskFuture<Integer> top = downLists(heddle, DEPTH, true);
    Throwable at = Expect.failure(DependencyException.class, top);
    int depth = 0;
    while (at.getCause() != null) {
      at = at.getCause();
      depth++;
    }
    assertEquals("bottom", assertInstanceOf(IOException.class, at).getMessage());
    assertTrue(depth >= DEPTH, "depth=" + depth);
  }

  private static TaskFuture<Integer> forEver(Heddle heddle) {
    return heddle.join(() -> forEver(heddle));
  }

  private static void endless(Heddle heddle) throws Exception {
    IllegalStateException failure = Expect.failure(IllegalStateException.class, forEver(heddle));
    Expect.contains(failure, "joinDepthMax=10000", "JoinBehaviours", "for ever");
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static void innerCancelled(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      CompletableFuture<TaskFuture<Integer>> inner = new CompletableFuture<>();
      TaskFuture<Integer> joined =
          heddle.join(
              () -> {
                TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
                inner.complete(held);
                return held;
              });
      TaskFuture<List<Integer>> list = heddle.joinAll(() -> List.of(inner.join()));
      assertTrue(inner.join().cancel(true));
      Expect.contains(
          Expect.failure(CancellationException.class, joined), "task=" + inner.join().taskId());
      JoinException failure = Expect.failure(JoinException.class, list);
      assertInstanceOf(CancellationException.class, failure.getCause());
      assertFalse(joined.isCancelled(), "the join itself was not");
    }
  }

  private static void cancelled(Heddle heddle) throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CompletableFuture<String> seen = new CompletableFuture<>();
    TaskFuture<Integer> joined =
        heddle.join(
            () -> {
              entered.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                seen.complete("interrupted");
              }
              return heddle.submit(Tasks::answer);
            });
    TaskFuture<Integer> behind = joined.then(Tasks::twice);
    entered.await();
    assertTrue(joined.cancel(true));
    assertEquals("interrupted", seen.get());
    assertTrue(joined.isCancelled());
    assertInstanceOf(
        CancellationException.class, Expect.failure(DependencyException.class, behind).getCause());
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }
}
