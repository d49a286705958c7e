package dev.heddle.sim.scale;

/// Where ranks share cores: who looks for messages on a rank, and when next.
///
/// Shape: two bytes per rank. A slot with nothing to run polls, or on rank 0 the body that waits;
/// it begins its back-off anew each time it becomes the poller. While all slots run, the rank's
/// helper looks, whose back-off begins anew only when it has found something (`runtime.Pollers`).
final class Lookers {
  private final Idle idle;

  /// Each sleep ends late by another time: ranks that look in step would meet or miss each other
  /// for ever.
  private final Noise noise;

  // Sleeps since there was something to do.
  private final byte[] poller;
  private final byte[] helper;

  Lookers(Idle idle, ScaleConfig config, int ranks) {
    this.idle = idle;
    this.noise = new Noise(config.seed() ^ 0x1007, config.machine().noiseSigma());
    this.poller = new byte[ranks];
    this.helper = new byte[ranks];
  }

  /// Whether the look now is one after a sleep.
  boolean hasSlept(int rank, boolean isHelped) {
    return (isHelped ? helper : poller)[rank] > 0;
  }

  /// A slot has ended a task.
  void reset(int rank) {
    if (poller.length > 0) {
      poller[rank] = 0;
    }
  }

  /// How long it takes to the next look after a turn that did `work`.
  long nextNs(int rank, int work, boolean isHelped, boolean wasHelped) {
    byte[] sleeps = isHelped ? helper : poller;
    boolean isSame = isHelped == wasHelped;
    if (isSame ? work > 0 : !isHelped) {
      // who found something goes on, and so does a poller that is new
      sleeps[rank] = 0;
      return 0;
    }
    long ns = idle.sleepNs(sleeps[rank], noise.factor());
    sleeps[rank] = (byte) Math.min(sleeps[rank] + 1, Idle.SLEEPS_MAX);
    return ns;
  }
}
