package dev.heddle.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskGraphTest {
  private static final byte[] VALUE = {1};
  private static final Failure FAILURE = new Failure(0, 7, "host-7", new byte[] {2});

  private final List<Task> done = new ArrayList<>();
  private final TaskGraph graph = new TaskGraph(done::add);
  private long nextId = 1;

  private Task task(@Nullable Object... arguments) {
    return ranked(0, arguments);
  }

  private Task ranked(int priority, @Nullable Object... arguments) {
    return new Task(nextId, 0, priority, "task" + nextId++, 0, arguments);
  }

  private Task list(@Nullable Object... tasks) {
    return new Task(nextId, Task.LIST, 0, "list" + nextId++, 0, tasks);
  }

  private Task launch() {
    graph.skipDone();
    assertNotNull(graph.peekReady());
    return graph.launch(0);
  }

  @Test
  void shouldReleaseATaskWhenItsLastDependencySucceeds() {
    Task a = task();
    Task b = task();
    Task c = task(a, b);
    graph.submit(a);
    graph.submit(b);
    graph.submit(c);
    assertSame(a, launch());
    assertSame(b, launch());
    graph.succeed(a, VALUE);
    assertEquals(TaskState.PENDING, c.taskState());
    graph.succeed(b, VALUE);
    assertEquals(TaskState.READY, c.taskState());
    assertSame(c, launch());
    graph.checkInvariants();
    assertEquals(List.of(a, b), done);
  }

  @Test
  void shouldCountTheSameDependencyAsOftenAsItIsNamed() {
    Task a = task();
    Task b = task(a, a, a);
    graph.submit(a);
    graph.submit(b);
    graph.succeed(launch(), VALUE);
    assertSame(b, launch());
    Task c = task(b, b);
    graph.submit(c);
    graph.fail(b, FAILURE);
    assertEquals(List.of(a, b, c), done);
    assertEquals(2, graph.failedCount());
  }

  @Test
  void shouldFailAChainOfAMillionWithoutStackAndWithOneRoot() {
    Task first = task();
    graph.submit(first);
    Task last = first;
    for (int i = 0; i < 1_000_000; i++) {
      last = task(last);
      graph.submit(last);
    }
    graph.fail(launch(), FAILURE);
    assertEquals(1_000_001, graph.doneCount());
    assertEquals(TaskState.DEPENDENCY_FAILED, last.taskState());
    assertSame(first, TaskGraph.root(last));
    assertSame(first, done.getFirst());
    assertSame(last, done.getLast());
    graph.checkInvariants();
  }

  @Test
  void shouldCompleteAChainOfListsWithoutStack() {
    Task first = task();
    graph.submit(first);
    Task last = first;
    for (int i = 0; i < 200_000; i++) {
      last = list(last);
      graph.submit(last);
    }
    graph.succeed(launch(), VALUE);
    assertEquals(TaskState.SUCCEEDED, last.taskState());
    assertEquals(1, last.listed().length);
    assertNull(graph.peekReady());
  }

  @Test
  void shouldKeepTheOrderOfAListWithRepeatedTasks() {
    Task a = task();
    Task b = task();
    Task all = list(b, a, b);
    graph.submit(a);
    graph.submit(b);
    graph.submit(all);
    graph.succeed(launch(), VALUE);
    graph.succeed(launch(), VALUE);
    assertEquals(List.of(b, a, b), List.of(all.listed()));
    Task none = list();
    graph.submit(none);
    assertEquals(TaskState.SUCCEEDED, none.taskState());
    assertEquals(0, none.listed().length);
    assertThrows(IllegalStateException.class, a::listed);
  }

  @Test
  void shouldNameTheRootWhenADependencyHasFailedBeforeTheSubmit() {
    Task a = task();
    graph.submit(a);
    graph.fail(launch(), FAILURE);
    Task b = task(a);
    graph.submit(b);
    Task c = task(b);
    graph.submit(c);
    assertSame(a, TaskGraph.root(c));
    assertEquals(List.of(a, b, c), done);
  }

  @Test
  void shouldCancelAPendingTaskAndItsDependentsOnly() {
    Task a = task();
    Task b = task(a);
    Task c = task(b);
    Task d = task(a);
    for (Task task : List.of(a, b, c, d)) {
      graph.submit(task);
    }
    assertTrue(graph.cancel(b));
    assertFalse(graph.cancel(b));
    assertEquals(TaskState.DEPENDENCY_FAILED, c.taskState());
    assertSame(b, TaskGraph.root(c));
    graph.succeed(launch(), VALUE);
    assertSame(d, launch());
    graph.checkInvariants();
  }

  @Test
  void shouldPassOverACancelledReadyTask() {
    Task a = task();
    Task b = task();
    Task c = task();
    Task needsA = task(a);
    for (Task task : List.of(a, b, c, needsA)) {
      graph.submit(task);
    }
    assertTrue(graph.cancel(a));
    assertTrue(graph.cancel(b));
    assertSame(c, launch());
    assertEquals(List.of(a, needsA, b), done);
    graph.skipDone();
    assertNull(graph.peekReady());
    assertEquals(0, graph.readyCount());
  }

  @Test
  void shouldNotTakeTheResultOfACancelledTaskForAnother() {
    Task a = task();
    graph.submit(a);
    int ticket = launch().ticket();
    assertTrue(graph.cancel(a));
    assertNull(graph.find(a.id(), ticket, 0));
    Task b = task();
    graph.submit(b);
    assertEquals(ticket, launch().ticket());
    assertNull(graph.find(a.id(), ticket, 0));
    assertNull(graph.find(b.id(), ticket, 1));
    assertNull(graph.find(b.id(), ticket + 1, 0));
    assertNull(graph.find(b.id(), -1, 0));
    assertSame(b, graph.find(b.id(), ticket, 0));
    assertThrows(IllegalStateException.class, () -> graph.succeed(a, VALUE));
  }

  @Test
  void shouldLetArgumentsAndEdgesGoAfterCompletion() {
    Task a = task(new byte[100]);
    Task b = task(a);
    graph.submit(a);
    graph.submit(b);
    graph.succeed(launch(), VALUE);
    assertEquals(0, a.arguments().length);
    assertEquals(0, a.dependentCount());
  }

  @Test
  void shouldServePrioritiesStrictlyAndEachInOrder() {
    Task low = ranked(-128);
    Task first = ranked(0);
    Task second = ranked(0);
    Task high = ranked(127);
    Task middle = ranked(64);
    for (Task task : List.of(low, first, second, high, middle)) {
      graph.submit(task);
    }
    assertEquals(
        List.of(high, middle, first, second, low),
        List.of(launch(), launch(), launch(), launch(), launch()));
    assertThrows(IllegalArgumentException.class, () -> graph.submit(ranked(128)));
    assertThrows(IllegalArgumentException.class, () -> graph.submit(ranked(-129)));
  }

  @Test
  void shouldReuseSlots() {
    for (int i = 0; i < 100; i++) {
      graph.submit(task());
    }
    for (int round = 0; round < 100; round++) {
      Task task = launch();
      assertEquals(0, task.ticket());
      graph.succeed(task, VALUE);
      graph.checkInvariants();
    }
    assertEquals(0, graph.launchedCount());
  }
}
