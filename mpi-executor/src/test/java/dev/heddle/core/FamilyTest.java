package dev.heddle.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.graph.BigValue;
import dev.heddle.graph.Failure;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Coordinator, relay and leaves: what each says when something is said to it.
class FamilyTest {
  private final Family family = new Family(Limits.defaults());

  private void start() {
    family.settle();
    family.root.define(0, new byte[] {1, 2, 3});
  }

  /// Takes turns of one rank alone; what it sends stays in its outbox.
  private void turn(int rank) {
    Turn.run(family.roles[rank], family.ports[rank], ++family.nowNs);
  }

  private void deliver(TestPort.Sent sent) {
    family
        .roles[sent.target()]
        .link()
        .onMessage(sent.source(), sent.buffer(), sent.bytes().length, ++family.nowNs);
  }

  @Test
  void shouldSayHelloOnlyWhenAllBelowHaveSaidIt() {
    turn(1);
    assertTrue(family.ports[1].outbox.isEmpty());
    turn(2);
    deliver(family.ports[2].takeOnly());
    turn(1);
    // credit goes both ways at once
    assertEquals(2, family.ports[1].outbox.size());
    for (TestPort.Sent sent : family.ports[1].outbox) {
      assertEquals(List.of(), sent.kinds());
      deliver(sent);
    }
    family.ports[1].outbox.clear();
    assertEquals(Phase.STARTING, family.roles[1].phase());
    turn(3);
    deliver(family.ports[3].takeOnly());
    turn(1);
    family.ports[1].outbox.removeIf(sent -> sent.target() == 3 && sent.kinds().isEmpty());
    TestPort.Sent hello = family.ports[1].takeOnly();
    assertEquals(List.of(Frame.HELLO), hello.kinds());
    // three workers with a slot each
    assertEquals(3L * (1 + Limits.defaults().prefetchMax()), hello.frameLimit());
    deliver(hello);
    assertEquals(Phase.RUNNING, family.root.phase());
  }

  @Test
  void shouldSendAFunctionOnceAheadOfItsFirstTask() {
    start();
    family.root.submit(Family.task(1));
    family.root.submit(Family.task(2));
    turn(0);
    assertEquals(
        List.of(Frame.FUNCTION, Frame.TASK, Frame.TASK), family.ports[0].takeOnly().kinds());
  }

  @Test
  void shouldLaunchNoMoreTasksOfUnknownDurationThanThereAreSlots() {
    start();
    for (int id = 1; id <= 10; id++) {
      family.root.submit(Family.task(id));
    }
    turn(0);
    assertEquals(4, family.ports[0].takeOnly().kinds().size());
    assertEquals(3, family.root.graph().launchedCount());
    assertEquals(7, family.root.graph().readyCount());
    turn(0);
    assertTrue(family.ports[0].outbox.isEmpty());
  }

  @Test
  void shouldRunTasksOnEveryRank() {
    start();
    for (int id = 1; id <= 3; id++) {
      family.root.submit(Family.task(id));
    }
    family.settle();
    assertEquals(
        List.of(1, 2, 3), family.started.stream().map(Family.Started::rank).sorted().toList());
    family.runAll(new byte[] {9});
    assertEquals(3, family.done.size());
    family.checkInvariants();
  }

  @Test
  void shouldKeepRankHostAndBytesOfAFailure() {
    start();
    Task task = Family.task(1);
    family.root.submit(task);
    family.settle();
    int rank = family.started.element().rank();
    byte[] host = "host".getBytes(StandardCharsets.UTF_8);
    byte[] payload = {4, 0, host[0], host[1], host[2], host[3], 7, 8};
    family.finish(Frame.FAILED, payload);
    family.settle();
    Failure failure = assertInstanceOf(Failure.class, task.outcome());
    assertEquals(rank, failure.rank());
    assertEquals("host", failure.host());
    assertArrayEquals(new byte[] {7, 8}, failure.bytes());
  }

