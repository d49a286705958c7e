package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/// The behaviours inside one JVM: on threads, and on trees of ranks.
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class LocalBehaviourTest {
  private static final Duration TIME_MAX = Duration.ofSeconds(60);

  @TestFactory
  Stream<DynamicTest> threads() {
    return tests(Way.THREADS);
  }

  @TestFactory
  Stream<DynamicTest> twoRanks() {
    return tests(Way.LOCAL_2);
  }

  @TestFactory
  Stream<DynamicTest> threeLevels() {
    return tests(Way.LOCAL_16);
  }

  private static Stream<DynamicTest> tests(Way way) {
    Stream<DynamicTest> shared =
        Behaviours.shared().stream().map(one -> test(way, one.name(), () -> way.run(one.play())));
    Stream<DynamicTest> runs =
        Behaviours.runs().stream().map(one -> test(way, one.name(), () -> one.play().play(way)));
    return Stream.of(shared, runs).flatMap(s -> s);
  }

  private static DynamicTest test(
      Way way, String name, org.junit.jupiter.api.function.Executable play) {
    return DynamicTest.dynamicTest(
        way.name() + ": " + name, () -> assertTimeoutPreemptively(TIME_MAX, play));
  }
}
