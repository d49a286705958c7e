package dev.heddle.runtime.slot;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.SegmentMemory;
import dev.heddle.codec.function.FunctionDefinition;
import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.ArrayResult;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.SoftReference;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Works on chunks of arrays, for one slot: calls the function for each index, and encodes the
/// results.
///
/// Shape: indices are done in blocks that last about ten to forty microseconds. Between blocks the
/// clock is read, and [Leftovers] are cleared. Before every index the runner checks the signal that
/// ends the chunk: the array was given up, or a block takes much longer than earlier blocks. The
/// signal ends the block alone when an index has left the thread interrupted, since the next index
/// must not find it so. Threading: the slot's thread.
final class ChunkRunner {
  /// A chunk ends after this time. That is often enough to balance uneven indices and to let other
  /// tasks use the slot, and seldom enough to cost nothing.
  private static final long CHUNK_NS = 4_000_000;

  /// Blocks grow until they last half of this, and shrink when they last more than twice this.
  private static final long BLOCK_NS = 20_000;

  private static final int BLOCK_MAX = 1 << 16;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private record Prepared(ArrayDescriptor array, ArrayLoop loop) {}

  private final SlotHome home;
  private final long frameBytesMax;
  private final BooleanSupplier isCancelled;
  private final Leftovers leftovers;

  /// The array of the last chunk, with its arguments, unless memory is short.
  private SoftReference<@Nullable Prepared> prepared = new SoftReference<>(null);

  private final StopSignal stop = new StopSignal();
  private int block = 1;

  // Of the current chunk.
  private final List<ArrayFrame.Segment> segments = new ArrayList<>(1);
  private final List<long[]> failedRanges = new ArrayList<>(0);
  private final List<ArrayFrame.Failed> failures = new ArrayList<>(0);

  ChunkRunner(SlotHome home, BooleanSupplier isCancelled, Leftovers leftovers) {
    this.home = home;
    this.frameBytesMax = home.frameBytesMax();
    this.isCancelled = isCancelled;
    this.leftovers = leftovers;
  }

  /// Ends the current chunk after its current index. Threading: any.
  void stop() {
    stop.set();
  }

  /// Asks for the leftovers to be cleared after the current index. Threading: any.
  void pause() {
    stop.pause();
  }

  /// Works on places `from` to `to`, for a few milliseconds. Returns what was done, or `STOPPED`
  /// where no index was done since the array was given up.
  ChunkOutcome run(ArrayDescriptor array, long from, long to) {
    segments.clear();
    failedRanges.clear();
    failures.clear();
    long reached;
    try {
      Prepared what = prepare(array);
      stop.clear();
      // in this order: a cancel is either seen here or sets the signal later
      if (isCancelled.getAsBoolean()) {
        return ChunkOutcome.STOPPED;
      }
      reached = work(what, from, to);
      if (reached == from) {
        return ChunkOutcome.STOPPED;
      }
      if (segments.isEmpty() && failedRanges.isEmpty()) {
        return packed(what, from, reached);
      }
      return outcome(array, from, reached);
    } catch (Throwable failure) {
      // the function can't be called on this rank: another chunk would not fare better
      segments.clear();
      failedRanges.clear();
      failures.clear();
      fail(from, to, failure);
      return outcome(array, from, to);
    }
  }

  private ChunkOutcome outcome(ArrayDescriptor array, long from, long to) {
    return ChunkOutcome.of(
        array,
        home.rank(),
        from,
        to,
        List.copyOf(segments),
        List.copyOf(failedRanges),
        List.copyOf(failures),
        frameBytesMax);
  }