  @Test
  void shouldDropTheResultOfACancelledTaskAndKeepItsCredit() {
    start();
    for (int round = 1; round <= 20; round++) {
      Task task = Family.task(round);
      family.root.submit(task);
      family.settle();
      assertTrue(family.root.cancel(task, true));
      assertFalse(family.root.cancel(task, true));
      family.runAll(new byte[0]);
      assertEquals(TaskState.CANCELLED, task.taskState());
    }
    assertEquals(20, family.root.link().counters().staleResults);
    assertEquals(0, family.root.graph().launchedCount());
    Edge down = family.root.link().edge(1);
    assertNotNull(down);
    assertTrue(down.frameLimit() - down.framesSent() >= 3, down.toString());
    family.checkInvariants();
  }

  @Test
  void shouldSendALargeValueOncePerEdge() {
    start();
    BigValue value = ValueFrame.of(77, new byte[50_000], 0, 50_000);
    for (int id = 1; id <= 12; id++) {
      family.root.submit(Family.task(id, value, value));
    }
    family.settle();
    for (Family.Started started : family.started) {
      @Nullable MemorySegment @Nullable [] values = started.values();
      assertNotNull(values);
      assertEquals(2, values.length);
      assertNotNull(values[0]);
      assertEquals(-1, value.frame().mismatch(values[0]));
    }
    family.runAll(new byte[0]);
    assertEquals(12, family.done.size());
    assertEquals(1, family.root.link().counters().valuesSent);
    assertEquals(2, family.roles[1].link().counters().valuesSent);
  }

  @Test
  void shouldUseTheMemoryOfAnArgumentAgainWhenItsTaskHasEnded() {
    start();
    List<BigValue> values = new ArrayList<>();
    for (int id = 1; id <= 4; id++) {
      BigValue value = ValueFrame.of(ValueFrame.SINGLE_USE | id, new byte[50_000], 0, 50_000);
      values.add(value);
      family.root.submit(Family.task(id, value));
    }
    MemorySegment first = values.getFirst().frame();
    family.settle();
    assertTrue(family.ports[0].given.isEmpty(), "no task has ended");
    family.runAll(new byte[0]);
    assertEquals(4, family.done.size());
    assertEquals(4, family.ports[0].given.size());
    assertTrue(family.ports[0].given.contains(first));
    assertThrows(IllegalStateException.class, () -> values.getFirst().frame());
    // each was received by whoever ran its task, and by those who passed it on
    int received = 0;
    for (int rank = 1; rank < family.ports.length; rank++) {
      received += (int) family.roles[rank].link().counters().valuesReceived;
    }
    int given = 0;
    for (int rank = 1; rank < family.ports.length; rank++) {
      given += family.ports[rank].given.size();
    }
    assertEquals(received, given);
    assertTrue(given >= 4, "given=" + given);
    family.checkInvariants();
  }

  @Test
  void shouldNotUseTheMemoryOfAResultAgain() {
    start();
    Task large = Family.task(1);
    family.root.submit(large);
    for (int id = 2; id <= 5; id++) {
      family.root.submit(Family.task(id, large));
    }
    family.runAll(new byte[60_000]);
    assertEquals(5, family.done.size());
    for (TestPort port : family.ports) {
      assertTrue(port.given.isEmpty());
    }
  }

  @Test
  void shouldNotStartATaskThatWasGivenUpWhileItsValueIsOnTheWay() {
    start();
    for (int id = 1; id <= 20; id++) {
      Task task = Family.task(id, ValueFrame.of(76 + id, new byte[50_000], 0, 50_000));
      family.root.submit(task);
      turn(0);
      family.root.cancel(task, true);
      deliver(family.ports[0].takeOnly());
      family.settle();
      assertTrue(family.started.isEmpty());
    }
    family.root.submit(Family.task(21));
    family.settle();
    assertEquals(1, family.started.size(), "the credit of those that were given up is back");
    family.runAll(new byte[0]);
    family.checkInvariants();
  }

