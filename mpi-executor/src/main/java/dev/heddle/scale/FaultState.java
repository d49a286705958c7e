package dev.heddle.scale;

import dev.heddle.scale.ScaleFaults.Fault;
import java.util.Arrays;

/// Which faults are in force. Shape: nothing per rank where there are none. Threading: one thread.
final class FaultState {
  private static final double NS_PER_HOUR = 3_600e9;

  /// In place of a fault of the plan: a rank drawn at random.
  private static final int RANDOM = -1;

  private final ScaleConfig config;
  private final int ranks;
  private final double[] slowness;
  private final long[] pausedUntilNs;
  private final long[] delayedUntilNs;
  private final long[] delayNs;
  private final Noise noise;

  FaultState(ScaleConfig config, int ranks) {
    this.config = config;
    this.ranks = ranks;
    this.noise = new Noise(config.seed() ^ 0xfa17, 0);
    boolean hasFaults = !config.faults().list().isEmpty();
    int size = hasFaults ? ranks : 0;
    this.slowness = new double[size];
    Arrays.fill(slowness, 1);
    this.pausedUntilNs = new long[size];
    this.delayedUntilNs = new long[size];
    this.delayNs = new long[size];
    for (Fault fault : config.faults().list()) {
      if (fault.rank() >= ranks) {
        throw new IllegalArgumentException(
            "a fault happens to rank " + fault.rank() + ", but the ranks are 0 to " + (ranks - 1));
      }
      if (fault instanceof Fault.Slow(int rank, double factor)) {
        slowness[rank] *= factor;
      }
    }
  }

  /// When a fault of the plan begins.
  long beginNs(int number, long startNs) {
    return startNs
        + switch (config.faults().list().get(number)) {
          case Fault.Die die -> die.atNs();
          case Fault.Hang hang -> hang.atNs();
          case Fault.Delay delay -> delay.atNs();
          case Fault.Slow _ -> 0;
        };
  }

  /// Draws the first death at random.
  void start(long startNs, EventHeap events) {
    double perHour = config.faults().deathsPerHour();
    if (perHour > 0) {
      double uniform = ((noise.next() >>> 11) + 0.5) * 0x1.0p-53;
      double waitNs = -StrictMath.log(uniform) * NS_PER_HOUR / perHour;
      if (waitNs < 1e18) {
        events.add(startNs + (long) waitNs, Event.of(Event.FAULT, RANDOM));
      }
    }
  }

  /// A fault begins. Returns the rank that dies by it, or 0.
  int begin(int number, long nowNs) {
    if (number == RANDOM) {
      // one loss ends the run, so there is no second
      return 1 + (int) Long.remainderUnsigned(noise.next(), ranks - 1);
    }
    switch (config.faults().list().get(number)) {
      case Fault.Die die -> {
        return die.rank();
      }
      case Fault.Hang hang -> pausedUntilNs[hang.rank()] = nowNs + hang.forNs();
      case Fault.Delay delay -> {
        delayedUntilNs[delay.rank()] = nowNs + delay.forNs();
        delayNs[delay.rank()] = delay.byNs();
      }
      case Fault.Slow _ -> {}
    }
    return 0;
  }

  double slowness(int rank) {
    return slowness.length == 0 ? 1 : slowness[rank];
  }

  long pausedUntilNs(int rank) {
    return pausedUntilNs.length == 0 ? 0 : pausedUntilNs[rank];
  }

  long delayNs(int rank, long nowNs) {
    return delayedUntilNs.length == 0 || nowNs >= delayedUntilNs[rank] ? 0 : delayNs[rank];
  }
}
