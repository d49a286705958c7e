package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DependencyException;
import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Threads that submit and wait, futures that are given up, chains that are long.
final class WaitingBehaviours {
  private static final int CHAIN = 100_000;
  private static final int CHAIN_CROWDED = 2_000;

  private WaitingBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("chain of many tasks", WaitingBehaviours::chain),
        new Scenario("chain of 100,000 tasks fails without stack growth", WaitingBehaviours::fails),
        new Scenario("virtual threads wait", WaitingBehaviours::virtualThreads),
        new Scenario("8 threads submit at once", WaitingBehaviours::submitters),
        new Scenario("many threads wait for one future", WaitingBehaviours::waiters),
        new Scenario("get with a time-out", WaitingBehaviours::timeOut),
        new Scenario("cancel of a pending task and its dependents", WaitingBehaviours::pending),
        new Scenario("cancel of ready tasks", WaitingBehaviours::ready),
        new Scenario("cancel of a running task drops its result", WaitingBehaviours::running),
        new Scenario("cancel of a task that is done", WaitingBehaviours::done),
        new Scenario("interrupt of a waiting thread", WaitingBehaviours::interrupt),
        new Scenario("interrupt of a waiting virtual thread", WaitingBehaviours::interruptVirtual));
  }

  private static void chain(Heddle heddle) throws Exception {
    // with more ranks than cores each hop waits for the machine, and says nothing more
    int length = heddle.ranks() > 2 ? CHAIN_CROWDED : CHAIN;
    TaskFuture<Integer> last = heddle.submit(Tasks::answer);
    for (int i = 0; i < length; i++) {
      last = last.then(Tasks::increment);
    }
    assertEquals(42 + length, last.get());
  }

  private static void fails(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 1);
      TaskFuture<Integer> root = held.then(_ -> Tasks.fail("the root"));
      TaskFuture<Integer> last = root;
      for (int i = 0; i < CHAIN; i++) {
        last = last.then(Tasks::increment);
      }
      gate.open();
      DependencyException failure = Expect.failure(DependencyException.class, last);
      assertEquals(root.taskId(), failure.rootTaskId());
    }
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      assertTrue(thread.join(java.time.Duration.ofSeconds(60)), () -> "hangs: " + thread);
    }
  }

  private static void virtualThreads(Heddle heddle) throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<FutureTask<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int index = i;
      FutureTask<Integer> result =
          new FutureTask<>(() -> heddle.submit(Tasks::twice, index).then(Tasks::increment).get());
      results.add(result);
      threads.add(Thread.startVirtualThread(result));
    }
    join(threads);
    for (int i = 0; i < results.size(); i++) {
      assertEquals(2 * i + 1, results.get(i).get());
    }
  }

  private static void submitters(Heddle heddle) throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<FutureTask<Long>> results = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      FutureTask<Long> result = new FutureTask<>(() -> sumOf500(heddle));
      results.add(result);
      threads.add(Thread.ofPlatform().name("submitter-" + i).start(result));
    }
    join(threads);
    for (FutureTask<Long> result : results) {
      assertEquals(500L * 499, result.get());
    }
  }

  private static long sumOf500(Heddle heddle) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      futures.add(heddle.submit(Tasks::twice, i));
    }
    long sum = 0;
    for (TaskFuture<Integer> future : futures) {
      sum += future.get();
    }
    return sum;
  }

  private static void waiters(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      List<Thread> threads = new ArrayList<>();
      List<FutureTask<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        FutureTask<Integer> result = new FutureTask<>(held::get);
        results.add(result);
        threads.add((i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform()).start(result));
      }
      gate.open();
      join(threads);
      for (FutureTask<Integer> result : results) {
        assertEquals(7, result.get());
      }
    }
  }

  private static void timeOut(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      Expect.contains(
          assertThrows(TimeoutException.class, () -> held.get(20, TimeUnit.MILLISECONDS)),
          "20 MILLISECONDS",
          "Gate.pass");
      assertThrows(TimeoutException.class, () -> held.get(0, TimeUnit.SECONDS));
      assertFalse(held.isDone());
      gate.open();
      assertEquals(7, held.get(1, TimeUnit.DAYS));
    }
  }

  private static void pending(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      TaskFuture<Integer> given = held.then(Tasks::twice);
      TaskFuture<Integer> behind = given.then(Tasks::increment);
      TaskFuture<List<Integer>> list = heddle.all(List.of(held, behind));
      assertTrue(given.cancel(true));
      assertTrue(given.isCancelled() && given.isDone());
      assertThrows(CancellationException.class, given::get);
      assertFalse(given.cancel(true), "a second time");
      for (TaskFuture<?> dependent : List.of(behind, list)) {
        DependencyException failure = Expect.failure(DependencyException.class, dependent);
        assertEquals(given.taskId(), failure.rootTaskId());
        assertInstanceOf(CancellationException.class, failure.getCause());
      }
      assertFalse(held.isDone());
      gate.open();
      assertEquals(7, held.get());
    }
  }

  private static void ready(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      // more tasks than slots, so that some are ready and can't start
      List<TaskFuture<Integer>> held = new ArrayList<>();
      for (int i = 0; i < 2 * heddle.slots() + 2; i++) {
        held.add(heddle.submit(Gate::pass, gate, i));
      }
      TaskFuture<Integer> kept = held.removeFirst();
      for (TaskFuture<Integer> future : held) {
        assertTrue(future.cancel(false));
        assertThrows(CancellationException.class, future::get);
      }
      gate.open();
      assertEquals(0, kept.get());
      assertEquals(42, heddle.submit(Tasks::answer).get());
    }
  }

  private static void running(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create();
        Gate entered = Gate.create()) {
      TaskFuture<Integer> held =
          heddle
              .with(gate, entered)
              .submit(
                  (exit, entry) -> {
                    entry.open();
                    return Gate.pass(exit, 7);
                  });
      Expect.eventually(entered::isOpen, "the task runs");
      assertTrue(held.cancel(true));
      assertThrows(CancellationException.class, held::get);
      Expect.failure(DependencyException.class, held.then(Tasks::twice));
      gate.open();
      assertEquals(42, heddle.submit(Tasks::answer).get());
      assertTrue(held.isCancelled());
    }
  }

  private static void done(Heddle heddle) throws Exception {
    TaskFuture<Integer> future = heddle.submit(Tasks::answer);
    assertEquals(42, future.get());
    assertFalse(future.cancel(true));
    assertFalse(future.isCancelled());
    assertEquals(42, future.get());
    TaskFuture<Integer> failed = heddle.submit(Tasks::fail, "no");
    Expect.failure(IOException.class, failed);
    assertFalse(failed.cancel(true));
  }

  private static void interrupt(Heddle heddle) throws Exception {
    interruptBy(heddle, Thread.ofPlatform().name("waiter"));
  }

  private static void interruptVirtual(Heddle heddle) throws Exception {
    interruptBy(heddle, Thread.ofVirtual().name("waiter"));
  }

  private static void interruptBy(Heddle heddle, Thread.Builder builder) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      FutureTask<Integer> waiting = new FutureTask<>(held::get);
      Thread thread = builder.start(waiting);
      Expect.eventually(() -> thread.getState() != Thread.State.NEW, "the thread runs");
      thread.interrupt();
      ExecutionException failure =
          assertThrows(ExecutionException.class, () -> waiting.get(60, TimeUnit.SECONDS));
      assertInstanceOf(InterruptedException.class, failure.getCause());
      assertFalse(held.isDone());
      gate.open();
      assertEquals(7, held.get(), "the task was not touched");
      join(List.of(thread));
    }
  }
}
