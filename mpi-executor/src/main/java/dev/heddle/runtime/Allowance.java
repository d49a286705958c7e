package dev.heddle.runtime;

/// A token bucket: it holds `countMax` tokens and gains one token each `refillNs`.
///
/// Units: nanoseconds, of any clock that doesn't go back. Threading: one thread at a time.
public final class Allowance {
  private final int countMax;
  private final long refillNs;
  private int count;
  private long filledNs;

  /// Begins full. `countMax`: tokens in a full bucket. `refillNs`: time until the next token.
  public Allowance(int countMax, long refillNs) {
    this.countMax = countMax;
    this.refillNs = refillNs;
    this.count = countMax;
  }

  /// Fills the bucket.
  public void fill() {
    count = countMax;
  }

  /// Takes a token. Returns false where there is none.
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

  /// Nanoseconds until there is a token; 0 where there is one now.
  public long waitNs(long nowNs) {
    return count > 0 ? 0 : Math.max(0, filledNs + refillNs - nowNs);
  }
}
