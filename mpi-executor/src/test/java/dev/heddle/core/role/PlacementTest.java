package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.link.Limits;
import dev.heddle.graph.ArrayJob;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Which rank gets a task: one with a free slot, wherever there is one.
@ExtendWith(EmptyOutboxes.class)
class PlacementTest {
  private static final int SHORT = 0;
  private static final int LONG = 1;
  private static final long SHORT_NS = 1_000;
  private static final long LONG_NS = 500_000_000;

  private Family family = Family.ofLeaves(Limits.defaults(), 4, 0, 4);
  private long nextId = 1;

  /// Lets all ranks come and run many short tasks, so that many may wait at each.
  private void start(Family of) {
    family = of;
    family.settle();
    family.root.define(SHORT, new byte[] {1});
    family.root.define(LONG, new byte[] {2});
    submit(SHORT, 500);
    family.runAll(new byte[] {1});
    assertEquals(500, family.done.size());
    family.done.clear();
  }

  private List<Task> submit(int functionId, int count) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Task task = Family.taskOf(functionId, nextId++);
      tasks.add(task);
      family.root.submit(task, family.nowNs);
    }
    return tasks;
  }

  private int launched() {
    return family.root.graph().launchedCount();
  }

  private long returned() {
    return family.root.link().counters().returned;
  }

  /// Ends everything, and looks whether all ranks agree that nothing is out.
  private void end() {
    family.runAll(new byte[] {1});
    assertEquals(0, family.root.graph().launchedCount() + family.root.graph().readyCount());
    for (Role role : family.roles) {
      assertTrue(role.isEmptyBelow(), "rank=" + role.link().rank());
    }
    family.checkInvariants();
  }

  @Test
  void shouldGiveLongTasksRightBehindShortOnesToFreeSlots() {
    start(family);
    submit(LONG, 16);
    family.settle();
    assertEquals(Map.of(1, 4, 2, 4, 3, 4, 4, 4), family.runningByRank());
    end();
  }

  @Test
  void shouldGiveLongTasksToFreeSlotsThroughRelays() {
    start(Family.ofThreeLevels(Limits.defaults(), 3));
    submit(LONG, 18);
    family.settle();
    assertEquals(Map.of(1, 3, 2, 3, 3, 3, 4, 3, 5, 3, 6, 3), family.runningByRank());
    end();
  }

  @Test
  void shouldSendATaskToTheOneFreeSlot() {
    for (Family tree :
        List.of(
            Family.ofLeaves(Limits.defaults(), 6, 0, 3),
            Family.ofThreeLevels(Limits.defaults(), 3))) {
      start(tree);
      submit(LONG, 40);
      family.settle();
      for (int rank : new int[] {5, 2, 2, 6, 1, 4, 3, 3}) {
        assertEquals(18, launched(), "the others wait where they can still go anywhere");
        family.finishOn(rank, LONG_NS);
        family.settle();
        assertEquals(3, family.runningByRank().get(rank), "rank=" + rank);
      }
      end();
    }
  }

  @Test
  void shouldLetOnlyShortTasksWait() {
    start(Family.ofLeaves(Limits.defaults(), 2, 0, 1));
    submit(SHORT, 10_000);
    family.settle();
    assertEquals(2 * (1 + 1024), launched(), "as many as prefetchMax says");
    end();
    // 100 microseconds: sixteen of them last about as long as the way is to be hidden for
    for (int i = 0; i < 300; i++) {
      submit(SHORT, 1);
      family.settle();
      family.finishOn(family.started.element().rank(), 100_000);
    }
    submit(SHORT, 100);
    family.settle();
    assertEquals(2 * (1 + 16), launched());
    end();
  }

  @Test
  void shouldLetNothingWaitBehindLongTasks() {
    for (Family tree :
        List.of(
            Family.ofLeaves(Limits.defaults(), 4, 0, 1),
            Family.ofThreeLevels(Limits.defaults(), 1))) {
      start(tree);
      int slots = tree.roles.length - 1;
      submit(LONG, slots);
      family.settle();
      submit(SHORT, 50);
      family.settle();
      assertEquals(slots, launched());
      family.finishOn(3, LONG_NS);
      family.settle();
      assertEquals(slots - 1 + 50, launched(), "where a slot turns over, they may wait");
      for (int i = 0; i < 50; i++) {
        family.finishOn(3, SHORT_NS);
        family.settle();
      }
      assertEquals(slots - 1, launched());
      end();
    }
  }

  @Test
  void shouldTakeBackWhatWaitsBehindATaskThatTakesLongForOnce() {
    for (Family tree :
        List.of(
            Family.ofLeaves(Limits.defaults(), 4, 0, 1),
            Family.ofThreeLevels(Limits.defaults(), 1))) {
      start(tree);
      int slots = tree.roles.length - 1;
      List<Task> tasks = submit(SHORT, 40);
      family.settle();
      assertEquals(40, launched());
      // on rank 3 it doesn't end
      while (!family.runningByRank().equals(Map.of(3, 1))) {
        for (int rank = 1; rank <= slots; rank++) {
          if (rank != 3 && family.runningByRank().containsKey(rank)) {
            family.finishOn(rank, SHORT_NS);
          }
        }
        family.settle();
      }
      int waiting = launched() - 1;
      assertTrue(waiting > 3, "waiting=" + waiting);
      family.pass(8);
      assertEquals(0, returned());
      family.pass(4);
      assertEquals(waiting, returned());
      assertEquals(Math.min(slots, 1 + waiting), family.started.size(), "on a slot each");
      // they wait for free slots from now on
      for (int i = 0; i < waiting; i++) {
        family.pass(30);
        for (int rank = 1; rank <= slots; rank++) {
          if (rank != 3 && family.runningByRank().containsKey(rank)) {
            family.finishOn(rank, SHORT_NS);
          }
        }
        family.settle();
      }
      assertEquals(waiting, returned(), "each comes back once");
      assertEquals(39, family.done.size());
      end();
      assertTrue(tasks.stream().allMatch(task -> task.taskState() == TaskState.SUCCEEDED));
    }
  }

  @Test
  void shouldSendNothingToWaitToWhoHasSentTasksBack() {
    start(Family.ofLeaves(Limits.defaults(), 2, 0, 1));
    submit(SHORT, 2);
    family.settle();
    submit(SHORT, 6);
    family.settle();
    family.pass(12);
    assertEquals(6, returned());
    submit(SHORT, 20);
    family.settle();
    assertEquals(2, launched());
    family.finishOn(1, SHORT_NS);
    family.settle();
    assertEquals(1 + 1, launched(), "what came back waits for a free slot");
    for (int i = 0; i < 6; i++) {
      family.finishOn(1, SHORT_NS);
      family.settle();
    }
    assertEquals(1 + 20, launched());
    end();
  }

  @Test
  void shouldKeepNoSlotForATaskThatCantStartYet() {
    start(Family.ofLeaves(Limits.defaults(), 2, 0, 2));
    Task last = submit(SHORT, 1).getFirst();
    for (int i = 0; i < 100; i++) {
      last = Family.taskOf(SHORT, nextId++, last);
      family.root.submit(last, family.nowNs);
    }
    family.settle();
    assertEquals(101, launched());
    assertEquals(1, family.started.size());
    submit(LONG, 10);
    family.settle();
    assertEquals(Map.of(1, 2, 2, 2), family.runningByRank());
    assertEquals(101 + 3, launched());
    end();
  }

  @Test
  void shouldCountATaskThatFollowsAsOneThatRuns() {
    start(Family.ofLeaves(Limits.defaults(), 2, 0, 1));
    Task first = submit(SHORT, 1).getFirst();
    Task second = Family.taskOf(SHORT, nextId++, first, first);
    family.root.submit(second, family.nowNs);
    family.settle();
    int rank = family.started.element().rank();
    family.finishOn(rank, SHORT_NS);
    family.settle();
    // it runs by now, so that the other rank has the free slot
    submit(LONG, 2);
    family.settle();
    assertEquals(Map.of(1, 1, 2, 1), family.runningByRank());
    assertEquals(2, launched());
    end();
  }

  @Test
  void shouldFreeTheSlotsOfTasksThatAreGivenUp() {
    start(Family.ofLeaves(Limits.defaults(), 2, 0, 1));
    Task first = submit(SHORT, 1).getFirst();
    List<Task> chain = new ArrayList<>(List.of(first));
    for (int i = 0; i < 5; i++) {
      chain.add(Family.taskOf(SHORT, nextId++, chain.getLast()));
      family.root.submit(chain.getLast(), family.nowNs);
    }
    List<Task> others = submit(LONG, 3);
    family.settle();
    assertTrue(family.root.cancel(chain.get(3), false, family.nowNs));
    assertTrue(family.root.cancel(others.getFirst(), true, family.nowNs));
    family.settle();
    assertTrue(family.root.cancel(first, true, family.nowNs));
    end();
    submit(LONG, 4);
    family.settle();
    assertEquals(Map.of(1, 1, 2, 1), family.runningByRank());
    end();
  }

  @Test
  void shouldGiveTheWorkerOfRankZeroOneLongTaskPerSlot() {
    start(Family.ofLeaves(Limits.defaults(), 0, 3, 1));
    submit(LONG, 10);
    family.settle();
    assertEquals(3, launched());
    submit(SHORT, 10);
    family.finishOn(0, LONG_NS);
    family.settle();
    assertEquals(3, launched());
    end();
  }

  @Test
  void shouldGiveTheNextFreeSlotToTheHighestPriority() {
    start(Family.ofLeaves(Limits.defaults(), 2, 0, 1));
    submit(LONG, 6);
    family.settle();
    Task urgent = new Task(nextId++, SHORT, 5, "urgent", 0, new Object[0]);
    family.root.submit(urgent, family.nowNs);
    family.settle();
    assertEquals(TaskState.READY, urgent.taskState());
    family.finishOn(2, LONG_NS);
    family.settle();
    assertEquals(TaskState.LAUNCHED, urgent.taskState());
    end();
  }

  // ---- arrays

  private Task array(long places) {
    return ArrayTableTest.array(nextId++, ArrayJob.KEEP_LONGS, places);
  }

  private Map<Integer, Integer> chunksByRank() {
    Map<Integer, Integer> byRank = new java.util.TreeMap<>();
    family.chunks.forEach(chunk -> byRank.merge(chunk.rank(), 1, Integer::sum));
    return byRank;
  }

  @Test
  void shouldGiveFewPlacesOfAnArrayToFreeSlots() {
    start(family);
    submit(LONG, 8);
    family.settle();
    family.root.submit(array(8), family.nowNs);
    family.settle();
    assertEquals(Map.of(1, 4, 2, 4, 3, 4, 4, 4), busyByRank());
  }

  @Test
  void shouldGiveFewPlacesOfAnArrayToFreeSlotsThroughRelays() {
    for (int seed = 0; seed < 50; seed++) {
      start(Family.ofThreeLevels(Limits.defaults(), 3));
      submit(LONG, 18);
      family.settle();
      // some of the slots are free again, on whichever ranks
      SplittableRandom random = new SplittableRandom(seed);
      int free = random.nextInt(1, 18);
      for (int left = free; left > 0; ) {
        int rank = random.nextInt(1, 7);
        if (family.runningByRank().containsKey(rank)) {
          family.finishOn(rank, LONG_NS);
          left--;
        }
      }
      family.settle();
      family.root.submit(array(free), family.nowNs);
      family.settle();
      assertEquals(Map.of(1, 3, 2, 3, 3, 3, 4, 3, 5, 3, 6, 3), busyByRank(), "seed=" + seed);
    }
  }

  private Map<Integer, Integer> busyByRank() {
    Map<Integer, Integer> all = chunksByRank();
    family.runningByRank().forEach((rank, count) -> all.merge(rank, count, Integer::sum));
    return all;
  }

  @Test
  void shouldGiveAnotherArrayAndTasksTheSlotsThatAnArrayHasLeft() {
    start(family);
    family.root.submit(array(7), family.nowNs);
    family.settle();
    family.root.submit(array(5), family.nowNs);
    family.settle();
    assertEquals(12, family.chunks.size());
    submit(LONG, 4);
    family.settle();
    assertEquals(4, family.started.size());
    assertEquals(Map.of(1, 4, 2, 4, 3, 4, 4, 4), busyByRank());
  }

  @Test
  void shouldKeepPlacesWhileAllSlotsHaveLongTasks() {
    for (long places : new long[] {3, 1_000}) {
      start(Family.ofLeaves(Limits.defaults(), 2, 0, 1));
      submit(LONG, 2);
      family.settle();
      family.root.submit(array(places), family.nowNs);
      family.settle();
      family.finishOn(2, LONG_NS);
      family.settle();
      assertEquals(Map.of(2, 1), chunksByRank());
      while (!family.chunks.isEmpty()) {
        ArrayTableTest.finish(family, places, 0);
        family.settle();
      }
      end();
      assertTrue(family.done.stream().allMatch(task -> task.taskState() == TaskState.SUCCEEDED));
      assertEquals(1 + 2, family.done.size());
    }
  }

  @Test
  void shouldLetTasksAndAnArrayShareSlots() {
    start(Family.ofLeaves(Limits.defaults(), 2, 0, 1));
    family.root.submit(array(1_000_000), family.nowNs);
    family.settle();
    assertEquals(Map.of(1, 1, 2, 1), chunksByRank());
    submit(LONG, 2);
    family.settle();
    assertEquals(2, launched() - 1);
    ArrayTableTest.finish(family, 10, 0);
    ArrayTableTest.finish(family, 10, 0);
    family.settle();
    assertEquals(Map.of(1, 1, 2, 1), family.runningByRank(), "they take turns");
  }

  @Test
  void shouldLetATaskTakeTurnsWithAnArrayWhosePlacesTakeLong() {
    start(Family.ofLeaves(Limits.defaults(), 1, 0, 1));
    family.root.submit(array(1_000), family.nowNs);
    family.settle();
    submit(SHORT, 1);
    family.settle();
    for (int i = 0; i < 3 && family.started.isEmpty(); i++) {
      family.pass(12);
      ArrayTableTest.finish(family, 1, 0);
      family.settle();
    }
    assertEquals(Map.of(1, 1), family.runningByRank());
    assertEquals(1, returned(), "it comes back once");
  }

  @Test
  void shouldTakeBackWhatWaitsAtARelayBelowWhichAllTakeLong() {
    start(Family.ofThreeLevels(Limits.defaults(), 1));
    for (int i = 0; i < 2; i++) {
      submit(SHORT, 40);
      family.settle();
      // on ranks 1 to 3, which are all of a subtree, they don't end
      for (int round = 0; round < 100; round++) {
        for (int rank = 4; rank <= 6; rank++) {
          if (family.runningByRank().containsKey(rank)) {
            family.finishOn(rank, SHORT_NS);
          }
        }
        family.pass(1);
      }
    }
    assertEquals(Map.of(1, 1, 2, 1, 3, 1), family.runningByRank());
    assertEquals(80 - 3, family.done.size());
    assertTrue(returned() <= 80, "returned=" + returned());
    end();
  }

  @Test
  void shouldGiveTheSlotsOfACancelledArrayToAnother() {
    start(Family.ofLeaves(Limits.defaults(), 1, 0, 1));
    Task first = array(1_000);
    family.root.submit(first, family.nowNs);
    family.settle();
    Task task = submit(SHORT, 1).getFirst();
    family.settle();
    family.pass(12);
    assertEquals(1, returned());
    assertTrue(family.root.cancel(task, false, family.nowNs));
    family.root.submit(array(5), family.nowNs);
    family.settle();
    assertTrue(family.root.cancel(first, true, family.nowNs));
    family.settle();
    ArrayTableTest.finish(family, 1, 0);
    family.settle();
    assertEquals(Map.of(1, 1), chunksByRank());
  }
}
