package dev.heddle.behaviour;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A worker with two slots whose JVM answers nothing for seconds: one task is in a loop without a
/// safepoint, and the other makes garbage, whose collection waits for the first.
///
/// Arguments: how long the loop takes, in milliseconds. Output: for how long the JVM was stopped.
public final class DeafMain {
  private static final int WARM_ROUNDS = 2_000_000;
  private static final int WARM_TIMES = 10;
  private static final int TRIES_MAX = 8;

  private DeafMain() {}

  private static double loop(int rounds) {
    double x = 1.5;
    for (int i = 1; i < rounds; i++) {
      x = 1.0 / (x + i) + 2.0 / (x + 1.0) + Math.sqrt(x + 1);
      x = 1.0 / (x + 1.0) + 3.0 / (x + 2.0);
    }
    return x;
  }

  static String compute(long durationMs) throws InterruptedException {
    double sum = 0;
    for (int i = 0; i < 20_000; i++) {
      sum += loop(200);
    }
    // The best of several, since the second compiler comes late where the cores are busy: a mean
    // with rounds of the interpreter asks for a loop of some hundred milliseconds.
    double roundNs = Double.MAX_VALUE;
    for (int i = 0; i < WARM_TIMES; i++) {
      long startNs = System.nanoTime();
      sum += loop(WARM_ROUNDS);
      roundNs = Math.min(roundNs, (System.nanoTime() - startNs) / (double) WARM_ROUNDS);
    }
    AtomicLong longestNs = new AtomicLong();
    Thread watch = Thread.ofPlatform().daemon().start(() -> watch(longestNs));
    int rounds = (int) Math.min(Integer.MAX_VALUE, durationMs * 1e6 / Math.max(0.1, roundNs));
    // again where the other task asked for no collection meanwhile
    for (int i = 0; i < TRIES_MAX && longestNs.get() < durationMs * 500_000; i++) {
      sum += loop(rounds);
      // what was stopped with us says now for how long
      Thread.sleep(50);
    }
    watch.interrupt();
    watch.join();
    return "stoppedMs="
        + TimeUnit.NANOSECONDS.toMillis(longestNs.get())
        + (Double.isNaN(sum) ? "!" : "");
  }

  private static void watch(AtomicLong longestNs) {
    long lastNs = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException _) {
        return;
      } finally {
        long nowNs = System.nanoTime();
        longestNs.accumulateAndGet(nowNs - lastNs, Math::max);
        lastNs = nowNs;
      }
    }
  }

  static int allocate(int mib) {
    List<byte[]> kept = new ArrayList<>();
    for (int i = 0; i < mib; i++) {
      kept.add(new byte[1 << 20]);
      if (kept.size() > 8) {
        kept.clear();
      }
    }
    return mib;
  }

  /// Starts a rank.
  public static void main(String[] args) {
    long durationMs = Long.parseLong(args[0]);
    boolean _ =
        Heddle.run(
            args,
            heddle -> {
              TaskFuture<String> loop = heddle.submit(DeafMain::compute, durationMs);
              int mib = 0;
              while (!loop.isDone()) {
                mib += heddle.submit(DeafMain::allocate, 50).get();
              }
              System.out.println(loop.get() + " mib=" + mib);
            });
  }
}
