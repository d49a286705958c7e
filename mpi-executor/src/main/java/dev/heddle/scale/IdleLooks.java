package dev.heddle.scale;

/// Where ranks share cores: who looks for messages on a rank, and when next.
///
/// Shape: some bytes per rank, nothing where each has a core of its own. A slot with nothing to run
/// polls, or on rank 0 the body that waits; it begins its back-off anew each time it becomes the
/// poller. While all slots run, the rank's helper looks, whose back-off begins anew only when it
/// has found something (`runtime.progress.Pollers`).
final class IdleLooks {
  private final Idle idle;

  /// Each sleep ends late by another time: ranks that look in step would meet or miss each other
  /// for ever.
  private final Noise noise;

  // Sleeps since there was something to do.
  private final byte[] poller;
  private final byte[] helper;

  private final ScaleTree tree;

  /// Looks of a host's ranks so far.
  private final long[] looks;

  /// These looks when the rank last had something to do.
  private final long[] looksAtWork;

  IdleLooks(Idle idle, ScaleConfig config, ScaleTree tree, boolean isCrowded) {
    this.idle = idle;
    this.tree = tree;
    int ranks = isCrowded ? tree.ranks() : 0;
    this.looks = new long[isCrowded ? tree.hosts() : 0];
    this.looksAtWork = new long[ranks];
    this.noise = new Noise(config.seed() ^ 0x1007, config.machine().noiseSigma());
    this.poller = new byte[ranks];
    this.helper = new byte[ranks];
  }

  /// Whether the look now is one after a sleep.
  boolean hasSlept(int rank, boolean isHelped) {
    return (isHelped ? helper : poller)[rank] > 0;
  }

  /// A rank has looked, and did `work`.
  void looked(int rank, int work) {
    if (poller.length > 0) {
      long count = ++looks[tree.host(rank)];
      if (work > 0) {
        looksAtWork[rank] = count;
      }
    }
  }

  /// Looks of others since the rank had something to do; its own are among them, which are few
  /// beside those.
  long looksSince(int rank) {
    return looks[tree.host(rank)] - looksAtWork[rank];
  }

  /// Whether the look now is one after a sleep of the longest kind.
  boolean hasSleptLong(int rank, boolean isHelped) {
    return idle.isLongest((isHelped ? helper : poller)[rank] - (rank == 0 && !isHelped ? 0 : 1));
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
    // rank 0's body has woken itself, by the result it waited for, and that ends its first sleep
    int before = rank == 0 && !isHelped ? sleeps[rank] + 1 : sleeps[rank];
    long ns = idle.sleepNs(before, noise.factor());
    sleeps[rank] = (byte) Math.min(sleeps[rank] + 1, Idle.SLEEPS_MAX);
    return ns;
  }
}
