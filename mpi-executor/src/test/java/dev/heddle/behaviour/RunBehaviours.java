package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// How runs begin and end.
///
/// Under MPI every rank plays these; bodies run on rank 0 only, and so does what is thrown.
final class RunBehaviours {
  private static final int PENDING_MAX = 100;

  private RunBehaviours() {}

  static List<RunScenario> scenarios() {
    return List.of(
        new RunScenario("arguments are handed on untouched", RunBehaviours::arguments),
        new RunScenario("the end of the body waits for its tasks", RunBehaviours::waitsForAll),
        new RunScenario("what the body throws is rethrown as it is", RunBehaviours::rethrows),
        new RunScenario("no waiting when the body throws", RunBehaviours::throwsWithoutWaiting),
        new RunScenario("a failed task alone fails no run", RunBehaviours::failedTaskAlone),
        new RunScenario("two runs in sequence", RunBehaviours::inSequence),
        new RunScenario("two runs at once are refused", RunBehaviours::atOnce),
        new RunScenario("use after the end is refused", RunBehaviours::afterTheEnd),
        new RunScenario("a future of another run is refused", RunBehaviours::foreignFuture),
        new RunScenario("back-pressure holds the submitter", RunBehaviours::backPressure),
        new RunScenario("back-pressure holds a thread until there is room", RunBehaviours::blocks));
  }

  private static void arguments(Way way) {
    way.run(heddle -> assertArrayEquals(new String[] {"-x", "", "two words"}, heddle.args()));
  }

  private static void waitsForAll(Way way) throws Exception {
    AtomicReference<@Nullable TaskFuture<Integer>> last = new AtomicReference<>();
    boolean isRoot =
        way.run(
            heddle -> {
              TaskFuture<Integer> future = heddle.submit(Tasks::answer);
              for (int i = 0; i < 300; i++) {
                future = future.then(Tasks::increment);
              }
              last.set(future);
            });
    if (isRoot) {
      TaskFuture<Integer> future = Objects.requireNonNull(last.get());
      assertTrue(future.isDone());
      assertEquals(342, future.get(), "values outlive the run");
    }
  }

  private static void rethrows(Way way) {
    for (Throwable thrown :
        List.of(new IOException("checked"), new IllegalStateException("not"), new Error("hard"))) {
      try {
        boolean isRoot =
            way.run(
                heddle -> {
                  TaskFuture<Integer> _ = heddle.submit(Tasks::answer);
                  throw thrown;
                });
        assertFalse(isRoot, "nothing came out of run");
      } catch (Throwable caught) {
        if (caught instanceof AssertionError wrong) {
          throw wrong;
        }
        assertSame(thrown, caught);
      }
    }
  }

  private static void throwsWithoutWaiting(Way way) throws Exception {
    try (Gate gate = Gate.create()) {
      AtomicReference<@Nullable TaskFuture<Integer>> held = new AtomicReference<>();
      try {
        boolean isRoot =
            way.run(
                heddle -> {
                  TaskFuture<Integer> first = heddle.submit(Gate::pass, gate, 7);
                  held.set(first.then(Tasks::twice));
                  throw new IOException("enough");
                });
        assertFalse(isRoot, "nothing came out of run");
      } catch (Exception caught) {
        assertEquals("enough", caught.getMessage());
        TaskFuture<Integer> future = Objects.requireNonNull(held.get());
        assertFalse(gate.isOpen());
        Throwable ended = assertThrows(Exception.class, () -> future.get(20, TimeUnit.SECONDS));
        // the task was interrupted, or never came so far
        if (ended instanceof ExecutionException) {
          assertTrue(future.isDone());
        } else {
          Expect.contains(ended, "the run is over");
        }
      }
    }
  }

  private static void failedTaskAlone(Way way) {
    way.run(
        heddle -> {
          TaskFuture<Integer> _ = heddle.submit(Tasks::fail, "nobody asks");
        });
  }

  private static void inSequence(Way way) {
    for (int i = 0; i < 3; i++) {
      int captured = i;
      way.run(
          heddle -> {
            assertEquals(captured, heddle.submit(() -> captured).get());
            assertEquals(42, heddle.submit(Tasks::answer).get());
          });
    }
  }

