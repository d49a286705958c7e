package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.Statistics;
import dev.heddle.core.link.EdgeState;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.TestPort;
import dev.heddle.wire.Header;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What all ranks do arrives at rank 0 as one sum, by one message of each child.
@ExtendWith(EmptyOutboxes.class)
class StatisticsTest {
  private static final Statistics NOTHING = new Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private Family family = Family.ofThreeLevels(Limits.defaults(), 3);
  private long nextId = 1;

  private void submit(int count) {
    for (int i = 0; i < count; i++) {
      family.root.submit(Family.task(nextId++), family.nowNs);
    }
  }

  private Statistics ask() {
    family.statistics.clear();
    assertTrue(family.root.askStatistics(family.nowNs));
    family.settle();
    assertEquals(1, family.statistics.size());
    return family.statistics.getFirst();
  }

  private long strays() {
    long strays = 0;
    for (Role role : family.roles) {
      strays += role.link().counters().strayFrames;
    }
    return strays;
  }

  /// Ranks 4 to 6 fall silent until rank 0 gives rank 4 up.
  private void loseRank4() {
    for (int second = 0; family.lost.isEmpty(); second++) {
      assertTrue(second < 60, "it is never given up");
      family.nowNs += 1_000_000_000;
      for (int rank = 0; rank < 4; rank++) {
        Turn.run(family.roles[rank], family.nowNs);
      }
      for (int rank = 0; rank < 4; rank++) {
        for (TestPort.Sent sent : List.copyOf(family.ports[rank].outbox)) {
          if (sent.target() < 4) {
            family.deliver(sent);
          }
        }
        family.ports[rank].outbox.clear();
      }
    }
  }

  @Test
  void shouldSumOverAllRanks() {
    family.begin();
    Statistics idle = ask();
    assertEquals(7, idle.ranks());
    assertEquals(18, idle.slots());
    assertEquals(18, idle.freeSlots());
    assertEquals(0, idle.tasksWaiting() + idle.tasksEnded() + idle.taskTimeNs());
    submit(5);
    family.settle();
    Statistics busy = ask();
    assertEquals(13, busy.freeSlots());
    assertEquals(0, busy.tasksEnded());
    family.runAll(new byte[] {1});
    Statistics after = ask();
    assertEquals(18, after.freeSlots());
    assertEquals(5, after.tasksEnded());
    assertEquals(5_000, after.taskTimeNs());
    assertTrue(after.messagesSent() > busy.messagesSent(), after.toString());
    assertTrue(after.messagesReceived() > busy.messagesReceived(), after.toString());
    assertEquals(0, after.messagesRefused());
    assertEquals(0, strays());
    family.checkInvariants();
  }

  @Test
  void shouldCountWhatWaitsAtWorkers() {
    family.begin();
    // many that end at once, so that their kind is known to be short and may wait for slots
    submit(500);
    family.runAll(new byte[] {1});
    submit(200);
    family.settle();
    assertEquals(200, family.root.graph().launchedCount());
    Statistics sums = ask();
    assertEquals(0, sums.freeSlots());
    assertEquals(200 - 18, sums.tasksWaiting());
    family.runAll(new byte[] {1});
    assertEquals(0, ask().tasksWaiting());
  }

  @Test
  void shouldTakeOneMessageOfEachChildHoweverManyRanksThereAre() {
    family.begin();
    assertTrue(family.root.askStatistics(family.nowNs));
    Map<Integer, Integer> framesByTarget = new TreeMap<>();
    while (family.turn(
            (sent, _) -> {
              for (int kind : sent.kinds()) {
                if (kind == Frame.STATISTICS) {
                  framesByTarget.merge(sent.target(), 1, Integer::sum);
                }
              }
            })
        > 0) {}
    assertEquals(Map.of(0, 2, 1, 3, 2, 1, 3, 1, 4, 3, 5, 1, 6, 1), framesByTarget);
  }

  @Test
  void shouldAnswerWithoutARankThatIsLostMeanwhile() {
    family.begin();
    assertTrue(family.root.askStatistics(family.nowNs));
    family.turn(0);
    // the question for rank 4 is lost with it
    family.ports[0].outbox.removeIf(sent -> sent.target() == 4);
    family.settle();
    assertEquals(0, family.statistics.size());
    assertFalse(family.root.askStatistics(family.nowNs), "one question at a time");
    loseRank4();
    assertEquals(1, family.statistics.size());
    assertEquals(4, family.statistics.getFirst().ranks());
    assertTrue(family.root.askStatistics(family.nowNs));
    family.turn(0);
    assertEquals(1, family.ports[0].outbox.stream().filter(StatisticsTest::hasStatistics).count());
    for (TestPort.Sent sent : List.copyOf(family.ports[0].outbox)) {
      assertTrue(sent.target() < 4, "rank 4 is lost");
    }
    family.ports[0].outbox.clear();
  }

  private static boolean hasStatistics(TestPort.Sent sent) {
    return sent.kinds().contains(Frame.STATISTICS);
  }

  @Test
  void shouldRefuseToAskARunThatHasNotBegunOrEnds() {
    assertFalse(family.root.askStatistics(0));
    family.begin();
    family.settle();
    family.root.shutdown(0, family.nowNs);
    family.settle();
    assertFalse(family.root.askStatistics(family.nowNs));
    family.settle();
    assertEquals(0, family.statistics.size());
  }

  @Test
  void shouldAnswerFromRankZeroAlone() {
    family = Family.ofLeaves(Limits.defaults(), 0, 4, 1);
    family.begin();
    submit(1);
    family.settle();
    assertEquals(new Statistics(1, 4, 3, 0, 0, 0, 0, 0, 0, 0), ask());
    family.runAll(new byte[] {1});
  }

  /// A frame of rank 1 or to it, sealed as its sender would.
  private void send(int target, int source, byte[] frame) {
    long sequence =
        EdgeState.sequenceReceived(Objects.requireNonNull(family.roles[target].link().edge(source)))
            + 1;
    family.deliver(
        target, source, Family.message(source, sequence, frame), Header.BYTES + frame.length);
  }

  @Test
  void shouldTakeNoAnswerTwiceAndNoneThatIsNotAwaited() {
    family.begin();
    ask();
    byte[] again = NOTHING.answer(1);
    send(0, 1, again);
    assertEquals(1, strays(), "the question is answered");
    assertTrue(family.root.askStatistics(family.nowNs));
    send(0, 1, again);
    assertEquals(2, strays(), "an answer to the question before");
    send(0, 1, Statistics.question(2));
    assertEquals(3, strays(), "a child doesn't ask");
    send(0, 1, NOTHING.answer(2));
    send(0, 1, NOTHING.answer(2));
    assertEquals(4, strays(), "an answer that was given");
  }

  @Test
  void shouldTakeOnlyNewQuestions() {
    family.begin();
    ask();
    send(1, 0, Statistics.question(1));
    assertEquals(1, strays(), "asked before");
    send(1, 0, NOTHING.answer(2));
    assertEquals(2, strays(), "a parent doesn't answer");
  }

  @Test
  void shouldStayAtTheLargestNumberWhereASumIsTooLarge() {
    long most = Long.MAX_VALUE;
    Statistics all = new Statistics(most, most, most, most, most, most, most, most, most, most);
    assertEquals(all, all.plus(all));
    assertEquals(all, Statistics.of(MemorySegment.ofArray(all.answer(3)), 0));
    assertTrue(Frame.check(MemorySegment.ofArray(all.answer(3)), 0, Frame.STATISTICS_BYTES));
  }
}
