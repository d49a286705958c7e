package dev.heddle.sim;

/// The virtual time of a simulation, and when something last moved. Units: nanoseconds. Threading:
/// one thread.
final class SimClock {
  private long nowNs;
  private long progressNs;

  long nowNs() {
    return nowNs;
  }

  /// The next event is at `ns`.
  void set(long ns) {
    nowNs = ns;
  }

  /// Something moves now.
  void progress() {
    progressNs = nowNs;
  }

  /// Nothing can move before `ns`.
  void progressUntil(long ns) {
    progressNs = ns;
  }

  /// When something last moved.
  long progressNs() {
    return progressNs;
  }
}