  private static void atOnce(Way way) {
    way.run(
        heddle -> {
          Expect.contains(
              assertThrows(IllegalStateException.class, () -> Heddle.run(new String[0], _ -> {})),
              "a Heddle run is going on");
          FutureTask<Boolean> other = new FutureTask<>(() -> Heddle.run(new String[0], _ -> {}));
          Thread thread = Thread.ofPlatform().start(other);
          ExecutionException failure =
              assertThrows(ExecutionException.class, () -> other.get(20, TimeUnit.SECONDS));
          Expect.contains(Objects.requireNonNull(failure.getCause()), "a Heddle run is going on");
          thread.join();
          assertEquals(42, heddle.submit(Tasks::answer).get(), "the first goes on");
        });
  }

  private static void afterTheEnd(Way way) throws Exception {
    AtomicReference<@Nullable Heddle> kept = new AtomicReference<>();
    AtomicReference<@Nullable TaskFuture<Integer>> future = new AtomicReference<>();
    boolean isRoot =
        way.run(
            heddle -> {
              kept.set(heddle);
              future.set(heddle.submit(Tasks::answer));
            });
    if (isRoot) {
      Heddle over = Objects.requireNonNull(kept.get());
      TaskFuture<Integer> known = Objects.requireNonNull(future.get());
      assertEquals(42, known.get());
      Expect.contains(
          assertThrows(IllegalStateException.class, () -> over.submit(Tasks::answer)),
          "the run is over");
      Expect.contains(
          assertThrows(IllegalStateException.class, () -> over.all(List.of(known))),
          "the run is over");
      Expect.contains(
          assertThrows(IllegalStateException.class, () -> known.then(Tasks::twice)),
          "the run is over");
      assertFalse(known.cancel(true));
    }
  }

  private static void foreignFuture(Way way) {
    AtomicReference<@Nullable TaskFuture<Integer>> first = new AtomicReference<>();
    way.run(heddle -> first.set(heddle.submit(Tasks::answer)));
    way.run(
        heddle -> {
          TaskFuture<Integer> foreign = Objects.requireNonNull(first.get());
          Expect.contains(
              assertThrows(
                  IllegalArgumentException.class, () -> heddle.submit(Tasks::twice, foreign)),
              "of another run");
        });
  }

  private static void backPressure(Way way) {
    way.run(
        builder -> builder.pendingTasksMax(PENDING_MAX),
        heddle -> {
          TaskFuture<Integer> last = heddle.submit(Tasks::answer);
          for (int i = 0; i < 3_000; i++) {
            last = heddle.submit(Tasks::twice, i);
            long pending = heddle.progress().submitted() - heddle.progress().done();
            assertTrue(pending <= PENDING_MAX, () -> "pending=" + pending);
          }
          assertEquals(2 * 2_999, last.get());
        });
  }

  private static void blocks(Way way) {
    way.run(
        builder -> builder.pendingTasksMax(PENDING_MAX),
        heddle -> {
          try (Gate gate = Gate.create()) {
            TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 1);
            List<FutureTask<Integer>> sums = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
              FutureTask<Integer> sum = new FutureTask<>(() -> sumOf(heddle, held));
              sums.add(sum);
              threads.add(builder.start(sum));
            }
            // each of the two threads has one task more in its hands, which waits for room
            Expect.eventually(
                () -> heddle.progress().submitted() >= PENDING_MAX + 2, "submitters are held");
            assertEquals(PENDING_MAX + 2, heddle.progress().submitted());
            assertTrue(threads.stream().allMatch(Thread::isAlive));
            gate.open();
            for (int i = 0; i < 2; i++) {
              assertEquals(200, sums.get(i).get(60, TimeUnit.SECONDS));
              assertTrue(threads.get(i).join(Duration.ofSeconds(20)));
            }
          }
        });
  }

  private static int sumOf(Heddle heddle, TaskFuture<Integer> held) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      futures.add(heddle.submit(Tasks::number, held));
    }
    int sum = 0;
    for (TaskFuture<Integer> future : futures) {
      sum += future.get();
    }
    return sum;
  }
}
