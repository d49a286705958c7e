package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskContext;
import dev.heddle.TaskFuture;
import dev.heddle.runtime.session.CancelRounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;

/// What a task notices when it is given up, on whatever rank it runs. `WaitingBehaviours` has what
/// its caller notices.
final class CancelBehaviours {
  private CancelBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("cancel interrupts a running task on its rank", CancelBehaviours::interrupts),
        new Scenario("cancel without interrupt leaves it running", CancelBehaviours::leaves),
        new Scenario("a running task sees that it is cancelled", CancelBehaviours::sees),
        new Scenario("cancel of a task that ignores interrupts", CancelBehaviours::ignores),
        new Scenario("an interrupt hits no later task", CancelBehaviours::hitsNoOther),
        new Scenario("cancelled tasks never start", CancelBehaviours::neverStart),
        new Scenario("cancel of many pending tasks", CancelBehaviours::many),
        new Scenario("a cancelled task counts as done", CancelBehaviours::counts),
        new Scenario("cancel and its dependents agree, whichever way", CancelBehaviours::agree));
  }

  /// Tells that it runs, waits at the gate, and notes how that ended.
  private static int watched(Gate entered, Gate exit, Journal journal)
      throws IOException, java.util.concurrent.TimeoutException {
    entered.open();
    try {
      int value = Gate.pass(exit, 7);
      journal.write("passed");
      return value;
    } catch (InterruptedException e) {
      journal.write("interrupted " + TaskContext.current().isCancelled());
      return -1;
    }
  }

  private static void interrupts(Heddle heddle) throws Exception {
    try (Gate entered = Gate.create();
        Gate exit = Gate.create();
        Journal journal = Journal.create()) {
      TaskFuture<Integer> held = heddle.submit(CancelBehaviours::watched, entered, exit, journal);
      Expect.eventually(entered::isOpen, "the task runs");
      assertTrue(held.cancel(true));
      assertThrows(CancellationException.class, held::get);
      journal.await(1);
      assertEquals(List.of("interrupted true"), journal.lines());
    }
  }

  private static void leaves(Heddle heddle) throws Exception {
    try (Gate entered = Gate.create();
        Gate exit = Gate.create();
        Journal journal = Journal.create()) {
      TaskFuture<Integer> held = heddle.submit(CancelBehaviours::watched, entered, exit, journal);
      Expect.eventually(entered::isOpen, "the task runs");
      assertTrue(held.cancel(false));
      assertThrows(CancellationException.class, held::get);
      assertEquals(0, journal.count());
      exit.open();
      journal.await(1);
      assertEquals(List.of("passed"), journal.lines());
      assertTrue(held.isCancelled());
    }
  }

  /// Looks at nothing but its context.
  private static int spinning(Gate entered, Journal journal) throws IOException {
    entered.open();
    boolean wasInterrupted = false;
    while (!TaskContext.current().isCancelled()) {
      wasInterrupted |= Thread.interrupted();
      LockSupport.parkNanos(100_000);
    }
    journal.write("cancelled");
    return wasInterrupted ? 1 : 0;
  }

  private static void sees(Heddle heddle) throws Exception {
    for (boolean interrupt : new boolean[] {true, false}) {
      try (Gate entered = Gate.create();
          Journal journal = Journal.create()) {
        TaskFuture<Integer> held = heddle.submit(CancelBehaviours::spinning, entered, journal);
        Expect.eventually(entered::isOpen, "the task runs");
        assertTrue(held.cancel(interrupt));
        journal.await(1);
      }
    }
    assertFalse(heddle.submit(() -> TaskContext.current().isCancelled()).get(), "the next is not");
  }

  /// Swallows every interrupt until the gate is open.
  private static int deaf(Gate entered, Gate exit, Journal journal) throws IOException {
    entered.open();
    while (!exit.isOpen()) {
      boolean _ = Thread.interrupted();
      LockSupport.parkNanos(100_000);
    }
    journal.write("ended");
    return 7;
  }

  private static void ignores(Heddle heddle) throws Exception {
    try (Gate entered = Gate.create();
        Gate exit = Gate.create();
        Journal journal = Journal.create()) {
      TaskFuture<Integer> held = heddle.submit(CancelBehaviours::deaf, entered, exit, journal);
      TaskFuture<Integer> behind = held.then(Tasks::twice);
      Expect.eventually(entered::isOpen, "the task runs");
      assertTrue(held.cancel(true));
      Expect.failure(dev.heddle.DependencyException.class, behind);
      assertEquals(0, journal.count(), "it goes on");
      exit.open();
      journal.await(1);
      assertTrue(held.isCancelled(), "its late result is dropped");
      assertThrows(CancellationException.class, held::get);
      assertEquals(42, heddle.submit(Tasks::answer).get(), "its slot is free again");
    }
  }

  private static boolean isInterrupted(int index) {
    LockSupport.parkNanos(50_000);
    return Thread.currentThread().isInterrupted() && index >= 0;
  }

  private static void hitsNoOther(Heddle heddle) throws Exception {
    List<TaskFuture<Boolean>> kept = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      TaskFuture<Boolean> given = heddle.submit(CancelBehaviours::isInterrupted, i);
      kept.add(heddle.submit(CancelBehaviours::isInterrupted, i));
      boolean _ = given.cancel(true);
    }
    for (TaskFuture<Boolean> future : kept) {
      assertFalse(future.get());
    }
  }

  private static void neverStart(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create();
        Journal journal = Journal.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      List<TaskFuture<Integer>> behind = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        behind.add(heddle.with(journal, held).submit((j, v) -> Journal.noted(j, "ran", v)));
      }
      behind.forEach(future -> assertTrue(future.cancel(true)));
      gate.open();
      assertEquals(7, held.get());
      assertEquals(42, held.then(_ -> 42).get());
      assertEquals(List.of(), journal.lines());
    }
  }

  private static void many(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      List<TaskFuture<Integer>> behind = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        behind.add(held.then(Tasks::twice));
      }
      for (TaskFuture<Integer> future : behind) {
        assertTrue(future.cancel(false));
      }
      gate.open();
      assertEquals(7, held.get());
      assertEquals(42, heddle.submit(Tasks::answer).get());
    }
  }

  private static void counts(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      long failedBefore = heddle.progress().failed();
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      assertTrue(held.cancel(true));
      gate.open();
      Expect.eventually(
          () -> heddle.progress().done() == heddle.progress().submitted(), "all tasks counted");
      assertEquals(1, heddle.progress().failed() - failedBefore);
    }
  }

  /// Futures of every kind are given up as they end, and looked at in every way.
  private static void agree(Heddle heddle) throws Exception {
    // with more ranks than cores a round waits for the machine
    int rounds = heddle.ranks() > 5 ? 8 : 60;
    try (CancelRounds played = new CancelRounds(heddle, 1, false, 30_000)) {
      for (int i = 0; i < rounds; i++) {
        played.play();
      }
      assertEquals(List.of(), played.told(), () -> played.totals().toString());
      assertTrue(played.totals().saidTrue() > 0);
    }
  }
}
