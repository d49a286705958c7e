package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DependencyException;
import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.TaskOrigin;
import dev.heddle.TaskSerializationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Futures that are not Heddle's as dependencies.
final class ForeignBehaviours {
  private static final int TASKS = 50;

  private ForeignBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("a CompletableFuture as dependency", ForeignBehaviours::completable),
        new Scenario("a CompletableFuture that is done as dependency", ForeignBehaviours::done),
        new Scenario("a plain FutureTask as dependency", ForeignBehaviours::plain),
        new Scenario("failure of a foreign future names it", ForeignBehaviours::failed),
        new Scenario("failure of a foreign future that was done before", ForeignBehaviours::before),
        new Scenario("failure of a plain FutureTask", ForeignBehaviours::plainFailed),
        new Scenario("a foreign future that is cancelled", ForeignBehaviours::cancelled),
        new Scenario("a foreign future given to many tasks", ForeignBehaviours::many),
        new Scenario("a failed foreign future given to many tasks", ForeignBehaviours::manyFailed),
        new Scenario("foreign futures in all and any", ForeignBehaviours::several),
        new Scenario("a foreign future that can't be sent", ForeignBehaviours::unsendable),
        new Scenario("toCompletableFuture has value and failure", ForeignBehaviours::copies),
        new Scenario("the copy of a future is the user's own", ForeignBehaviours::ownCopy),
        new Scenario("callbacks run beside the run", ForeignBehaviours::slowCallback));
  }

  private static void completable(Heddle heddle) throws Exception {
    CompletableFuture<Integer> foreign = new CompletableFuture<>();
    TaskFuture<Integer> behind = heddle.submit(Tasks::twice, foreign);
    TaskFuture<Integer> mixed = heddle.with(foreign, 2).submit((a, b) -> a - b);
    assertFalse(behind.isDone());
    foreign.complete(21);
    assertEquals(42, behind.get());
    assertEquals(19, mixed.get());
    assertEquals(63, heddle.with(behind, foreign).submit(Integer::sum).get(), "once more, done");
  }

  private static void done(Heddle heddle) throws Exception {
    assertEquals(42, heddle.submit(Tasks::twice, CompletableFuture.completedFuture(21)).get());
    CompletableFuture<Integer> chained =
        CompletableFuture.supplyAsync(() -> 20).thenApplyAsync(Tasks::increment);
    assertEquals(42, heddle.submit(Tasks::twice, chained).get());
  }

  private static void plain(Heddle heddle) throws Exception {
    FutureTask<Integer> plain = new FutureTask<>(() -> 21);
    TaskFuture<Integer> behind = heddle.submit(Tasks::twice, plain);
    assertFalse(behind.isDone());
    plain.run();
    assertEquals(42, behind.get());
    assertEquals(42, heddle.submit(Tasks::twice, plain).get());
  }

  private static void assertFailed(TaskFuture<?> behind, String name) {
    DependencyException failure = Expect.failure(DependencyException.class, behind);
    Expect.contains(failure, name, "given to", "Tasks.twice");
    Expect.contains(failure.rootLabel(), name);
    assertEquals("foreign", assertInstanceOf(IOException.class, failure.getCause()).getMessage());
  }

  private static void failed(Heddle heddle) {
    CompletableFuture<Integer> foreign = new CompletableFuture<>();
    TaskFuture<Integer> behind = heddle.submit(Tasks::twice, foreign);
    IOException thrown = new IOException("foreign");
    foreign.completeExceptionally(thrown);
    assertFailed(behind, "CompletableFuture");
    assertSame(thrown, Expect.failure(DependencyException.class, behind).getCause());
    CompletableFuture<Integer> chained = foreign.thenApply(value -> value + 1);
    assertFailed(heddle.submit(Tasks::twice, chained), "CompletableFuture");
  }

  private static void before(Heddle heddle) {
    assertFailed(
        heddle.submit(Tasks::twice, CompletableFuture.failedFuture(new IOException("foreign"))),
        "CompletableFuture");
  }

  private static void plainFailed(Heddle heddle) {
    FutureTask<Integer> plain =
        new FutureTask<>(
            () -> {
              throw new IOException("foreign");
            });
    TaskFuture<Integer> behind = heddle.submit(Tasks::twice, plain);
    plain.run();
    assertFailed(behind, "FutureTask");
    assertFailed(heddle.submit(Tasks::twice, plain), "FutureTask");
  }

  private static void cancelled(Heddle heddle) throws Exception {
    CompletableFuture<Integer> foreign = new CompletableFuture<>();
    FutureTask<Integer> plain = new FutureTask<>(() -> 1);
    List<TaskFuture<Integer>> behind =
        List.of(heddle.submit(Tasks::twice, foreign), heddle.submit(Tasks::twice, plain));
    assertTrue(foreign.cancel(true) && plain.cancel(true));
    for (TaskFuture<Integer> future : behind) {
      assertInstanceOf(
          CancellationException.class,
          Expect.failure(DependencyException.class, future).getCause());
    }
    assertInstanceOf(
        CancellationException.class,
        Expect.failure(DependencyException.class, heddle.submit(Tasks::twice, foreign)).getCause());
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static void many(Heddle heddle) throws Exception {
    CompletableFuture<Integer> foreign = new CompletableFuture<>();
    FutureTask<Integer> plain = new FutureTask<>(() -> 1);
    List<TaskFuture<Integer>> behind = new ArrayList<>();
    long before = heddle.progress().submitted();
    for (int i = 0; i < TASKS; i++) {
      behind.add(heddle.with(foreign, plain).submit(Integer::sum));
    }
    assertEquals(TASKS + 2, heddle.progress().submitted() - before, "one task for each future");
    foreign.complete(41);
    plain.run();
    for (TaskFuture<Integer> future : behind) {
      assertEquals(42, future.get());
    }
  }

  private static void manyFailed(Heddle heddle) {
    IOException thrown = new IOException("foreign");
    CompletableFuture<Integer> foreign = CompletableFuture.failedFuture(thrown);
    for (int i = 0; i < TASKS; i++) {
      assertFailed(heddle.submit(Tasks::twice, foreign), "CompletableFuture");
    }
    long origins =
        Arrays.stream(thrown.getSuppressed()).filter(one -> one instanceof TaskOrigin).count();
    assertEquals(1, origins, "the user's exception doesn't grow with each task");
  }

  private static void several(Heddle heddle) throws Exception {
    CompletableFuture<Integer> never = new CompletableFuture<>();
    FutureTask<Integer> plain = new FutureTask<>(() -> 1);
    List<Future<Integer>> futures = List.of(plain, heddle.submit(Tasks::answer));
    TaskFuture<List<Integer>> all = heddle.all(futures);
    TaskFuture<Integer> any = heddle.any(List.of(never, plain));
    plain.run();
    assertEquals(List.of(1, 42), all.get());
    assertEquals(1, any.get());
    assertTrue(never.complete(3), "nobody touched it");
  }

  private static void unsendable(Heddle heddle) {
    CompletableFuture<Object> foreign = new CompletableFuture<>();
    TaskFuture<@Nullable Object> behind = heddle.with(foreign).submit(Tasks::same);
    foreign.complete(Thread.currentThread());
    DependencyException failure = Expect.failure(DependencyException.class, behind);
    Expect.contains(
        assertInstanceOf(TaskSerializationException.class, failure.getCause()), "java.lang.Thread");
  }

  private static void copies(Heddle heddle) throws Exception {
    assertEquals(
        43, heddle.submit(Tasks::answer).toCompletableFuture().thenApply(Tasks::increment).get());
    TaskFuture<Integer> failed = heddle.submit(Tasks::fail, "no");
    Throwable cause = failed.toCompletableFuture().handle((_, failure) -> failure).get();
    assertEquals("no", assertInstanceOf(IOException.class, cause).getMessage());
    assertSame(Expect.failure(IOException.class, failed), cause);
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      CompletableFuture<Integer> copy = held.toCompletableFuture();
      assertTrue(held.cancel(true));
      assertInstanceOf(CancellationException.class, copy.handle((_, failure) -> failure).get());
    }
  }

  private static void ownCopy(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      assertTrue(held.toCompletableFuture().cancel(true));
      assertTrue(held.toCompletableFuture().complete(8));
      assertFalse(held.isDone());
      gate.open();
      assertEquals(7, held.get());
      assertEquals(7, held.toCompletableFuture().join());
    }
  }

  private static void slowCallback(Heddle heddle) throws Exception {
    CompletableFuture<String> letGo = new CompletableFuture<>();
    CompletableFuture<String> entered = new CompletableFuture<>();
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      CompletableFuture<String> slow =
          held.toCompletableFuture()
              .thenApply(
                  value -> {
                    entered.complete(Thread.currentThread().getName());
                    return letGo.join() + value;
                  });
      gate.open();
      Expect.contains(entered.get(), "heddle-callback");
      for (int i = 0; i < 20; i++) {
        assertEquals(2 * i, heddle.submit(Tasks::twice, i).get(), "others go on meanwhile");
      }
      assertFalse(slow.isDone());
      letGo.complete("late");
      assertEquals("late7", slow.get());
      assertEquals(
          84,
          held.toCompletableFuture()
              .thenCompose(_ -> heddle.submit(Tasks::twice, 42).toCompletableFuture())
              .get(),
          "a callback submits");
    }
  }
}
