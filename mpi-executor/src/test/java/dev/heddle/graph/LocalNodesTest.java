package dev.heddle.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Nodes that live on the coordinator: tasks that run there, follow other tasks, take the first of
/// several values, or repeat an earlier call.
final class LocalNodesTest {
  private static final byte[] VALUE = {42};
  private static final MemoKey KEY = new MemoKey(1, 2, 3, 4);

  private final List<Task> done = new ArrayList<>();
  private final ArrayDeque<Task> local = new ArrayDeque<>();

  /// Tasks that the user has given up before the graph is told.
  private final List<Task> givenUp = new ArrayList<>();

  private final TaskGraph graph =
      new TaskGraph(
          new TaskGraph.Completions() {
            @Override
            public boolean onDone(Task task) {
              done.add(task);
              return !givenUp.contains(task);
            }

            @Override
            public void onLocal(Task task) {
              local.add(task);
            }
          },
          1 << 20);
  private long nextId = 1;

  private Task submit(int functionId, int flags, @Nullable Object... arguments) {
    Task task = new Task(nextId, functionId, 0, flags, "task" + nextId++, 0, arguments);
    graph.submit(task);
    graph.checkInvariants();
    return task;
  }

  private Task work(@Nullable Object... arguments) {
    return submit(0, 0, arguments);
  }

  private void succeed(Task task) {
    assertSame(task, graph.launch(0));
    graph.succeed(task, VALUE);
    graph.checkInvariants();
  }

  private void fail(Task task) {
    assertSame(task, graph.launch(0));
    graph.fail(task, new Failure(0, 1, "host", new byte[] {9}));
    graph.checkInvariants();
  }

  @Test
  void shouldBeginALocalTaskWhenItsDependenciesHaveSucceeded() {
    Task first = work();
    Task join = submit(Task.LOCAL, 0, first);
    assertTrue(local.isEmpty());
    succeed(first);
    assertSame(join, local.remove());
    assertEquals(TaskState.JOINING, join.taskState());
    assertNull(graph.peekReady(), "it goes to no worker");
    assertTrue(graph.succeedLocal(join, VALUE));
    assertSame(VALUE, join.outcome());
    assertFalse(graph.succeedLocal(join, VALUE), "once");
  }

  @Test
  void shouldNotBeginALocalTaskWhoseDependencyHasFailed() {
    Task first = work();
    Task join = submit(Task.LOCAL, 0, first);
    fail(first);
    assertTrue(local.isEmpty());
    assertEquals(TaskState.DEPENDENCY_FAILED, join.taskState());
    assertSame(first, TaskGraph.root(join));
  }

  @Test
  void shouldEndAsTheTaskItFollows() {
    Task good = submit(Task.LOCAL, 0);
    Task bad = submit(Task.LOCAL, 0);
    Task first = work();
    Task second = work();
    graph.follow(good, first);
    graph.follow(bad, second);
    Task dependent = work(bad);
    succeed(first);
    fail(second);
    assertSame(VALUE, good.outcome());
    assertEquals(TaskState.FAILED, bad.taskState());
    assertSame(second, bad.outcome());
    assertEquals(TaskState.DEPENDENCY_FAILED, dependent.taskState());
    assertSame(second, TaskGraph.root(dependent), "the root is where it failed");
  }

  @Test
  void shouldWaitForAllItFollowsAndCollectTheirFailures() {
    Task join = submit(Task.LOCAL, 0);
    Task first = work();
    Task second = work();
    Task third = work();
    graph.followAll(join, new Task[] {first, second, third, first});
    fail(first);
    assertFalse(join.taskState().isDone(), "others may still fail");
    succeed(second);
    fail(third);
    assertEquals(TaskState.FAILED, join.taskState());
    assertArrayEquals(new Object[] {first, third, first}, (Task[]) join.outcome());
  }

  @Test
  void shouldFollowNothing() {
    Task join = submit(Task.LOCAL, 0);
    graph.followAll(join, new Task[0]);
    assertEquals(TaskState.SUCCEEDED, join.taskState());
    assertEquals(0, join.listed().length);
  }

  @Test
  void shouldFollowAMillionDeepWithoutStack() {
    Task outermost = submit(Task.LOCAL, 0);
    Task at = outermost;
    for (int depth = 0; depth < 1_000_000; depth++) {
      Task inner = new Task(nextId++, Task.LOCAL, 0, "inner", 0, new Object[0]);
      graph.submit(inner);
      graph.follow(at, inner);
      at = inner;
    }
    local.clear();
    graph.failLocal(at, new IllegalStateException("at the bottom"));
    assertEquals(TaskState.FAILED, outermost.taskState());
    assertSame(at, outermost.outcome(), "no chain of failures");
    assertEquals(1_000_001, done.size());
  }

