package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.OutputFrame;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.EdgeState;
import dev.heddle.core.link.Limits;
import dev.heddle.core.link.Phase;
import dev.heddle.wire.Header;
import dev.heddle.wire.frame.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What tasks print, on its way up a family of four.
@ExtendWith(EmptyOutboxes.class)
class OutputTest {
  private static final Limits LIMITS =
      new Limits(
          15_000_000_000L, 1 << 16, 1 << 16, 1 << 20, 2_000, 64, 8, 1 << 16, 1 << 16, 256, 0);

  private final Family family = new Family(LIMITS);

  private void start() {
    family.settle();
    family.root.define(0, new byte[] {1, 2, 3});
  }

  private Relay relay(int rank) {
    return (Relay) family.roles[rank];
  }

  @Test
  void shouldPassLinesOfEveryRankUpAheadOfTheirTasksOutcome() {
    start();
    for (int id = 1; id <= 3; id++) {
      family.root.submit(Family.task(id), family.nowNs);
    }
    family.settle();
    List<String> expected = new ArrayList<>();
    while (!family.started.isEmpty()) {
      int rank = family.started.element().rank();
      long id =
          Frame.getLong(
              java.lang.foreign.MemorySegment.ofArray(family.started.element().frame()), 8);
      family.print(rank, "first", Frame.OUTPUT_OUT);
      family.print(rank, "second", Frame.OUTPUT_ERR);
      family.finish(Frame.SUCCEEDED, new byte[1]);
      family.settle();
      expected.addAll(List.of(rank + " 0 first", rank + " 1 second", "done " + id));
    }
    assertEquals(9, expected.size());
    assertEquals(expected, family.printed);
    family.checkInvariants();
  }

  @Test
  void shouldKeepWhatHasNoCreditAtItsSourceAndInOrder() {
    start();
    family.root.submit(Family.task(1), family.nowNs);
    family.root.submit(Family.task(2), family.nowNs);
    family.root.submit(Family.task(3), family.nowNs);
    family.settle();
    // rank 3 prints more than a window holds while nobody listens
    long before = relay(3).outputBytesSent();
    for (int i = 0; i < 20; i++) {
      family.print(3, "line " + i, Frame.OUTPUT_OUT);
    }
    long frameBytes = Frame.padded(Frame.OUTPUT_BYTES + "line 0".length());
    assertEquals(8 * frameBytes, relay(3).outputBytesSent() - before, "a window is on its way");
    while (family.started.element().rank() != 3) {
      family.started.add(family.started.remove());
    }
    family.finish(Frame.SUCCEEDED, new byte[1]);
    family.settle();
    assertEquals(20 * frameBytes, relay(3).outputBytesSent() - before);
    assertEquals(21, family.printed.size());
    for (int i = 0; i < 20; i++) {
      assertEquals("3 0 line " + i, family.printed.get(i));
    }
    assertTrue(family.printed.get(20).startsWith("done "), family.printed.get(20));
    family.checkInvariants();
  }

  @Test
  void shouldPrintEverythingBeforeTheBye() {
    start();
    for (int i = 0; i < 50; i++) {
      family.print(2, "line " + i, Frame.OUTPUT_OUT);
    }
    family.root.shutdown(0, family.nowNs);
    family.settle();
    assertEquals(Phase.STOPPED, family.root.phase());
    assertEquals(50, family.printed.size());
    family.print(2, "too late", Frame.OUTPUT_OUT);
    family.settle();
    assertEquals(50, family.printed.size());
    assertTrue(family.roles[2].link().isDrained());
  }

  @Test
  void shouldSendWhatCreditAllowsWhenAborted() {
    start();
    family.ports[1].free = 0;
    family.print(1, "the reason", Frame.OUTPUT_ERR);
    Turn.run(family.roles[1], ++family.nowNs);
    assertEquals(0, relay(1).outputBytesSent());
    family.root.shutdown(Frame.FLAG_ABORT, family.nowNs);
    family.ports[1].free = Integer.MAX_VALUE;
    family.settle();
    assertEquals(List.of("1 1 the reason"), family.printed);
    assertEquals(Phase.STOPPED, family.root.phase());
  }

  @Test
  void shouldRefuseOutputFromAboveAndBeyondItsCredit() {
    start();
    byte[] frame = OutputFrame.of(0, Frame.OUTPUT_OUT, 0, new byte[] {'x'});
    Edge up = relay(2).link().edge(1);
    Edge down = family.root.link().edge(1);
    assertTrue(up != null && down != null);
    family.deliver(
        2,
        1,
        Family.message(1, EdgeState.sequenceReceived(up) + 1, frame),
        Header.BYTES + frame.length);
    assertEquals(1, relay(2).link().counters().refused(Header.Refusal.FRAMES));
    for (int i = 0; i < 9; i++) {
      toRoot(down, frame);
    }
    assertEquals(1, family.root.link().counters().refused(Header.Refusal.FRAMES));
    assertEquals(8, family.printed.size());
    // with a turn, which renews the grant, there is room again
    Turn.run(family.root, ++family.nowNs);
    assertEquals(List.of(), family.ports[0].takeOnly().kinds());
    toRoot(down, frame);
    assertEquals(9, family.printed.size());
  }

  private void toRoot(Edge down, byte[] frame) {
    family.deliver(
        0,
        1,
        Family.message(1, EdgeState.sequenceReceived(down) + 1, frame),
        Header.BYTES + frame.length);
  }
}
