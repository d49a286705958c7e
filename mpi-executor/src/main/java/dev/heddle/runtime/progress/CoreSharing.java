package dev.heddle.runtime.progress;

import java.util.random.RandomGenerator;

/// Notices that a thread that polls shares its core with another one that works, and when to move.
///
/// Why: ranks are not bound to cores, since a JVM has many threads and a laptop many programs. When
/// two that wait for each other wake on the same core, each of their messages costs a switch; they
/// never sleep, so the scheduler sees no reason to part them and may take a hundred milliseconds
/// (Linux 6.18, in a virtual machine, where an idle core counts as taken when a thread wakes).
///
/// Shape: a yield that takes longer than it would with nobody else on the core is one sign. After
/// `SIGNS` in a row or some more it is time, and then not again for a rest that doubles as long as
/// moves don't help, since the other cores may be busy too. How many more, and how much longer the
/// rest is, is left to chance: the other thread sees the same signs, and two that move at the same
/// time meet again. Threading: of whoever waits; an update that is lost does no harm.
final class CoreSharing {
  /// A yield to nobody takes a third of this, one to a thread that spins for a moment thrice.
  private static final long ALONE_NS = 1_500;

  private static final int SIGNS = 8;
  private static final int SIGNS_MORE = 25;
  private static final long REST_NS_MIN = 1_000_000;

  /// A move costs some ten microseconds. While the JVM still compiles, moves don't help: after
  /// longer rests than this, and at most as much again by chance, a user would see two threads
  /// share a core.
  private static final long REST_NS_MAX = 20_000_000;

  private final RandomGenerator chance;
  private int signsNeeded;
  private int signs;
  private boolean hasMoved;
  private long movedNs;
  private long restNs = REST_NS_MIN;
  private long thisRestNs = REST_NS_MIN;

  CoreSharing(RandomGenerator chance) {
    this.chance = chance;
    this.signsNeeded = signsNeeded();
  }

  private int signsNeeded() {
    return SIGNS + chance.nextInt(SIGNS_MORE);
  }

  /// A yield began and ended at these times of one clock. Returns whether to move now.
  boolean onYield(long startNs, long endNs) {
    if (endNs - startNs < ALONE_NS) {
      signs = 0;
      return false;
    }
    if (++signs < signsNeeded) {
      return false;
    }
    if (hasMoved) {
      long sinceNs = endNs - movedNs;
      if (sinceNs < thisRestNs) {
        return false;
      }
      restNs = sinceNs > 8 * restNs ? REST_NS_MIN : Math.min(REST_NS_MAX, 2 * restNs);
    }
    thisRestNs = restNs + chance.nextInt((int) restNs);
    signs = 0;
    signsNeeded = signsNeeded();
    hasMoved = true;
    movedNs = endNs;
    return true;
  }
}
