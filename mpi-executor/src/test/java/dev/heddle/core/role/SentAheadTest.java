package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Outcome;
import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.TestPort;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.Header;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A coordinator that launches tasks behind those they need, and its leaves.
@ExtendWith(EmptyOutboxes.class)
class SentAheadTest {
  private static final byte[] FAILURE = {0, 0, 9};

  private Family family = Family.ofLeaves(Limits.defaults(), 1, 0, 1);
  private long nextId = 1_000;

  /// Lets everybody come, and the workers find out that tasks are short: they then take many.
  private void start() {
    family.settle();
    family.root.define(0, new byte[] {1});
    int workers = family.roles.length;
    for (int i = 0; i < 4 * workers; i++) {
      family.root.submit(Family.task(nextId++), family.nowNs);
    }
    family.runAll(new byte[] {1});
    family.done.clear();
  }

  private Task submit(long id, @Nullable Object... arguments) {
    Task task = Family.task(id, arguments);
    family.root.submit(task, family.nowNs);
    return task;
  }

  private long sentAhead() {
    return family.root.link().counters().sentAhead;
  }

  private long sentInVain() {
    return family.root.link().counters().sentInVain;
  }

  /// A turn of rank 0 alone; returns the frames of one kind in what it sends, and lets it arrive.
  private List<byte[]> framesOfRoot(int kind) {
    Turn.run(family.root, ++family.nowNs);
    List<byte[]> frames = new ArrayList<>();
    for (TestPort.Sent sent = family.ports[0].outbox.poll();
        sent != null;
        sent = family.ports[0].outbox.poll()) {
      MemorySegment s = MemorySegment.ofArray(sent.bytes());
      for (long at = Header.BYTES; at < sent.bytes().length; at += Frame.length(s, at)) {
        if (Frame.kind(s, at) == kind) {
          frames.add(Frame.getBytes(s, at, Frame.length(s, at)));
        }
      }
      family.deliver(sent);
    }
    return frames;
  }

  private void checkNothingIsLeft() {
    family.settle();
    assertEquals(0, family.root.graph().launchedCount());
    assertEquals(0, family.root.graph().readyCount());
    assertTrue(family.root.graph().ahead().isEmpty() || family.root.graph().launchedCount() == 0);
    for (int rank = 1; rank < family.roles.length; rank++) {
      assertTrue(family.worker(rank).isIdle());
      Edge edge = family.root.link().edge(rank);
      assertNotNull(edge);
      assertTrue(edge.frameLimit() > edge.framesSent(), edge.toString());
    }
    family.checkInvariants();
  }

  @Test
  void shouldSendAChainInOneMessage() {
    start();
    List<Task> chain = new ArrayList<>();
    chain.add(submit(1));
    for (long id = 2; id <= 6; id++) {
      chain.add(submit(id, new byte[] {7}, chain.getLast()));
    }
    List<byte[]> frames = framesOfRoot(Frame.TASK);
    assertEquals(6, frames.size());
    assertEquals(5, sentAhead());
    // 32 the task, 16 its own argument, 16 the result of the one before
    assertEquals(64, frames.get(1).length);
    assertEquals(Frame.ARGUMENT_RESULT_OF, Frame.getInt(frames.get(1), 48));
    assertEquals(1, Frame.getLong(frames.get(1), 56));
    family.runAll(new byte[] {5});
    assertEquals(chain, family.done);
    assertTrue(chain.stream().allMatch(task -> task.taskState() == TaskState.SUCCEEDED));
    assertEquals(0, sentInVain());
    checkNothingIsLeft();
  }

  @Test
  void shouldGiveATaskTheResultOfTheOneBefore() {
    start();
    Task last = submit(2, submit(1));
    family.settle();
    family.finish(Frame.SUCCEEDED, new byte[] {42});
    family.settle();
    @Nullable MemorySegment @Nullable [] values = family.started.element().values();
    assertNotNull(values);
    MemorySegment value = values[0];
    assertNotNull(value);
    assertArrayEquals(new byte[] {42}, (byte[]) value.heapBase().orElseThrow());
    family.runAll(new byte[] {43});
    assertArrayEquals(new byte[] {43}, (byte[]) last.outcome());
    checkNothingIsLeft();
  }

  @Test
  void shouldSendATaskAfterTheOneItNeedsHasBegun() {
    start();
    Task first = submit(1);
    family.settle();
    submit(2, first);
    assertEquals(1, framesOfRoot(Frame.TASK).size());
    assertEquals(1, sentAhead());
    family.runAll(new byte[] {1});
    checkNothingIsLeft();
  }

  @Test
  void shouldSendNothingAheadBelowARelay() {
    family = new Family(Limits.defaults());
    start();
    submit(2, submit(1));
    family.runAll(new byte[] {1});
    assertEquals(0, sentAhead());
    assertEquals(2, family.done.size());
  }

