package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DependencyException;
import dev.heddle.Heddle;
import dev.heddle.TaskFuture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Futures inside lists, sets, maps and records.
final class ContainerBehaviours {
  private ContainerBehaviours() {}

  /// A record with a future in it.
  record Pair(TaskFuture<Integer> left, String right) {}

  /// A record with containers in it.
  record Nest(Map<String, List<TaskFuture<Integer>>> byName, Pair pair) {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("futures in a list", ContainerBehaviours::list),
        new Scenario("futures in a set", ContainerBehaviours::set),
        new Scenario("futures as values of a map", ContainerBehaviours::mapValues),
        new Scenario("futures as keys of a map", ContainerBehaviours::mapKeys),
        new Scenario("futures in a record", ContainerBehaviours::inRecord),
        new Scenario("futures in containers in containers", ContainerBehaviours::nested),
        new Scenario("one future twice in a container", ContainerBehaviours::twice),
        new Scenario("futures among ordinary objects", ContainerBehaviours::among),
        new Scenario("futures in arrays and Optional", ContainerBehaviours::arrays),
        new Scenario("a CompletableFuture in a list stays one", ContainerBehaviours::completable),
        new Scenario("a task waits for the futures in its list", ContainerBehaviours::waits),
        new Scenario("a failed future in a container", ContainerBehaviours::failed),
        new Scenario("large values behind futures in a list", ContainerBehaviours::large),
        new Scenario("containers in containers beside futures", ContainerBehaviours::beside));
  }

  private static int get(@Nullable Future<Integer> future) {
    if (future == null || !future.isDone()) {
      throw new IllegalStateException("a task would have to wait");
    }
    return future.resultNow();
  }

  private static int sum(@Nullable Iterable<? extends Future<Integer>> futures) {
    int sum = 0;
    for (Future<Integer> future : Objects.requireNonNull(futures)) {
      sum += get(future);
    }
    return sum;
  }

  private static void list(Heddle heddle) throws Exception {
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      futures.add(heddle.submit(Tasks::twice, i));
    }
    assertEquals(380, heddle.with(futures).submit(ContainerBehaviours::sum).get());
    assertEquals(
        "java.util.ArrayList",
        heddle.with(futures).submit(l -> l.getClass().getName()).get(),
        "the same container");
  }

  private static void set(Heddle heddle) throws Exception {
    Set<TaskFuture<Integer>> futures =
        Set.of(heddle.submit(Tasks::answer), heddle.submit(Tasks::twice, 4));
    assertEquals(50, heddle.with(futures).submit(ContainerBehaviours::sum).get());
    assertEquals(2, heddle.with(futures).submit(Set::size).get());
  }

  private static void mapValues(Heddle heddle) throws Exception {
    Map<String, TaskFuture<Integer>> futures = new TreeMap<>();
    futures.put("a", heddle.submit(Tasks::answer));
    futures.put("b", heddle.submit(Tasks::twice, 4));
    assertEquals(34, heddle.with(futures).submit(m -> get(m.get("a")) - get(m.get("b"))).get());
  }

  private static void mapKeys(Heddle heddle) throws Exception {
    Map<TaskFuture<Integer>, String> names = new HashMap<>();
    names.put(heddle.submit(Tasks::answer), "answer");
    names.put(heddle.submit(Tasks::twice, 4), "eight");
    assertEquals(
        Map.of(42, "answer", 8, "eight"),
        heddle
            .with(names)
            .submit(
                m -> {
                  Map<Integer, String> values = new HashMap<>();
                  m.forEach((key, value) -> values.put(get(key), value));
                  return values;
                })
            .get());
  }

  private static void inRecord(Heddle heddle) throws Exception {
    Pair pair = new Pair(heddle.submit(Tasks::answer), "right");
    assertEquals("42right", heddle.with(pair).submit(p -> get(p.left()) + p.right()).get());
  }

  private static void nested(Heddle heddle) throws Exception {
    TaskFuture<Integer> four = heddle.submit(Tasks::twice, 2);
    Nest nest =
        new Nest(
            Map.of("x", List.of(four, heddle.submit(Tasks::answer)), "y", List.of()),
            new Pair(four, "z"));
    assertEquals(
        "46-0-4z",
        heddle
            .with(List.of(nest))
            .submit(
                l -> {
                  Nest n = l.getFirst();
                  return sum(n.byName().get("x"))
                      + "-"
                      + sum(n.byName().get("y"))
                      + "-"
                      + get(n.pair().left())
                      + n.pair().right();
                })
            .get());
  }

  @SuppressWarnings("ReferenceEquality") // that they are one object is the point
  private static void twice(Heddle heddle) throws Exception {
    TaskFuture<Integer> same = heddle.submit(Tasks::answer);
    assertEquals(126, heddle.with(List.of(same, same, same)).submit(l -> sum(l)).get());
    assertTrue(
        heddle.with(List.of(same, same)).submit(l -> l.get(0) == l.get(1)).get(),
        "one future stays one");
    assertEquals(84, heddle.with(List.of(same), same).submit((l, one) -> sum(l) + one).get());
  }

  private static void among(Heddle heddle) throws Exception {
    List<Object> things = new ArrayList<>(List.of(1, "two", heddle.submit(Tasks::answer), 4.0));
    things.add(null);
    assertEquals(
        "1 two 42 4.0 null",
        heddle
            .with(things)
            .submit(
                l -> {
                  List<String> words = new ArrayList<>();
                  for (Object one : l) {
                    words.add(
                        String.valueOf(one instanceof Future<?> future ? future.resultNow() : one));
                  }
                  return String.join(" ", words);
                })
            .get());
  }

  private static void arrays(Heddle heddle) throws Exception {
    TaskFuture<Integer> future = heddle.submit(Tasks::answer);
    Object[] array = {1, future};
    assertEquals(
        43,
        heddle.with(array).submit(a -> (int) a[0] + (int) ((Future<?>) a[1]).resultNow()).get());
    assertEquals(42, heddle.with(Optional.of(future)).submit(o -> get(o.orElseThrow())).get());
  }

  private static void completable(Heddle heddle) throws Exception {
    CompletableFuture<Integer> foreign = new CompletableFuture<>();
    TaskFuture<Integer> last =
        heddle.with(List.of(foreign)).submit(l -> l.getFirst().thenApply(Tasks::twice).join());
    foreign.complete(21);
    assertEquals(42, last.get());
  }

  private static void waits(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      TaskFuture<Integer> held = heddle.submit(Gate::pass, gate, 7);
      TaskFuture<Integer> behind =
          heddle.with(List.of(heddle.submit(Tasks::answer), held)).submit(l -> sum(l));
      assertTrue(!behind.isDone());
      gate.open();
      assertEquals(49, behind.get());
    }
  }

  private static void failed(Heddle heddle) {
    TaskFuture<Integer> root = heddle.submit(Tasks::fail, "the root");
    TaskFuture<Integer> behind =
        heddle
            .with(Map.of("a", List.of(heddle.submit(Tasks::answer), root)))
            .submit(m -> sum(m.get("a")));
    DependencyException failure = Expect.failure(DependencyException.class, behind);
    assertEquals(root.taskId(), failure.rootTaskId());
    assertInstanceOf(java.io.IOException.class, failure.getCause());
  }

  private static void large(Heddle heddle) throws Exception {
    List<TaskFuture<byte[]>> parts = new ArrayList<>();
    long expected = 0;
    for (int i = 0; i < 4; i++) {
      parts.add(heddle.submit(Tasks::large, i % 2 == 0 ? 100_000 : 10, i));
      expected += Tasks.checksum(Tasks.large(i % 2 == 0 ? 100_000 : 10, i));
    }
    byte[] padding = Tasks.large(60_000, 9);
    List<Object> mixed = new ArrayList<>(parts);
    mixed.add(padding);
    assertEquals(
        expected + Tasks.checksum(padding),
        heddle
            .with(mixed)
            .submit(
                l -> {
                  long sum = 0;
                  for (Object one : l) {
                    sum +=
                        Tasks.checksum(
                            (byte[]) (one instanceof Future<?> future ? future.resultNow() : one));
                  }
                  return sum;
                })
            .get());
  }

  /// Lists that are results stay lists of values beside a list of futures.
  private static void beside(Heddle heddle) throws Exception {
    TaskFuture<List<Integer>> all =
        heddle.all(List.of(heddle.submit(Tasks::answer), heddle.submit(Tasks::twice, 1)));
    assertEquals(
        "[42, 2]44",
        heddle
            .with(List.of(all), List.of(heddle.submit(Tasks::twice, 22)))
            .submit((lists, one) -> lists.getFirst().resultNow() + "" + sum(one))
            .get());
  }
}