  @SuppressWarnings("ReferenceEquality") // a rank has one descriptor of an array
  private Prepared prepare(ArrayDescriptor array) {
    Prepared known = prepared.get();
    if (known != null && known.array() == array) {
      return known;
    }
    ArrayLoop loop = home.arrayLoops().loop(array, stop);
    int fixed = array.combinerCaptures() + array.captures();
    String label = home.functions().get(array.functionId()).definition().label();
    @Nullable Object[] arguments =
        new FrameArguments(home.codec(), array.frame(), array.values(), SegmentMemory.AUTOMATIC)
            .readFirst(fixed + (array.isList() ? 1 : 0), label);
    loop.combinerCaptures = Arrays.copyOf(arguments, array.combinerCaptures());
    loop.captures = Arrays.copyOfRange(arguments, array.combinerCaptures(), fixed);
    if (array.isList()) {
      loop.items = ((List<?>) Objects.requireNonNull(arguments[fixed])).toArray();
      if (loop.items.length != array.count()) {
        throw new TaskSerializationException(
            "a list of " + array.count() + " elements has " + loop.items.length + " here", null);
      }
    }
    Prepared made = new Prepared(array, loop);
    prepared = new SoftReference<>(made);
    block = 1;
    return made;
  }

  private long work(Prepared what, long from, long to) {
    ArrayDescriptor array = what.array();
    ArrayLoop loop = what.loop();
    makeRoom(array, loop, to - from);
    boolean isKept = array.isKept();
    long step = array.isList() ? 1 : array.step();
    loop.isEmpty = true;
    long start = from;
    long at = from;
    leftovers.clear(); // those of the code that decoded the captures
    long blockNs = System.nanoTime();
    long deadlineNs = blockNs + CHUNK_NS;
    while (at < to) {
      int count = (int) Math.min(block, to - at);
      long index = array.isList() ? at : array.index(at);
      try {
        if (isKept) {
          loop.keep(index, step, count, (int) (at - from));
        } else {
          loop.reduce(index, step, count);
        }
        at += loop.done;
      } catch (Throwable failure) {
        at += loop.done;
        close(what, from, start, at);
        fail(at, at + 1, failure);
        at++;
        start = at;
        loop.isEmpty = true;
      }
      long nowNs = System.nanoTime();
      if (!stop.isSet()) {
        adapt(nowNs - blockNs);
      }
      blockNs = nowNs;
      // in this order: a cancel asks for the end before it interrupts
      leftovers.clear();
      if (nowNs - deadlineNs >= 0 || (stop.isSet() && stop.endPause())) {
        break;
      }
    }
    if (start > from || !isPacked(array)) {
      close(what, from, start, at);
    }
    return at;
  }

  private void adapt(long ns) {
    if (ns < BLOCK_NS / 2) {
      block = Math.min(BLOCK_MAX, block * 2);
    } else if (ns > 2 * BLOCK_NS) {
      block = Math.max(1, (int) (block * BLOCK_NS / ns));
    }
  }

  private static boolean isPacked(ArrayDescriptor array) {
    return array.form() == ArrayJob.KEEP_LONGS || array.form() == ArrayJob.KEEP_DOUBLES;
  }

  private static void makeRoom(ArrayDescriptor array, ArrayLoop loop, long places) {
    switch (array.form()) {
      case ArrayJob.KEEP_LONGS -> {
        if (loop.longs.length < places) {
          loop.longs = new long[(int) places];
        }
      }
      case ArrayJob.KEEP_DOUBLES -> {
        if (loop.doubles.length < places) {
          loop.doubles = new double[(int) places];
        }
      }
      case ArrayJob.KEEP_OBJECTS -> {
        if (loop.objects.length < places) {
          loop.objects = new @Nullable Object[(int) places];
        }
      }
      default -> {}
    }
  }

