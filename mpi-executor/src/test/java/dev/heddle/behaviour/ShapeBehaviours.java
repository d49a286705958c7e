package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import dev.heddle.TaskSerializationException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Values of any shape, by each way in which a value travels.
final class ShapeBehaviours {
  /// Shapes of each way, by seed; ShapeTest has thousands, within one JVM.
  private static final int SEEDS = 60;

  private ShapeBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("arguments of any shape arrive as they were", ShapeBehaviours::arguments),
        new Scenario("captures of any shape arrive as they were", ShapeBehaviours::captures),
        new Scenario("results of any shape arrive as they were", ShapeBehaviours::results),
        new Scenario("array items of any shape arrive as they were", ShapeBehaviours::items),
        new Scenario("memoized calls with arguments of any shape", ShapeBehaviours::memoized),
        new Scenario("subclasses of the JDK's collections", ShapeBehaviours::subclasses));
  }

  private static Object shape(long seed) {
    return new Shapes(seed).any();
  }

  private static @Nullable Object same(@Nullable Object value) {
    return value;
  }

  private static void check(Object was, @Nullable Object is, long seed) {
    try {
      SameShape.check(was, is);
    } catch (AssertionError e) {
      throw new AssertionError("seed=" + seed, e);
    }
  }

  private static void arguments(Heddle heddle) throws Exception {
    List<Object> values = new ArrayList<>();
    List<TaskFuture<@Nullable Object>> futures = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      Object value = shape(seed);
      values.add(value);
      futures.add(heddle.submit(ShapeBehaviours::same, value));
    }
    for (int i = 0; i < SEEDS; i++) {
      check(values.get(i), futures.get(i).get(), i);
    }
  }

  private static void captures(Heddle heddle) throws Exception {
    for (long seed = SEEDS; seed < 2 * SEEDS; seed++) {
      Object value = shape(seed);
      check(value, heddle.submit(() -> value).get(), seed);
    }
  }

  private static void results(Heddle heddle) throws Exception {
    for (long seed = 2 * SEEDS; seed < 3 * SEEDS; seed++) {
      check(shape(seed), heddle.submit(ShapeBehaviours::shape, seed).get(), seed);
    }
  }

  private static void items(Heddle heddle) throws Exception {
    List<Object> values = new ArrayList<>();
    for (long seed = 3 * SEEDS; seed < 4 * SEEDS; seed++) {
      values.add(shape(seed));
    }
    List<@Nullable Object> results = heddle.map(ShapeBehaviours::same, values).get();
    assertEquals(SEEDS, results.size());
    for (int i = 0; i < SEEDS; i++) {
      // items of one list may share what the list shares; each is compared on its own
      check(values.get(i), results.get(i), 3L * SEEDS + i);
    }
  }

  /// The result is right, or the call says that it can't be compared.
  private static void memoized(Heddle heddle) throws Exception {
    int compared = 0;
    for (long seed = 4 * SEEDS; seed < 5 * SEEDS; seed++) {
      Object value = shape(seed);
      TaskFuture<@Nullable Object> first = heddle.memoized().submit(ShapeBehaviours::same, value);
      TaskFuture<@Nullable Object> second = heddle.memoized().submit(ShapeBehaviours::same, value);
      try {
        check(value, first.get(), seed);
        check(value, second.get(), seed);
        compared++;
      } catch (ExecutionException e) {
        TaskSerializationException refusal =
            assertInstanceOf(TaskSerializationException.class, e.getCause());
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("can't be compared"), message);
        assertTrue(message.contains("submit without memoized()"), message);
        assertThrows(ExecutionException.class, second::get);
      }
    }
    assertTrue(compared > SEEDS / 4, "compared=" + compared);
  }

  private static int size(List<?> list) {
    return list.size();
  }

  /// What a task sees, rather than what comes back.
  private static void subclasses(Heddle heddle) throws Exception {
    @SuppressWarnings({"serial", "DoubleBraceInitialization"})
    List<Integer> braces =
        new ArrayList<>() {
          {
            add(1);
            add(3);
          }
        };
    assertEquals(2, heddle.submit(ShapeBehaviours::size, braces).get());
    Shapes.Lru lru = new Shapes.Lru(2);
    lru.put("a", 1);
    lru.put("b", 2);
    lru.get("a");
    assertEquals(
        "[a, c]",
        heddle
            .with(lru)
            .submit(
                map -> {
                  map.put("c", 3);
                  return map.keySet().toString();
                })
            .get());
  }
}
