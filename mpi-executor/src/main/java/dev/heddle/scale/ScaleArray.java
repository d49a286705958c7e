package dev.heddle.scale;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.core.role.Role;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.frame.Frame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one array of a run, and perhaps one before it: what is submitted, what the slots of all
/// ranks work on, and what is being combined.
///
/// Shape: two longs per slot, and what is being combined. The value of a place is its number from 1
/// on, and values are summed up, so that the result tells whether each place has run once.
/// Threading: one thread.
final class ScaleArray {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// As of `runtime.slot.ChunkRunner`.
  private static final long CHUNK_NS = 4_000_000;

  /// An encoded `long`: a tag and eight bytes.
  private static final int VALUE_BYTES = 9;

  private record Fold(int rank, long token, byte[] sum) {}

  private static final class ArrayTask extends Task {
    private final ArrayJob job;

    ArrayTask(long id, ArrayJob job) {
      super(id, 0, 0, "simulated", 0, new Object[0]);
      this.job = job;
    }

    @Override
    protected ArrayJob arrayOrNull() {
      return job;
    }
  }

  private final ScaleConfig config;
  private final @Nullable Task warmUp;
  private final long warmPlaces;
  private final Task task;
  private final int slots;
  private final long[] from;
  private final long[] reached;

  /// That of the rank which was asked last; they are all alike, since one array ends before the
  /// next.
  private @Nullable ArrayDescriptor descriptor;

  private final List<@Nullable Fold> folds = new ArrayList<>();
  private final ArrayList<Integer> freeFolds = new ArrayList<>();

  /// The array of a run that has one. Errors: it has none.
  static ScaleArray of(@Nullable ScaleArray array) {
    if (array == null) {
      throw new IllegalStateException("no array was submitted");
    }
    return array;
  }

  /// With `warmPlaces` in an array before, if any.
  ScaleArray(ScaleConfig config, int ranks, long warmPlaces) {
    this.config = config;
    this.slots = config.slots();
    this.from = new long[ranks * slots];
    this.reached = new long[ranks * slots];
    this.warmUp = warmPlaces == 0 ? null : task(1, warmPlaces);
    this.warmPlaces = warmPlaces;
    this.task = task(2, config.tasks());
  }

  /// An array of `places` whose results are summed up, by functions of number 0.
  static Task task(long id, long places) {
    return new ArrayTask(id, new ArrayJob(ArrayJob.REDUCE_LONGS, 0, 0, 0, 0, 1, places, value(0)));
  }

  /// What is submitted.
  Task task() {
    return task;
  }

  /// What is submitted before, if anything.
  @Nullable Task warmUp() {
    return warmUp;
  }

  /// An array is done: the number of its places, 0 for the one before. Errors:
  /// [IllegalStateException] when it has not succeeded, or with another result than that of each
  /// place run once.
  @SuppressWarnings("ReferenceEquality") // one of the two
  long check(Task ended) {
    check(ended, ended == task ? config.tasks() : warmPlaces);
    return ended == task ? config.tasks() : 0;
  }

  private static void check(Task task, long count) {
    boolean isRight =
        task.taskState() == TaskState.SUCCEEDED
            && task.outcome() instanceof byte[] sum
            && value(sum) == sum(0, count);
    if (!isRight) {
      throw new IllegalStateException(
          "wrong result of an array: places=" + count + " state=" + task.taskState());
    }
  }

  // ---- chunks

  /// A slot begins to work on places; returns the nanoseconds until it ends the chunk.
  long start(int rank, int slot, ArrayDescriptor array, long first, long behind, double slowness) {
    descriptor = array;
    Durations durations = config.durations();
    double indexNs = config.costs().arrays().indexNs();
    double ns = 0;
    long at = first;
    if (durations.shape() == Durations.Shape.CONSTANT) {
      double eachNs = durations.meanNs() * slowness + indexNs;
      long places = eachNs * (behind - first) <= CHUNK_NS ? behind - first : atLeast(eachNs);
      at += Math.min(places, behind - first);
      ns = (at - first) * eachNs;
    } else {
      while (at < behind && ns < CHUNK_NS) {
        at++;
        ns += durations.ns(config.seed(), at) * slowness + indexNs;
      }
    }
    from[rank * slots + slot] = first;
    reached[rank * slots + slot] = at;
    return Math.round(ns);
  }

  /// Places until a chunk has lasted long enough.
  private static long atLeast(double eachNs) {
    return (long) Math.ceil(CHUNK_NS / eachNs);
  }

  /// The outcome of a chunk that has ended.
  ChunkOutcome finish(int rank, int slot) {
    ArrayDescriptor array = descriptor;
    if (array == null) {
      throw new IllegalStateException("no chunk was begun: rank=" + rank);
    }
    long first = from[rank * slots + slot];
    long behind = reached[rank * slots + slot];
    ArrayFrame.Segment whole = new ArrayFrame.Segment(first, behind, value(sum(first, behind)));
    return ChunkOutcome.of(
        array, rank, first, behind, List.of(whole), List.of(), List.of(), Long.MAX_VALUE);
  }

  // ---- combining

  /// Values of a rank are to be combined; returns the number of this work.
  int fold(int rank, long token, byte[][] values) {
    long sum = 0;
    for (byte[] value : values) {
      sum += value(value);
    }
    Fold fold = new Fold(rank, token, value(sum));
    if (freeFolds.isEmpty()) {
      folds.add(fold);
      return folds.size() - 1;
    }
    int number = freeFolds.removeLast();
    folds.set(number, fold);
    return number;
  }

  int foldingRank(int number) {
    return find(number).rank();
  }

  /// Tells `role` what its values have come to.
  void folded(int number, Role role, long nowNs) {
    Fold fold = find(number);
    folds.set(number, null);
    freeFolds.add(number);
    role.onFolded(fold.token(), Frame.SUCCEEDED, fold.sum(), nowNs);
  }

  private Fold find(int number) {
    Fold fold = folds.get(number);
    if (fold == null) {
      throw new IllegalStateException("nothing is being combined: number=" + number);
    }
    return fold;
  }

  // ---- values

  /// Of the places from `first` to `behind`; more than fit into a long wrap around, on both sides.
  private static long sum(long first, long behind) {
    long count = behind - first;
    // the sum of two neighbours of an even count, or the middle one
    return count % 2 == 0 ? count / 2 * (first + 1 + behind) : count * (first + (count + 1) / 2);
  }

  private static byte[] value(long number) {
    byte[] bytes = new byte[VALUE_BYTES];
    LONG.set(bytes, 1, number);
    return bytes;
  }

  private static long value(byte[] bytes) {
    return (long) LONG.get(bytes, 1);
  }
}
