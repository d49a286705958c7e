package dev.heddle.core.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.Outcome;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Limits;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A worker and tasks that come ahead of their arguments.
class WorkerAheadTest {
  private static final int INLINE_BYTES_MAX = 32 << 10;
  private static final int ORDERED_BYTES_MAX = 1_000;

  private static final long WARM_UP = 1_000_000;

  /// A need that is a large value; others are tasks.
  private static final long VALUE = 1L << 40;

  private record Started(int slot, long taskId, @Nullable MemorySegment @Nullable [] values) {
    byte @Nullable [] value(int index) {
      assertNotNull(values);
      MemorySegment value = values[index];
      return value == null ? null : (byte[]) value.heapBase().orElseThrow();
    }
  }

  private final List<Started> started = new ArrayList<>();
  private final List<String> offered = new ArrayList<>();
  private final List<Long> fetched = new ArrayList<>();
  private final List<Integer> cancelled = new ArrayList<>();
  private boolean hasRoom = true;
  private Worker worker = make(2, Limits.defaults());

  @BeforeEach
  void warmUp() {
    worker = worker(2, Limits.defaults());
  }

  /// A worker that has run a short task, and takes many since.
  private Worker worker(int slots, Limits limits) {
    assertEquals(INLINE_BYTES_MAX, limits.inlineBytesMax());
    worker = make(slots, limits);
    task(WARM_UP);
    finish(WARM_UP, Frame.SUCCEEDED, new byte[0]);
    started.clear();
    offered.clear();
    return worker;
  }

