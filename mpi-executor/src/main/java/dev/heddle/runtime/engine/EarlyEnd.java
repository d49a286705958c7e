package dev.heddle.runtime.engine;

import org.jspecify.annotations.Nullable;

/// Whether an engine ends before its time, and why. The first wish wins. It is carried out once.
///
/// Threading: any thread may wish; the holder of the progress role asks whether it is time.
final class EarlyEnd {
  /// A signal to the whole job reaches some ranks before rank 0, whose own end then says more.
  private static final long DEPARTURE_NS = 1_000_000_000L;

  private final int rank;
  private volatile @Nullable End wish;
  private volatile boolean isLeaving;
  private boolean isCarriedOut;

  /// The end to wish for once [#departureDeadlineNs] has passed.
  private @Nullable End departure;

  private long departureDeadlineNs;

  EarlyEnd(int rank) {
    this.rank = rank;
  }

  /// Why the run can't go on, or null.
  @Nullable End wish() {
    return wish;
  }

  /// Asks for the end of the process, or of the run where the process outlives it.
  void request(End ending) {
    synchronized (this) {
      if (wish == null) {
        wish = ending;
      }
    }
  }

  /// Called where the process ends by itself, in the middle of the run.
  void leave() {
    isLeaving = true;
    request(new End(0, "rank " + rank + " ends its process"));
  }

  boolean isLeaving() {
    return isLeaving;
  }

  /// Called where a rank has left: the end comes a little later, unless a better reason arrives by
  /// then. In the progress role.
  void requestAfterDeparture(End ending, long nowNs) {
    if (departure == null) {
      departure = ending;
      departureDeadlineNs = nowNs + DEPARTURE_NS;
    }
  }

  /// The end to carry out now, or null. An end is returned once. In the progress role.
  @Nullable End takeDue(long nowNs) {
    if (departure != null && nowNs - departureDeadlineNs >= 0) {
      request(departure);
    }
    End ending = wish;
    if (ending == null || isCarriedOut) {
      return null;
    }
    isCarriedOut = true;
    return ending;
  }
}
