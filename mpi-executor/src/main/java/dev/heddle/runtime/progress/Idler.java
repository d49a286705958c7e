package dev.heddle.runtime.progress;

/// A slot, as seen from here: it has a thread of its own, and nothing to run just now.
///
/// Threading: [#hasTask] and [#park] are for its own thread.
public interface Idler {
  /// Its thread.
  Thread thread();

  /// Whether it has something to run again.
  boolean hasTask();

  /// Sleeps at most this long, in nanoseconds; a task wakes it.
  void park(long ns);
}
