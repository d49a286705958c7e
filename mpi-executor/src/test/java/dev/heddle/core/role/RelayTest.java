package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.Phase;
import dev.heddle.core.link.TestPort;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.frame.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A relay between the coordinator and its leaves: who is there, what passes, who has left.
@ExtendWith(EmptyOutboxes.class)
class RelayTest {
  private final Family family = new Family(Limits.defaults());

  @Test
  void shouldSayHelloOnlyWhenAllBelowHaveSaidIt() {
    family.turn(1);
    assertTrue(family.ports[1].outbox.isEmpty());
    family.turn(2);
    family.deliver(family.ports[2].takeOnly());
    family.turn(1);
    // credit goes both ways at once
    assertEquals(2, family.ports[1].outbox.size());
    for (TestPort.Sent sent : family.ports[1].outbox) {
      assertEquals(List.of(), sent.kinds());
      family.deliver(sent);
    }
    family.ports[1].outbox.clear();
    assertEquals(Phase.STARTING, family.roles[1].phase());
    family.turn(3);
    family.deliver(family.ports[3].takeOnly());
    family.turn(1);
    family.ports[1].outbox.removeIf(sent -> sent.target() == 3 && sent.kinds().isEmpty());
    TestPort.Sent hello = family.ports[1].takeOnly();
    assertEquals(List.of(Frame.HELLO), hello.kinds());
    // three workers with a slot each
    assertEquals(3L * (1 + Limits.defaults().prefetchMax()), hello.frameLimit());
    family.deliver(hello);
    assertEquals(Phase.RUNNING, family.root.phase());
  }

  @Test
  void shouldRunTasksOnEveryRank() {
    family.begin();
    for (int id = 1; id <= 3; id++) {
      family.root.submit(Family.task(id), family.nowNs);
    }
    family.settle();
    assertEquals(
        List.of(1, 2, 3), family.started.stream().map(Family.Started::rank).sorted().toList());
    family.runAll(new byte[] {9});
    assertEquals(3, family.done.size());
    family.checkInvariants();
  }

  @Test
  void shouldLeaveFromTheBottomUp() {
    family.begin();
    family.root.shutdown(0, family.nowNs);
    family.turn(0);
    family.deliver(family.ports[0].takeOnly());
    family.turn(1);
    assertEquals(2, family.ports[1].outbox.size());
    for (TestPort.Sent sent : List.copyOf(family.ports[1].outbox)) {
      assertEquals(List.of(Frame.SHUTDOWN), sent.kinds());
      family.deliver(sent);
    }
    family.ports[1].outbox.clear();
    family.turn(2);
    family.deliver(family.ports[2].takeOnly());
    family.turn(1);
    assertTrue(family.ports[1].outbox.isEmpty());
    family.turn(3);
    assertEquals(Phase.STOPPED, family.roles[3].phase());
    family.deliver(family.ports[3].takeOnly());
    family.turn(1);
    TestPort.Sent bye = family.ports[1].takeOnly();
    assertEquals(List.of(Frame.BYE), bye.kinds());
    family.deliver(bye);
    family.turn(0);
    assertEquals(Phase.STOPPED, family.root.phase());
    assertTrue(family.root.link().isDrained());
  }

  @Test
  void shouldWaitForRunningTasksAndTheirLargeResultsBeforeBye() {
    family.begin();
    Task task = Family.task(1);
    family.root.submit(task, family.nowNs);
    family.settle();
    family.root.shutdown(0, family.nowNs);
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
  void shouldReportALostLeafThroughTheRelay() {
    family.begin();
    for (int id = 1; id <= 3; id++) {
      family.root.submit(Family.task(id), family.nowNs);
    }
    family.settle();
    long livenessNs = Limits.defaults().livenessNs();
    long fromNs = family.nowNs;
    for (int tick = 1; tick <= 20 && family.lost.isEmpty(); tick++) {
      family.nowNs = fromNs + tick * livenessNs / 20;
      for (int rank : new int[] {0, 1, 2}) {
        Turn.run(family.roles[rank], family.nowNs);
        for (TestPort.Sent sent = family.ports[rank].outbox.poll();
            sent != null;
            sent = family.ports[rank].outbox.poll()) {
          if (sent.target() != 3) {
            family.deliver(sent);
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
}