  @Test
  void shouldLeaveCreditForEverySlot() {
    family.settle();
    family.root.define(0, new byte[] {1});
    // a worker that doesn't know its tasks yet takes one per slot
    Task first = submit(1);
    submit(2, first);
    assertEquals(1, framesOfRoot(Frame.TASK).size());
    assertEquals(0, sentAhead());
    family.runAll(new byte[] {1});

    family = Family.ofLeaves(Limits.defaults(), 1, 0, 4);
    family.settle();
    family.root.define(0, new byte[] {1});
    first = submit(1);
    for (long id = 2; id < 10; id++) {
      submit(id, first);
    }
    assertEquals(1, framesOfRoot(Frame.TASK).size());
    submit(20);
    submit(21);
    submit(22);
    assertEquals(3, framesOfRoot(Frame.TASK).size());
    assertEquals(0, sentAhead());
    family.runAll(new byte[] {1});
    checkNothingIsLeft();
  }

  @Test
  void shouldLeaveHalfOfTheBytes() {
    start();
    Task first = submit(1);
    for (long id = 2; id < 400; id++) {
      submit(id, new byte[800], first);
    }
    framesOfRoot(Frame.TASK);
    long bytesMax = Limits.defaults().taskBytesMax();
    assertTrue(
        sentAhead() > bytesMax / 1_600 - 10 && sentAhead() < bytesMax / 1_600 + 10,
        "sentAhead=" + sentAhead());
    submit(500);
    assertEquals(1, framesOfRoot(Frame.TASK).size());
    family.runAll(new byte[] {1});
    checkNothingIsLeft();
  }

  @Test
  void shouldSendWhatIsReadyFirst() {
    start();
    Task first = submit(1);
    submit(2, first);
    submit(3);
    List<byte[]> frames = framesOfRoot(Frame.TASK);
    assertEquals(
        List.of(1L, 3L, 2L), frames.stream().map(frame -> Frame.getLong(frame, 8)).toList());
    family.runAll(new byte[] {1});
  }

  @Test
  void shouldBindOneTaskToAWorkerWhereThereAreSeveral() {
    family = Family.ofLeaves(Limits.defaults(), 3, 0, 1);
    start();
    Task first = submit(1);
    for (long id = 2; id < 30; id++) {
      submit(id, first);
    }
    assertEquals(2, framesOfRoot(Frame.TASK).size());
    assertEquals(1, sentAhead());
    family.runAll(new byte[] {1});
    assertEquals(
        29, family.done.stream().filter(task -> task.taskState() == TaskState.SUCCEEDED).count());
    checkNothingIsLeft();
  }

  @Test
  void shouldNotSendATaskAheadThatNeedsTwoWorkers() {
    family = Family.ofLeaves(Limits.defaults(), 2, 0, 1);
    start();
    Task a = submit(1);
    Task b = submit(2);
    family.settle();
    assertEquals(2, family.started.size());
    assertTrue(family.started.getFirst().rank() != family.started.getLast().rank());
    submit(3, a, b);
    family.settle();
    assertEquals(0, sentAhead());
    family.runAll(new byte[] {1});
    checkNothingIsLeft();
  }

  @Test
  void shouldNotSendAheadWhatWantsMoreThanItsArguments() {
    start();
    Task first = submit(1);
    Task list = new Task(2, Task.LIST, 0, "list", 0, new Object[] {first});
    family.root.submit(list, family.nowNs);
    submit(3, list);
    submit(4, first, first, first, first, first, first, first, first, first);
    Task large = submit(5, first, new byte[TestPort.EAGER_BYTES_MAX]);
    framesOfRoot(Frame.TASK);
    assertEquals(0, sentAhead());
    family.runAll(new byte[] {1});
    assertEquals(TaskState.SUCCEEDED, large.taskState());
    checkNothingIsLeft();
  }

  @Test
  void shouldNotFollowATaskThatTravelsInBulk() {
    start();
    Task first = submit(1, new byte[TestPort.EAGER_BYTES_MAX]);
    submit(2, first);
    family.settle();
    assertEquals(0, sentAhead());
    family.runAll(new byte[] {1});
    checkNothingIsLeft();
  }

  @Test
  void shouldFailDependentsAtOnceAndDropThemBelow() {
    start();
    Task first = submit(1);
    Task second = submit(2, first);
    Task third = submit(3, second);
    family.settle();
    assertEquals(2, sentAhead());
    long stale = family.root.link().counters().staleResults;
    family.finish(Frame.FAILED, FAILURE);
    family.settle();
    assertEquals(List.of(first, second, third), family.done);
    assertEquals(TaskState.DEPENDENCY_FAILED, third.taskState());
    assertTrue(family.started.isEmpty());
    assertEquals(stale + 2, family.root.link().counters().staleResults);
    checkNothingIsLeft();
  }

