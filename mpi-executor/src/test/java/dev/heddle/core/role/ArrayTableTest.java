package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.array.ArrayShare;
import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.core.frames.ChunkOutcome;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.Link;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.ArrayResult;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How an array is split between a coordinator, a relay and two leaves, and put together again. The
/// value of a place is the place.
@ExtendWith(EmptyOutboxes.class)
class ArrayTableTest {
  private static final byte[] FAILURE = {1, 0, 'h', 9};

  /// Two rounds of 64 small values that wait to be combined.
  private static final long STATE_BYTES_MAX = 16 << 10;

  private final Family family = new Family(Limits.defaults());

  /// How many frames of a kind were sent, by `SOURCE>TARGET KIND`.
  private final Map<String, Integer> sent = new HashMap<>();

  static Task array(long id, int form, long places) {
    ArrayJob job =
        new ArrayJob(
            form, form >= ArrayJob.REDUCE_OBJECTS ? 0 : -1, 0, 0, 0, 1, places, new byte[] {1, 2});
    return new Task(id, 0, 0, "array" + id, 0, new Object[] {}) {
      @Override
      protected ArrayJob arrayOrNull() {
        return job;
      }
    };
  }

  private void start(Task task) {
    family.settle();
    family.root.define(0, new byte[] {1, 2, 3});
    family.root.submit(task, family.nowNs);
    settle();
  }

  private void settle() {
    while (turn() > 0) {
      family.checkInvariants();
    }
  }

  private int turn() {
    return family.turn(
        (message, receiver) -> {
          for (int kind : message.kinds()) {
            sent.merge(message.source() + ">" + message.target() + " " + kind, 1, Integer::sum);
          }
        });
  }

  /// Ends the chunk that was started first after `places` of it, of which those that divide by
  /// `failing` have failed.
  private void finish(long places, long failing) {
    finish(family, places, failing);
  }

  static void finish(Family family, long places, long failing) {
    Family.Chunk chunk = family.chunks.remove();
    long to = Math.min(chunk.to(), chunk.from() + places);
    List<ArrayFrame.Segment> segments = new ArrayList<>();
    List<long[]> failedRanges = new ArrayList<>();
    List<ArrayFrame.Failed> failures = new ArrayList<>();
    long start = chunk.from();
    for (long place = chunk.from(); place <= to; place++) {
      if (place == to || (failing > 0 && place % failing == 0)) {
        if (start < place) {
          segments.add(new ArrayFrame.Segment(start, place, value(chunk, start, place)));
        }
        if (place < to) {
          failedRanges.add(new long[] {place, place + 1});
          failures.add(new ArrayFrame.Failed(place, chunk.rank(), FAILURE));
        }
        start = place + 1;
      }
    }
    family
        .worker(chunk.rank())
        .onChunk(
            chunk.slot(),
            ChunkOutcome.of(
                chunk.array(),
                chunk.rank(),
                chunk.from(),
                to,
                segments,
                failedRanges,
                failures,
                Limits.defaults().frameBytesMax()));
  }

