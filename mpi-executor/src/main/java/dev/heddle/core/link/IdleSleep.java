package dev.heddle.core.link;

/// How long a rank with nothing to do sleeps between two looks at its input.
///
/// Why it depends on the host: each look takes some twenty microseconds of a core, which is nothing
/// to a rank with a core of its own. Where many share one, as on a laptop, the looks of those that
/// are idle would be most of what the cores do (measured: 64 ranks with sleeps of 1 ms keep two
/// cores busy for two thirds of the time).
public final class IdleSleep {
  /// With more ranks than this on a core, looks would take more than a sixth of it.
  public static final int RANKS_PER_CORE = 8;

  /// Sleeps don't get longer than this for that reason, in nanoseconds: a rank must be heard of
  /// long before its neighbours take it for lost.
  public static final long LONGER_NS_MAX = 10_000_000;

  private IdleSleep() {}

  /// The longest sleep, in nanoseconds: `parkNsMax`, and longer in proportion, up to
  /// [#LONGER_NS_MAX], where more than [#RANKS_PER_CORE] of a host's `ranks` share each of its
  /// `cores`. Threading: none, a pure function.
  public static long nsMax(long parkNsMax, int ranks, int cores) {
    long fair = (long) RANKS_PER_CORE * cores;
    long longerNs = ranks <= fair ? parkNsMax : parkNsMax / fair * ranks;
    return Math.max(parkNsMax, Math.min(LONGER_NS_MAX, longerNs));
  }
}