  @Test
  void shouldSendATaskAgainThatCameBack() {
    start();
    // large enough for a transfer of its own, which small frames overtake
    byte[] result = new byte[TestPort.EAGER_BYTES_MAX];
    result[0] = 3;
    Task first = submit(1);
    Task second = submit(2, first);
    Task third = submit(3, second);
    family.settle();
    assertEquals(2, sentAhead());
    family.finish(Frame.SUCCEEDED, result);
    family.settle();
    assertEquals(2, sentInVain());
    assertEquals(TaskState.SUCCEEDED, first.taskState());
    assertEquals(TaskState.LAUNCHED, second.taskState());
    assertEquals(TaskState.PENDING, third.taskState());
    byte[] frame = family.started.element().frame();
    assertEquals(Frame.ARGUMENT_INLINE, Frame.getInt(frame, 32));
    assertEquals(result.length, Frame.getInt(frame, 36));
    family.runAll(new byte[] {1});
    assertEquals(List.of(first, second, third), family.done);
    assertEquals(2, sentAhead());
    checkNothingIsLeft();
  }

  @Test
  void shouldGiveUpWhatWasSentAheadOfATaskThatIsGivenUp() {
    start();
    Task first = submit(1);
    Task second = submit(2, first);
    Task third = submit(3, second);
    family.settle();
    assertTrue(family.root.cancel(first, true, family.nowNs));
    assertEquals(List.of(first, second, third), family.done);
    assertEquals(TaskState.DEPENDENCY_FAILED, third.taskState());
    assertEquals(3, framesOfRoot(Frame.CANCEL).size());
    family.settle();
    assertEquals(List.of("slot=0 interrupt=true"), family.cancelled);
    family.finish(Frame.SUCCEEDED, new byte[] {1});
    family.settle();
    assertTrue(family.started.isEmpty());
    checkNothingIsLeft();
  }

  @Test
  void shouldInterruptATaskWhoseDependencyIsGivenUpTooLate() {
    start();
    Task first = submit(1);
    Task second = submit(2, first);
    family.settle();
    family.finish(Frame.SUCCEEDED, new byte[] {1});
    family.worker(1).pump(0);
    assertEquals(1, family.started.size());
    // the first one's result is on its way
    assertTrue(family.root.cancel(first, true, family.nowNs));
    assertEquals(TaskState.DEPENDENCY_FAILED, second.taskState());
    framesOfRoot(Frame.CANCEL);
    assertEquals(List.of("slot=0 interrupt=true"), family.cancelled);
    family.runAll(new byte[] {2});
    assertEquals(List.of(first, second), family.done);
    checkNothingIsLeft();
  }

  @Test
  void shouldInterruptWhatRunsBehindATaskThatWasGivenUpBeforeItsResultCame() {
    start();
    Task first = submit(1);
    Task second = submit(2, first);
    Task third = submit(3, second);
    family.settle();
    family.finish(Frame.SUCCEEDED, new byte[] {1});
    family.givenUp.add(first);
    family.settle();
    assertEquals(TaskState.CANCELLED, first.taskState());
    assertNull(first.outcome());
    assertEquals(TaskState.DEPENDENCY_FAILED, second.taskState());
    assertEquals(TaskState.DEPENDENCY_FAILED, third.taskState());
    assertEquals(List.of(), family.cancelled, "the command is still to come");
    // the command for another task, with another wish, is no business of theirs
    Task other = submit(4);
    assertTrue(family.root.cancel(other, false, family.nowNs));
    framesOfRoot(Frame.CANCEL);
    assertEquals(List.of(), family.cancelled);

    assertFalse(family.root.cancel(first, true, family.nowNs));
    assertEquals(2, framesOfRoot(Frame.CANCEL).size());
    assertEquals(List.of("slot=0 interrupt=true"), family.cancelled);
    family.runAll(new byte[] {2});
    assertEquals(List.of(first, second, third, other), family.done);
    assertEquals(TaskState.DEPENDENCY_FAILED, second.taskState());
    checkNothingIsLeft();
  }

  @Test
  void shouldGiveUpATaskThatWasSentAhead() {
    start();
    Task first = submit(1);
    Task second = submit(2, first);
    Task third = submit(3, second);
    family.settle();
    assertTrue(family.root.cancel(second, false, family.nowNs));
    assertEquals(TaskState.DEPENDENCY_FAILED, third.taskState());
    family.runAll(new byte[] {1});
    assertEquals(List.of(second, third, first), family.done);
    assertEquals(TaskState.SUCCEEDED, first.taskState());
    checkNothingIsLeft();
  }

