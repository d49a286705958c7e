package dev.heddle.sim;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.ArrayResult;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Pieces;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.frame.ArgumentFields;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One array of a run, over all its attempts: what its places give, which of them have been worked
/// on, and what must come out.
///
/// Shape: a place's value depends on the array and on the place. A combined value is its first
/// place, the one behind its last, and a hash over the values between; combining it with anything
/// but what follows is an error at once, so a result tells whether every place was taken once and
/// in order.
final class ArrayCase {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Time after which a slot ends its chunk.
  private static final long CHUNK_NS = 4_000_000;

  /// Multiplies the hash of what stands before a value.
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  /// Places of a kept segment: longer ones would not fit into the smallest frames.
  private static final int SEGMENT_MAX = 200;

  /// More places than a test walks over.
  static final long WALKED_MAX = 1 << 20;

  /// A task that is an array.
  static final class ArrayTask extends Task {
    private final ArrayJob job;

    ArrayTask(
        long id,
        int priority,
        String label,
        @Nullable Object[] arguments,
        int captures,
        ArrayJob job) {
      super(id, 0, priority, label, captures, arguments);
      this.job = job;
    }

    @Override
    protected ArrayJob arrayOrNull() {
      return job;
    }
  }

  /// What a slot that has worked on a chunk tells, and when.
  ///
  /// @param outcome of the places that it worked on
  /// @param durationNs on the slot
  record Chunk(ChunkOutcome outcome, long durationNs) {}

  private final long seed;
  private final int failPermille;
  private final int foldFailPermille;
  private final long durationNsMax;
  private final int padBytes;
  private final long frameBytesMax;

  /// The array whose result is the last argument.
  private final @Nullable Task source;

  /// The graph forgets those of a task that is done.
  private final @Nullable Object[] arguments;

  private ArrayTask task;
  private int attempt;
  boolean isCancelled;

  /// Places worked on, and places that fail in this attempt: from, to.
  private final TreeMap<Long, Long> worked = new TreeMap<>();

  private final TreeMap<Long, Long> failing = new TreeMap<>();
  long foldsFailed;
  long manyParts;

  ArrayCase(
      long seed,
      int failPermille,
      int foldFailPermille,
      long durationNsMax,
      int padBytes,
      long frameBytesMax,
      @Nullable Task source,
      ArrayTask task) {
    this.seed = seed;
    this.failPermille = failPermille;
    this.foldFailPermille = foldFailPermille;
    this.durationNsMax = durationNsMax;
    this.padBytes = padBytes;
    this.frameBytesMax = frameBytesMax;
    this.source = source;
    this.arguments = task.arguments().clone();
    this.task = task;
  }

  ArrayTask task() {
    return task;
  }

  int attempt() {
    return attempt;
  }

  long count() {
    return task.job.count();
  }

  private boolean isReduced() {
    return !task.job.isKept();
  }

  /// The task that runs what has failed again.
  ArrayTask again(long id) {
    long at = 0;
    worked.clear();
    for (long[] range : task.job.result().failedPlaces()) {
      if (at < range[0]) {
        worked.put(at, range[0]);
      }
      at = range[1];
    }
    if (at < count()) {
      worked.put(at, count());
    }
    failing.clear();
    attempt++;
    task =
        new ArrayTask(
            id,
            task.priority(),
            task.label() + "+",
            arguments.clone(),
            arguments.length,
            task.job.again());
    return task;
  }

  // ---- the workers' side

  private long value(long place) {
    return Hashes.mix(seed ^ (task.job.first() + task.job.step() * place));
  }

  private boolean fails(long place) {
    int permille = attempt == 0 ? failPermille : failPermille / 4;
    return Math.floorMod(Hashes.mix(seed + 31L * attempt - place), 1_000) < permille;
  }

