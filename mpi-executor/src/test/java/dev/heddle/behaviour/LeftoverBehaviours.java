package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ArrayFuture;
import dev.heddle.Heddle;
import dev.heddle.LongArrayFuture;
import dev.heddle.Range;
import dev.heddle.WorkerLocal;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// What users' code leaves on a thread of ours is gone before other users' code runs there.
final class LeftoverBehaviours {
  private static final long WAIT_S_MAX = 30;

  private LeftoverBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("what a task leaves on its thread is gone", LeftoverBehaviours::tasks),
        new Scenario("what an index leaves on its thread is gone", LeftoverBehaviours::indices),
        new Scenario("what a failed index leaves is gone", LeftoverBehaviours::failedIndices),
        new Scenario(
            "what a combiner leaves on its thread is gone", LeftoverBehaviours::combiners));
  }

  static List<RunScenario> runs() {
    return List.of(
        new RunScenario("what closing worker state leaves is gone", LeftoverBehaviours::closing));
  }

  @SuppressWarnings("ThreadPriorityCheck") // that a task may do so is the point
  private static String leave(String name) {
    Thread self = Thread.currentThread();
    self.setName(name);
    self.setPriority(Thread.MIN_PRIORITY);
    self.setContextClassLoader(null);
    self.interrupt();
    return name;
  }

  /// What a thread has that nobody has changed; sleeps, which an interrupted thread can't.
  private static String found(int value) throws InterruptedException {
    Thread.sleep(0, 100_000);
    Thread self = Thread.currentThread();
    return value
        + " "
        + self.getName().startsWith("heddle-")
        + " "
        + self.getPriority()
        + " "
        + (self.getContextClassLoader() != null);
  }

  private static void tasks(Heddle heddle) throws Exception {
    for (int i = 0; i < 2 * heddle.slots(); i++) {
      assertEquals("mine", heddle.submit(LeftoverBehaviours::leave, "mine").get());
      assertEquals(i + " true 5 true", heddle.submit(LeftoverBehaviours::found, i).get());
    }
  }

  /// Leaves the thread as an interrupt and a library would; the next index looks.
  private static String leaveOrFind(long index) throws InterruptedException {
    if (index % 2 == 0) {
      Thread.currentThread().setContextClassLoader(null);
      Thread.currentThread().interrupt();
      return "left";
    }
    return found((int) index);
  }

  private static long interruptOrSleep(long index) throws InterruptedException {
    if (index % 2 == 0) {
      Thread.currentThread().interrupt();
    } else {
      Thread.sleep(0, 100_000);
    }
    return index;
  }

  private static void indices(Heddle heddle) throws Exception {
    int count = 40;
    LongArrayFuture longs = heddle.mapToLong(LeftoverBehaviours::interruptOrSleep, Range.of(count));
    assertArrayEquals(
        LongStream.range(0, count).toArray(), longs.get(WAIT_S_MAX, TimeUnit.SECONDS));
    ArrayFuture<Double> doubles =
        heddle.mapReduceToDouble(
            LeftoverBehaviours::interruptOrSleep, Range.of(count), Double::sum, 0);
    assertEquals(count * (count - 1) / 2.0, doubles.get(WAIT_S_MAX, TimeUnit.SECONDS));
    List<String> expected =
        IntStream.range(0, count).mapToObj(i -> i % 2 == 0 ? "left" : i + " true 5 true").toList();
    assertEquals(
        expected,
        heddle
            .map(LeftoverBehaviours::leaveOrFind, Range.of(count))
            .get(WAIT_S_MAX, TimeUnit.SECONDS));
    assertEquals(
        expected,
        heddle
            .map((Long index) -> leaveOrFind(index), LongStream.range(0, count).boxed().toList())
            .get(WAIT_S_MAX, TimeUnit.SECONDS));
  }

  private static long failOrSleep(long index) throws Exception {
    if (index % 2 == 0) {
      Thread.currentThread().interrupt();
      throw new IOException("index " + index);
    }
    Thread.sleep(0, 100_000);
    return index;
  }

  private static void failedIndices(Heddle heddle) throws Exception {
    LongArrayFuture longs = heddle.mapToLong(LeftoverBehaviours::failOrSleep, Range.of(40));
    Expect.failure(dev.heddle.ArrayException.class, longs);
    assertEquals(20, longs.failedCount(), () -> longs.failures().toString());
  }

  private static long slowly(long index) throws InterruptedException {
    Thread.sleep(1);
    return index;
  }

  private static long sumAndLeave(long a, long b) throws InterruptedException {
    Thread.sleep(0, 100_000);
    Thread.currentThread().interrupt();
    return a + b;
  }

  private static void combiners(Heddle heddle) throws Exception {
    int count = 200;
    ArrayFuture<Long> sum =
        heddle.mapReduceToLong(
            LeftoverBehaviours::slowly, Range.of(count), LeftoverBehaviours::sumAndLeave, 0);
    assertEquals(count * (count - 1) / 2, sum.get(WAIT_S_MAX, TimeUnit.SECONDS));
    ArrayFuture<Long> boxed =
        heddle.mapReduce(
            (Long index) -> slowly(index), Range.of(count), LeftoverBehaviours::sumAndLeave, 0L);
    assertEquals(count * (count - 1L) / 2, boxed.get(WAIT_S_MAX, TimeUnit.SECONDS));
  }

  /// Needs a thread that isn't interrupted, and leaves it interrupted.
  @SuppressWarnings("try") // that closing it may be interrupted is the point
  private record State(Journal journal) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      Thread.sleep(1);
      journal.write("closed");
      Thread.currentThread().interrupt();
    }
  }

  private static void closing(Way way) throws Exception {
    AtomicReference<@Nullable Journal> kept = new AtomicReference<>();
    boolean isRoot =
        way.run(
            heddle -> {
              Journal journal = Journal.create();
              kept.set(journal);
              WorkerLocal<State> first = WorkerLocal.of(() -> new State(journal));
              WorkerLocal<State> second = WorkerLocal.of(() -> new State(journal));
              assertTrue(heddle.submit(() -> first.get().equals(second.get())).get());
            });
    if (isRoot) {
      try (Journal journal = Objects.requireNonNull(kept.get())) {
        journal.await(2);
      }
    }
  }
}
