package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.Range;
import dev.heddle.runtime.CombineCost;
import dev.heddle.sim.scale.Costs;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// What arrays take beside the state machines, measured by arrays that run in this process.
///
/// Shape: medians. Threading: the calling thread, one run at a time.
final class ArrayCosts {
  private static final int ROUNDS = 7;
  private static final long INDICES = 100_000_000;
  private static final int FOLDS = 301;
  private static final long FOLD_PAUSE_NS = 2_000_000;
  private static final int CHUNKS = 21;
  private static final int MANY = 12;

  /// Longer than a chunk, so that each index of this length is one.
  private static final long LONG_NS = 4_100_000;

  /// Time inside [#spend], of this process.
  private static final AtomicLong INSIDE_NS = new AtomicLong();

  private ArrayCosts() {}

  /// Nanoseconds of an index, a chunk, a call that combines, and a value that is combined.
  ///
  /// Shape: an index as `bench map --form reduce` has it, on one slot. A chunk is what each further
  /// one of an array takes beside its index. Asking for values to be combined is waking up a thread
  /// that has waited for some milliseconds, as the one that combines has.
  static Costs.OfArrays measure(double rangeNs, double partNs) {
    double[] found = new double[3];
    HeddleConfig config =
        HeddleConfig.builder()
            .serializablePackages(ArrayCosts.class.getPackageName())
            .slots(1)
            .build();
    boolean _ =
        Heddle.run(
            config,
            new String[0],
            heddle -> {
              found[0] = median(ROUNDS, () -> reduceNs(heddle, INDICES) / INDICES);
              double two = median(CHUNKS, () -> besideNs(heddle, 2));
              double many = median(CHUNKS, () -> besideNs(heddle, MANY));
              found[1] = Math.max(0, (many - two) / (MANY - 2));
            });
    found[2] = wakeNs();
    return new Costs.OfArrays(
        rangeNs, partNs, found[1], found[0], found[2], CombineCost.nsPerLong());
  }

  private interface Measurement {
    double ns() throws Exception;
  }

  /// Of as many again, after as many.
  private static double median(int count, Measurement one) throws Exception {
    double[] values = new double[count];
    for (int i = 0; i < 2 * count; i++) {
      values[i % count] = one.ns();
    }
    Arrays.sort(values);
    return values[count / 2];
  }

  /// From handing something to a thread that waits at a queue until it has it.
  private static double wakeNs() {
    LinkedBlockingQueue<Long> asked = new LinkedBlockingQueue<>();
    double[] values = new double[FOLDS];
    Thread combiner =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < FOLDS; i++) {
                      values[i] = -(asked.take() - System.nanoTime());
                    }
                  } catch (InterruptedException _) {
                    // told below, by times that are missing
                  }
                });
    for (int i = 0; i < FOLDS; i++) {
      LockSupport.parkNanos(FOLD_PAUSE_NS);
      asked.add(System.nanoTime());
    }
    try {
      combiner.join();
    } catch (InterruptedException e) {
      combiner.interrupt();
      throw new IllegalStateException("interrupted while costs were measured", e);
    }
    Arrays.sort(values);
    return values[FOLDS / 2];
  }

  private static double reduceNs(Heddle heddle, long indices) throws Exception {
    long beganNs = System.nanoTime();
    long sum = heddle.mapReduceToLong(Work::mix64, Range.of(0, indices), Long::sum, 0).get();
    double ns = System.nanoTime() - beganNs;
    INSIDE_NS.addAndGet(sum & 1);
    return ns;
  }

  /// What an array of long indices takes beside these.
  private static double besideNs(Heddle heddle, int indices) throws Exception {
    long inside = INSIDE_NS.get();
    long beganNs = System.nanoTime();
    long _ = heddle.mapReduceToLong(ArrayCosts::spend, Range.of(0, indices), Long::sum, 0).get();
    return System.nanoTime() - beganNs - (INSIDE_NS.get() - inside);
  }

  /// A long index.
  static long spend(long index) {
    long beganNs = System.nanoTime();
    long value = index;
    long ns;
    do {
      value = Work.mix64(value);
      ns = System.nanoTime() - beganNs;
    } while (ns < LONG_NS);
    INSIDE_NS.addAndGet(ns);
    return value;
  }
}
