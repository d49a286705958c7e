package dev.heddle.core.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.Outcome;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Limits;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private static final long MS = 1_000_000;

  private final ArrayDeque<Integer> started = new ArrayDeque<>();
  private final List<@Nullable MemorySegment @Nullable []> valuesOf = new ArrayList<>();
  private final List<Outcome> offered = new ArrayList<>();
  private final List<Long> fetched = new ArrayList<>();
  private boolean hasRoom = true;

  private final List<MemorySegment> given = new ArrayList<>();
  private final ValueMemory memory =
      new ValueMemory() {
        @Override
        public MemorySegment take(long bytes) {
          return HEAP.take(bytes);
        }

        @Override
        public void give(MemorySegment segment) {
          given.add(segment);
        }
      };

  private final Worker worker =
      new Worker(
          4,
          2,
          Limits.defaults(),
          new Starter() {
            @Override
            public void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values) {
              started.add(slot);
              valuesOf.add(values);
            }

            @Override
            public void define(int functionId, byte[] definition) {}
          },
          new Upstream() {
            @Override
            public boolean offerResult(Outcome outcome, long nowNs) {
              return hasRoom && offered.add(outcome);
            }

            @Override
            public void fetch(long valueId, long length) {
              fetched.add(valueId);
            }
          },
          new ValueCache(1 << 20),
          memory);

  private void task(long id, long... values) {
    byte[] frame = new byte[Frame.TASK_BYTES + 24 * values.length];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.TASK, 0, 3, frame.length);
    Frame.putLong(s, 8, id);
    Frame.putInt(s, 16, (int) id + 100);
    Frame.putInt(s, 28, values.length);
    for (int i = 0; i < values.length; i++) {
      Frame.argument(s, 32 + 24L * i, Frame.ARGUMENT_HANDLE, Frame.HANDLE_BYTES);
      Frame.putLong(s, 40 + 24L * i, values[i]);
    }
    assertTrue(Frame.check(s, 0, frame.length));
    worker.onTask(s, 0, frame.length, 0);
  }

  @Test
  void shouldStartAsManyAsItHasSlots() {
    task(1);
    task(2);
    assertEquals(2, worker.pump(0));
    assertEquals(List.of(0, 1), List.copyOf(started));
    assertEquals(0, worker.pump(0));
    worker.onFinished(1, Frame.SUCCEEDED, new byte[] {5}, 1_000, 0);
    Outcome outcome = offered.getFirst();
    assertEquals(2, outcome.taskId());
    assertEquals(102, outcome.ticket());
    assertEquals(3, outcome.attempt());
    assertEquals(4, outcome.rank());
    worker.checkInvariants();
  }

  @Test
  void shouldRenewCreditOnlyWhenAnOutcomeHasLeft() {
    long window = 2L + Limits.defaults().prefetchMax();
    assertEquals(window, worker.frameGrant());
    task(1);
    worker.pump(0);
    hasRoom = false;
    worker.onFinished(0, Frame.SUCCEEDED, new byte[0], 20_000_000, 0);
    assertEquals(window, worker.frameGrant());
    assertFalse(worker.isIdle());
    assertEquals(0, worker.pump(0));
    hasRoom = true;
    assertEquals(1, worker.pump(0));
    assertEquals(window + 1, worker.frameGrant());
    assertTrue(worker.isIdle());
  }

  /// A task that may wait for a slot.
  private void shortTask(long id) {
    byte[] frame = new byte[Frame.TASK_BYTES];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.TASK, Frame.taskFlags(7), 0, frame.length);
    Frame.putLong(s, 8, id);
    assertTrue(Frame.check(s, 0, frame.length));
    worker.onTask(s, 0, frame.length, 0);
  }

  private List<String> offered() {
    List<String> all =
        offered.stream()
            .map(one -> one.taskId() + " " + (one.flags() == Frame.RETURNED ? "back" : "done"))
            .toList();
    offered.clear();
    return all;
  }

  /// Looks every millisecond, up to this time.
  private void lookUntil(long fromMs, long toMs) {
    for (long ms = fromMs; ms <= toMs; ms++) {
      worker.pump(ms * MS);
    }
  }

  @Test
  void shouldSendBackWhatWaitsBehindLongTasks() {
    for (long id = 1; id <= 5; id++) {
      shortTask(id);
    }
    lookUntil(100, 109);
    assertEquals(List.of(), offered());
    assertEquals(3, worker.readyCount());
    long bytes = worker.byteGrant();
    lookUntil(110, 110);
    // from the end, so that the first is in front where they go
    assertEquals(List.of("5 back", "4 back", "3 back"), offered());
    assertEquals(bytes + 3L * Frame.TASK_BYTES, worker.byteGrant(), "their bytes are free again");
    worker.onFinished(0, Frame.SUCCEEDED, new byte[0], 200 * MS, 0);
    assertEquals(7, offered.getFirst().prefetch());
    assertEquals(List.of("1 done"), offered());
    worker.checkInvariants();
  }

  @Test
  void shouldKeepWhatWaitsWhileASlotTurns() {
    for (long id = 1; id <= 30; id++) {
      shortTask(id);
    }
    // one slot is stuck, the other one starts a task every eight milliseconds
    for (long ms = 0; ms < 200; ms += 8) {
      lookUntil(ms, ms + 7);
      worker.onFinished(started.getLast(), Frame.SUCCEEDED, new byte[0], 8 * MS, 0);
      assertEquals(1, offered().size());
    }
    assertEquals(4, worker.readyCount());
  }

  @Test
  void shouldNotTakeAPauseOfTheProcessForLongTasks() {
    for (long id = 1; id <= 3; id++) {
      shortTask(id);
    }
    worker.pump(0);
    // stopped for a minute, three times: as good as nothing has run meanwhile
    for (long minute = 1; minute <= 3; minute++) {
      worker.pump(minute * 60_000 * MS);
    }
    assertEquals(List.of(), offered());
    assertEquals(180_000 * MS + 2_500_000, worker.dueNs());
    worker.pump(worker.dueNs());
    assertEquals(List.of("3 back"), offered());
    assertEquals(Long.MAX_VALUE, worker.dueNs());
  }

  @Test
  void shouldSendBackWithATaskThoseThatWaitForIt() {
    shortTask(1);
    shortTask(2);
    shortTask(3);
    byte[] frame = new byte[Frame.TASK_BYTES + 16];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.TASK, Frame.taskFlags(7), 0, frame.length);
    Frame.putLong(s, 8, 4);
    Frame.putInt(s, 28, 1);
    Frame.argument(s, 32, Frame.ARGUMENT_RESULT_OF, Frame.RESULT_OF_BYTES);
    Frame.putLong(s, 40, 3);
    worker.onTask(s, 0, frame.length, 0);
    lookUntil(0, 10);
    assertEquals(List.of(3L, 4L), offered.stream().map(Outcome::taskId).toList());
    assertEquals(Frame.RETURNED, offered.getFirst().flags());
    assertEquals(Frame.NOT_RUN, offered.getLast().flags());
    worker.checkInvariants();
  }

  @Test
  void shouldGiveMemoryBackThatNobodyElseHas() {
    MemorySegment value = MemorySegment.ofArray(new byte[32]);
    task(1, 50);
    worker.pump(0);
    assertTrue(worker.onValue(50, value, true));
    worker.pump(0);
    assertTrue(given.isEmpty(), "the task reads it");
    worker.onFinished(started.getLast(), Frame.SUCCEEDED, new byte[0], 1, 0);
    assertEquals(List.of(value), given);
    assertFalse(worker.onValue(50, value, true), "nobody waits for it any more");
  }

  @Test
  void shouldKeepMemoryThatTwoTasksHave() {
    MemorySegment value = MemorySegment.ofArray(new byte[32]);
    task(1, 50);
    task(2, 50);
    worker.pump(0);
    assertTrue(worker.onValue(50, value, true));
    worker.pump(0);
    worker.onFinished(0, Frame.SUCCEEDED, new byte[0], 1, 0);
    worker.onFinished(1, Frame.SUCCEEDED, new byte[0], 1, 0);
    assertTrue(given.isEmpty());
  }

  @Test
  void shouldGiveMemoryBackOfATaskThatIsGivenUpBeforeItStarts() {
    MemorySegment value = MemorySegment.ofArray(new byte[32]);
    task(1, 50, 51);
    assertTrue(worker.onValue(50, value, true));
    assertTrue(worker.onCancel(1, true, 0));
    assertEquals(List.of(value), given);
  }

  @Test
  void shouldAskForAValueAndStartWhenItHasCome() {
    task(1, 50, 51);
    task(2);
    assertEquals(1, worker.pump(0));
    assertEquals(List.of(50L, 51L), fetched);
    assertTrue(worker.onValue(51, MemorySegment.ofArray(new byte[32]), false));
    assertEquals(0, worker.pump(0));
    worker.onMissing(50);
    assertEquals(1, worker.pump(0));
    @Nullable MemorySegment @Nullable [] values = valuesOf.getLast();
    assertNotNull(values);
    assertNull(values[0]);
    assertNotNull(values[1]);
    worker.checkInvariants();
  }

  @Test
  void shouldStartNothingOnceStopped() {
    task(1);
    worker.stop();
    task(2);
    assertEquals(0, worker.pump(0));
    assertTrue(started.isEmpty());
    assertTrue(worker.isIdle());
  }

  @Test
  void shouldKeepTheOrderOfOutcomes() {
    task(1);
    task(2);
    worker.pump(0);
    hasRoom = false;
    worker.onFinished(0, Frame.SUCCEEDED, new byte[0], 1, 0);
    hasRoom = true;
    worker.onFinished(1, Frame.SUCCEEDED, new byte[0], 1, 0);
    assertTrue(offered.isEmpty());
    worker.pump(0);
    assertEquals(List.of(1L, 2L), offered.stream().map(Outcome::taskId).toList());
  }
}
