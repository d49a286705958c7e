package dev.heddle.core.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.link.Edge;
import dev.heddle.core.link.EdgeState;
import dev.heddle.core.link.Limits;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Who is below a rank, and who was lost.
@ExtendWith(EmptyOutboxes.class)
class MembershipTest {
  private final Family family = new Family(Limits.defaults());

  @Test
  void shouldTakeEachHelloAndByeOnce() {
    family.settle();
    Membership members =
        new Membership(family.roles[1].link(), Subtree.alone(0, 0, "host", "test"));
    Edge child = family.roles[1].link().edge(2);
    assertNotNull(child);
    EdgeState.setAbsent(child);
    byte[] hello = Subtree.alone(1, 1, "?", "test").toFrame();
    MemorySegment s = MemorySegment.ofArray(hello);
    assertTrue(members.onHello(child, s, 0));
    assertFalse(members.onHello(child, s, 0));
    assertFalse(members.isComplete());
    members.onBye(child);
    assertFalse(child.hasLeft());
    assertEquals(2, family.roles[1].link().counters().strayFrames);
  }

  @Test
  void shouldFitALossIntoAMessageWhateverTheHostIsCalled() {
    LostRank lost = new LostRank(1, "h".repeat(5_000), 2, 3, 40, new long[LostRank.LISTED_MAX]);
    byte[] frame = lost.toFrame();
    assertTrue(frame.length < 600);
    MemorySegment s = MemorySegment.ofArray(frame);
    assertTrue(Frame.check(s, 0, frame.length));
    assertEquals("h".repeat(256), LostRank.of(s, 0).host());
    assertEquals(40, LostRank.of(s, 0).tasks());
  }
}
