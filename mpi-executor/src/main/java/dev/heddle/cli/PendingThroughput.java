package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.Progress;
import dev.heddle.TaskFuture;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// `throughput --pending N`: tasks a second while N tasks are ready on rank 0 all the time.
///
/// Shape of a repetition: slots are held ([Gate]) until N tasks are ready; the clock starts as they
/// are let go. The body's thread submits as tasks complete, so that N stay ready, and takes results
/// in the order of their submission. After `--seconds` it stops the clock and submitting; what is
/// pending then runs and counts in the checksum, not in the rate.
///
/// `finishedTasks` and `tasksPerSecond` are of the time by the clock. `longestPauseMs` is the
/// longest time in which the body's thread saw no task complete, its own pauses (garbage
/// collection) included. `readyTasksMin` is the least number of ready tasks it saw: below N the
/// submitter did not keep up, and the run says nothing about N.
///
/// Threading: the body's thread.
final class PendingThroughput {
  /// What a pending task needs of the heap, arguments of 8 bytes included, rounded up: for the
  /// advice before a run only.
  private static final long HEAP_BYTES_PER_TASK = 256;

  /// Heap for everything else.
  private static final long HEAP_BYTES_BASE = 256L << 20;

  /// Tasks between two looks at the progress: some ten microseconds.
  private static final int CHUNK_TASKS = 64;

  private static final double NS_PER_MS = 1e6;

  private final Session session;
  private final Heddle heddle;
  private final Arguments arguments;
  private final int pending;
  private final int surplus;
  private final @Nullable TaskFuture<?>[] ring;
  private long submitted;
  private long taken;
  private long sum;
  private long expectedSum;

  /// Errors: [BenchFailure] where the heap cannot hold so many tasks.
  PendingThroughput(Session session, int pending) throws BenchFailure {
    this.session = session;
    this.heddle = session.heddle();
    this.pending = pending;
    this.surplus = surplusTasks(pending);
    this.arguments = new Arguments(session.options().payloadBytes());
    checkHeap(Runtime.getRuntime().maxMemory());
    this.ring = new @Nullable TaskFuture<?>[pending + 4 * surplus];
  }

  /// Tasks beyond `pending` that the submitter keeps as stock, so that the ready ones don't fall
  /// below it between two looks.
  private static int surplusTasks(int pending) {
    return Math.clamp(pending / 16, 4_096, 262_144);
  }

  /// The bound of pending tasks that a run needs: the stock, what workers have taken, the gate.
  static int pendingTasksMax(int pending) {
    return pending + 8 * surplusTasks(pending);
  }

  private void checkHeap(long heapBytes) throws BenchFailure {
    long neededBytes =
        HEAP_BYTES_BASE + (pending + 4L * surplus) * (HEAP_BYTES_PER_TASK + arguments.bytes());
    if (neededBytes > heapBytes) {
      throw new BenchFailure(
          "bench throughput --pending %d needs a heap of about %d MiB on rank 0, which has %d MiB:"
                  .formatted(pending, neededBytes >> 20, heapBytes >> 20)
              + " add --heap %dm, or let fewer tasks be pending".formatted(neededBytes >> 20));
    }
  }

  Map<String, Double> measure() throws InterruptedException, ExecutionException, BenchFailure {
    Gate gate = Gate.shut(heddle);
    try (gate) {
      while (submitted < pending + surplus) {
        submit();
      }
    }
    Progress before = heddle.progress();
    long startNs = System.nanoTime();
    long lastNs = startNs;
    long lastDone = before.done();
    long pauseNs = 0;
    long readyMin = Long.MAX_VALUE;
    long endNs = startNs + session.options().secondsMs() * 1_000_000L;
    long nowNs = startNs;
    while (nowNs - endNs < 0) {
      long ready = Gate.ready(heddle.progress());
      readyMin = Math.min(readyMin, ready);
      boolean isShort = ready < pending + surplus;
      for (int i = 0; i < CHUNK_TASKS && isShort && submitted - taken < ring.length; i++) {
        submit();
      }
      boolean isFull = submitted - taken == ring.length;
      if (!takeDone(isFull || !isShort ? 4 * CHUNK_TASKS : CHUNK_TASKS) && (isFull || !isShort)) {
        awaitOldest();
      }
      long done = heddle.progress().done();
      nowNs = System.nanoTime();
      if (done != lastDone || nowNs - endNs >= 0) {
        pauseNs = Math.max(pauseNs, nowNs - lastNs);
        lastNs = nowNs;
        lastDone = done;
      }
    }
    double seconds = (nowNs - startNs) / 1e9;
    long finished = lastDone - before.done();
    while (taken < submitted) {
      take();
    }
    session.check(sum, expectedSum);
    return Map.of(
        "tasksPerSecond",
        finished / seconds,
        "longestPauseMs",
        pauseNs / NS_PER_MS,
        "finishedTasks",
        (double) finished,
        "readyTasksMin",
        (double) readyMin);
  }

  private void submit() {
    long index = session.firstIndex() + submitted;
    ring[(int) (submitted % ring.length)] = arguments.submit(heddle, index);
    submitted++;
    expectedSum += Work.mix64(index);
  }

  private TaskFuture<?> oldest() {
    return Objects.requireNonNull(ring[(int) (taken % ring.length)], "taken before");
  }

  private void take() throws InterruptedException, ExecutionException {
    sum += (Long) oldest().get();
    ring[(int) (taken % ring.length)] = null;
    taken++;
  }

  /// Takes at most `count` results that are there; false where the oldest is not.
  private boolean takeDone(int count) throws InterruptedException, ExecutionException {
    int i = 0;
    while (i < count && taken < submitted && oldest().isDone()) {
      take();
      i++;
    }
    return i > 0;
  }

  /// Gives the thread to the run's own progress, for a moment.
  private void awaitOldest() throws InterruptedException, ExecutionException {
    try {
      Object _ = oldest().get(1, TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // Another look; the clock decides when it is enough.
    }
  }
}