  @Test
  void shouldTakeTheFirstThatSucceeds() {
    Task first = work();
    Task second = work();
    Task third = work();
    Task any = submit(Task.ANY, 0, first, second, third);
    fail(first);
    assertFalse(any.taskState().isDone());
    succeed(second);
    assertSame(VALUE, any.outcome());
    succeed(third);
    assertEquals(1, done.stream().filter(any::equals).count());
  }

  @Test
  void shouldFailWhenAllOfAnyHaveFailed() {
    Task first = work();
    Task second = work();
    Task any = submit(Task.ANY, 0, first, second);
    fail(first);
    graph.cancel(second);
    assertEquals(TaskState.FAILED, any.taskState());
    assertArrayEquals(new Object[] {first, second}, (Task[]) any.outcome());
  }

  @Test
  void shouldTakeOneThatWasDoneBefore() {
    Task first = work();
    succeed(first);
    assertSame(VALUE, submit(Task.ANY, 0, work(), first).outcome());
    Task failed = work();
    graph.cancel(failed);
    assertEquals(TaskState.FAILED, submit(Task.ANY, 0, failed).taskState());
  }

  @Test
  void shouldRunEqualCallsOnce() {
    Task first = submit(0, Task.MEMOIZED);
    Task second = submit(0, Task.MEMOIZED);
    assertNull(graph.peekReady(), "their keys are not known yet");
    graph.memoize(first, KEY);
    graph.memoize(second, KEY);
    succeed(first);
    assertSame(VALUE, second.outcome());
    Task third = submit(0, Task.MEMOIZED);
    graph.memoize(third, KEY);
    assertSame(VALUE, third.outcome());
    Task other = submit(0, Task.MEMOIZED);
    graph.memoize(other, new MemoKey(1, 2, 3, 5));
    assertSame(other, graph.peekReady());
  }

  @Test
  void shouldShareAFailureOfEqualCalls() {
    Task first = submit(0, Task.MEMOIZED);
    Task second = submit(0, Task.MEMOIZED);
    graph.memoize(first, KEY);
    graph.memoize(second, KEY);
    fail(first);
    assertEquals(TaskState.FAILED, second.taskState());
    assertSame(first, second.outcome());
  }

  @Test
  void shouldRunTheSecondCallWhenTheFirstIsGivenUp() {
    Task first = submit(0, Task.MEMOIZED, VALUE);
    Task second = submit(0, Task.MEMOIZED, VALUE);
    graph.memoize(first, KEY);
    graph.memoize(second, KEY);
    local.clear();
    graph.cancel(first);
    assertSame(second, local.remove(), "it looks again");
    graph.memoize(second, KEY);
    graph.skipDone();
    assertSame(second, graph.peekReady());
    assertArrayEquals(new Object[] {VALUE}, second.arguments(), "its arguments are still there");
    succeed(second);
    assertSame(VALUE, second.outcome());
  }

  @Test
  void shouldForgetTheLeastRecentlyUsedResults() {
    TaskGraph small =
        new TaskGraph(
            new TaskGraph.Completions() {
              @Override
              public boolean onDone(Task task) {
                return true;
              }

              @Override
              public void onLocal(Task task) {}
            },
            10_000);
    for (int i = 0; i < 1_000; i++) {
      Task task = new Task(nextId++, 0, 0, Task.MEMOIZED, "call", 0, new Object[0]);
      small.submit(task);
      small.memoize(task, new MemoKey(i, 0, 0, 0));
      assertNotNull(small.launch(0));
      small.succeed(task, new byte[1_000]);
    }
    Task recent = new Task(nextId++, 0, 0, Task.MEMOIZED, "call", 0, new Object[0]);
    small.submit(recent);
    small.memoize(recent, new MemoKey(999, 0, 0, 0));
    assertEquals(TaskState.SUCCEEDED, recent.taskState());
    Task old = new Task(nextId++, 0, 0, Task.MEMOIZED, "call", 0, new Object[0]);
    small.submit(old);
    small.memoize(old, new MemoKey(1, 0, 0, 0));
    assertSame(old, small.peekReady(), "its result was let go");
  }

  @Test
  void shouldLetGoOfALocalTaskThatIsGivenUp() {
    Task join = submit(Task.LOCAL, 0);
    Task inner = work();
    graph.follow(join, inner);
    assertTrue(graph.cancel(join));
    succeed(inner);
    assertEquals(TaskState.CANCELLED, join.taskState());
    assertFalse(graph.failLocal(join, new IllegalStateException("late")));
    assertEquals(2, done.size());
  }

