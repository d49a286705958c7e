package dev.heddle.runtime.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// As many virtual threads as a program may have: each thread submits a task, and waits for it.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ManyThreadsTest {
  private static final int THREADS = 100_000;
  private static final int WAITERS = 20_000;
  private static final Duration JOIN_MAX = Duration.ofSeconds(200);

  static int twice(int value) {
    return 2 * value;
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldServeAHundredThousandVirtualThreads(int ranks) {
    AtomicLong sum = new AtomicLong();
    ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    Held.run(
        ranks,
        heddle -> {
          List<Thread> threads = new ArrayList<>();
          for (int i = 0; i < THREADS; i++) {
            int index = i;
            threads.add(
                Thread.startVirtualThread(
                    () -> {
                      try {
                        TaskFuture<Integer> one = heddle.submit(ManyThreadsTest::twice, index);
                        long value =
                            index % 2 == 0
                                ? one.get()
                                : one.then(ManyThreadsTest::twice).get(1, TimeUnit.DAYS);
                        sum.addAndGet(value);
                      } catch (Throwable e) {
                        wrong.add(e);
                      }
                    }));
          }
          join(threads);
        });
    assertTrue(wrong.isEmpty(), wrong::toString);
    long half = THREADS / 2;
    assertEquals(2 * half * (half - 1) + 4 * half * half, sum.get());
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    long deadlineNs = System.nanoTime() + JOIN_MAX.toNanos();
    for (Thread thread : threads) {
      assertTrue(
          thread.join(Duration.ofNanos(Math.max(1, deadlineNs - System.nanoTime()))),
          () -> "hangs: " + thread);
    }
  }

  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldWakeAllThatWaitForOneFuture(int ranks) {
    AtomicInteger got = new AtomicInteger();
    Held.run(
        ranks,
        heddle -> {
          try (Held held = new Held()) {
            TaskFuture<Integer> one = heddle.submit(Held::pass, held.number(), 1);
            List<Thread> threads = startWaiting(one, got, new AtomicInteger());
            held.open();
            join(threads);
          }
        });
    assertEquals(WAITERS, got.get());
  }

  /// The run ends by its body's failure while the threads wait for a future that will never be
  /// done.
  @ParameterizedTest(name = "localRanks={0}")
  @ValueSource(ints = {1, 2})
  void shouldWakeAllThatWaitWhenTheRunFails(int ranks) throws Exception {
    AtomicInteger got = new AtomicInteger();
    AtomicInteger told = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    try (Held never = new Held()) {
      int number = never.number();
      Heddle.Body body =
          heddle -> {
            TaskFuture<Integer> running = heddle.submit(Held::pass, number, 1);
            threads.addAll(startWaiting(running.then(ManyThreadsTest::twice), got, told));
            throw new ArithmeticException("the body fails");
          };
      assertThrows(ArithmeticException.class, () -> Held.run(ranks, body));
      join(threads);
    }
    assertEquals(WAITERS, got.get() + told.get());
  }

  private static List<Thread> startWaiting(
      TaskFuture<Integer> future, AtomicInteger got, AtomicInteger told)
      throws InterruptedException {
    CountDownLatch started = new CountDownLatch(WAITERS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WAITERS; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                started.countDown();
                try {
                  got.addAndGet(future.get() > 0 ? 1 : 0);
                } catch (Exception e) {
                  told.incrementAndGet();
                }
              }));
    }
    started.await();
    return threads;
  }
}
