package dev.heddle.sim;

import dev.heddle.core.ArrayDescriptor;
import dev.heddle.core.ArrayFrame;
import dev.heddle.core.ArrayPart;
import dev.heddle.core.Coordinator;
import dev.heddle.core.ValueFrame;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.ArrayResult;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Pieces;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The arrays of a run, and what must come out of each.
///
/// A place's value depends on the array and on the place. Values are combined by an operation that
/// is associative and not commutative, so that a result tells whether every place was taken once
/// and in order.
final class ArrayLoad {
  private static final long BIG_VALUE_ID = 1L << 41;

  /// Time after which a slot ends its chunk.
  private static final long CHUNK_NS = 4_000_000;

  /// Multiplies the hash of what stands before a value.
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  /// A task that is an array.
  private static final class ArrayTask extends Task {
    private final ArrayJob job;

    ArrayTask(long id, int priority, String label, Object[] arguments, int captures, ArrayJob job) {
      super(id, 0, priority, label, captures, arguments);
      this.job = job;
    }

    @Override
    protected ArrayJob arrayOrNull() {
      return job;
    }
  }

  private final long seed;
  private final long firstId;
  private final SplittableRandom random;
  private final ArrayTask[] tasks;
  private final int[] failPermille;
  private final long[] durationNsMax;
  private final boolean[] cancelled;

  /// Per array: the places that a slot has worked on.
  private final BitSet[] worked;

  private int submitted;
  private int doneCount;

  ArrayLoad(int count, int tasksBefore, int inlineBytesMax, long seed) {
    this.seed = seed;
    this.firstId = tasksBefore + 1L;
    this.random = new SplittableRandom(Hashes.mix(seed + 77));
    this.tasks = new ArrayTask[count];
    this.failPermille = new int[count];
    this.durationNsMax = new long[count];
    this.cancelled = new boolean[count];
    this.worked = new BitSet[count];
    for (int i = 0; i < count; i++) {
      draw(i, inlineBytesMax);
    }
  }

  private void draw(int i, int inlineBytesMax) {
    int form = random.nextInt(6);
    int places = pick(1, 2, 3, 40, 1 + random.nextInt(3_000), 1 + random.nextInt(20_000));
    boolean isReduced = form >= ArrayJob.REDUCE_OBJECTS;
    int combinerCaptures = isReduced ? random.nextInt(2) : 0;
    int captures = combinerCaptures + random.nextInt(3);
    Object[] arguments = new Object[captures];
    for (int k = 0; k < captures; k++) {
      int length = random.nextInt(1 + pick(8, inlineBytesMax));
      arguments[k] =
          random.nextInt(3) == 0
              ? ValueFrame.of(
                  BIG_VALUE_ID + 8L * i + k,
                  Hashes.bytes(seed + k, inlineBytesMax + 1),
                  0,
                  inlineBytesMax + 1)
              : Hashes.bytes(seed + k, length);
    }
    failPermille[i] = pick(0, 0, 0, 1, 100, 1_000);
    durationNsMax[i] = pick(1, 1_000, 1_000_000, 20_000_000);
    if (places > 3_000) {
      // in sum not much longer than the other tasks
      durationNsMax[i] = Math.min(durationNsMax[i], 10_000);
    }
    worked[i] = new BitSet(places);
    tasks[i] =
        new ArrayTask(
            firstId + i,
            random.nextInt(-2, 3),
            "array" + i,
            arguments,
            captures,
            new ArrayJob(
                form,
                isReduced ? 0 : -1,
                combinerCaptures,
                random.nextInt(100),
                1 + random.nextInt(3),
                places,
                new byte[] {1, 2}));
  }

  private int pick(int... of) {
    return of[random.nextInt(of.length)];
  }

  // ---- the user's side

  /// Does what the user does next, once the first functions are known.
  void step(Coordinator coordinator) {
    if (submitted < tasks.length && random.nextInt(3) > 0) {
      coordinator.submit(tasks[submitted++]);
    }
    if (submitted > 0 && random.nextInt(12) == 0) {
      int victim = random.nextInt(submitted);
      if (!tasks[victim].taskState().isDone()) {
        cancelled[victim] = true;
        boolean _ = coordinator.cancel(tasks[victim], random.nextBoolean());
      }
    }
  }

  /// Whether there is nothing left to submit.
  boolean isSubmitted() {
    return submitted == tasks.length;
  }

  boolean isDone() {
    return doneCount == tasks.length;
  }

  void onDone(Task task) {
    int i = (int) (task.id() - firstId);
    doneCount++;
    ArrayResult result = tasks[i].job.result();
    boolean right =
        switch (task.taskState()) {
          case SUCCEEDED -> countFailing(i) == 0 && isRight(i, task.outcome());
          case FAILED ->
              task.outcome() == result
                  && result.failedCount() == countFailing(i)
                  && hasFailedPlaces(i, result)
                  && result.doneCount() == result.count();
          case CANCELLED -> cancelled[i];
          case PENDING, READY, LAUNCHED, JOINING, DEPENDENCY_FAILED -> false;
        };
    if (!right
        || (task.taskState() != TaskState.CANCELLED && worked[i].cardinality() != places(i))) {
      throw new IllegalStateException(
          "wrong outcome: "
              + task.label()
              + " form="
              + tasks[i].job.form()
              + " places="
              + places(i)
              + " worked="
              + worked[i].cardinality()
              + " state="
              + task.taskState()
              + " failed="
              + result.failedCount()
              + " of="
              + countFailing(i));
    }
  }

  private int places(int i) {
    return (int) tasks[i].job.count();
  }

