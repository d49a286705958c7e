package dev.heddle.runtime.session;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Runs users' code on rank 0 that has no thread of its own: joins, parts, and functions chained to
/// a `CompletableFuture`. Each callback has a virtual thread of its own. So a callback that waits
/// holds up no other thread, least of all the threads that move the run on.
///
/// Shape: at most as many threads as tasks are pending. Threading: any.
final class Callbacks {
  /// The depth of joins in joins around the code that runs here.
  private static final ScopedValue<Integer> DEPTH = ScopedValue.newInstance();

  private final ClassLoader loader;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong startedCount = new AtomicLong();
  private volatile boolean isOver;

  Callbacks(ClassLoader loader) {
    this.loader = loader;
  }

  /// Whether the calling thread is a callback's.
  static boolean isCallback() {
    return DEPTH.isBound();
  }

  /// The number of joins around this thread's code, 0 outside of joins.
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

  /// The number of callbacks that have not returned.
  int runningCount() {
    return running.size();
  }

  /// The number of callbacks that were started so far.
  long startedCount() {
    return startedCount.get();
  }

  /// The threads of callbacks that have not returned.
  List<Thread> running() {
    return List.copyOf(running);
  }

  /// Interrupts all callbacks, and those that start later.
  void end() {
    isOver = true;
    running.forEach(Thread::interrupt);
  }
}