  /// Of a kept form each place; of a reduction the first and the last.
  private static byte[] value(Family.Chunk chunk, long from, long to) {
    if (!chunk.array().isKept()) {
      return (from + "-" + (to - 1)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[(int) (8 * (to - from))];
    for (long place = from; place < to; place++) {
      Frame.putLong(MemorySegment.ofArray(bytes), 8 * (place - from), place);
    }
    return bytes;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
  }

  /// Combines what the rank that asked first has: neighbours become one, whose ends tell whether
  /// they were.
  private void fold() {
    Family.Fold fold = family.folds.remove();
    String[] first = text(fold.values()[0]).split("-", -1);
    long last = Long.parseLong(first[1]);
    for (int i = 1; i < fold.values().length; i++) {
      String[] next = text(fold.values()[i]).split("-", -1);
      assertEquals(last + 1, Long.parseLong(next[0]), "neighbours, in order");
      last = Long.parseLong(next[1]);
    }
    family.roles[fold.rank()].onFolded(
        fold.token(),
        Frame.SUCCEEDED,
        (first[0] + "-" + last).getBytes(java.nio.charset.StandardCharsets.UTF_8),
        family.nowNs);
  }

  private void runAll(long placesPerChunk, long failing) {
    settle();
    while (!family.chunks.isEmpty() || !family.folds.isEmpty()) {
      if (family.chunks.isEmpty()) {
        fold();
      } else {
        finish(placesPerChunk, failing);
      }
      settle();
    }
  }

  private int sent(int source, int target, int kind) {
    return sent.getOrDefault(source + ">" + target + " " + kind, 0);
  }

  @Test
  void shouldSplitByWhatIsLeftAndByTheSlotsBelow() {
    start(array(1, ArrayJob.REDUCE_LONGS, 120_000));
    // three slots below rank 1, so the first range is a quarter of all, the next a quarter of the
    // rest
    assertEquals(2, sent(0, 1, Frame.RANGE));
    // rank 1 keeps a third for its own slot: 30,000 + 22,500 in hand, a twelfth of it for each
    // child
    Family.Chunk first =
        family.chunks.stream().filter(c -> c.rank() == 2).findFirst().orElseThrow();
    assertTrue(first.to() - first.from() <= 52_500 / 12, first.toString());
    assertEquals(3, family.chunks.size(), "each slot has something");
    assertEquals(1, sent(0, 1, Frame.ARRAY));
    assertEquals(1, sent(1, 2, Frame.ARRAY));
    assertEquals(2, sent(1, 2, Frame.RANGE));
  }

  @Test
  void shouldHandOutFewPlacesAtOnce() {
    // rank 1 has two leaves, so it gets all of 60 places for three slots, in two ranges
    Task task = array(1, ArrayJob.REDUCE_OBJECTS, 60);
    start(task);
    assertEquals(2, sent(0, 1, Frame.RANGE));
    runAll(60, 0);
    assertEquals(TaskState.SUCCEEDED, task.taskState());
    assertEquals("0-59", text(assertInstanceOf(byte[].class, task.outcome())));
    assertEquals(2, sent(0, 1, Frame.RANGE), "nothing was left for later");
    assertEquals(0, sent(1, 0, Frame.RANGE), "nor has anything gone back so soon");
    assertEquals(2, sent(1, 0, Frame.PART));
  }

  @ParameterizedTest
  @ValueSource(ints = {ArrayJob.REDUCE_OBJECTS, ArrayJob.KEEP_LONGS})
  void shouldGiveBackWhatWasAnAdvanceWhenItsPlacesAreLong(int form) {
    Task task = array(1, form, 60);
    start(task);
    int begun = family.chunks.size();
    assertEquals(3, begun);
    family.nowNs += ArrayShare.ADVANCE_NS;
    settle();
    assertTrue(sent(1, 0, Frame.RANGE) > 0, "rank 1 has places that nobody works on");
    runAll(1, 0);
    assertTrue(sent(0, 1, Frame.RANGE) > 2, "and gets guided shares of them later");
    assertEquals(TaskState.SUCCEEDED, task.taskState());
    if (form == ArrayJob.REDUCE_OBJECTS) {
      assertEquals("0-59", text(assertInstanceOf(byte[].class, task.outcome())));
    } else {
      byte[] value = assertInstanceOf(byte[].class, task.outcome());
      for (int place = 0; place < 60; place++) {
        assertEquals(place, Frame.getLong(MemorySegment.ofArray(value), 2 + 8L * place));
      }
    }
    assertEquals(0, family.root.link().counters().staleResults);
  }

  @Test
  void shouldDropPlacesThatComeBackFromWhoeverDoesNotHaveThem() {
    Task task = array(1, ArrayJob.REDUCE_LONGS, 1_000);
    start(task);
    byte[] frame = ArrayFrame.range(1, 0, 0, 1_000);
    Link link = family.roles[1].link();
    link.control(Objects.requireNonNull(link.edge(0)), frame);
    settle();
    assertEquals(1, family.root.link().counters().staleResults);
    family.checkInvariants();
  }

  @Test
  void shouldKeepEachPlaceOnceWhereverItRan() {
    Task task = array(1, ArrayJob.KEEP_LONGS, 50_000);
    start(task);
    runAll(700, 0);
    assertEquals(TaskState.SUCCEEDED, task.taskState());
    BigValue value = assertInstanceOf(BigValue.class, task.outcome());
    assertEquals(2 + 8 * 50_000, value.length());
    for (int place = 0; place < 50_000; place++) {
      assertEquals(place, Frame.getLong(value.frame(), value.offset() + 2 + 8L * place));
    }
    assertEquals(1, sent(0, 1, Frame.ARRAY), "one descriptor for each edge");
    assertEquals(1, sent(1, 3, Frame.ARRAY));
    assertEquals(1, sent(0, 1, Frame.CANCEL), "and its end");
    assertEquals(1, sent(1, 3, Frame.CANCEL));
    assertTrue(sent(0, 1, Frame.RANGE) < 60, "ranges " + sent(0, 1, Frame.RANGE));
  }

  @Test
  void shouldCombineNeighboursOnEachLevel() {
    Task task = array(1, ArrayJob.REDUCE_OBJECTS, 10_000);
    start(task);
    runAll(50, 0);
    assertEquals(TaskState.SUCCEEDED, task.taskState());
    assertEquals("0-9999", text(assertInstanceOf(byte[].class, task.outcome())));
    assertEquals(
        sent(0, 1, Frame.RANGE), sent(1, 0, Frame.PART), "one value comes up for each range");
    assertEquals(sent(1, 2, Frame.RANGE), sent(2, 1, Frame.PART));
  }

  /// The most that rank 0 has had of an array while it was worked off.
  private long stateBytesMax(long places, long placesPerChunk) {
    start(array(1, ArrayJob.REDUCE_OBJECTS, places));
    long most = 0;
    while (!family.chunks.isEmpty() || !family.folds.isEmpty()) {
      if (family.chunks.isEmpty()) {
        fold();
      } else {
        finish(placesPerChunk, 0);
      }
      settle();
      most = Math.max(most, family.root.arrayStateBytes());
    }
    assertEquals(1, family.done.size());
    assertEquals(0, family.root.arrayStateBytes(), "nothing is left");
    return most;
  }

  @Test
  void shouldHoldAFewKilobytesOnRankZeroForAMillionReducedIndices() {
    long bytes = stateBytesMax(1_000_000, 700);
    assertTrue(bytes > 300 && bytes < STATE_BYTES_MAX, "bytes=" + bytes);
  }

  @Test
  void shouldHoldNoMoreForAThousandMillion() {
    long bytes = stateBytesMax(1_000_000_000, 500_000);
    assertTrue(bytes > 300 && bytes < STATE_BYTES_MAX, "bytes=" + bytes);
  }

  @Test
  void shouldPassFailedPlacesOnInsteadOfGatheringThem() {
    Task task = array(1, ArrayJob.REDUCE_OBJECTS, 60_000);
    start(task);
    long most = 0;
    while (!family.chunks.isEmpty() || !family.folds.isEmpty()) {
      if (family.chunks.isEmpty()) {
        fold();
      } else {
        finish(40, 2);
      }
      settle();
      most = Math.max(most, ((Relay) family.roles[1]).arrayStateBytes());
    }
    assertEquals(TaskState.FAILED, task.taskState());
    assertEquals(30_000, task.array().result().failedCount());
    assertTrue(most < 40_000, "bytes on the relay: " + most);
  }

  @Test
  void shouldSendWhatComesOfAPlaceInFramesThatAreNotTooLong() {
    Task task = array(7, ArrayJob.REDUCE_OBJECTS, 10);
    ArrayDescriptor array =
        new ArrayDescriptor(ArrayFrame.of(task, (int) ArrayFrame.bytes(task, 1 << 20)), null);
    List<ArrayFrame.Segment> segments = new ArrayList<>();
    List<ArrayFrame.Failed> failures = new ArrayList<>();
    for (int place = 0; place < 10; place += 2) {
      segments.add(new ArrayFrame.Segment(place, place + 1, new byte[100 * place + 1]));
      failures.add(new ArrayFrame.Failed(place + 1, 3, new byte[place == 4 ? 2_000 : 40]));
    }
    long[][] failedRanges = {{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}};
    List<byte[]> frames =
        ArrayFrame.parts(array, 3, 0, 10, segments, failedRanges, failures, 1_000);
    long reached = 0;
    int told = 0;
    for (byte[] frame : frames) {
      MemorySegment s = MemorySegment.ofArray(frame);
      assertTrue(frame.length <= 1_000, "bytes=" + frame.length);
      assertTrue(Frame.check(s, 0, frame.length), "a frame that is refused");
      assertEquals(reached, Frame.getLong(s, 24), "without gaps");
      reached = Frame.getLong(s, 32);
      told += Frame.getInt(s, 48);
    }
    assertEquals(10, reached);
    assertEquals(4, told, "a failure without room is left out, its place is not");
    assertTrue(frames.size() > 2 && frames.size() < 8, "frames=" + frames.size());
    assertEquals(
        1, ArrayFrame.parts(array, 3, 0, 10, segments, failedRanges, failures, 9_000).size());
  }

  @Test
  void shouldNotLoseTheReasonOfAFailureToTheSegmentBeforeIt() {
    Task task = array(7, ArrayJob.REDUCE_OBJECTS, 2);
    ArrayDescriptor array =
        new ArrayDescriptor(ArrayFrame.of(task, (int) ArrayFrame.bytes(task, 1 << 20)), null);
    // the segment and the failed range fill a frame, so that the failure has no room in it
    int value = 1_000 - Frame.PART_BYTES - Frame.SEGMENT_BYTES - Frame.FAILED_RANGE_BYTES & -8;
    List<byte[]> frames =
        ArrayFrame.parts(
            array,
            3,
            0,
            2,
            List.of(new ArrayFrame.Segment(0, 1, new byte[value])),
            new long[][] {{1, 2}},
            List.of(new ArrayFrame.Failed(1, 3, FAILURE)),
            1_000);
    assertEquals(2, frames.size());
    assertEquals(1, Frame.getInt(MemorySegment.ofArray(frames.getLast()), 48));
  }

  @Test
  void shouldEndWhereEachOfManySlotsHasARangeOfItsOwn() {
    // of 1,796 places 898, 300 and 300 go to the leaf, and the other 298 one by one
    Family many = Family.ofLeaves(Limits.defaults(), 1, 0, 300);
    many.settle();
    many.root.define(0, new byte[] {1, 2, 3});
    Task task = array(1, ArrayJob.KEEP_LONGS, 1_796);
    many.root.submit(task, many.nowNs);
    many.settle();
    while (!many.chunks.isEmpty()) {
      finish(many, 1, 0);
      many.settle();
    }
    assertEquals(0, many.roles[1].link().counters().strayFrames);
    assertEquals(TaskState.SUCCEEDED, task.taskState());
  }

  @Test
  void shouldGiveUpWhereTooManyPlacesHaveFailedApart() {
    long places = 4L * ArrayResult.FAILED_RANGES_MAX;
    Task task = array(1, ArrayJob.KEEP_LONGS, places);
    ArrayResult result = task.array().result();
    for (long place = 0; !result.hasTooManyFailures(); place += 2) {
      result.addFailed(place, place + 1);
      result.onDone(place, place + 2);
    }
    assertEquals(ArrayResult.FAILED_RANGES_MAX + 1, result.failedCount());
    result.giveUp(new long[] {1, 2});
    assertTrue(result.isGivenUp());
    assertEquals(places, result.doneCount());
    assertTrue(result.isFailed(places - 1) && result.isFailed(1) && !result.isFailed(3));
    ArrayResult again = task.array().again().result();
    assertEquals(0, again.missing()[0][0]);
    assertEquals(3, again.missing()[0][1], "what was lost is run again");
    assertEquals(places, again.missing()[again.missing().length - 1][1]);
    assertEquals(places - result.failedCount(), again.doneCount());
  }

  @Test
  void shouldSayWhichPlacesFailedAndTakeThoseAgain() {
    Task task = array(1, ArrayJob.REDUCE_OBJECTS, 1_000);
    start(task);
    runAll(40, 100);
    assertEquals(TaskState.FAILED, task.taskState());
    ArrayResult result = task.array().result();
    assertSame(result, task.outcome());
    assertEquals(10, result.failedCount());
    assertEquals(1_000, result.doneCount());
    assertArrayEquals(new long[] {300, 301}, result.failedPlaces()[3]);
    assertEquals(0, result.failures().getFirst().place());
    assertEquals("h", result.failures().getFirst().host());

    ArrayJob again = task.array().again();
    Task retry =
        new Task(2, 0, 0, "again", 0, new Object[] {}) {
          @Override
          protected ArrayJob arrayOrNull() {
            return again;
          }
        };
    sent.clear();
    family.root.submit(retry, family.nowNs);
    List<Long> ran = new ArrayList<>();
    settle();
    while (!family.chunks.isEmpty() || !family.folds.isEmpty()) {
      if (family.chunks.isEmpty()) {
        fold();
      } else {
        ran.add(family.chunks.element().from());
        finish(1, 0);
      }
      settle();
    }
    assertEquals(TaskState.SUCCEEDED, retry.taskState());
    assertEquals("0-999", text(assertInstanceOf(byte[].class, retry.outcome())));
    assertEquals(10, ran.size());
    assertTrue(ran.stream().allMatch(place -> place % 100 == 0), ran.toString());
  }

  @Test
  void shouldStopEverywhereWhenItIsCancelled() {
    Task task = array(1, ArrayJob.REDUCE_LONGS, 1L << 40);
    start(task);
    assertTrue(family.root.cancel(task, true, family.nowNs));
    settle();
    assertEquals(
        List.of("slot=0 interrupt=true", "slot=0 interrupt=true", "slot=0 interrupt=true"),
        family.cancelled);
    int running = family.chunks.size();
    while (!family.chunks.isEmpty()) {
      finish(5, 0);
      settle();
    }
    assertEquals(3, running);
    assertEquals(TaskState.CANCELLED, task.taskState());
    for (int rank = 1; rank < family.roles.length; rank++) {
      assertTrue(family.worker(rank).isIdle(), "rank=" + rank);
    }
  }

  @Test
  void shouldLetTasksAndArraysTakeTurns() {
    Task task = array(1, ArrayJob.REDUCE_LONGS, 1_000_000);
    start(task);
    for (int id = 2; id < 12; id++) {
      family.root.submit(Family.task(id), family.nowNs);
    }
    settle();
    for (int i = 0; i < 60 && family.done.size() < 10; i++) {
      if (!family.started.isEmpty()) {
        family.finish(Frame.SUCCEEDED, new byte[] {1});
      }
      finish(1, 0);
      settle();
    }
    assertEquals(10, family.done.size(), "tasks behind an array that goes on");
    assertEquals(TaskState.LAUNCHED, task.taskState());
  }
}
