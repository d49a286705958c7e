package dev.heddle.runtime;

/// So many at once, and one more whenever a while has passed: a token bucket.
///
/// Units: nanoseconds, of any clock that doesn't go back. Threading: one thread at a time.
public final class Allowance {
  private final int countMax;
  private final long refillNs;
  private int count;
  private long filledNs;

  /// Full: `countMax` at once, then one each `refillNs`.
  public Allowance(int countMax, long refillNs) {
    this.countMax = countMax;
    this.refillNs = refillNs;
    this.count = countMax;
  }

  /// Full again.
  public void fill() {
    count = countMax;
  }

  /// Takes one, if there is one.
  public boolean take(long nowNs) {
    if (count == countMax) {
      filledNs = nowNs;
    }
    long due = Math.min(countMax, (nowNs - filledNs) / refillNs);
    if (due > 0) {
      count = (int) Math.min(countMax, count + due);
      filledNs = count == countMax ? nowNs : filledNs + due * refillNs;
    }
    if (count == 0) {
      return false;
    }
    count--;
    return true;
  }

  /// How long it takes until there is one.
  public long waitNs(long nowNs) {
    return count > 0 ? 0 : Math.max(0, filledNs + refillNs - nowNs);
  }
}
