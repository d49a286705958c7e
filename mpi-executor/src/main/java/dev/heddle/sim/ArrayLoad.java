package dev.heddle.sim;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.link.Limits;
import dev.heddle.core.role.Coordinator;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The arrays of a run: some empty, some huge, some that fail here and there and are tried again,
/// some whose combiner fails, some that need the result of another; and who gives some of them up.
final class ArrayLoad {
  private static final long BIG_VALUE_ID = 1L << 41;

  /// Attempts at an array's failed places.
  private static final int ATTEMPTS_MAX = 3;

  /// Results of at most so many places become arguments.
  private static final long SOURCE_PLACES_MAX = 300;

  private final SplittableRandom random;
  private final ArrayCase[] cases;

  /// The case of each task, retries too.
  private final Map<Long, ArrayCase> byTask = new HashMap<>();

  private final List<ArrayCase> toRetry = new ArrayList<>();
  private final Limits limits;
  private long nextId;
  private int submitted;
  private int doneCount;
  private ArrayTally tally = new ArrayTally(0, 0, 0, 0, 0, 0, 0, 0, 0);

  ArrayLoad(int count, int tasksBefore, Limits limits, long seed) {
    this.limits = limits;
    this.nextId = tasksBefore + 1L;
    this.random = new SplittableRandom(Hashes.mix(seed + 77));
    this.cases = new ArrayCase[count];
    for (int i = 0; i < count; i++) {
      cases[i] = draw(i, Hashes.mix(seed + 1_000_003L * i));
      byTask.put(cases[i].task().id(), cases[i]);
    }
  }

  private ArrayCase draw(int i, long seed) {
    int form = random.nextInt(6);
    boolean isReduced = form >= ArrayJob.REDUCE_OBJECTS;
    long places =
        isReduced && random.nextInt(8) == 0
            ? random.nextLong(ArrayCase.WALKED_MAX + 1, 1L << (21 + random.nextInt(10)))
            : pick(0, 1, 2, 3, 40, 1 + random.nextInt(3_000), 1 + random.nextInt(20_000));
    int combinerCaptures = isReduced ? random.nextInt(2) : 0;
    int captures = random.nextInt(3);
    List<@Nullable Object> arguments = new ArrayList<>();
    for (int k = 0; k < combinerCaptures + captures; k++) {
      arguments.add(capture(i, k, seed));
    }
    ArrayCase source = i > 0 && random.nextInt(3) == 0 ? cases[random.nextInt(i)] : null;
    if (source != null && source.count() > SOURCE_PLACES_MAX) {
      source = null;
    }
    if (source != null) {
      captures++;
      arguments.add(source.task());
    }
    // the more places, the quicker, and the fewer failures and bytes: runs stay short
    boolean isHuge = places > ArrayCase.WALKED_MAX;
    boolean isSmall = places <= 300;
    int failPermille = isHuge ? 0 : isSmall ? pick(0, 0, 1, 100, 1_000) : pick(0, 0, 1, 20, 1_000);
    int foldFailPermille = isHuge ? 0 : isSmall ? pick(0, 0, 0, 500, 1_000) : pick(0, 0, 0, 20);
    int durationNsMax =
        isSmall
            ? pick(1, 1_000, 1_000_000, 20_000_000)
            : pick(1, 1_000, places > 3_000 ? 10_000 : 300_000);
    // with the fields around it a value fills the smallest frames
    int padMax = (int) Math.min(20_000, limits.frameBytesMax() - 128) & -8;
    int padBytes = isSmall ? pick(0, 0, 200, padMax) : pick(0, 0, 0, 200);
    return new ArrayCase(
        seed,
        failPermille,
        foldFailPermille,
        durationNsMax,
        padBytes,
        limits.frameBytesMax(),
        source == null ? null : source.task(),
        new ArrayCase.ArrayTask(
            nextId++,
            random.nextInt(-2, 3),
            "array" + i,
            arguments.toArray(),
            arguments.size(),
            new ArrayJob(
                form,
                isReduced ? 0 : -1,
                combinerCaptures,
                captures,
                random.nextInt(100),
                1 + random.nextInt(3),
                places,
                new byte[] {1, 2})));
  }

