package dev.heddle.runtime.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Completion, cancel, get and listeners of one future, all at once from several threads. The
/// future ends once, all threads see the same end, each listener runs once, no thread sleeps on.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class FutureRaceTest {
  private static final int THREADS = 5;
  private static final int ROUNDS = 400;
  private static final int FUTURES = 6;
  private static final long WAIT_S_MAX = 60;

  static int next(int value) {
    return value + 1;
  }

  @ParameterizedTest(name = "localRanks={0} seed={1}")
  @CsvSource({"1, 1", "1, 2", "2, 3", "2, 4", "5, 5"})
  void shouldEndEveryFutureOnce(int ranks, long seed) {
    Held.run(ranks, heddle -> new Race(heddle, seed).run());
  }

  /// Rounds of a few futures. Each thread works on all of them in an order of its own.
  private static final class Race {
    private final Heddle heddle;
    private final long seed;
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final CyclicBarrier barrier = new CyclicBarrier(THREADS, this::nextRound);
    private List<TaskFuture<Integer>> futures = List.of();
    private AtomicIntegerArray listened = new AtomicIntegerArray(FUTURES);
    private AtomicIntegerArray copied = new AtomicIntegerArray(FUTURES);
    private AtomicIntegerArray listeners = new AtomicIntegerArray(FUTURES);
    private AtomicIntegerArray copies = new AtomicIntegerArray(FUTURES);
    private AtomicIntegerArray cancelled = new AtomicIntegerArray(FUTURES);
    private int round = -1;

    Race(Heddle heddle, long seed) {
      this.heddle = heddle;
      this.seed = seed;
    }

    void run() throws Exception {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int index = i;
        Thread.Builder kind = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        threads.add(kind.name("race-" + i).start(() -> rounds(new Random(seed * 31 + index))));
      }
      for (Thread thread : threads) {
        assertTrue(
            thread.join(java.time.Duration.ofSeconds(200)),
            () ->
                "hangs in round "
                    + round
                    + ", seed="
                    + seed
                    + ": "
                    + thread
                    + Arrays.toString(thread.getStackTrace()));
      }
      assertTrue(wrong.isEmpty(), () -> "seed=" + seed + ": " + wrong);
      assertEquals(ROUNDS, round);
    }

    private void rounds(Random random) {
      try {
        for (int i = 0; i < ROUNDS; i++) {
          barrier.await(WAIT_S_MAX, TimeUnit.SECONDS);
          play(random);
        }
        barrier.await(WAIT_S_MAX, TimeUnit.SECONDS);
      } catch (Throwable e) {
        wrong.add(Thread.currentThread().getName() + " in round " + round + ": " + e);
      }
    }

    /// Run by the last thread that arrives at the barrier.
    private void nextRound() {
      try {
        if (round >= 0) {
          check();
        }
      } catch (Throwable e) {
        wrong.add("round " + round + ": " + e);
      }
      round++;
      listened = new AtomicIntegerArray(FUTURES);
      copied = new AtomicIntegerArray(FUTURES);
      listeners = new AtomicIntegerArray(FUTURES);
      copies = new AtomicIntegerArray(FUTURES);
      cancelled = new AtomicIntegerArray(FUTURES);
      List<TaskFuture<Integer>> made = new ArrayList<>();
      TaskFuture<Integer> last = heddle.submit(FutureRaceTest::next, 0);
      for (int i = 0; i < FUTURES; i++) {
        last =
            i % 3 == 2 ? last.then(FutureRaceTest::next) : heddle.submit(FutureRaceTest::next, i);
        made.add(last);
      }
      futures = made;
    }

    private void play(Random random) throws Exception {
      for (int step = 0; step < 2 * FUTURES; step++) {
        int index = random.nextInt(FUTURES);
        TaskFuture<Integer> future = futures.get(index);
        switch (random.nextInt(6)) {
          case 0 -> {
            if (future.cancel(random.nextBoolean())) {
              cancelled.incrementAndGet(index);
            }
          }
          case 1 -> {
            listeners.incrementAndGet(index);
            AtomicIntegerArray counts = listened;
            ((EngineFuture<?>) future).onDone(() -> counts.incrementAndGet(index));
          }
          case 2 -> {
            copies.incrementAndGet(index);
            AtomicIntegerArray counts = copied;
            CompletableFuture<?> _ =
                future.toCompletableFuture().handle((_, _) -> counts.incrementAndGet(index));
          }
          case 3 -> get(future, random.nextInt(50));
          case 4 -> {
            Thread.currentThread().interrupt();
            try {
              boolean _ = ended(future, WAIT_S_MAX, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              // the interrupt was meant to end the wait
            }
            boolean _ = Thread.interrupted();
          }
          default -> {
            if (!ended(future, WAIT_S_MAX, TimeUnit.SECONDS)) {
              wrong.add("a wake-up was lost: " + future.taskId());
            }
          }
        }
      }
    }

    private static void get(TaskFuture<Integer> future, long us) throws InterruptedException {
      boolean _ = ended(future, us, TimeUnit.MICROSECONDS);
    }

    private static boolean ended(TaskFuture<Integer> future, long timeout, TimeUnit unit)
        throws InterruptedException {
      try {
        int _ = future.get(timeout, unit);
      } catch (ExecutionException | CancellationException e) {
        return true;
      } catch (TimeoutException e) {
        return false;
      }
      return true;
    }

    private void check() throws Exception {
      for (int i = 0; i < FUTURES; i++) {
        TaskFuture<Integer> future = futures.get(i);
        if (!ended(future, WAIT_S_MAX, TimeUnit.SECONDS)) {
          throw new AssertionError("never done: index=" + i);
        }
        boolean isCancelled = future.isCancelled();
        if (cancelled.get(i) != (isCancelled ? 1 : 0)) {
          throw new AssertionError(
              "index=" + i + " cancelled=" + cancelled.get(i) + " times, says " + isCancelled);
        }
        int index = i;
        AtomicIntegerArray byCopies = copied;
        AtomicIntegerArray byListeners = listened;
        Held.eventually(
            () ->
                byCopies.get(index) >= copies.get(index)
                    && byListeners.get(index) >= listeners.get(index),
            "listeners of index=" + i);
        assertEquals(copies.get(i), copied.get(i), "copies");
        assertEquals(listeners.get(i), listened.get(i), "listeners");
      }
    }
  }

  /// Submitting into a scope, or a service, that another thread closes: every accepted task ends,
  /// and no task is counted twice.
  @ParameterizedTest(name = "localRanks={0} seed={1}")
  @CsvSource({"1, 1", "2, 2"})
  void shouldTakeOrRefuseWhileOthersShutDown(int ranks, long seed) {
    Random random = new Random(seed);
    Held.run(
        ranks,
        heddle -> {
          for (int i = 0; i < 150; i++) {
            shutDownWhileSubmitting(heddle, random.nextInt(200), i % 2 == 0);
          }
          assertEquals(3, heddle.submit(FutureRaceTest::next, 2).get());
          Held.eventually(
              () -> heddle.progress().done() == heddle.progress().submitted(),
              "all are done, and once");
        });
  }

  private static void shutDownWhileSubmitting(Heddle heddle, int spins, boolean now)
      throws Exception {
    var service = heddle.asExecutorService();
    ConcurrentLinkedQueue<TaskFuture<Integer>> taken = new ConcurrentLinkedQueue<>();
    AtomicInteger refused = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (true) {
                        taken.add(service.submit(() -> next(1)));
                      }
                    } catch (java.util.concurrent.RejectedExecutionException e) {
                      refused.incrementAndGet();
                    }
                  }));
    }
    Held.eventually(() -> taken.size() > spins, "some are taken");
    if (now) {
      List<Runnable> _ = service.shutdownNow();
    } else {
      service.shutdown();
    }
    assertTrue(service.awaitTermination(WAIT_S_MAX, TimeUnit.SECONDS));
    int takenAtTheEnd = -1;
    for (Thread thread : threads) {
      assertTrue(thread.join(java.time.Duration.ofSeconds(WAIT_S_MAX)), "a submitter hangs");
    }
    for (TaskFuture<Integer> future : taken) {
      takenAtTheEnd++;
      assertTrue(future.isDone(), "terminated with a task that is not done");
      assertTrue(future.isCancelled() ? now : future.resultNow() == 2);
    }
    assertTrue(takenAtTheEnd >= spins);
    assertEquals(3, refused.get());
  }
}
