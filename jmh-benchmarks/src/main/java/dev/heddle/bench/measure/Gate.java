package dev.heddle.bench.measure;

import dev.heddle.Heddle;
import dev.heddle.Progress;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.List;

/// Holds every slot of a run with a task that sleeps, so that whatever is submitted behind it stays
/// *ready* on rank 0: not waiting for another task, not at a worker.
///
/// Workers take more tasks than they have slots, so the gate has as many tasks as workers take: it
/// submits until some of its own tasks stay behind on rank 0.
///
/// Threading: the body's thread. Nothing else may run when it is shut.
public final class Gate implements AutoCloseable {
  /// Tasks of the gate that no worker asks for in so long are behind all credit there is: a
  /// thousand round trips, or a few pauses of a busy machine.
  private static final long STILL_NS = 200_000_000L;

  private static final long SHUT_NS_MAX = 60_000_000_000L;
  private static final long LOOK_MS = 2;

  private final List<TaskFuture<Long>> holders = new ArrayList<>();

  private Gate() {}

  /// Shuts it. Errors: [BenchFailure] where the workers go on taking tasks for a minute.
  public static Gate shut(Heddle heddle) throws InterruptedException, BenchFailure {
    Gate gate = new Gate();
    long deadlineNs = System.nanoTime() + SHUT_NS_MAX;
    long stillSinceNs = System.nanoTime();
    long running = -1;
    while (System.nanoTime() - stillSinceNs < STILL_NS) {
      Progress now = heddle.progress();
      boolean isTaken = ready(now) == 0;
      if (isTaken) {
        for (long i = 0; i < now.slots(); i++) {
          gate.holders.add(heddle.submit(Work::hold));
        }
      }
      if (isTaken || now.running() != running) {
        running = now.running();
        stillSinceNs = System.nanoTime();
      }
      if (System.nanoTime() - deadlineNs > 0) {
        gate.close();
        throw new BenchFailure(
            "the slots could not be held for the measurement: workers=%d slots=%d running=%d"
                    .formatted(now.workers(), now.slots(), now.running())
                + "; the machine is far too busy, or a rank hangs");
      }
      // a run's counters tell nobody when they change
      Thread.sleep(LOOK_MS);
    }
    return gate;
  }

  /// Tasks on rank 0 that no worker has, in a run without tasks that wait for others.
  public static long ready(Progress progress) {
    return progress.submitted() - progress.done() - progress.running();
  }

  /// Opens it: the tasks behind it run. Idempotent.
  @Override
  public void close() {
    for (TaskFuture<Long> holder : holders) {
      boolean _ = holder.cancel(true);
    }
    holders.clear();
  }
}
