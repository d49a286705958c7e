package dev.heddle.runtime.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskFuture;
import dev.heddle.user.Stuck;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Users' callbacks, and the end of a run that waits for them or for futures that are never
/// completed.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EndingTest {
  private static final Duration JOIN_MAX = Duration.ofSeconds(60);

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream before = System.err;

  static int next(int value) {
    return value + 1;
  }

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldWaitForWhatCallbacksDo(int ranks) throws InterruptedException {
    AtomicInteger sum = new AtomicInteger();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
    Held.run(
        ranks,
        heddle -> {
          try (Held held = new Held()) {
            TaskFuture<Integer> first = heddle.submit(Held::pass, held.number(), 1);
            TaskFuture<Integer> other = heddle.submit(Held::pass, held.number(), 10);
            // submits, and waits for that task and for another task
            CompletableFuture<Void> _ =
                first
                    .toCompletableFuture()
                    .thenAccept(
                        value -> {
                          threads.add(Thread.currentThread());
                          sum.addAndGet(join(heddle.submit(EndingTest::next, value)) + join(other));
                        });
            CompletableFuture<Void> failing =
                first
                    .toCompletableFuture()
                    .thenAccept(
                        _ -> {
                          threads.add(Thread.currentThread());
                          throw new ArithmeticException("a callback fails");
                        });
            CompletableFuture<Void> _ = failing.exceptionally(e -> note(thrown, e));
            // a callback of a callback, started when the body has long returned
            CompletableFuture<Void> _ =
                first
                    .toCompletableFuture()
                    .thenAccept(
                        value -> {
                          threads.add(Thread.currentThread());
                          CompletableFuture<Void> _ =
                              heddle
                                  .submit(EndingTest::next, value)
                                  .toCompletableFuture()
                                  .thenAccept(v -> sum.addAndGet(100 * v));
                        });
          }
        });
    assertEquals(2 + 10 + 200, sum.get());
    assertInstanceOf(ArithmeticException.class, thrown.get().getCause());
    assertEquals(3, threads.size());
    for (Thread thread : threads) {
      assertTrue(thread.isVirtual());
      assertTrue(thread.join(JOIN_MAX), "a callback is left: " + thread);
    }
  }

  private static Void note(AtomicReference<Throwable> where, Throwable what) {
    where.set(what);
    return null;
  }

  private static int join(TaskFuture<Integer> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest(name = "isDeaf={0}")
  @ValueSource(booleans = {false, true})
  void shouldNameAndInterruptCallbacksThatWaitForEver(boolean isDeaf) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    AtomicBoolean wasInterrupted = new AtomicBoolean();
    FutureTask<Void> run =
        new FutureTask<>(
            () ->
                Held.run(
                    1,
                    heddle -> {
                      try (Held held = new Held()) {
                        CompletableFuture<Void> _ =
                            heddle
                                .submit(Held::pass, held.number(), 1)
                                .toCompletableFuture()
                                .thenAccept(
                                    _ -> {
                                      thread.set(Thread.currentThread());
                                      Stuck.waitFor(never, isDeaf, wasInterrupted);
                                    });
                      }
                    }),
            null);
    Thread _ = Thread.ofPlatform().start(run);
    run.get(100, TimeUnit.SECONDS);
    assertTrue(wasInterrupted.get());
    assertTrue(
        said().contains("1 callback waits for what doesn't come, at " + Stuck.class.getName()),
        this::said);
    assertEquals(isDeaf, said().contains("the run ends though it was interrupted"), this::said);
    never.countDown();
    assertTrue(thread.get().join(JOIN_MAX), "the callback is left");
  }

  @Test
  void shouldSayWhichFutureNobodyHasCompleted() throws Exception {
    CompletableFuture<Integer> forgotten = new CompletableFuture<>();
    FutureTask<Integer> plain = new FutureTask<>(() -> 5);
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    FutureTask<Void> run =
        new FutureTask<>(
            () ->
                Held.run(
                    2,
                    heddle -> {
                      futures.add(heddle.submit(EndingTest::next, forgotten));
                      futures.add(heddle.submit(EndingTest::next, plain));
                    }),
            null);
    Thread _ = Thread.ofPlatform().start(run);
    Held.eventually(() -> said().contains("which nobody has completed"), "a sentence");
    assertFalse(run.isDone());
    String said = said();
    for (String part :
        List.of(
            "the body has returned",
            "a CompletableFuture given to EndingTest.next, which nobody has completed",
            "a FutureTask given to EndingTest.next, which nobody has completed")) {
      assertTrue(said.contains(part), () -> "no \"" + part + "\" in: " + said);
    }
    forgotten.complete(1);
    plain.run();
    run.get(60, TimeUnit.SECONDS);
    assertEquals(2, futures.getFirst().resultNow());
    assertEquals(6, futures.getLast().resultNow());
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldSayWhichTaskDoesNotEnd(int ranks) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    try (Held held = new Held()) {
      FutureTask<Void> run =
          new FutureTask<>(
              () ->
                  Held.run(
                      ranks,
                      heddle -> {
                        futures.add(heddle.submit(EndingTest::next, 1));
                        futures.add(heddle.submit(Held::pass, held.number(), 1));
                      }),
              null);
      Thread _ = Thread.ofPlatform().start(run);
      Held.eventually(() -> said().contains(" the run waits for 1 task: "), "a sentence");
      assertFalse(run.isDone());
      assertTrue(
          said()
              .contains(
                  futures.getLast().taskId() + " (Held.pass) on rank " + (ranks == 1 ? 0 : 1)),
          this::said);
      held.open();
      run.get(60, TimeUnit.SECONDS);
    }
    assertEquals(1, futures.getLast().resultNow());
  }

  @Test
  void shouldEndJoinsThatWaitWhenTheBodyFails() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    FutureTask<Void> run =
        new FutureTask<>(
            () ->
                Held.run(
                    1,
                    heddle -> {
                      // the task ends after the chaining, or the body's thread would run the
                      // chained function
                      Held held = new Held();
                      CountDownLatch isWaiting = new CountDownLatch(1);
                      CompletableFuture<Void> _ =
                          heddle
                              .submit(Held::pass, held.number(), 1)
                              .toCompletableFuture()
                              .thenAccept(
                                  _ -> {
                                    thread.set(Thread.currentThread());
                                    isWaiting.countDown();
                                    Stuck.waitFor(never, false, new AtomicBoolean());
                                  });
                      held.open();
                      if (isWaiting.await(60, TimeUnit.SECONDS)) {
                        throw new ArithmeticException("the body fails");
                      }
                    }),
            null);
    Thread _ = Thread.ofPlatform().start(run);
    Throwable heard = null;
    try {
      run.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      heard = e.getCause();
    }
    assertInstanceOf(ArithmeticException.class, heard);
    assertTrue(thread.get().join(JOIN_MAX), "the callback is left");
  }
}
