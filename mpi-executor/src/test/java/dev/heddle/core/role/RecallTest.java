package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.link.Limits;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/// Tasks that wait somewhere in the tree come back when they are asked for, and run once all the
/// same.
@ExtendWith(EmptyOutboxes.class)
class RecallTest {
  private Family family = Family.ofLeaves(Limits.defaults(), 2, 0, 1);
  private long nextId = 1;

  private void start(Family of) {
    family = of;
    nextId = 1;
    family.begin();
    // many that end at once, so that their kind is known to be short and may wait for slots
    submit(500);
    family.runAll(new byte[] {1});
    family.done.clear();
  }

  private List<Task> submit(int count) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(submitBehind());
    }
    return tasks;
  }

  private Task submitBehind(Object... arguments) {
    Task task = Family.task(nextId++, arguments);
    family.root.submit(task, family.nowNs);
    return task;
  }

  private void checkNothingIsLeft() {
    assertEquals(0, family.root.graph().launchedCount() + family.root.graph().readyCount());
    for (Role role : family.roles) {
      assertTrue(role.isEmptyBelow(), "rank=" + role.link().rank());
    }
    family.checkInvariants();
  }

  private long returned() {
    return family.root.link().counters().returned;
  }

  @TestFactory
  Stream<DynamicTest> shouldTakeBackWhatHasNotBegun() {
    return Stream.of(
        DynamicTest.dynamicTest(
            "leaves", () -> recallAll(Family.ofLeaves(Limits.defaults(), 2, 0, 1), 2)),
        DynamicTest.dynamicTest(
            "three levels", () -> recallAll(Family.ofThreeLevels(Limits.defaults(), 3), 18)),
        DynamicTest.dynamicTest(
            "rank 0 alone", () -> recallAll(Family.ofLeaves(Limits.defaults(), 0, 4, 1), 4)));
  }

  private void recallAll(Family of, int slots) {
    start(of);
    List<Task> tasks = submit(200);
    family.settle();
    assertEquals(200, family.root.graph().launchedCount());
    assertEquals(slots, family.started.size());
    for (Task task : tasks) {
      assertTrue(family.root.recall(task, family.nowNs), task.label());
    }
    family.settle();
    assertEquals(200 - slots, returned());
    assertEquals(slots, family.root.graph().launchedCount(), "those that run");
    assertEquals(200 - slots, family.root.graph().readyCount());
    family.runAll(new byte[] {1});
    assertEquals(200, family.done.size());
    assertTrue(tasks.stream().allMatch(task -> task.taskState() == TaskState.SUCCEEDED));
    checkNothingIsLeft();
  }

  @TestFactory
  Stream<DynamicTest> shouldTakeNoRankForStuckThatGaveATaskBack() {
    return Stream.of(
        DynamicTest.dynamicTest(
            "leaves", () -> recallAndGoOn(Family.ofLeaves(Limits.defaults(), 2, 0, 1))),
        DynamicTest.dynamicTest(
            "three levels", () -> recallAndGoOn(Family.ofThreeLevels(Limits.defaults(), 3))));
  }

  /// A rank that gave back a task because its slots are kept gets no task that may wait until it
  /// has ended one; a rank that was only asked for a task gets the next ones at once.
  private void recallAndGoOn(Family of) {
    start(of);
    List<Task> tasks = submit(100);
    family.settle();
    int running = family.started.size();
    for (Task task : tasks.reversed()) {
      assertTrue(family.root.recall(task, family.nowNs));
    }
    family.settle();
    assertEquals(running, family.root.graph().launchedCount());
    List<Task> urgent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Task task = new Task(nextId++, 0, 7, 0, "urgent", 0, new Object[0]);
      urgent.add(task);
      family.root.submit(task, family.nowNs);
    }
    family.settle();
    assertTrue(urgent.stream().allMatch(task -> task.taskState() == TaskState.LAUNCHED));
    family.runAll(new byte[] {1});
    checkNothingIsLeft();
  }

  @Test
  void shouldRunATaskOfHigherPriorityBeforeWhatWasRecalled() {
    start(Family.ofLeaves(Limits.defaults(), 1, 0, 1));
    List<Task> tasks = submit(3);
    family.settle();
    Task urgent = new Task(nextId++, 0, 7, 0, "urgent", 0, new Object[0]);
    family.root.submit(urgent, family.nowNs);
    family.settle();
    assertEquals(4, family.root.graph().launchedCount(), "it would wait behind two others");
    for (Task task : List.of(tasks.get(2), tasks.get(1))) {
      assertTrue(family.root.recall(task, family.nowNs));
    }
    family.settle();
    family.runAll(new byte[] {1});
    assertEquals(List.of(tasks.get(0), urgent, tasks.get(1), tasks.get(2)), family.done);
    checkNothingIsLeft();
  }

  @Test
  void shouldTakeBackWhatWasSentAheadOfARecalledTask() {
    start(Family.ofLeaves(Limits.defaults(), 1, 0, 1));
    Task running = submit(1).getFirst();
    Task first = submitBehind();
    Task second = submitBehind(first);
    Task third = submitBehind(second);
    family.settle();
    assertEquals(4, family.root.graph().launchedCount());
    assertTrue(family.root.recall(first, family.nowNs));
    family.settle();
    assertEquals(TaskState.LAUNCHED, running.taskState());
    assertEquals(TaskState.READY, first.taskState());
    assertEquals(TaskState.PENDING, second.taskState());
    assertEquals(TaskState.PENDING, third.taskState());
    family.runAll(new byte[] {1});
    assertEquals(List.of(running, first, second, third), family.done);
    checkNothingIsLeft();
  }

  @Test
  void shouldTakeBackATaskThatWaitsForItsArgument() {
    start(Family.ofLeaves(Limits.defaults(), 1, 0, 1));
    Task first = submitBehind();
    Task second = submitBehind(first);
    Task third = submitBehind(second);
    family.settle();
    assertTrue(family.root.recall(second, family.nowNs));
    family.settle();
    assertEquals(TaskState.LAUNCHED, first.taskState());
    assertEquals(TaskState.PENDING, second.taskState());
    assertEquals(TaskState.PENDING, third.taskState());
    family.runAll(new byte[] {1});
    assertEquals(List.of(first, second, third), family.done);
    checkNothingIsLeft();
  }

  @Test
  void shouldLeaveAloneWhatRunsOrHasEndedOrWasGivenUp() {
    start(Family.ofLeaves(Limits.defaults(), 1, 0, 1));
    List<Task> tasks = submit(3);
    assertFalse(family.root.recall(tasks.getFirst(), family.nowNs), "it was not launched yet");
    family.settle();
    assertTrue(family.root.cancel(tasks.get(2), false, family.nowNs));
    assertFalse(family.root.recall(tasks.get(2), family.nowNs));
    assertTrue(family.root.recall(tasks.get(0), family.nowNs), "nobody here knows that it runs");
    family.settle();
    assertEquals(0, returned());
    family.runAll(new byte[] {1});
    assertFalse(family.root.recall(tasks.getFirst(), family.nowNs));
    assertEquals(3, family.done.size());
    checkNothingIsLeft();
  }

  @Test
  void shouldGiveUpATaskThatIsOnItsWayBack() {
    start(Family.ofLeaves(Limits.defaults(), 1, 0, 1));
    List<Task> tasks = submit(2);
    family.settle();
    assertTrue(family.root.recall(tasks.get(1), family.nowNs));
    assertTrue(family.root.cancel(tasks.get(1), true, family.nowNs));
    family.runAll(new byte[] {1});
    assertEquals(TaskState.CANCELLED, tasks.get(1).taskState());
    assertEquals(TaskState.SUCCEEDED, tasks.get(0).taskState());
    checkNothingIsLeft();
  }
}
