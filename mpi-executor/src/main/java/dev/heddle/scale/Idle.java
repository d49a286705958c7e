package dev.heddle.scale;

/// When a rank with nothing to do looks for messages: the steps of the executor's back-off, so that
/// a message that finds its receiver asleep waits as it does in reality.
///
/// Shape: it spins and yields for a while, during which a message is seen at once, then sleeps,
/// twice as long each time up to `parkNsMax`; each sleep ends `parkNs` of [Costs] late. Looks at
/// nothing cost nobody anything, unless ranks share cores.
///
/// The counts are those of `runtime.progress.Backoff`.
final class Idle {
  private static final int SPINS = 20;
  private static final int YIELDS = 200;
  private static final int YIELDS_CROWDED = 5;
  private static final long PARK_NS_MIN = 20_000;

  /// Sleeps do not get longer any more after so many.
  static final int SLEEPS_MAX = 20;

  private static final double SPIN_NS = 40;
  private static final double YIELD_NS = 500;

  private final long hotNs;
  private final long hotCrowdedNs;
  private final long lateNs;
  private final long parkNsMax;

  Idle(Costs costs, long parkNsMax) {
    this.hotNs = (long) (SPINS * (costs.turnNs() + SPIN_NS) + YIELDS * (costs.turnNs() + YIELD_NS));
    this.hotCrowdedNs = (long) (YIELDS_CROWDED * (costs.turnNs() + YIELD_NS));
    this.lateNs = (long) costs.parkNs();
    this.parkNsMax = parkNsMax;
  }

  /// The first look at or after `arrivedNs` of a rank that has had nothing to do since `sinceNs`.
  long lookNs(long sinceNs, long arrivedNs, boolean isCrowded) {
    long at = sinceNs + (isCrowded ? hotCrowdedNs : hotNs);
    if (arrivedNs <= at) {
      return arrivedNs;
    }
    for (long parkNs = PARK_NS_MIN; parkNs < parkNsMax; parkNs *= 2) {
      at += parkNs + lateNs;
      if (arrivedNs <= at) {
        return at;
      }
    }
    long step = parkNsMax + lateNs;
    return at + Math.ceilDiv(arrivedNs - at, step) * step;
  }

  /// The yields before the first sleep, where ranks share cores: each is a look, which takes
  /// `pollNs`; with a core that others wait for, as long as one after a sleep, since the core goes
  /// to another process and comes back.
  double yieldsNs(double pollNs) {
    return hotCrowdedNs + YIELDS_CROWDED * pollNs;
  }

  /// Whether a sleep is as long as any that has so many before it.
  boolean isLongest(int before) {
    return PARK_NS_MIN << before >= parkNsMax;
  }

  /// How long a rank sleeps that has slept `before` times since it had something to do, and that
  /// wakes up `factor` times as late as most.
  long sleepNs(int before, double factor) {
    return Math.min(parkNsMax, PARK_NS_MIN << before) + (long) (lateNs * factor);
  }
}