  Chunk run(int rank, ArrayDescriptor array, long from, long to) {
    checkDescriptor(rank, array);
    List<ArrayFrame.Segment> segments = new ArrayList<>();
    List<long[]> failedRanges = new ArrayList<>();
    List<ArrayFrame.Failed> failures = new ArrayList<>();
    long durationNs = 0;
    long at = from;
    if (count() > WALKED_MAX) {
      // as if many places took no time, so that such an array doesn't have many chunks
      durationNs = CHUNK_NS / 40;
      at = Math.min(to, from + Math.max(1, count() / 200));
      segments.add(new ArrayFrame.Segment(from, at, combined(from, at)));
    } else {
      long start = from;
      while (at < to && durationNs < CHUNK_NS) {
        durationNs += Math.floorMod(Hashes.mix(seed + 7L * at), durationNsMax);
        if (fails(at)) {
          close(start, at, segments);
          long[] last = failedRanges.isEmpty() ? null : failedRanges.getLast();
          if (last != null && last[1] == at) {
            last[1]++;
          } else {
            failedRanges.add(new long[] {at, at + 1});
          }
          ArrayResult.coalesce(failing, at, at + 1);
          if (failures.size() < ArrayResult.FAILURES_MAX) {
            failures.add(new ArrayFrame.Failed(at, rank, new byte[] {1, 0, 'h', 4}));
          }
          start = at + 1;
        }
        at++;
      }
      close(start, at, segments);
    }
    work(rank, from, at);
    ChunkOutcome outcome =
        ChunkOutcome.of(array, rank, from, at, segments, failedRanges, failures, frameBytesMax);
    if (outcome instanceof ChunkOutcome.Frames(_, List<byte[]> frames) && frames.size() > 1) {
      manyParts++;
    }
    return new Chunk(outcome, durationNs);
  }

  private void checkDescriptor(int rank, ArrayDescriptor array) {
    if (array.functionId() != 0
        || array.count() != count()
        || array.index(0) != task.job.first()
        || array.captures() + array.combinerCaptures() != arguments.length) {
      throw new IllegalStateException("another array: rank=" + rank + " " + task.label());
    }
    @Nullable MemorySegment[] values = array.values();
    for (int k = 0; values != null && k < values.length; k++) {
      if (values[k] == null && !isCancelled) {
        throw new IllegalStateException("value missing: rank=" + rank + " " + task.label());
      }
    }
    MemorySegment s = MemorySegment.ofArray(array.frame());
    long at = Frame.ARRAY_BYTES;
    for (Object argument : arguments) {
      Object expected = argument instanceof Task before ? before.outcome() : argument;
      int length = ArgumentFields.bodyLength(s, at);
      if (expected instanceof byte[] bytes
          && !Arrays.equals(bytes, Frame.getBytes(s, at + Frame.HEAD_BYTES, length))) {
        throw new IllegalStateException("another argument: rank=" + rank + " " + task.label());
      }
      at += Frame.HEAD_BYTES + Frame.padded(length);
    }
  }

  private void work(int rank, long from, long to) {
    Map.Entry<Long, Long> before = worked.lowerEntry(to);
    if (before != null && before.getValue() > from) {
      throw new IllegalStateException(
          "twice: rank=" + rank + " " + task.label() + " from=" + from + " to=" + to);
    }
    ArrayResult.coalesce(worked, from, to);
  }

  private void close(long start, long end, List<ArrayFrame.Segment> segments) {
    if (isReduced()) {
      if (start < end) {
        segments.add(new ArrayFrame.Segment(start, end, combined(start, end)));
      }
      return;
    }
    for (long from = start; from < end; from += SEGMENT_MAX) {
      long to = Math.min(end, from + SEGMENT_MAX);
      byte[] kept = new byte[(int) (8 * (to - from))];
      MemorySegment s = MemorySegment.ofArray(kept);
      for (long place = from; place < to; place++) {
        s.set(LONG, 8 * (place - from), value(place));
      }
      segments.add(new ArrayFrame.Segment(from, to, kept));
    }
  }

  private byte[] combined(long from, long to) {
    long hash = 0;
    for (long place = from; place < to && count() <= WALKED_MAX; place++) {
      hash = hash * FACTOR + value(place);
    }
    return combined(from, to, hash);
  }

  /// The factor multiplied with itself.
  private static long power(long times) {
    long result = 1;
    long square = FACTOR;
    for (long left = times; left > 0; left >>= 1) {
      result *= (left & 1) == 0 ? 1 : square;
      square *= square;
    }
    return result;
  }

  private byte[] combined(long from, long to, long hash) {
    byte[] bytes = new byte[24 + padBytes];
    MemorySegment s = MemorySegment.ofArray(bytes);
    s.set(LONG, 0, from);
    s.set(LONG, 8, to);
    s.set(LONG, 16, hash);
    return bytes;
  }

