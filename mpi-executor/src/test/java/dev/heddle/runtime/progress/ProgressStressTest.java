package dev.heddle.runtime.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.TaskFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The progress role passes from thread to thread thousands of times, and no wake-up is lost.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ProgressStressTest {
  private static final int THREADS = 6;
  private static final int ROUNDS = 500;
  private static final Duration JOIN_MAX = Duration.ofSeconds(100);

  static int twice(int value) {
    return 2 * value;
  }

  @ParameterizedTest(name = "localRanks={0} slots={1} parkMax={2}")
  @CsvSource({"1, 1, 10us", "1, 3, 1ms", "2, 1, 10us", "2, 2, 1ms", "5, 1, 100us"})
  void shouldLoseNoWakeUp(int ranks, int slots, String parkMax) {
    HeddleConfig config =
        HeddleConfig.builder()
            .localRanks(ranks)
            .slots(slots)
            .set("parkMax", parkMax)
            .set("prefetchMax", "4")
            .pendingTasksMax(50)
            .serializablePackages(ProgressStressTest.class.getPackageName())
            .build();
    Heddle.run(config, new String[0], ProgressStressTest::stress);
  }

  private static void stress(Heddle heddle) throws Exception {
    AtomicReferenceArray<String> at = new AtomicReferenceArray<>(THREADS);
    List<FutureTask<Long>> results = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int index = i;
      FutureTask<Long> result = new FutureTask<>(() -> rounds(heddle, index, at));
      results.add(result);
      threads.add(
          (i % 3 == 2 ? Thread.ofVirtual() : Thread.ofPlatform())
              .name("stress-" + i)
              .start(result));
    }
    for (Thread thread : threads) {
      if (!thread.join(JOIN_MAX)) {
        throw new AssertionError(
            "a wake-up was lost: " + thread.getName() + " hangs; rounds: " + at + stacks());
      }
    }
    for (FutureTask<Long> result : results) {
      assertEquals(ROUNDS * (ROUNDS - 1L), result.get());
    }
  }

  /// Submits and waits in changing ways, so that the role is taken, left by time-out, and left by
  /// interrupt.
  private static long rounds(Heddle heddle, int index, AtomicReferenceArray<String> at)
      throws Exception {
    long sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      at.set(index, "round=" + round + " way=" + (round + index) % 4);
      TaskFuture<Integer> future = heddle.submit(ProgressStressTest::twice, round);
      switch ((round + index) % 4) {
        case 0 -> sum += future.get();
        case 1 -> {
          while (!future.isDone()) {
            Thread.onSpinWait();
          }
          sum += future.get();
        }
        case 2 -> sum += getByShortWaits(future);
        default -> sum += getAfterInterrupt(future);
      }
    }
    return sum;
  }

  private static int getByShortWaits(TaskFuture<Integer> future) throws Exception {
    while (true) {
      try {
        return future.get(1, TimeUnit.MICROSECONDS);
      } catch (TimeoutException _) {
        // once more: each try takes the role and leaves it
      }
    }
  }

  private static int getAfterInterrupt(TaskFuture<Integer> future) throws Exception {
    Thread.currentThread().interrupt();
    try {
      return future.get();
    } catch (InterruptedException _) {
      return future.get();
    } finally {
      boolean _ = Thread.interrupted();
    }
  }

  private static String stacks() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) ->
                text.append("\n  ").append(thread).append(' ').append(Arrays.toString(stack)));
    return text.toString();
  }
}