  /// Encodes the results of places `start` to `end`, in a chunk that begins at `from`.
  private void close(Prepared what, long from, long start, long end) {
    if (start == end) {
      return;
    }
    ArrayLoop loop = what.loop();
    int at = (int) Math.min(start - from, Integer.MAX_VALUE);
    int count = (int) Math.min(end - start, Integer.MAX_VALUE);
    switch (what.array().form()) {
      case ArrayJob.KEEP_LONGS -> {
        byte[] bytes = new byte[8 * count];
        MemorySegment.copy(loop.longs, at, MemorySegment.ofArray(bytes), LONG, 0, count);
        segments.add(new ArrayFrame.Segment(start, end, bytes));
      }
      case ArrayJob.KEEP_DOUBLES -> {
        byte[] bytes = new byte[8 * count];
        MemorySegment.copy(loop.doubles, at, MemorySegment.ofArray(bytes), DOUBLE, 0, count);
        segments.add(new ArrayFrame.Segment(start, end, bytes));
      }
      case ArrayJob.KEEP_OBJECTS -> closeObjects(what, start, at, count);
      case ArrayJob.REDUCE_LONGS -> closeValue(what, start, end, loop.longValue);
      case ArrayJob.REDUCE_DOUBLES -> closeValue(what, start, end, loop.doubleValue);
      default -> closeValue(what, start, end, loop.value);
    }
  }

  private void closeValue(Prepared what, long start, long end, @Nullable Object value) {
    try {
      segments.add(new ArrayFrame.Segment(start, end, encode(what, value)));
    } catch (TaskSerializationException e) {
      fail(start, end, e);
    }
    what.loop().value = null;
  }

  private void closeObjects(Prepared what, long start, int at, int count) {
    @Nullable Object[] objects = what.loop().objects;
    try {
      List<@Nullable Object> results =
          new ArrayList<>(Arrays.asList(objects).subList(at, at + count));
      segments.add(new ArrayFrame.Segment(start, start + count, encode(what, results)));
    } catch (TaskSerializationException e) {
      if (count == 1) {
        fail(start, start + 1, e);
      } else {
        // results that can be sent are sent; the halves find the result that can't
        closeObjects(what, start, at, count / 2);
        closeObjects(what, start + count / 2, at + count / 2, count - count / 2);
      }
    } finally {
      Arrays.fill(objects, at, at + count, null);
    }
  }

  private byte[] encode(Prepared what, @Nullable Object value) {
    return encode(home, value, home.functions().get(what.array().functionId()).definition());
  }

  /// The result of `function`, encoded. Errors: [TaskSerializationException] where it can't be
  /// sent.
  static byte[] encode(SlotHome home, @Nullable Object value, FunctionDefinition function) {
    byte[] bytes = home.codec().encode(value, "result", -1, function);
    if (bytes.length > home.valueBytesMax()) {
      throw new TaskSerializationException(
          "result of "
              + function.label()
              + " has "
              + bytes.length
              + " bytes; at most "
              + home.valueBytesMax()
              + " can be sent: raise valueBytesMax or return less",
          null);
    }
    return bytes;
  }

  private void fail(long from, long to, Throwable failure) {
    long[] last = failedRanges.isEmpty() ? null : failedRanges.getLast();
    if (last != null && last[1] == from) {
      last[1] = to;
    } else {
      failedRanges.add(new long[] {from, to});
    }
    if (failures.size() < ArrayResult.FAILURES_MAX) {
      failures.add(new ArrayFrame.Failed(from, home.rank(), Slot.failurePayload(home, failure)));
    }
  }

  /// The outcome of a chunk that is one whole segment, written straight into the frame to send.
  private ChunkOutcome packed(Prepared what, long from, long to) {
    byte[] frame = ArrayFrame.packed(what.array(), home.rank(), from, to);
    MemorySegment s = MemorySegment.ofArray(frame);
    ArrayLoop loop = what.loop();
    int count = (int) (to - from);
    if (what.array().form() == ArrayJob.KEEP_LONGS) {
      MemorySegment.copy(loop.longs, 0, s, LONG, ArrayFrame.PACKED_OFFSET, count);
    } else {
      MemorySegment.copy(loop.doubles, 0, s, DOUBLE, ArrayFrame.PACKED_OFFSET, count);
    }
    return new ChunkOutcome.Frames(to, List.of(frame));
  }
}