  private long countFailing(int i) {
    long count = 0;
    for (int place = 0; place < places(i); place++) {
      count += fails(i, place) ? 1 : 0;
    }
    return count;
  }

  private boolean fails(int i, long place) {
    return Math.floorMod(Hashes.mix(seed + 31L * i - place), 1_000) < failPermille[i];
  }

  private boolean hasFailedPlaces(int i, ArrayResult result) {
    for (long[] range : result.failedPlaces()) {
      for (long place = range[0]; place < range[1]; place++) {
        if (!fails(i, place)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isRight(int i, @Nullable Object outcome) {
    return switch (outcome) {
      case Pieces pieces -> {
        long place = 0;
        for (Object piece : pieces.values()) {
          place = follows(i, place, bytes(piece), 0);
        }
        yield place == places(i) && pieces.count() == place;
      }
      case null -> false;
      default -> {
        byte[] value = bytes(outcome);
        yield tasks[i].job.isKept()
            ? value[0] == 1 && value[1] == 2 && follows(i, 0, value, 2) == places(i)
            : java.util.Arrays.equals(value, combined(i, 0, places(i)));
      }
    };
  }

  private static byte[] bytes(Object value) {
    return value instanceof BigValue large
        ? large.frame().asSlice(large.offset(), large.length()).toArray(ValueLayout.JAVA_BYTE)
        : (byte[]) value;
  }

  /// The place behind those whose values stand in `kept`, or -1.
  private long follows(int i, long first, byte[] kept, int offset) {
    long place = first;
    MemorySegment s = MemorySegment.ofArray(kept);
    for (int at = offset; at < kept.length; at += Long.BYTES) {
      if (place < 0 || Frame.getLong(s, at) != value(i, place++)) {
        return -1;
      }
    }
    return place;
  }

  // ---- the workers' side

  private long value(int i, long place) {
    return Hashes.mix(seed ^ (tasks[i].job.first() + tasks[i].job.step() * place + 1_000_003L * i));
  }

  private byte[] combined(int i, long from, long to) {
    byte[] sum = {};
    for (long place = from; place < to; place++) {
      byte[] value = pair(1, value(i, place));
      sum = sum.length == 0 ? value : combine(sum, value);
    }
    return sum;
  }

  /// Number of places and hash of their values, in order.
  private static byte[] pair(long places, long hash) {
    byte[] bytes = new byte[16];
    MemorySegment s = MemorySegment.ofArray(bytes);
    Frame.putLong(s, 0, places);
    Frame.putLong(s, 8, hash);
    return bytes;
  }

  private static byte[] combine(byte[] a, byte[] b) {
    long places = Frame.getLong(b, 0);
    long shifted = Frame.getLong(a, 8);
    for (long n = 0; n < places; n++) {
      shifted *= FACTOR;
    }
    return pair(Frame.getLong(a, 0) + places, shifted + Frame.getLong(b, 8));
  }

  /// What a slot that has worked on a chunk tells, and when.
  ///
  /// @param part the PART frame
  /// @param durationNs on the slot
  record Chunk(byte[] part, long durationNs) {}

  Chunk run(int rank, ArrayDescriptor array, long from, long to) {
    int i = (int) (array.taskId() - firstId);
    if (array.functionId() != 0
        || array.count() != places(i)
        || array.index(0) != tasks[i].job.first()) {
      throw new IllegalStateException("another array: rank=" + rank + " array=" + i);
    }
    @Nullable MemorySegment[] values = array.values();
    for (int k = 0; values != null && k < values.length; k++) {
      if (values[k] == null && !cancelled[i]) {
        throw new IllegalStateException("value missing: rank=" + rank + " array=" + i);
      }
    }
    List<ArrayPart.Segment> segments = new ArrayList<>();
    List<long[]> failedRanges = new ArrayList<>();
    List<ArrayPart.Failed> failures = new ArrayList<>();
    long durationNs = 0;
    long start = from;
    long at = from;
    while (at < to && durationNs < CHUNK_NS) {
      if (worked[i].get((int) at)) {
        throw new IllegalStateException("twice: rank=" + rank + " array=" + i + " place=" + at);
      }
      worked[i].set((int) at);
      durationNs += Math.floorMod(Hashes.mix(seed + 7L * at + i), durationNsMax[i]);
      if (fails(i, at)) {
        close(i, start, at, segments);
        failedRanges.add(new long[] {at, at + 1});
        if (failures.size() < ArrayResult.FAILURES_MAX) {
          failures.add(new ArrayPart.Failed(at, rank, new byte[] {1, 0, 'h', 4}));
        }
        start = at + 1;
      }
      at++;
    }
    close(i, start, at, segments);
    byte[] part =
        ArrayFrame.part(
            array, rank, from, at, segments, failedRanges.toArray(long[][]::new), failures);
    return new Chunk(part, durationNs);
  }

  private void close(int i, long start, long end, List<ArrayPart.Segment> segments) {
    if (start == end) {
      return;
    }
    byte[] value;
    if (tasks[i].job.isKept()) {
      value = new byte[(int) (8 * (end - start))];
      MemorySegment s = MemorySegment.ofArray(value);
      for (long place = start; place < end; place++) {
        Frame.putLong(s, 8 * (place - start), value(i, place));
      }
    } else {
      value = combined(i, start, end);
    }
    segments.add(new ArrayPart.Segment(start, end, value));
  }

  /// Combines as a rank's thread for that would.
  byte[] fold(byte[][] values) {
    byte[] sum = values[0];
    for (int k = 1; k < values.length; k++) {
      sum = combine(sum, values[k]);
    }
    return sum;
  }
}