  @Test
  void shouldKeepLargeValuesWhileTheyAreNeeded() {
    start();
    BigValue value = ValueFrame.of(1L << 50, new byte[40_000], 0, 40_000);
    Task first = submit(1, value);
    Task second = submit(2, value, first);
    family.settle();
    assertEquals(1, sentAhead());
    assertEquals(1, family.root.valuesInUse());
    family.finish(Frame.SUCCEEDED, new byte[] {1});
    family.settle();
    assertEquals(1, family.root.valuesInUse());
    family.runAll(new byte[] {1});
    assertEquals(TaskState.SUCCEEDED, second.taskState());
    assertEquals(0, family.root.valuesInUse());
  }

  @Test
  void shouldCountOnlyTheLargeValuesThatWereKnownWhenATaskWasSentAhead() {
    start();
    Task source = submit(1);
    family.runAll(new byte[40_000]);
    assertTrue(source.outcome() instanceof BigValue);
    Task first = submit(2);
    // of its three arguments one is a large value now, one will be
    Task second = submit(3, source, first);
    family.settle();
    assertEquals(1, sentAhead());
    assertEquals(1, family.root.valuesInUse());
    family.finish(Frame.SUCCEEDED, new byte[40_000]);
    family.settle();
    assertEquals(1, sentInVain());
    assertEquals(2, family.root.valuesInUse());
    family.runAll(new byte[] {1});
    assertEquals(TaskState.SUCCEEDED, second.taskState());
    assertEquals(0, family.root.valuesInUse());
    checkNothingIsLeft();
  }

  @Test
  void shouldNameTasksSentAheadWhenTheirWorkerIsLost() {
    start();
    Task first = submit(1);
    submit(2, first);
    family.settle();
    Edge edge = family.root.link().edge(1);
    assertNotNull(edge);
    family.root.onEdgeLost(edge, 1, family.nowNs);
    LostRank lost = family.lost.getLast();
    assertEquals(2, lost.tasks());
    assertArrayEquals(
        new long[] {1, 2}, java.util.Arrays.stream(lost.taskIds()).sorted().toArray());
  }

  @Test
  void shouldSendAheadToTheWorkerOfRankZero() {
    family = Family.ofLeaves(Limits.defaults(), 0, 1, 1);
    start();
    Task last = submit(1);
    for (long id = 2; id <= 20; id++) {
      last = submit(id, last);
    }
    family.settle();
    assertEquals(19, sentAhead());
    family.runAll(new byte[] {1});
    assertEquals(20, family.done.size());
    assertEquals(0, sentInVain());

    family.done.clear();
    Task first = submit(30);
    Task second = submit(31, first);
    Task third = submit(32, second);
    family.settle();
    assertTrue(family.root.cancel(first, false, family.nowNs));
    assertEquals(List.of(first, second, third), family.done);
    family.finish(Frame.SUCCEEDED, new byte[] {1});
    family.settle();
    assertTrue(family.started.isEmpty());
    assertTrue(family.worker(0).isIdle());

    family.done.clear();
    first = submit(40);
    second = submit(41, first);
    family.settle();
    // too large to be kept
    family.finish(Frame.SUCCEEDED, new byte[40_000]);
    family.runAll(new byte[] {1});
    assertEquals(1, sentInVain());
    assertEquals(TaskState.SUCCEEDED, second.taskState());
    assertEquals(0, family.root.valuesInUse());
    family.checkInvariants();
  }

  @Test
  void shouldHoldBackWhereTasksComeBack() {
    start();
    byte[] large = new byte[TestPort.EAGER_BYTES_MAX];
    for (long id = 1; id <= 400; id += 2) {
      Task first = submit(id);
      submit(id + 1, first);
      family.runAll(large);
    }
    // every one of these came back, so few were tried
    assertEquals(sentInVain(), sentAhead());
    assertTrue(sentAhead() > 1 && sentAhead() < 12, "sentAhead=" + sentAhead());
    long before = sentAhead();
    for (long id = 401; id <= 4_000; id += 2) {
      Task first = submit(id);
      submit(id + 1, first);
      family.runAll(new byte[] {1});
    }
    assertTrue(sentAhead() - before > 1_000, "sentAhead=" + (sentAhead() - before));
    assertFalse(sentAhead() - before > 1_800);
  }

  @Test
  void shouldRefuseAForgedReturn() {
    family = Family.ofLeaves(Limits.defaults(), 0, 1, 1);
    start();
    Task task = submit(1);
    family.settle();
    Outcome forged = new Outcome(1).of(1, task.ticket(), 0, Frame.NOT_RUN, 0, 0, new byte[0]);
    assertTrue(family.root.owner().offerResult(forged, family.nowNs));
    assertEquals(TaskState.LAUNCHED, task.taskState());
    assertEquals(1, family.root.link().counters().strayFrames);
    family.runAll(new byte[] {1});
    assertNull(family.root.graph().peekReady());
  }
}
