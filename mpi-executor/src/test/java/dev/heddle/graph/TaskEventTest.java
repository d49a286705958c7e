package dev.heddle.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The table of states, walked pair by pair.
class TaskEventTest {
  /// The events that lead a task from its first state to each state.
  private static final Map<TaskState, List<TaskEvent>> WAYS = ways();

  private static Map<TaskState, List<TaskEvent>> ways() {
    Map<TaskState, List<TaskEvent>> ways = new EnumMap<>(TaskState.class);
    ways.put(TaskState.PENDING, List.of());
    ArrayDeque<TaskState> open = new ArrayDeque<>(List.of(TaskState.PENDING));
    for (TaskState at = open.poll(); at != null; at = open.poll()) {
      for (TaskEvent event : TaskEvent.values()) {
        TaskState next = event.next(at);
        if (next != null && !ways.containsKey(next)) {
          ways.put(
              next,
              Stream.concat(ways.getOrDefault(at, List.of()).stream(), Stream.of(event)).toList());
          open.add(next);
        }
      }
    }
    return ways;
  }

  private static Task in(TaskState state) {
    Task task = new Task(7, 0, 0, "task7", 0, Task.NONE);
    WAYS.getOrDefault(state, List.of()).forEach(task::move);
    assertEquals(state, task.taskState());
    return task;
  }

  @Test
  void shouldReachEveryState() {
    assertEquals(EnumSet.allOf(TaskState.class), WAYS.keySet());
  }

  @TestFactory
  Stream<DynamicTest> shouldMoveAsTheTableSaysOrNotAtAll() {
    return Arrays.stream(TaskState.values())
        .flatMap(
            state ->
                Arrays.stream(TaskEvent.values())
                    .map(
                        event ->
                            DynamicTest.dynamicTest(
                                state + " " + event, () -> move(state, event))));
  }

  private static void move(TaskState state, TaskEvent event) {
    Task task = in(state);
    if (List.of(event.from()).contains(state)) {
      task.move(event);
      assertEquals(event.to(), task.taskState());
      return;
    }
    assertNull(event.next(state));
    assertEquals(
        "taskId=7 is " + state + ", and can't be " + event + " now",
        assertThrows(IllegalStateException.class, () -> task.move(event)).getMessage());
    assertEquals(state, task.taskState());
  }

  @Test
  void shouldLeaveALastStateOnlyWhereTheUserWasFirst() {
    for (TaskState state : TaskState.values()) {
      for (TaskEvent event : TaskEvent.values()) {
        TaskState next = event.next(state);
        if (state.isDone() && next != null) {
          assertEquals(TaskEvent.OVERRULED, event);
          assertEquals(TaskState.CANCELLED, next);
        }
      }
    }
    assertNull(TaskEvent.OVERRULED.next(TaskState.CANCELLED));
  }

  @Test
  void shouldBeAbleToGiveUpWhateverIsNotDone() {
    Set<TaskState> from = EnumSet.copyOf(List.of(TaskEvent.CANCELLED.from()));
    for (TaskState state : TaskState.values()) {
      assertEquals(!state.isDone(), from.contains(state), state.toString());
    }
  }

  @Test
  void shouldHaveAnEndForWhateverIsNotDone() {
    for (TaskState state : TaskState.values()) {
      boolean hasEnd =
          Arrays.stream(TaskEvent.values())
              .filter(event -> event != TaskEvent.CANCELLED)
              .anyMatch(event -> event.next(state) != null);
      assertFalse(!state.isDone() && !hasEnd, state.toString());
    }
  }
}
