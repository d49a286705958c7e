package dev.heddle.runtime.session;

import dev.heddle.graph.Task;
import org.jspecify.annotations.Nullable;

/// The future of a task that runs on rank 0 and never on a worker.
final class LocalFuture<T extends @Nullable Object> extends EngineFuture<T> {
  private final LocalWork work;
  private final int depth;
  private volatile @Nullable Thread thread;

  /// `work` runs inside `depth` joins.
  LocalFuture(RunningHeddle heddle, LocalWork work, int depth) {
    super(heddle);
    this.work = work;
    this.depth = depth;
  }

  @Override
  void begin() {
    Session session = heddle().session();
    Thread _ = session.callbacks().start(depth, () -> run(session));
  }

  private void run(Session session) {
    // in this order: a cancel either sees the thread, or is seen here
    thread = Thread.currentThread();
    if (isDone()) {
      thread = null;
      return;
    }
    try {
      work.run(session, this);
    } catch (Throwable failure) {
      end(session, this, failure);
    } finally {
      thread = null;
    }
  }

  private static void end(Session session, Task task, Throwable failure) {
    session.command((root, _) -> root.graph().failLocal(task, failure));
  }

  @Override
  void interruptLocal() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }
}
