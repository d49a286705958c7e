package dev.heddle.runtime.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A run in this JVM leaves no thread behind.
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class LeftoverTest {
  private static final long WAIT_NS_MAX = TimeUnit.SECONDS.toNanos(30);

  private static volatile boolean entered;
  private static volatile boolean released;

  private static HeddleConfig config(int ranks) {
    return HeddleConfig.builder()
        .localRanks(ranks)
        .fanout(4)
        .slots(2)
        .serializablePackages(LeftoverTest.class.getPackageName())
        .build();
  }

  private static List<String> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("heddle-"))
        .sorted()
        .toList();
  }

  private static void await(BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + WAIT_NS_MAX;
    while (!condition.getAsBoolean() && System.nanoTime() - deadlineNs < 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void assertNothingLeft() {
    await(() -> ours().isEmpty());
    assertEquals(List.of(), ours());
  }

  @BeforeEach
  void closeTheDoor() {
    assertNothingLeft();
    entered = false;
    released = false;
  }

  static int answer() {
    return 42;
  }

  /// A task that ignores interrupts.
  static int deaf() {
    entered = true;
    while (!released) {
      boolean _ = Thread.interrupted();
      LockSupport.parkNanos(1_000_000);
    }
    return 1;
  }

  @ParameterizedTest(name = "{0} local ranks")
  @ValueSource(ints = {1, 2, 16})
  void shouldLeaveNoThreadAfterARun(int ranks) {
    Heddle.run(
        config(ranks),
        new String[0],
        heddle -> {
          assertEquals(42, heddle.submit(LeftoverTest::answer).get());
          assertTrue(ours().size() > ranks, () -> "at work: " + ours());
        });
    assertNothingLeft();
  }

  @ParameterizedTest(name = "{0} local ranks")
  @ValueSource(ints = {1, 2, 16})
  void shouldLeaveNoThreadAfterAFailingBody(int ranks) {
    IOException thrown = new IOException("the body");
    assertSame(
        thrown,
        assertThrows(
            IOException.class,
            () ->
                Heddle.run(
                    config(ranks),
                    new String[0],
                    heddle -> {
                      TaskFuture<Integer> _ = heddle.submit(LeftoverTest::answer);
                      throw thrown;
                    })));
    assertNothingLeft();
  }

  @ParameterizedTest(name = "{0} local ranks")
  @ValueSource(ints = {1, 2})
  void shouldEndWithoutATaskThatIgnoresInterrupts(int ranks) {
    try {
      assertThrows(
          IOException.class,
          () ->
              Heddle.run(
                  config(ranks),
                  new String[0],
                  heddle -> {
                    TaskFuture<Integer> _ = heddle.submit(LeftoverTest::deaf);
                    await(() -> entered);
                    throw new IOException("enough");
                  }));
      assertTrue(entered);
      assertEquals(1, ours().size(), () -> "only the deaf task's: " + ours());
    } finally {
      released = true;
    }
    assertNothingLeft();
    Heddle.run(
        config(ranks),
        new String[0],
        heddle -> assertEquals(42, heddle.submit(LeftoverTest::answer).get()));
  }
}
