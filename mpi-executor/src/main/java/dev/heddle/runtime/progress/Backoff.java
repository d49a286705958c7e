package dev.heddle.runtime.progress;

import org.jspecify.annotations.Nullable;

/// How a thread that finds nothing to do steps back: spin, yield, then sleep, ever longer.
///
/// Shape: with a core to itself a rank spins for a few microseconds, the time of a hot round trip.
/// Then it yields for a few hundred. With fewer cores than ranks it yields at once, since a thread
/// with work needs the core. Sleeps double from `PARK_NS_MIN` to the `parkMax` of the configuration
/// (1 ms costs 2.7 % of a core, 0.2 ms 10 %). Threading: one thread's own.
final class Backoff {
  private static final int SPINS = 20;
  private static final int YIELDS = 200;
  private static final int YIELDS_CROWDED = 5;
  private static final long PARK_NS_MIN = 20_000;

  private final int spins;
  private final int yields;
  private final long parkNsMax;
  private int step;
  private long parkNs = PARK_NS_MIN;
  private boolean hasSlept;
  private final @Nullable CoreSharing sharing;

  Backoff(boolean isCrowded, long parkNsMax) {
    this(isCrowded, parkNsMax, null);
  }

  /// For a thread that has a core to itself, or should have one soon.
  Backoff(boolean isCrowded, long parkNsMax, @Nullable CoreSharing sharing) {
    this.sharing = isCrowded ? null : sharing;
    this.spins = isCrowded ? 0 : SPINS;
    this.yields = isCrowded ? YIELDS_CROWDED : YIELDS;
    this.parkNsMax = parkNsMax;
  }

  void reset() {
    step = 0;
    parkNs = PARK_NS_MIN;
  }

  /// Whether this thread was ever told to sleep.
  boolean hasSlept() {
    return hasSlept;
  }

  /// Steps back once. Returns the nanoseconds to sleep now, or 0 for none.
  @SuppressWarnings("ThreadPriorityCheck") // on few cores a yield is what lets the other rank run
  long idle() {
    if (step < spins) {
      step++;
      Thread.onSpinWait();
      return 0;
    }
    if (step < spins + yields) {
      step++;
      if (sharing == null) {
        Thread.yield();
        return 0;
      }
      long startNs = System.nanoTime();
      Thread.yield();
      if (sharing.onYield(startNs, System.nanoTime())) {
        boolean _ = CoreMove.move();
      }
      return 0;
    }
    hasSlept = true;
    long ns = parkNs;
    parkNs = Math.min(parkNsMax, parkNs * 2);
    return Math.min(parkNsMax, ns);
  }
}
