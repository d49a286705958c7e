package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.Phase;
import dev.heddle.core.link.TestPort;
import dev.heddle.graph.BigValue;
import dev.heddle.graph.Failure;
import dev.heddle.graph.Task;
import dev.heddle.graph.TaskState;
import dev.heddle.wire.Ids;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the coordinator sends, and what it makes of what comes back.
@ExtendWith(EmptyOutboxes.class)
class CoordinatorTest {
  private final Family family = new Family(Limits.defaults());

  @Test
  void shouldSendAFunctionOnceAheadOfItsFirstTask() {
    family.begin();
    family.root.submit(Family.task(1), family.nowNs);
    family.root.submit(Family.task(2), family.nowNs);
    family.turn(0);
    assertEquals(
        List.of(Frame.FUNCTION, Frame.TASK, Frame.TASK), family.ports[0].takeOnly().kinds());
  }

  @Test
  void shouldLaunchNoMoreTasksOfUnknownDurationThanThereAreSlots() {
    family.begin();
    for (int id = 1; id <= 10; id++) {
      family.root.submit(Family.task(id), family.nowNs);
    }
    family.turn(0);
    assertEquals(4, family.ports[0].takeOnly().kinds().size());
    assertEquals(3, family.root.graph().launchedCount());
    assertEquals(7, family.root.graph().readyCount());
    family.turn(0);
    assertTrue(family.ports[0].outbox.isEmpty());
  }