  @Test
  void shouldNotStartATaskThatIsGivenUpWhileItComesInBulk() {
    start();
    for (int id = 1; id <= 20; id++) {
      Task task = Family.task(id, new byte[20_000]);
      family.root.submit(task);
      turn(0);
      family.root.cancel(task, true);
      family.settle();
      assertTrue(family.started.isEmpty());
    }
    family.root.submit(Family.task(21, new byte[20_000]));
    family.settle();
    assertEquals(1, family.started.size(), "the credit of those that were given up is back");
    family.runAll(new byte[0]);
    assertEquals(20, family.root.link().counters().staleResults);
    family.checkInvariants();
  }

  @Test
  void shouldTellTheSlotOfARunningTaskThatItWasGivenUp() {
    start();
    Task task = Family.task(1);
    family.root.submit(task);
    family.settle();
    family.root.cancel(task, true);
    family.settle();
    assertEquals(List.of("slot=0 interrupt=true"), family.cancelled);
    family.runAll(new byte[0]);
    assertEquals(1, family.root.link().counters().staleResults);
    family.checkInvariants();
  }

  @Test
  void shouldPassALargeResultOnByItsHandle() {
    start();
    Task large = Family.task(1);
    Task user = Family.task(2, large);
    family.root.submit(large);
    family.root.submit(user);
    family.runAll(new byte[60_000]);
    assertEquals(60_000, assertInstanceOf(BigValue.class, large.outcome()).length());
    assertEquals(TaskState.SUCCEEDED, user.taskState());
    assertEquals(1, family.root.link().counters().valuesSent);
  }

  @Test
  void shouldFailATaskWhoseListsAreTooDeepToSend() {
    start();
    Task last = Family.task(1);
    family.root.submit(last);
    for (int id = 2; id <= 11; id++) {
      last = new Task(id, Task.LIST, 0, "list", 0, new Object[] {last, last});
      family.root.submit(last);
    }
    Task user = Family.task(12, last);
    family.root.submit(user);
    family.runAll(new byte[1]);
    assertEquals(TaskState.FAILED, user.taskState());
    Failure failure = assertInstanceOf(Failure.class, user.outcome());
    assertTrue(
        new String(failure.bytes(), StandardCharsets.UTF_8).contains("deeper than 8"),
        new String(failure.bytes(), StandardCharsets.UTF_8));
    assertEquals(0, family.roles[1].link().counters().refused());
  }

  @Test
  void shouldFailATaskWhoseFrameIsTooLarge() {
    Family small =
        new Family(
            new Limits(
                15_000_000_000L, 4_096, 1 << 16, 1 << 16, 1 << 16, 1, 8, 1 << 16, 1 << 16, 8, 0));
    small.settle();
    small.root.define(0, new byte[1]);
    Task task = Family.task(1, new byte[5_000]);
    small.root.submit(task);
    small.settle();
    assertEquals(TaskState.FAILED, task.taskState());
    assertTrue(small.started.isEmpty());
  }

  @Test
  void shouldLeaveFromTheBottomUp() {
    start();
    family.root.shutdown(0);
    turn(0);
    deliver(family.ports[0].takeOnly());
    turn(1);
    assertEquals(2, family.ports[1].outbox.size());
    for (TestPort.Sent sent : List.copyOf(family.ports[1].outbox)) {
      assertEquals(List.of(Frame.SHUTDOWN), sent.kinds());
      deliver(sent);
    }
    family.ports[1].outbox.clear();
    turn(2);
    deliver(family.ports[2].takeOnly());
    turn(1);
    assertTrue(family.ports[1].outbox.isEmpty());
    turn(3);
    assertEquals(Phase.STOPPED, family.roles[3].phase());
    deliver(family.ports[3].takeOnly());
    turn(1);
    TestPort.Sent bye = family.ports[1].takeOnly();
    assertEquals(List.of(Frame.BYE), bye.kinds());
    deliver(bye);
    turn(0);
    assertEquals(Phase.STOPPED, family.root.phase());
    assertTrue(family.root.link().isDrained());
  }

