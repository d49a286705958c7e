package dev.heddle.runtime.output;

import org.jspecify.annotations.Nullable;

/// A thread whose `System.out` and `System.err` may be a task's. Threading: asked by the thread
/// itself.
public interface PrintingThread {
  /// Where the calling thread prints, or null where that is this process's own streams.
  static @Nullable SlotOutput outputOfThread() {
    return Thread.currentThread() instanceof PrintingThread thread ? thread.output() : null;
  }

  /// Where it prints now, or null.
  @Nullable SlotOutput output();
}
