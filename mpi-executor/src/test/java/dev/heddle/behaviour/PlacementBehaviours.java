package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Range;
import dev.heddle.TaskContext;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where tasks run: on a free slot, if there is one. Tasks are held by gates, so that whatever the
/// speed of the machine a task that waits behind a held one is one that never starts.
final class PlacementBehaviours {
  /// Enough for every rank to be known to run them fast, and for many to wait at each.
  private static final int SHORT_TASKS = 2_000;

  private PlacementBehaviours() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario(
            "long tasks behind short ones take every free slot", PlacementBehaviours::freeSlots),
        new Scenario("short tasks wait behind no long one", PlacementBehaviours::shortTasks),
        new Scenario(
            "what waits behind a task that takes long for once runs elsewhere",
            PlacementBehaviours::takesLongForOnce),
        new Scenario(
            "an array takes the slots that tasks have left",
            PlacementBehaviours::arrayBesideTasks));
  }

  private static int shortTask(int value) {
    return value;
  }

  /// Notes who runs where, and returns once its gate is open.
  private static int held(Journal journal, Gate gate, int number) throws Exception {
    journal.write(number + " " + TaskContext.current().rank());
    return Gate.pass(gate, number);
  }

  private static int heldIndex(Journal journal, Gate gate, long index) throws Exception {
    return held(journal, gate, (int) index);
  }

  /// Short, but for the one that is to be held.
  private static int mostlyShort(Gate gate, boolean isHeld, int value) throws Exception {
    return isHeld ? Gate.pass(gate, value) : value;
  }

  private static void runShortTasks(Heddle heddle) throws Exception {
    List<TaskFuture<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < SHORT_TASKS; i++) {
      tasks.add(heddle.submit(PlacementBehaviours::shortTask, i));
    }
    for (int i = 0; i < SHORT_TASKS; i++) {
      assertEquals(i, tasks.get(i).get());
    }
  }

  /// The tasks that have started, by number, with their ranks.
  private static Map<Integer, Integer> started(Journal journal) throws IOException {
    Map<Integer, Integer> ranks = new HashMap<>();
    for (String line : journal.lines()) {
      String[] words = line.split(" ", 2);
      ranks.put(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
    }
    return ranks;
  }

  private static void freeSlots(Heddle heddle) throws Exception {
    runShortTasks(heddle);
    int slots = (int) heddle.slots();
    List<Gate> gates = new ArrayList<>();
    List<TaskFuture<Integer>> tasks = new ArrayList<>();
    try (Journal journal = Journal.create()) {
      for (int i = 0; i < 2 * slots; i++) {
        gates.add(Gate.create());
        tasks.add(heddle.submit(PlacementBehaviours::held, journal, gates.get(i), i));
      }
      journal.await(slots);
      Map<Integer, Integer> first = started(journal);
      Map<Integer, Integer> byRank = new HashMap<>();
      first.values().forEach(rank -> byRank.merge(rank, 1, Integer::sum));
      assertEquals(Set.of(slots / byRank.size()), Set.copyOf(byRank.values()), "by rank " + byRank);
      // all others are held, so that what is left has to come to this one rank
      int next = first.keySet().iterator().next();
      int rank = first.getOrDefault(next, -1);
      Set<Integer> seen = new HashSet<>(first.keySet());
      for (int left = slots; left > 0; left--) {
        gates.get(next).open();
        assertEquals(next, tasks.get(next).get());
        journal.await(seen.size() + 1);
        Map<Integer, Integer> now = started(journal);
        next = now.keySet().stream().filter(task -> !seen.contains(task)).findFirst().orElseThrow();
        assertEquals(rank, now.get(next));
        seen.add(next);
      }
      assertEquals(slots, tasks.stream().filter(TaskFuture::isDone).count());
    } finally {
      close(gates);
    }
    for (int i = 0; i < 2 * slots; i++) {
      assertEquals(i, tasks.get(i).get());
    }
  }

  private static void close(List<Gate> gates) throws IOException {
    for (Gate gate : gates) {
      gate.close();
    }
  }

  private static void shortTasks(Heddle heddle) throws Exception {
    runShortTasks(heddle);
    int slots = (int) heddle.slots();
    List<TaskFuture<Integer>> held = new ArrayList<>();
    try (Journal journal = Journal.create();
        Gate one = Gate.create();
        Gate others = Gate.create()) {
      for (int i = 0; i < slots; i++) {
        held.add(heddle.submit(PlacementBehaviours::held, journal, i == 0 ? one : others, i));
      }
      journal.await(slots);
      List<TaskFuture<Integer>> behind = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        behind.add(heddle.submit(PlacementBehaviours::shortTask, i));
      }
      assertFalse(behind.stream().anyMatch(TaskFuture::isDone), "no slot is free");
      one.open();
      for (int i = 0; i < 200; i++) {
        assertEquals(i, behind.get(i).get());
      }
      assertEquals(1, held.stream().filter(TaskFuture::isDone).count());
    }
    for (int i = 0; i < slots; i++) {
      assertEquals(i, held.get(i).get());
    }
  }

  private static void takesLongForOnce(Heddle heddle) throws Exception {
    try (Gate gate = Gate.create()) {
      List<TaskFuture<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < SHORT_TASKS; i++) {
        tasks.add(heddle.submit(PlacementBehaviours::mostlyShort, gate, false, i));
      }
      assertEquals(SHORT_TASKS, heddle.all(tasks).get().size());
      tasks.clear();
      TaskFuture<Integer> held = heddle.submit(PlacementBehaviours::mostlyShort, gate, true, -1);
      for (int i = 0; i < SHORT_TASKS; i++) {
        tasks.add(heddle.submit(PlacementBehaviours::mostlyShort, gate, false, i));
      }
      if (heddle.slots() == 1) {
        gate.open();
      }
      for (int i = 0; i < SHORT_TASKS; i++) {
        assertEquals(i, tasks.get(i).get());
      }
      assertTrue(heddle.slots() == 1 || !held.isDone());
      gate.open();
      assertEquals(-1, held.get());
    }
  }

  private static void arrayBesideTasks(Heddle heddle) throws Exception {
    int slots = (int) heddle.slots();
    int ofTasks = slots / 2;
    List<TaskFuture<Integer>> tasks = new ArrayList<>();
    try (Journal journal = Journal.create();
        Gate gate = Gate.create()) {
      for (int i = 0; i < ofTasks; i++) {
        tasks.add(heddle.submit(PlacementBehaviours::held, journal, gate, -1 - i));
      }
      journal.await(ofTasks);
      TaskFuture<List<Integer>> array =
          heddle.map(index -> heldIndex(journal, gate, index), Range.of(slots - ofTasks));
      journal.await(slots);
      gate.open();
      assertEquals(slots - ofTasks, array.get().size());
    }
    for (int i = 0; i < ofTasks; i++) {
      assertEquals(-1 - i, tasks.get(i).get());
    }
  }
}