  @Test
  void shouldWaitForRunningTasksAndTheirLargeResultsBeforeBye() {
    start();
    Task task = Family.task(1);
    family.root.submit(task);
    family.settle();
    family.root.shutdown(0);
    family.settle();
    assertEquals(Phase.STOPPING, family.root.phase());
    family.finish(Frame.SUCCEEDED, new byte[100_000]);
    family.settle();
    assertEquals(TaskState.SUCCEEDED, task.taskState());
    for (Role role : family.roles) {
      assertEquals(Phase.STOPPED, role.phase());
      assertTrue(role.link().isDrained());
    }
  }

  @Test
  void shouldNotWaitForRunningTasksWhenAborted() {
    start();
    family.root.submit(Family.task(1));
    family.settle();
    family.root.shutdown(Frame.FLAG_ABORT);
    family.settle();
    for (Role role : family.roles) {
      assertEquals(Phase.STOPPED, role.phase());
      assertTrue(role.link().isDrained());
    }
    family.finish(Frame.SUCCEEDED, new byte[10]);
    family.settle();
    assertTrue(family.done.isEmpty());
  }

  @Test
  void shouldHaltWithoutBye() {
    start();
    family.root.shutdown(Frame.FLAG_HALT);
    assertEquals(Phase.STOPPED, family.root.phase());
    family.settle();
    for (Role role : family.roles) {
      assertEquals(Phase.STOPPED, role.phase());
      assertTrue(role.link().isDrained());
    }
  }

  @Test
  void shouldReportALostLeafThroughTheRelay() {
    start();
    for (int id = 1; id <= 3; id++) {
      family.root.submit(Family.task(id));
    }
    family.settle();
    long livenessNs = Limits.defaults().livenessNs();
    long fromNs = family.nowNs;
    for (int tick = 1; tick <= 20 && family.lost.isEmpty(); tick++) {
      family.nowNs = fromNs + tick * livenessNs / 20;
      for (int rank : new int[] {0, 1, 2}) {
        Turn.run(family.roles[rank], family.ports[rank], family.nowNs);
        for (TestPort.Sent sent = family.ports[rank].outbox.poll();
            sent != null;
            sent = family.ports[rank].outbox.poll()) {
          if (sent.target() != 3) {
            deliver(sent);
          }
        }
      }
    }
    family.settle();
    // by the relay, and by the coordinator
    assertEquals(2, family.lost.size());
    LostRank lost = family.lost.getLast();
    assertEquals(3, lost.rank());
    assertEquals("host-3", lost.host());
    assertEquals(1, lost.tasks());
    assertEquals(family.lost.getFirst().taskIds()[0], lost.taskIds()[0]);
    assertTrue(lost.silenceNs() < livenessNs);
  }

  @Test
  void shouldTakeEachHelloAndByeOnce() {
    family.settle();
    Membership members =
        new Membership(family.roles[1].link(), Subtree.alone(0, 0, "host", "test"));
    Edge child = family.roles[1].link().edge(2);
    assertNotNull(child);
    child.isPresent = false;
    byte[] hello = Subtree.alone(1, 1, "?", "test").toFrame();
    java.lang.foreign.MemorySegment s = java.lang.foreign.MemorySegment.ofArray(hello);
    assertTrue(members.onHello(child, s, 0));
    assertFalse(members.onHello(child, s, 0));
    assertFalse(members.isComplete());
    members.onBye(child);
    assertFalse(child.left);
    assertEquals(2, family.roles[1].link().counters().strayFrames);
  }

  @Test
  void shouldFitALossIntoAMessageWhateverTheHostIsCalled() {
    LostRank lost = new LostRank(1, "h".repeat(5_000), 2, 3, 40, new long[LostRank.LISTED_MAX]);
    byte[] frame = lost.toFrame();
    assertTrue(frame.length < 600);
    java.lang.foreign.MemorySegment s = java.lang.foreign.MemorySegment.ofArray(frame);
    assertTrue(Frame.check(s, 0, frame.length));
    assertEquals("h".repeat(256), LostRank.of(s, 0).host());
    assertEquals(40, LostRank.of(s, 0).tasks());
  }
}