  @Test
  void shouldKeepRankHostAndBytesOfAFailure() {
    family.begin();
    Task task = Family.task(1);
    family.root.submit(task, family.nowNs);
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
    family.begin();
    for (int round = 1; round <= 20; round++) {
      Task task = Family.task(round);
      family.root.submit(task, family.nowNs);
      family.settle();
      assertTrue(family.root.cancel(task, true, family.nowNs));
      assertFalse(family.root.cancel(task, true, family.nowNs));
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
    family.begin();
    BigValue value = ValueFrame.of(77, new byte[50_000], 0, 50_000);
    for (int id = 1; id <= 12; id++) {
      family.root.submit(Family.task(id, value, value), family.nowNs);
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
    family.begin();
    List<BigValue> values = new ArrayList<>();
    for (int id = 1; id <= 4; id++) {
      BigValue value = ValueFrame.of(Ids.SINGLE_USE | id, new byte[50_000], 0, 50_000);
      values.add(value);
      family.root.submit(Family.task(id, value), family.nowNs);
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
    family.begin();
    Task large = Family.task(1);
    family.root.submit(large, family.nowNs);
    for (int id = 2; id <= 5; id++) {
      family.root.submit(Family.task(id, large), family.nowNs);
    }
    family.runAll(new byte[60_000]);
    assertEquals(5, family.done.size());
    for (TestPort port : family.ports) {
      assertTrue(port.given.isEmpty());
    }
  }

  @Test
  void shouldNotStartATaskThatWasGivenUpWhileItsValueIsOnTheWay() {
    family.begin();
    for (int id = 1; id <= 20; id++) {
      Task task = Family.task(id, ValueFrame.of(76 + id, new byte[50_000], 0, 50_000));
      family.root.submit(task, family.nowNs);
      family.turn(0);
      family.root.cancel(task, true, family.nowNs);
      family.deliver(family.ports[0].takeOnly());
      family.settle();
      assertTrue(family.started.isEmpty());
    }
    family.root.submit(Family.task(21), family.nowNs);
    family.settle();
    assertEquals(1, family.started.size(), "the credit of those that were given up is back");
    family.runAll(new byte[0]);
    family.checkInvariants();
  }

  @Test
  void shouldNotStartATaskThatIsGivenUpWhileItComesInBulk() {
    family.begin();
    for (int id = 1; id <= 20; id++) {
      Task task = Family.task(id, new byte[20_000]);
      family.root.submit(task, family.nowNs);
      family.turn(0);
      family.root.cancel(task, true, family.nowNs);
      family.settle();
      assertTrue(family.started.isEmpty());
    }
    family.root.submit(Family.task(21, new byte[20_000]), family.nowNs);
    family.settle();
    assertEquals(1, family.started.size(), "the credit of those that were given up is back");
    family.runAll(new byte[0]);
    assertEquals(20, family.root.link().counters().staleResults);
    family.checkInvariants();
  }

  @Test
  void shouldTellTheSlotOfARunningTaskThatItWasGivenUp() {
    family.begin();
    Task task = Family.task(1);
    family.root.submit(task, family.nowNs);
    family.settle();
    family.root.cancel(task, true, family.nowNs);
    family.settle();
    assertEquals(List.of("slot=0 interrupt=true"), family.cancelled);
    family.runAll(new byte[0]);
    assertEquals(1, family.root.link().counters().staleResults);
    family.checkInvariants();
  }

  @Test
  void shouldPassALargeResultOnByItsHandle() {
    family.begin();
    Task large = Family.task(1);
    Task user = Family.task(2, large);
    family.root.submit(large, family.nowNs);
    family.root.submit(user, family.nowNs);
    family.runAll(new byte[60_000]);
    assertEquals(60_000, assertInstanceOf(BigValue.class, large.outcome()).length());
    assertEquals(TaskState.SUCCEEDED, user.taskState());
    assertEquals(1, family.root.link().counters().valuesSent);
  }

  @Test
  void shouldFailATaskWhoseListsAreTooDeepToSend() {
    family.begin();
    Task last = Family.task(1);
    family.root.submit(last, family.nowNs);
    for (int id = 2; id <= 11; id++) {
      last = new Task(id, Task.LIST, 0, "list", 0, new Object[] {last, last});
      family.root.submit(last, family.nowNs);
    }
    Task user = Family.task(12, last);
    family.root.submit(user, family.nowNs);
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
    small.root.submit(task, small.nowNs);
    small.settle();
    assertEquals(TaskState.FAILED, task.taskState());
    assertTrue(small.started.isEmpty());
  }

  @Test
  void shouldNotWaitForRunningTasksWhenAborted() {
    family.begin();
    family.root.submit(Family.task(1), family.nowNs);
    family.settle();
    family.root.shutdown(Frame.FLAG_ABORT, family.nowNs);
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
    family.begin();
    family.root.shutdown(Frame.FLAG_HALT, family.nowNs);
    assertEquals(Phase.STOPPED, family.root.phase());
    family.settle();
    for (Role role : family.roles) {
      assertEquals(Phase.STOPPED, role.phase());
      assertTrue(role.link().isDrained());
    }
  }

  /// Facts of a family, each as text; `runs` counts how often they were told.
  private static final class Journal implements FactListener {
    private final List<String> lines = new ArrayList<>();
    private int runs;

    @Override
    public void onFacts(long[] ids, Fact[] facts, long[] durationsNs, int count, long nowNs) {
      runs++;
      for (int i = 0; i < count; i++) {
        lines.add(facts[i] + " " + ids[i] + " " + durationsNs[i]);
      }
    }
  }

  @Test
  void shouldTellEachListenerWhatHappensOnceATurn() {
    Journal journal = new Journal();
    Journal monitor = new Journal();
    family.root.listen(journal);
    family.root.listen(monitor);
    family.begin();
    Task first = Family.task(1);
    family.root.submit(first, family.nowNs);
    family.root.submit(Family.task(2, first), family.nowNs);
    Task third = Family.task(3);
    family.root.submit(third, family.nowNs);
    assertTrue(family.root.cancel(third, false, family.nowNs));
    assertFalse(journal.lines.stream().anyMatch(line -> line.startsWith("SUBMITTED")));
    family.runAll(new byte[] {1});
    assertEquals(journal.lines, monitor.lines);
    assertEquals("RANK_JOINED 1 0", journal.lines.getFirst());
    assertEquals(
        List.of("SUBMITTED 1 0", "READY 1 0", "LAUNCHED 1 0", "SUCCEEDED 1 1000"), of(journal, 1));
    assertEquals(List.of("SUBMITTED 3 0", "READY 3 0", "CANCELLED 3 0"), of(journal, 3));
    assertEquals("SUCCEEDED 2 1000", of(journal, 2).getLast());
    assertTrue(journal.runs < journal.lines.size(), "" + journal.lines);
  }

  @Test
  void shouldTellEachFactWithTheTimeOfItsOwnTurn() {
    List<String> told = new ArrayList<>();
    family.root.listen(
        (ids, facts, _, count, nowNs) -> {
          for (int i = 0; i < count; i++) {
            told.add(facts[i] + " " + ids[i] + " at " + nowNs);
          }
        });
    family.begin();
    told.clear();
    for (int id = 1; id <= 3 * Facts.RUN_MAX; id++) {
      family.root.submit(Family.task(id), 5_000_000);
    }
    Turn.run(family.root, 6_000_000);
    assertTrue(told.size() >= 6 * Facts.RUN_MAX, "facts=" + told.size());
    for (String line : told) {
      assertEquals(
          line.startsWith("LAUNCHED") ? "6000000" : "5000000",
          line.substring(line.indexOf(" at ") + 4),
          line);
    }
    family.nowNs = 6_000_000;
    family.runAll(new byte[] {1});
  }

  /// Throws at the first fact that is told, and never again.
  private static FactListener throwing(String message) {
    return new FactListener() {
      private boolean hasThrown;

      @Override
      public void onFacts(long[] ids, Fact[] facts, long[] durationsNs, int count, long nowNs) {
        if (!hasThrown) {
          hasThrown = true;
          throw new IllegalStateException(message);
        }
      }
    };
  }

  @Test
  void shouldTellOtherListenersWhenOneThrows() {
    Journal monitor = new Journal();
    family.root.listen(throwing("first"));
    family.root.listen(monitor);
    family.root.listen(throwing("last"));
    family.root.submit(Family.task(1), family.nowNs);
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> family.root.endTurn(family.nowNs));
    assertEquals("first", thrown.getMessage());
    assertEquals("last", thrown.getSuppressed()[0].getMessage());
    assertEquals(List.of("SUBMITTED 1 0", "READY 1 0"), monitor.lines);
    family.root.endTurn(family.nowNs);
    assertEquals(2, monitor.lines.size(), "told once");
  }

  private static List<String> of(Journal journal, long id) {
    return journal.lines.stream()
        .filter(line -> line.matches("(?!RANK_)[A-Z_]+ " + id + " .*"))
        .toList();
  }

  @Test
  void shouldTellOfMoreThanAListenerGetsAtOnceInSeveralRuns() {
    Journal journal = new Journal();
    family.root.listen(journal);
    family.begin();
    int before = journal.lines.size();
    for (int id = 1; id <= 2 * Facts.RUN_MAX; id++) {
      family.root.submit(Family.task(id), family.nowNs);
    }
    family.turn(0);
    assertTrue(journal.runs >= 4, "runs=" + journal.runs);
    assertTrue(journal.lines.size() - before >= 4 * Facts.RUN_MAX, "" + journal.lines.size());
    family.runAll(new byte[] {1});
    assertEquals(
        2L * Facts.RUN_MAX,
        journal.lines.stream().filter(line -> line.startsWith("SUCCEEDED ")).distinct().count());
  }
}
