package dev.heddle.bench.costs;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.Range;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Work;
import dev.heddle.runtime.measure.CombineCost;
import dev.heddle.scale.Costs;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// What arrays take beside the state machines, measured by arrays that run in this process.
///
/// Shape: medians. Threading: the calling thread, one run at a time.
final class ArrayCosts {
  private static final int ROUNDS = 7;
  private static final long INDICES = 100_000_000;
  private static final int FOLDS = 301;
  private static final long FOLD_PAUSE_NS = 2_000_000;

  /// Arrays before those that count, until what a chunk goes through is compiled: a chunk lasts
  /// four milliseconds, so that the code would still be interpreted after hundreds of them, and a
  /// chunk take five times as long.
  private static final int SHORT_ARRAYS = 30_000;

  /// The same for a thread that is handed something.
  private static final int SHORT_FOLDS = 20_000;

  private static final int ARRAYS = 25;
  private static final int CHUNKS = 12;

  /// Longer than a chunk, so that each index of this length is one.
  private static final long LONG_NS = 4_100_000;

  /// From the end of a long index to the begin of the next one: chunks of one array follow each
  /// other on one slot's thread.
  private static final double[] GAPS_NS = new double[ARRAYS * (CHUNKS - 1)];

  private static int gaps;
  private static long endedNs;

  private ArrayCosts() {}

  /// Nanoseconds of an index, a chunk, a call that combines, and a value that is combined.
  ///
  /// Shape: an index as `bench map --form reduce` has it, on one slot. A chunk is what lies between
  /// the last index of one and the first of the next, with compiled code. Asking for values to be
  /// combined is waking up a thread that has waited for some milliseconds, as the one that combines
  /// has.
  static Costs.OfArrays measure(double rangeNs, double partNs) {
    double[] found = new double[2];
    HeddleConfig config =
        HeddleConfig.builder().serializablePackages(Work.PACKAGE).slots(1).build();
    boolean _ =
        Heddle.run(
            config,
            new String[0],
            heddle -> {
              found[0] = indexNs(heddle);
              found[1] = chunkNs(heddle);
            });
    return new Costs.OfArrays(
        rangeNs, partNs, found[1], found[0], wakeNs(), CombineCost.nsPerLong());
  }

  private static double indexNs(Heddle heddle) throws Exception {
    long expected = Work.expectedSum(0, INDICES);
    double[] values = new double[ROUNDS];
    for (int i = 0; i < 2 * ROUNDS; i++) {
      values[i % ROUNDS] = reduceNs(heddle, INDICES, expected) / INDICES;
    }
    return median(values);
  }

  private static double chunkNs(Heddle heddle) throws Exception {
    long expected = Work.expectedSum(0, 2);
    for (int i = 0; i < SHORT_ARRAYS; i++) {
      double _ = reduceNs(heddle, 2, expected);
    }
    gaps = 0;
    for (int i = 0; i < ARRAYS; i++) {
      endedNs = 0;
      long _ = heddle.mapReduceToLong(ArrayCosts::spend, Range.of(0, CHUNKS), Long::sum, 0).get();
    }
    if (gaps != GAPS_NS.length) {
      throw new IllegalStateException("chunks=" + gaps + " expected=" + GAPS_NS.length);
    }
    return median(GAPS_NS);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /// From handing something to a thread that waits at a queue until it has it.
  private static double wakeNs() {
    LinkedBlockingQueue<Long> asked = new LinkedBlockingQueue<>();
    double[] values = new double[SHORT_FOLDS + FOLDS];
    Thread combiner =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < values.length; i++) {
                      values[i] = -(asked.take() - System.nanoTime());
                    }
                  } catch (InterruptedException _) {
                    // told below, by times that are missing
                  }
                });
    for (int i = 0; i < values.length; i++) {
      if (i >= SHORT_FOLDS) {
        LockSupport.parkNanos(FOLD_PAUSE_NS);
      }
      asked.add(System.nanoTime());
    }
    try {
      combiner.join();
    } catch (InterruptedException e) {
      combiner.interrupt();
      throw new IllegalStateException("interrupted while costs were measured", e);
    }
    return median(Arrays.copyOfRange(values, SHORT_FOLDS, values.length));
  }

  private static double reduceNs(Heddle heddle, long indices, long expected) throws Exception {
    long beganNs = System.nanoTime();
    long sum = heddle.mapReduceToLong(Work::mix64, Range.of(0, indices), Long::sum, 0).get();
    double ns = System.nanoTime() - beganNs;
    if (sum != expected) {
      throw new BenchFailure(
          "bench costs: wrong results, which is a bug in Heddle; please report it");
    }
    return ns;
  }

  /// A long index.
  static long spend(long index) {
    long beganNs = System.nanoTime();
    if (endedNs != 0) {
      GAPS_NS[gaps++] = beganNs - endedNs;
    }
    long value = index;
    do {
      value = Work.mix64(value);
    } while (System.nanoTime() - beganNs < LONG_NS);
    endedNs = System.nanoTime();
    return value;
  }
}
