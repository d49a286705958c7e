package dev.heddle.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Values of up to nine bytes: the task itself keeps them.
class ShortValuesTest {
  private static final byte[] NINE = {7, 1, 2, 3, 4, 5, 6, -7, -8};
  private static final long TAIL = 0xf8f9_0605_0403_0201L;

  private final List<Task> done = new ArrayList<>();
  private final TaskGraph graph = new TaskGraph(done::add);
  private long nextId = 1;

  private static final class ShortTask extends Task {
    ShortTask(long id, int length, byte head, long tail) {
      super(id, 0, 0, "short", 0, NONE);
      keepShort(length, head, tail);
    }
  }

  private Task task(@Nullable Object... arguments) {
    return new Task(nextId, 0, 0, "task" + nextId++, 0, arguments);
  }

  private Task launched(Task task) {
    graph.submit(task);
    assertNotNull(graph.peekReady());
    return graph.launch(0);
  }

  @Test
  void shouldGiveAShortArgumentAsBytes() {
    Task task = new ShortTask(nextId++, 9, (byte) 7, TAIL);
    assertEquals(1, task.argumentCount());
    assertArrayEquals(NINE, (byte[]) task.arguments()[0]);
    assertFalse(task.hasShortOutcome());
    assertNull(task.outcome());
    assertSame(task, launched(task));
    assertArrayEquals(NINE, (byte[]) task.arguments()[0]);
  }

  @Test
  void shouldReplaceTheArgumentByTheOutcome() {
    Task task = launched(new ShortTask(nextId++, 9, (byte) 7, TAIL));
    graph.succeedShort(task, 3, (byte) 1, 0x0302);
    assertEquals(0, task.argumentCount());
    assertTrue(task.hasShortOutcome());
    assertArrayEquals(new byte[] {1, 2, 3}, (byte[]) task.outcome());
    assertEquals(List.of(task), done);
  }

  @Test
  void shouldForgetTheArgumentWithAnotherOutcome() {
    Task large = launched(new ShortTask(nextId++, 9, (byte) 7, TAIL));
    byte[] value = new byte[20];
    graph.succeed(large, value);
    assertFalse(large.hasShortOutcome());
    assertSame(value, large.outcome());
    assertEquals(0, large.argumentCount());
    Task given = new ShortTask(nextId++, 9, (byte) 7, TAIL);
    graph.submit(given);
    assertTrue(graph.cancel(given));
    assertEquals(0, given.argumentCount());
    assertNull(given.outcome());
  }

  @Test
  void shouldPassAShortOutcomeOnToWhatFollows() {
    Task first = launched(task());
    Task any = new Task(nextId++, Task.ANY, 0, "any", 0, new Object[] {first});
    Task dependent = task(first);
    graph.submit(any);
    graph.submit(dependent);
    graph.succeedShort(first, 9, (byte) 7, TAIL);
    assertEquals(TaskState.SUCCEEDED, any.taskState());
    assertArrayEquals(NINE, (byte[]) any.outcome());
    assertSame(dependent, graph.launch(0));
    assertEquals(1, dependent.argumentCount());
    assertFalse(dependent.hasShortArgument());
  }

  @Test
  void shouldKeepManyDependentsInOrder() {
    Task first = launched(task());
    List<Task> dependents = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Task dependent = task(first);
      dependents.add(dependent);
      graph.submit(dependent);
    }
    assertEquals(10, first.dependentCount());
    graph.succeedShort(first, 1, (byte) 0, 0);
    for (Task dependent : dependents) {
      assertSame(dependent, graph.launch(0));
    }
    assertEquals(0, first.dependentCount());
  }
}
