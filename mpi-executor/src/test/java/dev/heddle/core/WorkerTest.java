package dev.heddle.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerTest {
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
            public boolean offerResult(Outcome outcome) {
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
    worker.onTask(s, 0, frame.length);
  }

  @Test
  void shouldStartAsManyAsItHasSlots() {
    task(1);
    task(2);
    assertEquals(2, worker.pump());
    assertEquals(List.of(0, 1), List.copyOf(started));
    assertEquals(0, worker.pump());
    worker.onFinished(1, Frame.SUCCEEDED, new byte[] {5}, 1_000);
    Outcome outcome = offered.getFirst();
    assertEquals(2, outcome.taskId());
    assertEquals(102, outcome.slot());
    assertEquals(3, outcome.attempt());
    assertEquals(4, outcome.rank());
    worker.checkInvariants();
  }

  @Test
  void shouldRenewCreditOnlyWhenAnOutcomeHasLeft() {
    assertEquals(2, worker.frameGrant());
    task(1);
    worker.pump();
    hasRoom = false;
    worker.onFinished(0, Frame.SUCCEEDED, new byte[0], 20_000_000);
    assertEquals(2, worker.frameGrant());
    assertFalse(worker.isIdle());
    assertEquals(0, worker.pump());
    hasRoom = true;
    assertEquals(1, worker.pump());
    assertEquals(3, worker.frameGrant());
    assertTrue(worker.isIdle());
  }

  @Test
  void shouldPrefetchShortTasksAndNeverTakeAGrantBack() {
    task(1);
    worker.pump();
    worker.onFinished(0, Frame.SUCCEEDED, new byte[0], 100_000);
    // a millisecond of tasks for each slot
    assertEquals(1 + 2 + 20, worker.frameGrant());
    task(2);
    worker.pump();
    worker.onFinished(0, Frame.SUCCEEDED, new byte[0], 1_000_000_000);
    assertEquals(23, worker.frameGrant());
  }

  @Test
  void shouldGiveMemoryBackThatNobodyElseHas() {
    MemorySegment value = MemorySegment.ofArray(new byte[32]);
    task(1, 50);
    worker.pump();
    assertTrue(worker.onValue(50, value, true));
    worker.pump();
    assertTrue(given.isEmpty(), "the task reads it");
    worker.onFinished(started.getLast(), Frame.SUCCEEDED, new byte[0], 1);
    assertEquals(List.of(value), given);
    assertFalse(worker.onValue(50, value, true), "nobody waits for it any more");
  }

  @Test
  void shouldKeepMemoryThatTwoTasksHave() {
    MemorySegment value = MemorySegment.ofArray(new byte[32]);
    task(1, 50);
    task(2, 50);
    worker.pump();
    assertTrue(worker.onValue(50, value, true));
    worker.pump();
    worker.onFinished(0, Frame.SUCCEEDED, new byte[0], 1);
    worker.onFinished(1, Frame.SUCCEEDED, new byte[0], 1);
    assertTrue(given.isEmpty());
  }

  @Test
  void shouldGiveMemoryBackOfATaskThatIsGivenUpBeforeItStarts() {
    MemorySegment value = MemorySegment.ofArray(new byte[32]);
    task(1, 50, 51);
    assertTrue(worker.onValue(50, value, true));
    assertTrue(worker.onCancel(1, true));
    assertEquals(List.of(value), given);
  }

  @Test
  void shouldAskForAValueAndStartWhenItHasCome() {
    task(1, 50, 51);
    task(2);
    assertEquals(1, worker.pump());
    assertEquals(List.of(50L, 51L), fetched);
    assertTrue(worker.onValue(51, MemorySegment.ofArray(new byte[32]), false));
    assertEquals(0, worker.pump());
    worker.onMissing(50);
    assertEquals(1, worker.pump());
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
    assertEquals(0, worker.pump());
    assertTrue(started.isEmpty());
    assertTrue(worker.isIdle());
  }

  @Test
  void shouldKeepTheOrderOfOutcomes() {
    task(1);
    task(2);
    worker.pump();
    hasRoom = false;
    worker.onFinished(0, Frame.SUCCEEDED, new byte[0], 1);
    hasRoom = true;
    worker.onFinished(1, Frame.SUCCEEDED, new byte[0], 1);
    assertTrue(offered.isEmpty());
    worker.pump();
    assertEquals(List.of(1L, 2L), offered.stream().map(Outcome::taskId).toList());
  }
}