  @Test
  void shouldLetGoOfDependentsThatAreDone() {
    Task slow = work();
    for (int i = 0; i < 1_000; i++) {
      graph.cancel(work(slow));
    }
    assertTrue(slow.dependentCount() < 10, "kept: " + slow.dependentCount());
    assertFalse(slow.isAwaited());
    Task last = work(slow);
    assertTrue(slow.isAwaited());
    succeed(slow);
    succeed(last);
  }

  @Test
  void shouldForgetResultsWhileAnEarlierCallIsUnderWay() {
    TaskGraph small =
        new TaskGraph(
            new TaskGraph.Completions() {
              @Override
              public boolean onDone(Task task) {
                return true;
              }

              @Override
              public void onLocal(Task task) {}
            },
            10_000);
    for (int i = 0; i < 100; i++) {
      Task task = new Task(nextId++, 0, 0, Task.MEMOIZED, "call", 0, new Object[0]);
      small.submit(task);
      small.memoize(task, new MemoKey(i, 0, 0, 0));
      assertNotNull(small.launch(0));
      if (i > 0) {
        small.succeed(task, new byte[1_000]);
      }
    }
    Task old = new Task(nextId++, 0, 0, Task.MEMOIZED, "call", 0, new Object[0]);
    small.submit(old);
    small.memoize(old, new MemoKey(1, 0, 0, 0));
    assertSame(old, small.peekReady(), "its result was let go");
  }

  @Test
  void shouldRefuseToEndALocalTaskThatHasNotBegun() {
    Task first = work();
    Task join = submit(Task.LOCAL, 0, first);
    assertThrows(IllegalStateException.class, () -> graph.succeedLocal(join, VALUE));
  }

  @Test
  void shouldTakeATaskThatWasGivenUpFirstForCancelledWhateverCameOfIt() {
    Task first = work();
    Task dependent = work(first);
    Task list = submit(Task.LIST, 0, first);
    Task any = submit(Task.ANY, 0, first);
    Task join = submit(Task.LOCAL, 0);
    graph.follow(join, first);
    Task several = submit(Task.LOCAL, 0);
    graph.followAll(several, new Task[] {first});
    givenUp.add(first);
    succeed(first);
    assertEquals(TaskState.CANCELLED, first.taskState());
    assertNull(first.outcome());
    for (Task one : List.of(dependent, list, work(first))) {
      assertEquals(TaskState.DEPENDENCY_FAILED, one.taskState());
      assertSame(first, TaskGraph.root(one));
    }
    for (Task one : List.of(any, join, several)) {
      assertEquals(TaskState.FAILED, one.taskState());
    }
    assertEquals(7, graph.doneCount());
    assertEquals(7, graph.failedCount());
    assertFalse(graph.cancel(first), "the command that follows finds it done");
  }

  @Test
  void shouldTakeEveryKindOfTaskThatWasGivenUpFirstForCancelled() {
    Task failed = work();
    givenUp.add(failed);
    fail(failed);
    Task local = submit(Task.LOCAL, 0);
    givenUp.add(local);
    assertTrue(graph.succeedLocal(local, VALUE));
    Task inner = work();
    Task join = submit(Task.LOCAL, 0);
    Task list = submit(Task.LIST, 0, inner);
    Task any = submit(Task.ANY, 0, inner);
    Task memoized = submit(0, Task.MEMOIZED);
    Task dependent = work(join);
    graph.memoize(memoized, KEY);
    graph.follow(join, inner);
    givenUp.addAll(List.of(join, list, any));
    succeed(inner);
    givenUp.add(memoized);
    succeed(memoized);
    for (Task one : List.of(failed, local, join, list, any, memoized)) {
      assertEquals(TaskState.CANCELLED, one.taskState());
      assertNull(one.outcome());
    }
    assertEquals(TaskState.DEPENDENCY_FAILED, dependent.taskState());
    assertEquals(TaskState.SUCCEEDED, inner.taskState());
    Task again = submit(0, Task.MEMOIZED);
    graph.memoize(again, KEY);
    assertSame(again, graph.peekReady(), "what was given up leaves no result");
  }

  @Test
  void shouldRunTheSecondCallWhenTheFirstWasGivenUpBeforeItsResultCame() {
    Task first = submit(0, Task.MEMOIZED);
    Task second = submit(0, Task.MEMOIZED);
    graph.memoize(first, KEY);
    graph.memoize(second, KEY);
    local.clear();
    givenUp.add(first);
    succeed(first);
    assertSame(second, local.remove(), "it looks again");
    graph.memoize(second, KEY);
    succeed(second);
    assertSame(VALUE, second.outcome());
  }
}