  private Object capture(int i, int k, long seed) {
    int inline = limits.inlineBytesMax();
    return random.nextInt(3) == 0
        ? ValueFrame.of(
            BIG_VALUE_ID + 8L * i + k, Hashes.bytes(seed + k, inline + 1), 0, inline + 1)
        : Hashes.bytes(seed + k, random.nextInt(1 + pick(8, inline)));
  }

  private int pick(int... of) {
    return of[random.nextInt(of.length)];
  }

  // ---- the user's side

  /// Does what the user does next, once the first functions are known.
  void step(Coordinator coordinator, long nowNs) {
    if (submitted < cases.length && random.nextInt(3) > 0) {
      coordinator.submit(cases[submitted++].task(), nowNs);
    }
    if (submitted > 0 && random.nextInt(12) == 0) {
      cancel(coordinator, nowNs);
    }
  }

  private void cancel(Coordinator coordinator, long nowNs) {
    ArrayCase victim = cases[random.nextInt(submitted)];
    if (!victim.task().taskState().isDone()) {
      victim.isCancelled = true;
      boolean _ = coordinator.cancel(victim.task(), random.nextBoolean(), nowNs);
    }
  }

  /// Submits what is to be tried again.
  void retry(Coordinator coordinator, long nowNs) {
    for (ArrayCase failed : toRetry) {
      Task again = failed.again(nextId++);
      byTask.put(again.id(), failed);
      tally = tally.plus(new ArrayTally(0, 0, 0, 0, 1, 0, 0, 0, 0));
      coordinator.submit(again, nowNs);
      if (random.nextInt(12) == 0) {
        cancel(coordinator, nowNs);
      }
    }
    toRetry.clear();
  }

  /// Whether there is nothing left to submit, but for what is tried again.
  boolean isSubmitted() {
    return submitted == cases.length;
  }

  boolean isDone() {
    return doneCount == cases.length;
  }

  /// An array has ended; returns whether it is to be tried again, by [#retry].
  boolean onDone(Task task) {
    ArrayCase one = find(task.id());
    TaskState state = task.taskState();
    boolean right =
        task == one.task()
            && switch (state) {
              case SUCCEEDED -> one.isRight();
              case FAILED -> one.hasFailedRightly();
              case CANCELLED -> one.isCancelled;
              case DEPENDENCY_FAILED -> one.hasFailedSource();
              case PENDING, READY, LAUNCHED, JOINING -> false;
            };
    if (!right) {
      throw new IllegalStateException("wrong outcome: " + one);
    }
    if (state == TaskState.FAILED && one.attempt() + 1 < ATTEMPTS_MAX && random.nextInt(4) > 0) {
      toRetry.add(one);
      return true;
    }
    doneCount++;
    tally =
        tally.plus(
            new ArrayTally(
                state == TaskState.SUCCEEDED ? 1 : 0,
                state == TaskState.FAILED ? 1 : 0,
                state == TaskState.CANCELLED ? 1 : 0,
                state == TaskState.DEPENDENCY_FAILED ? 1 : 0,
                0,
                state == TaskState.SUCCEEDED && one.count() == 0 ? 1 : 0,
                state == TaskState.SUCCEEDED && one.count() > ArrayCase.WALKED_MAX ? 1 : 0,
                one.foldsFailed,
                one.manyParts));
    return false;
  }

  ArrayTally tally() {
    return tally;
  }

  private ArrayCase find(long taskId) {
    ArrayCase one = byTask.get(taskId);
    if (one == null) {
      throw new IllegalStateException("no array: taskId=" + taskId);
    }
    return one;
  }

  // ---- the workers' side

  ArrayCase.Chunk run(int rank, ArrayDescriptor array, long from, long to) {
    ArrayCase one = find(array.taskId());
    if (array.taskId() != one.task().id() || !one.mayRun()) {
      throw new IllegalStateException("must not run: rank=" + rank + " " + one);
    }
    return one.run(rank, array, from, to);
  }

  /// Combines as a rank's thread for that would; null where the combiner fails.
  byte @Nullable [] fold(ArrayDescriptor array, byte[][] values) {
    return find(array.taskId()).fold(values);
  }
}
