package dev.heddle.runtime.progress;

/// Something with a thread of its own that has nothing to run just now.
///
/// Threading: [#hasTask] and [#park] are for its own thread.
public interface Idler {
  /// Its thread.
  Thread thread();

  /// It has something to run again.
  boolean hasTask();

  /// Sleeps at most this long, in nanoseconds; a task wakes it.
  void park(long ns);
}
