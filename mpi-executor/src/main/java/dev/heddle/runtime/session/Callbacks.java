package dev.heddle.runtime.session;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Runs users' code on rank 0 that no thread of theirs is there for: joins, parts, what is chained
/// to a `CompletableFuture`. Each on a virtual thread of its own, so that one that waits holds up
/// nobody, least of all whoever moves the run on.
///
/// Shape: at most as many threads as tasks are pending. Threading: any.
final class Callbacks {
  /// Joins in joins around the code that runs here.
  private static final ScopedValue<Integer> DEPTH = ScopedValue.newInstance();

  private final ClassLoader loader;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong startedCount = new AtomicLong();
  private volatile boolean isOver;

  Callbacks(ClassLoader loader) {
    this.loader = loader;
  }

  /// True on a thread of a callback.
  static boolean isCallback() {
    return DEPTH.isBound();
  }

  /// Joins around this thread's code, 0 outside of them.
  static int depth() {
    return DEPTH.isBound() ? DEPTH.get() : 0;
  }

  /// Starts `body`, inside `depth` joins.
  Thread start(int depth, Runnable body) {
    Thread thread =
        Thread.ofVirtual()
            .name("heddle-callback")
            .unstarted(
                () -> {
                  try {
                    Thread.currentThread().setContextClassLoader(loader);
                    ScopedValue.where(DEPTH, depth).run(body);
                  } finally {
                    running.remove(Thread.currentThread());
                  }
                });
    startedCount.incrementAndGet();
    running.add(thread);
    thread.start();
    if (isOver) {
      thread.interrupt();
    }
    return thread;
  }

  /// Callbacks that have not returned.
  int runningCount() {
    return running.size();
  }

  /// Callbacks that were started so far.
  long startedCount() {
    return startedCount.get();
  }

  /// Those that have not returned.
  List<Thread> running() {
    return List.copyOf(running);
  }

  /// Asks all of them to end, those that are still to come too.
  void end() {
    isOver = true;
    running.forEach(Thread::interrupt);
  }
}