  /// Combines as a rank's thread for that would; null where the combiner fails.
  byte @Nullable [] fold(byte[][] values) {
    MemorySegment first = MemorySegment.ofArray(values[0]);
    long from = first.get(LONG, 0);
    long to = first.get(LONG, 8);
    long hash = first.get(LONG, 16);
    for (int k = 1; k < values.length; k++) {
      MemorySegment next = MemorySegment.ofArray(values[k]);
      if (next.get(LONG, 0) != to) {
        throw new IllegalStateException("no neighbours: " + task.label() + " place=" + to);
      }
      long behind = next.get(LONG, 8);
      hash = hash * power(behind - to) + next.get(LONG, 16);
      to = behind;
    }
    if (Math.floorMod(Hashes.mix(seed ^ from ^ (to << 20) ^ attempt), 1_000)
        < (attempt > 1 ? 0 : foldFailPermille)) {
      foldsFailed++;
      ArrayResult.coalesce(failing, from, to);
      return null;
    }
    return combined(from, to, hash);
  }

  // ---- what must come out

  /// Whether the result that is an argument is there.
  boolean mayRun() {
    return source == null || source.taskState() == TaskState.SUCCEEDED;
  }

  /// Whether the result that is an argument will never be there.
  boolean hasFailedSource() {
    return source != null && source.taskState().isDone() && !mayRun();
  }

  /// Whether the array was right to succeed, and with this.
  boolean isRight() {
    return failing.isEmpty() && isWhole() && isValue(task.outcome());
  }

  /// Whether the array was right to fail, and with exactly these places.
  boolean hasFailedRightly() {
    ArrayResult result = task.job.result();
    long[][] told = result.failedPlaces();
    long[][] expected =
        failing.entrySet().stream()
            .map(e -> new long[] {e.getKey(), e.getValue()})
            .toArray(long[][]::new);
    long places = Arrays.stream(expected).mapToLong(range -> range[1] - range[0]).sum();
    return task.outcome() == result
        && expected.length > 0
        && Arrays.deepEquals(told, expected)
        && result.failedCount() == places
        && !result.failures().isEmpty()
        && result.failures().stream().allMatch(failed -> result.isFailed(failed.place()))
        && result.doneCount() == count()
        && isWhole();
  }

  private boolean isWhole() {
    return count() == 0 || (worked.size() == 1 && worked.firstEntry().getValue() == count());
  }

  private boolean isValue(@Nullable Object outcome) {
    if (count() == 0) {
      return outcome instanceof byte[] value && Arrays.equals(value, task.job.head());
    }
    return switch (outcome) {
      case Pieces pieces -> {
        long place = 0;
        for (Object piece : pieces.values()) {
          place = follows(place, bytes(piece), 0);
        }
        yield place == count() && pieces.count() == place;
      }
      case null -> false;
      default -> {
        byte[] value = bytes(outcome);
        yield isReduced()
            ? Arrays.equals(value, combined(0, count()))
            : value[0] == 1 && value[1] == 2 && follows(0, value, 2) == count();
      }
    };
  }

  private static byte[] bytes(Object value) {
    return value instanceof BigValue large
        ? large.frame().asSlice(large.offset(), large.length()).toArray(ValueLayout.JAVA_BYTE)
        : (byte[]) value;
  }

  /// The place behind those whose values stand in `kept`, or -1.
  private long follows(long first, byte[] kept, int offset) {
    long place = first;
    MemorySegment s = MemorySegment.ofArray(kept);
    for (int at = offset; at < kept.length; at += Long.BYTES) {
      if (place < 0 || s.get(LONG, at) != value(place++)) {
        return -1;
      }
    }
    return place;
  }

  @Override
  public String toString() {
    ArrayResult result = task.job.result();
    return task.label()
        + " form="
        + task.job.form()
        + " places="
        + count()
        + " attempt="
        + attempt
        + " worked="
        + worked
        + " state="
        + task.taskState()
        + " done="
        + result.doneCount()
        + " failed="
        + result.failedCount()
        + " failing="
        + failing
        + " told="
        + Arrays.deepToString(result.failedPlaces());
  }
}
