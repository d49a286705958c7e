package dev.heddle.bench.run;

import dev.heddle.Heddle;
import dev.heddle.Progress;
import dev.heddle.TaskFuture;
import dev.heddle.bench.measure.Arguments;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Gate;
import dev.heddle.bench.measure.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// `throughput --pending N`: tasks a second while N tasks are ready on rank 0 all the time.
///
/// Shape of a repetition: slots are held ([Gate]) until N tasks and a stock beyond them are ready,
/// then let go; the clock starts when some have gone through. The body's thread submits as tasks
/// complete, so that N stay ready, and takes results in the order of their submission. After
/// `--seconds` it stops the clock and submitting; what is pending then runs and counts in the
/// checksum, not in the rate.
///
/// Rank 0 both submits and completes, and where it cannot do both as fast as workers run no-ops,
/// the queue would run empty, and nothing would be said about N. So the workers are paced: whenever
/// half of the stock is gone, each slot gets a task of the highest priority that sleeps for
/// [#NAP_MS], which the executor gives out ahead of all that is ready. In that time the submitter
/// catches up. The clock goes on meanwhile: the rate is what is sustained with N ready, submitting
/// included. `pacedShare` is the part of all slots' time that was slept away; where workers are the
/// slower ones it is 0.
///
/// `finishedTasks` and `tasksPerSecond` are of the time by the clock, without the tasks that sleep.
/// `longestPauseMs` is the longest time in which the body's thread saw no task complete, its own
/// pauses (garbage collection) and those of pacing included. `readyTasksMin` is the least number of
/// ready tasks it saw: below N the submitter did not keep up all the same, and the run says nothing
/// about N.
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

  /// Long beside a round trip, short beside a pause that somebody would notice.
  private static final long NAP_MS = 2;

  private static final int NAP_PRIORITY = Byte.MAX_VALUE;

  private static final long NS_PER_MS = 1_000_000;

  private final BenchSession session;
  private final Heddle heddle;
  private final Arguments arguments;
  private final int pending;
  private final int surplus;
  private final @Nullable TaskFuture<?>[] ring;
  private long submitted;
  private long taken;
  private long sum;
  private long expectedSum;
  private final List<TaskFuture<Long>> openNaps = new ArrayList<>();
  private long naps;

  /// Errors: [BenchFailure] where the heap cannot hold so many tasks.
  PendingThroughput(BenchSession session, int pending) throws BenchFailure {
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
    awaitFlow();
    Progress before = heddle.progress();
    long napsBefore = naps;
    long startNs = System.nanoTime();
    long lastNs = startNs;
    long lastDone = before.done();
    long pauseNs = 0;
    long readyMin = Long.MAX_VALUE;
    long endNs = startNs + session.options().secondsMs() * NS_PER_MS;
    long nowNs = startNs;
    while (nowNs - endNs < 0) {
      readyMin = Math.min(readyMin, turn());
      long done = heddle.progress().done();
      nowNs = System.nanoTime();
      if (done != lastDone || nowNs - endNs >= 0) {
        pauseNs = Math.max(pauseNs, nowNs - lastNs);
        lastNs = nowNs;
        lastDone = done;
      }
    }
    double seconds = (nowNs - startNs) / 1e9;
    // Some that were begun before may have ended in this time, and the reverse: a few.
    long napped = naps - napsBefore;
    long finished = Math.max(0, lastDone - before.done() - napped);
    while (taken < submitted) {
      take();
    }
    for (TaskFuture<Long> nap : openNaps) {
      long _ = nap.get();
    }
    session.check(sum, expectedSum);
    return Map.of(
        "tasksPerSecond",
        finished / seconds,
        "longestPauseMs",
        pauseNs / (double) NS_PER_MS,
        "finishedTasks",
        (double) finished,
        "readyTasksMin",
        (double) readyMin,
        "pacedShare",
        Math.min(1, napped * NAP_MS / 1e3 / (seconds * before.slots())));
  }

  /// Until half of the stock has gone through, or for as long as a repetition: the first tasks
  /// behind the gate find no credit, no memory and no compiled code.
  private void awaitFlow() throws InterruptedException, ExecutionException {
    long done = heddle.progress().done();
    long endNs = System.nanoTime() + session.options().secondsMs() * NS_PER_MS;
    while (heddle.progress().done() - done < surplus / 2 && System.nanoTime() - endNs < 0) {
      long _ = turn();
    }
  }

  /// Submits some tasks where they are too few, and takes some results. Returns the number that
  /// were ready.
  private long turn() throws InterruptedException, ExecutionException {
    Progress now = heddle.progress();
    openNaps.removeIf(TaskFuture::isDone);
    // naps that run already are not among them: the number is a lower bound
    long ready = Math.max(0, Gate.ready(now) - openNaps.size());
    boolean isShort = ready < pending + surplus;
    if (ready < pending + surplus / 2 && openNaps.isEmpty()) {
      Heddle first = heddle.priority(NAP_PRIORITY);
      for (long i = 0; i < now.slots(); i++) {
        openNaps.add(first.submit(Work::sleep, NAP_MS));
        naps++;
      }
    }
    for (int i = 0; i < CHUNK_TASKS && isShort && submitted - taken < ring.length; i++) {
      submit();
    }
    boolean isFull = submitted - taken == ring.length;
    if (!takeDone(isFull || !isShort ? 4 * CHUNK_TASKS : CHUNK_TASKS) && (isFull || !isShort)) {
      awaitOldest();
    }
    return ready;
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
