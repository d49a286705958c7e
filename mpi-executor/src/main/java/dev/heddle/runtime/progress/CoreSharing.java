package dev.heddle.runtime.progress;

import java.util.random.RandomGenerator;

/// Notices that a polling thread shares its core with a thread that works, and says when to move.
///
/// Why: ranks are not bound to cores, since a JVM has many threads and a laptop many programs. When
/// two threads that wait for each other wake on the same core, each of their messages costs a
/// switch. They never sleep, so the scheduler sees no reason to part them and may take a hundred
/// milliseconds (Linux 6.18, in a virtual machine, where an idle core counts as taken when a thread
/// wakes).
///
/// Shape: a yield that takes longer than it would alone on the core is one sign. After `SIGNS` in a
/// row, and up to `SIGNS_MORE` further signs, the thread moves. Then it stays for a rest, which
/// doubles as long as moves don't help, since the other cores may be busy too. Chance adds to the
/// number of signs and to the rest: the other thread sees the same signs, and two threads that move
/// at the same time meet again. Threading: the threads that wait, unsynchronized; a lost update
/// does no harm.
final class CoreSharing {
  /// A yield alone on the core takes a third of this; a yield to a thread that spins for a moment
  /// takes three times this.
  private static final long ALONE_NS = 1_500;

  private static final int SIGNS = 8;
  private static final int SIGNS_MORE = 25;
  private static final long REST_NS_MIN = 1_000_000;

  /// A move costs about ten microseconds. While the JVM still compiles, moves don't help. Chance
  /// adds at most as much again to a rest. After still longer rests a user would see two threads
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
