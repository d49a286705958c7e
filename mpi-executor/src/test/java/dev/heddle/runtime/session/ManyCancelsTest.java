package dev.heddle.runtime.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.OnLeave;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Hundreds of thousands of tasks are given up at once, waiting tasks and ready tasks. Nothing of
/// them is left, and the run goes on.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ManyCancelsTest {
  private static final int TASKS = 200_000;

  static int next(int value) {
    return value + 1;
  }

  @ParameterizedTest(name = "localRanks={0} byScope={1}")
  @CsvSource({"1, false", "1, true", "2, false", "2, true"})
  void shouldCancelThemAll(int ranks, boolean byScope) {
    Heddle.run(
        Held.config(ranks).pendingTasksMax(2 * TASKS).build(),
        new String[0],
        heddle -> {
          try (Held held = new Held()) {
            int busy = (int) heddle.slots();
            List<TaskFuture<Integer>> gates = new ArrayList<>();
            for (int i = 0; i < busy; i++) {
              gates.add(heddle.submit(Held::pass, held.number(), i));
            }
            held.awaitEntered(busy);
            AtomicReference<List<TaskFuture<Integer>>> pending = new AtomicReference<>();
            if (byScope) {
              heddle
                  .scope(OnLeave.CANCEL)
                  .run(scope -> pending.set(submit(scope, gates.getFirst())));
            } else {
              pending.set(submit(heddle, gates.getFirst()));
              for (TaskFuture<Integer> future : pending.get()) {
                assertTrue(future.cancel(false));
              }
            }
            for (TaskFuture<Integer> future : pending.get()) {
              assertTrue(future.isCancelled());
            }
            Held.eventually(
                () -> heddle.progress().done() == TASKS, "the coordinator knows of them");
            assertEquals(TASKS, heddle.progress().failed());
            held.open();
            for (int i = 0; i < busy; i++) {
              assertEquals(i, gates.get(i).get());
            }
            assertEquals(3, heddle.submit(ManyCancelsTest::next, 2).get());
          }
        });
  }

  /// Submits tasks: half of them wait for `gate`, half of them are ready.
  private static List<TaskFuture<Integer>> submit(Heddle heddle, TaskFuture<Integer> gate) {
    List<TaskFuture<Integer>> futures = new ArrayList<>(TASKS);
    for (int i = 0; i < TASKS; i++) {
      futures.add(
          i % 2 == 0
              ? heddle.submit(ManyCancelsTest::next, gate)
              : heddle.submit(ManyCancelsTest::next, i));
    }
    return futures;
  }
}
