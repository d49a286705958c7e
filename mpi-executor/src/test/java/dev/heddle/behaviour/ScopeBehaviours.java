package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.OnLeave;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Tasks that end with a part of the program.
final class ScopeBehaviours {
  private ScopeBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("leaving a scope waits", ScopeBehaviours::waits),
        new Scenario("leaving a scope cancels", ScopeBehaviours::cancels),
        new Scenario("leaving a scope skips", ScopeBehaviours::skips),
        new Scenario("leaving a scope by an exception doesn't wait", ScopeBehaviours::leavesBy),
        new Scenario("a scope has a value", ScopeBehaviours::value),
        new Scenario("use of a scope after its end is refused", ScopeBehaviours::closed),
        new Scenario("scopes in scopes", ScopeBehaviours::nested),
        new Scenario("an executor service belongs to its scope", ScopeBehaviours::service),
        new Scenario("joins and what follows belong to the scope", ScopeBehaviours::joins),
        new Scenario("failures in a scope stay with their futures", ScopeBehaviours::failures),
        new Scenario("interrupt of a thread that leaves a scope", ScopeBehaviours::interrupted));
  }

  private static void waits(Heddle heddle) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    heddle
        .scope(OnLeave.WAIT)
        .run(
            s -> {
              TaskFuture<Integer> last = s.submit(Tasks::answer);
              for (int i = 0; i < 20; i++) {
                last = last.then(Tasks::increment);
                futures.add(last);
              }
              futures.add(s.submit(Tasks::fail, "waited for too"));
            });
    assertTrue(futures.stream().allMatch(TaskFuture::isDone));
    assertEquals(62, futures.get(19).get());
  }

  private static void cancels(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> outside = heddle.submit(Gate::pass, gate, 1);
      List<TaskFuture<Integer>> futures = new ArrayList<>();
      heddle
          .scope(OnLeave.CANCEL)
          .run(
              s -> {
                futures.add(s.submit(Gate::pass, gate, 7));
                futures.add(s.submit(Tasks::twice, outside));
                futures.add(s.join(() -> s.submit(Tasks::twice, outside)));
              });
      assertTrue(futures.stream().allMatch(TaskFuture::isDone));
      assertTrue(futures.getFirst().isCancelled());
      assertFalse(outside.isDone(), "what is outside goes on");
      gate.open();
      assertEquals(1, outside.get());
    }
  }

  private static void skips(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held =
          heddle.scope(OnLeave.SKIP).call(s -> s.submit(Gate::pass, gate, 7));
      assertFalse(held.isDone());
      gate.open();
      assertEquals(7, held.get());
    }
  }

  private static void leavesBy(Heddle heddle) throws Exception {
    for (OnLeave onLeave : OnLeave.values()) {
      try (Gate gate = Gate.create()) {
        List<TaskFuture<Integer>> held = new ArrayList<>();
        IOException thrown = new IOException("enough");
        assertSame(
            thrown,
            assertThrows(
                IOException.class,
                () ->
                    heddle
                        .scope(onLeave)
                        .run(
                            s -> {
                              held.add(s.submit(Gate::pass, gate, 7));
                              throw thrown;
                            })));
        assertFalse(gate.isOpen(), "nobody waited");
        assertEquals(onLeave != OnLeave.SKIP, held.getFirst().isCancelled());
        gate.open();
        if (onLeave == OnLeave.SKIP) {
          assertEquals(7, held.getFirst().get());
        }
      }
    }
  }

  private static void value(Heddle heddle) throws Exception {
    int value =
        heddle
            .scope(OnLeave.CANCEL)
            .call(s -> s.any(List.of(s.submit(Tasks::answer), s.submit(() -> 42))).get());
    assertEquals(42, value);
    assertEquals(
        84,
        heddle.label("x").scope(OnLeave.WAIT).call(s -> s.submit(Tasks::twice, 42)).get(),
        "after the end");
  }

  private static void closed(Heddle heddle) throws Exception {
    List<Heddle> kept = new ArrayList<>();
    heddle.scope(OnLeave.WAIT).run(kept::add);
    Heddle over = kept.getFirst();
    for (org.junit.jupiter.api.function.Executable use :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> over.submit(Tasks::answer),
            () -> over.with(1).submit(Tasks::twice),
            () -> over.label("x").submit(Tasks::answer),
            () -> over.join(() -> heddle.submit(Tasks::answer)),
            () -> over.all(List.of(heddle.submit(Tasks::answer))),
            () -> over.any(List.of(heddle.submit(Tasks::answer))),
            () -> over.scope(OnLeave.WAIT).run(_ -> {}),
            () -> over.asExecutorService())) {
      Expect.contains(
          assertThrows(IllegalStateException.class, use),
          "the scope is closed",
          "to the heddle around it");
    }
    assertEquals(42, heddle.submit(Tasks::answer).get());
  }

  private static void nested(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      List<TaskFuture<Integer>> inner = new ArrayList<>();
      heddle
          .scope(OnLeave.CANCEL)
          .run(
              outer -> {
                TaskFuture<Integer> first = outer.submit(Tasks::answer);
                TaskFuture<Integer> waited =
                    outer.scope(OnLeave.WAIT).call(s -> s.submit(Tasks::answer));
                assertTrue(waited.isDone());
                outer
                    .scope(OnLeave.SKIP)
                    .run(s -> inner.add(s.with(gate, first).submit((g, v) -> Gate.pass(g, v))));
                assertFalse(inner.getFirst().isDone(), "the inner scope was left without a wait");
                assertEquals(42, first.get());
              });
      assertTrue(inner.getFirst().isCancelled(), "the outer scope has ended, and its parts too");
    }
  }

  private static void service(Heddle heddle) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    heddle
        .scope(OnLeave.WAIT)
        .run(
            s -> {
              TaskFuture<Integer> first = s.asExecutorService().submit(() -> 42);
              futures.add(first);
            });
    assertTrue(futures.getFirst().isDone());
    assertEquals(42, futures.getFirst().get());
  }

  private static void joins(Heddle heddle) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    heddle
        .scope(OnLeave.WAIT)
        .run(
            s -> {
              TaskFuture<Integer> joined = s.join(() -> s.submit(Tasks::answer));
              futures.add(joined);
              futures.add(joined.then(Tasks::twice));
              futures.add(joined.part(value -> value + 1));
            });
    assertTrue(futures.stream().allMatch(TaskFuture::isDone));
    assertEquals(43, futures.get(2).get());
  }

  private static void failures(Heddle heddle) throws Exception {
    TaskFuture<Integer> failed =
        heddle.scope(OnLeave.WAIT).call(s -> s.submit(Tasks::fail, "alone"));
    assertTrue(failed.isDone());
    assertEquals("alone", Expect.failure(IOException.class, failed).getMessage());
  }

  private static void interrupted(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create();
        Gate entered = Gate.create()) {
      List<TaskFuture<Integer>> held = new ArrayList<>();
      FutureTask<Integer> leaving =
          new FutureTask<>(
              () -> {
                heddle
                    .scope(OnLeave.WAIT)
                    .run(
                        s -> {
                          held.add(s.submit(Gate::pass, gate, 7));
                          entered.open();
                        });
                return 0;
              });
      Thread thread = Thread.ofPlatform().start(leaving);
      Expect.eventually(entered::isOpen, "the body runs");
      thread.interrupt();
      assertInstanceOf(
          InterruptedException.class,
          assertThrows(ExecutionException.class, leaving::get).getCause());
      assertTrue(held.getFirst().isCancelled());
      gate.open();
    }
  }
}
