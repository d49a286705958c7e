package dev.heddle.runtime.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.runtime.session.Held;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A thread that waits for a task leaves the turns to a slot that is awake, for a moment. The tests
/// check what the wait has to notice meanwhile and after.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HotSlotTest {
  private static final int LONE_TASKS = 2_000;

  private static long next(long value) {
    return value + 1;
  }

  private static void run(Heddle.Body body) {
    boolean _ = Heddle.run(Held.config(1).slots(1).build(), new String[0], body);
  }

  /// Runs lone short tasks, after which the slot takes the turns.
  private static void heat(Heddle heddle) throws Exception {
    for (long i = 0; i < LONE_TASKS; i++) {
      assertEquals(i + 1, heddle.submit(HotSlotTest::next, i).get());
    }
  }

  @Test
  void shouldTimeOutBehindATaskThatIsLongerThanTheMoment() {
    run(
        heddle -> {
          try (Held held = new Held()) {
            heat(heddle);
            TaskFuture<Long> task = heddle.submit(Held::pass, held.number(), 7L);
            assertThrows(TimeoutException.class, () -> task.get(0, TimeUnit.NANOSECONDS));
            assertThrows(TimeoutException.class, () -> task.get(20, TimeUnit.MILLISECONDS));
            held.open();
            assertEquals(7, task.get());
          }
        });
  }

  @Test
  void shouldNoticeAnInterruptThatCameBeforeTheWait() {
    run(
        heddle -> {
          try (Held held = new Held()) {
            heat(heddle);
            TaskFuture<Long> task = heddle.submit(Held::pass, held.number(), 7L);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, task::get);
            assertFalse(Thread.currentThread().isInterrupted());
            held.open();
            assertEquals(7, task.get());
          }
        });
  }

  @Test
  void shouldTakeTheTurnsWhileEverySlotIsBusy() {
    run(
        heddle -> {
          try (Held held = new Held()) {
            heat(heddle);
            TaskFuture<Long> task = heddle.submit(Held::pass, held.number(), 7L);
            TaskFuture<Long> behind = heddle.submit(HotSlotTest::next, 1L);
            held.awaitEntered(1);
            // only this thread and the helper can tell rank 0
            assertTrue(behind.cancel(false));
            held.open();
            assertEquals(7, task.get());
          }
        });
  }
}