  private Worker make(int slots, Limits limits) {
    return new Worker(
        4,
        slots,
        limits,
        new Starter() {
          @Override
          public void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
            started.add(new Started(slot, Frame.getLong(frame, 8), values));
          }

          @Override
          public void cancel(int slot, boolean interrupt) {
            cancelled.add(slot);
          }

          @Override
          public void define(int functionId, byte[] definition) {}
        },
        new Upstream() {
          @Override
          public boolean offerResult(Outcome outcome, long nowNs) {
            String flags =
                switch (outcome.flags()) {
                  case Frame.SUCCEEDED -> "done";
                  case Frame.FAILED -> "failed";
                  case Frame.CANCELLED -> "cancelled";
                  case Frame.NOT_RUN -> "not run";
                  default -> "?";
                };
            return hasRoom && offered.add(outcome.taskId() + " " + flags);
          }

          @Override
          public int resultBytesInOrder() {
            return ORDERED_BYTES_MAX;
          }

          @Override
          public void fetch(long valueId, long length) {
            fetched.add(valueId);
          }
        },
        new ValueCache(1 << 20),
        ValueMemory.HEAP);
  }

  private void task(long id, long... needs) {
    int bytes = Frame.TASK_BYTES;
    for (long need : needs) {
      bytes += Frame.HEAD_BYTES + (need >= VALUE ? Frame.HANDLE_BYTES : Frame.RESULT_OF_BYTES);
    }
    MemorySegment s = MemorySegment.ofArray(new byte[bytes]);
    Frame.head(s, 0, Frame.TASK, 0, 0, bytes);
    Frame.putLong(s, 8, id);
    Frame.putInt(s, 28, needs.length);
    long at = Frame.TASK_BYTES;
    for (long need : needs) {
      boolean isValue = need >= VALUE;
      int body = isValue ? Frame.HANDLE_BYTES : Frame.RESULT_OF_BYTES;
      Frame.argument(s, at, isValue ? Frame.ARGUMENT_HANDLE : Frame.ARGUMENT_RESULT_OF, body);
      Frame.putLong(s, at + Frame.HEAD_BYTES, need);
      at += Frame.HEAD_BYTES + body;
    }
    assertTrue(Frame.check(s, 0, bytes));
    // looked at when a message leaves; so long it grants what it did before
    assertTrue(worker.frameGrant() > 0);
    worker.onTask(s, 0, bytes, 0);
    worker.pump(0);
  }

  private void finish(long taskId, int flags, byte[] payload) {
    Started task = started.stream().filter(one -> one.taskId() == taskId).findFirst().orElseThrow();
    worker.onFinished(task.slot(), flags, payload, 1_000, 0);
    worker.pump(0);
    worker.checkInvariants();
  }

  private List<Long> startedIds() {
    return started.stream().map(Started::taskId).toList();
  }

  @Test
  void shouldStartATaskWithTheResultItWaitedFor() {
    byte[] result = {1, 2, 3};
    task(1);
    task(2, 1);
    assertEquals(List.of(1L), startedIds());
    assertFalse(worker.isIdle());
    worker.checkInvariants();
    finish(1, Frame.SUCCEEDED, result);
    assertEquals(List.of(1L, 2L), startedIds());
    // the array that is sent, not a copy
    assertSame(result, started.get(1).value(0));
    assertEquals(List.of("1 done"), offered);
  }

  @Test
  void shouldRunAChainThatIsHereAsAWhole() {
    worker = worker(1, Limits.defaults());
    task(1);
    for (long id = 2; id <= 500; id++) {
      task(id, id - 1);
    }
    for (long id = 1; id <= 500; id++) {
      assertEquals(id, started.getLast().taskId());
      finish(id, Frame.SUCCEEDED, new byte[] {(byte) id});
    }
    assertEquals(500, offered.size());
    assertTrue(worker.isIdle());
  }

  @Test
  void shouldKeepResultsFromTheFirstSuchTaskOn() {
    task(1);
    finish(1, Frame.SUCCEEDED, new byte[] {1});
    // nobody knew that it would be of use
    task(2, 1);
    assertEquals(List.of("1 done", "2 not run"), offered);
    byte[] result = {3};
    task(3);
    finish(3, Frame.SUCCEEDED, result);
    task(4, 3);
    assertSame(result, started.getLast().value(0));
    assertEquals(4, started.getLast().taskId());
  }

  @Test
  void shouldFindTasksThatWereHereBeforeTheFirstSuchTask() {
    task(1);
    task(2);
    task(3);
    task(4, VALUE);
    task(10, 1, 2, 3, 4);
    finish(1, Frame.SUCCEEDED, new byte[] {1});
    finish(2, Frame.SUCCEEDED, new byte[] {2});
    finish(3, Frame.SUCCEEDED, new byte[] {3});
    worker.onValue(VALUE, MemorySegment.ofArray(new byte[32]), false);
    worker.pump(0);
    finish(4, Frame.SUCCEEDED, new byte[] {4});
    assertEquals(10, started.getLast().taskId());
    for (int i = 0; i < 4; i++) {
      byte[] value = started.getLast().value(i);
      assertNotNull(value);
      assertEquals(i + 1, value[0]);
    }
  }

  @Test
  void shouldWaitForValuesAndResults() {
    task(1);
    task(2, VALUE, 1, VALUE + 1, VALUE);
    // each once, as they were asked for
    assertEquals(List.of(VALUE, VALUE + 1, VALUE), fetched);
    finish(1, Frame.SUCCEEDED, new byte[] {1});
    assertEquals(List.of(1L), startedIds());
    worker.onValue(VALUE, MemorySegment.ofArray(new byte[40]), false);
    worker.onMissing(VALUE);
    assertEquals(0, worker.pump(0));
    worker.onMissing(VALUE + 1);
    assertEquals(1, worker.pump(0));
    assertNotNull(started.getLast().value(0));
    assertNotNull(started.getLast().value(1));
    assertNull(started.getLast().value(2));
    assertNotNull(started.getLast().value(3));
    worker.checkInvariants();
  }

  @Test
  void shouldSendAllThatFollowAFailureBackBehindIt() {
    task(1);
    task(2, 1);
    task(3, 2);
    task(4, 1);
    task(5);
    task(6, 5, 3);
    finish(1, Frame.FAILED, new byte[] {0, 0});
    assertEquals("1 failed", offered.getFirst());
    assertEquals(
        List.of("2 not run", "3 not run", "4 not run", "6 not run"),
        offered.subList(1, offered.size()).stream().sorted().toList());
    task(7, 1);
    assertEquals("7 not run", offered.getLast());
    finish(5, Frame.SUCCEEDED, new byte[1]);
    assertTrue(worker.isIdle());
    assertEquals(List.of(1L, 5L), startedIds());
  }

  @Test
  void shouldNotUseAResultWhoseOutcomeCouldBeOvertaken() {
    task(1);
    task(2, 1);
    finish(1, Frame.SUCCEEDED, new byte[ORDERED_BYTES_MAX + 1]);
    task(3, 1);
    assertEquals(List.of("1 done", "2 not run", "3 not run"), offered);
    task(4);
    task(5, 4);
    finish(4, Frame.SUCCEEDED, new byte[ORDERED_BYTES_MAX]);
    assertEquals(5, started.getLast().taskId());
  }

  @Test
  void shouldGiveCreditBackForATaskThatDidNotRun() {
    long frames = worker.frameGrant();
    long bytes = worker.byteGrant();
    task(2, 1);
    assertEquals(List.of("2 not run"), offered);
    assertEquals(frames + 1, worker.frameGrant());
    assertEquals(bytes + Frame.TASK_BYTES + 16, worker.byteGrant());
    assertTrue(worker.isIdle());
  }

  @Test
  void shouldKeepItsCreditWhileItsOutcomeCanNotLeave() {
    long frames = worker.frameGrant();
    hasRoom = false;
    task(2, 1);
    assertEquals(frames, worker.frameGrant());
    assertFalse(worker.isIdle());
    worker.checkInvariants();
    hasRoom = true;
    worker.pump(0);
    assertEquals(frames + 1, worker.frameGrant());
    assertTrue(worker.isIdle());
  }

  @Test
  void shouldNotWaitForRoomAboveToUseAResult() {
    task(1);
    task(2, 1);
    hasRoom = false;
    finish(1, Frame.SUCCEEDED, new byte[] {1});
    assertEquals(List.of(1L, 2L), startedIds());
    finish(2, Frame.SUCCEEDED, new byte[] {2});
    assertEquals(List.of(), offered);
    hasRoom = true;
    worker.pump(0);
    assertEquals(List.of("1 done", "2 done"), offered);
  }

  @Test
  void shouldDropWhatWaitsForATaskThatIsGivenUp() {
    task(1);
    task(2, 1);
    task(3, 2);
    assertTrue(worker.onCancel(1, true, 0));
    assertEquals(List.of(0), cancelled);
    assertEquals(List.of("2 not run", "3 not run"), offered);
    // it didn't listen
    finish(1, Frame.SUCCEEDED, new byte[] {1});
    assertEquals(List.of(1L), startedIds());
    assertTrue(worker.isIdle());
  }

  @Test
  void shouldGiveUpATaskThatWaits() {
    task(1);
    task(2, 1);
    task(3, 2);
    task(4, 1, VALUE);
    assertTrue(worker.onCancel(2, false, 0));
    assertEquals(List.of("2 cancelled", "3 not run"), offered);
    assertTrue(worker.onCancel(4, false, 0));
    assertFalse(worker.onCancel(4, false, 0));
    assertFalse(worker.onCancel(3, false, 0));
    worker.checkInvariants();
    finish(1, Frame.SUCCEEDED, new byte[] {1});
    worker.onValue(VALUE, MemorySegment.ofArray(new byte[32]), false);
    assertEquals(0, worker.pump(0));
    assertEquals(List.of("2 cancelled", "3 not run", "4 cancelled", "1 done"), offered);
    assertTrue(worker.isIdle());
  }

  @Test
  void shouldGiveUpATaskThatHasAllItNeedsAndHasNotBegun() {
    worker = worker(1, Limits.defaults());
    task(1);
    task(5);
    task(2, 1);
    task(3, 2);
    finish(1, Frame.SUCCEEDED, new byte[] {1});
    assertTrue(worker.onCancel(2, false, 0));
    assertEquals(List.of("1 done", "2 cancelled", "3 not run"), offered);
  }

  @Test
  void shouldForgetTheOldestResults() {
    Limits limits = Limits.defaults();
    task(1, 99);
    task(2);
    finish(2, Frame.SUCCEEDED, new byte[] {2});
    int kept = 2 + limits.prefetchMax();
    for (long id = 10; id < 10 + kept - 1; id++) {
      task(id);
      finish(id, Frame.SUCCEEDED, new byte[] {1});
    }
    task(3, 2);
    assertEquals(3, started.getLast().taskId());
    finish(3, Frame.SUCCEEDED, new byte[] {1});
    task(4, 2);
    assertEquals("4 not run", offered.getLast());
    task(5, 10);
    assertEquals(5, started.getLast().taskId());
  }

  @Test
  void shouldKeepNothingOnceNobodyHasComeAheadForLong() {
    Limits limits = Limits.defaults();
    task(1, 99);
    long id = 100;
    for (int i = 0; i < 8 * (2 + limits.prefetchMax()); i++) {
      task(id);
      finish(id, Frame.SUCCEEDED, new byte[] {1});
      id++;
    }
    task(2, id - 1);
    assertEquals(2, started.getLast().taskId());
    finish(2, Frame.SUCCEEDED, new byte[] {1});
    for (int i = 0; i <= 8 * (2 + limits.prefetchMax()); i++) {
      task(id);
      finish(id, Frame.SUCCEEDED, new byte[] {1});
      id++;
    }
    task(3, id - 1);
    assertEquals("3 not run", offered.getLast());
  }

  @Test
  void shouldEndWithTasksThatWait() {
    task(1);
    task(2, 1);
    task(3, 1, VALUE);
    worker.stop();
    assertFalse(worker.isIdle());
    finish(1, Frame.SUCCEEDED, new byte[] {1});
    worker.onValue(VALUE, MemorySegment.ofArray(new byte[32]), false);
    assertEquals(0, worker.pump(0));
    assertEquals(List.of("1 done"), offered);
    assertTrue(worker.isIdle());
  }

  @Test
  void shouldStartFollowersInTheOrderInWhichTheyCame() {
    task(1);
    for (long id = 2; id <= 5; id++) {
      task(id, 1);
    }
    finish(1, Frame.SUCCEEDED, new byte[] {1});
    assertEquals(List.of(1L, 2L, 3L), startedIds());
    finish(2, Frame.SUCCEEDED, new byte[] {1});
    finish(3, Frame.SUCCEEDED, new byte[] {1});
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), startedIds());
  }
}
