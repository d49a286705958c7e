package dev.heddle.runtime.output;

import org.jspecify.annotations.Nullable;

/// A thread whose `System.out` and `System.err` may belong to a task. Threading: called on the
/// thread itself.
public interface PrintingThread {
  /// Where the calling thread prints, or null where it prints to this process's own streams.
  static @Nullable SlotOutput outputOfThread() {
    return Thread.currentThread() instanceof PrintingThread thread ? thread.output() : null;
  }

  /// Where this thread prints now, or null.
  @Nullable SlotOutput output();
}
