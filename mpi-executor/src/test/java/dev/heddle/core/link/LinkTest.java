package dev.heddle.core.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.core.frames.ValueFrame;
import dev.heddle.core.role.Family;
import dev.heddle.graph.BigValue;
import dev.heddle.wire.Header;
import dev.heddle.wire.Header.Refusal;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class LinkTest {
  private static final Limits LIMITS = Limits.defaults();
  private static final long LIVENESS_NS = LIMITS.livenessNs();

  private final TestPort port = new TestPort(5);
  private final List<Integer> frames = new ArrayList<>();
  private final List<Integer> lost = new ArrayList<>();
  private long granted = 10;
  private final Link link =
      new Link(5, 1, new int[] {8, 9}, Family.RUN_ID, LIMITS, port, port.memory, handler());
  private final Edge parent = edge(1);
  private final Edge child = edge(8);

  private Edge edge(int rank) {
    Edge edge = link.edge(rank);
    assertNotNull(edge);
    return edge;
  }

  private Link.Handler handler() {
    return new Link.Handler() {
      @Override
      public void onFrame(
          Edge edge, int kind, MemorySegment s, long offset, int length, long nowNs) {
        frames.add(kind);
      }

      @Override
      public void onCredit(Edge edge, long more, long bytes) {}

      @Override
      public void refreshGrants(Edge edge) {
        edge.frameGrant = granted;
        edge.byteGrant = granted * 100;
      }

      @Override
      public void onEdgeLost(Edge edge, long silenceNs, long nowNs) {
        lost.add(edge.rank);
      }
    };
  }

  private static byte[] head(int kind) {
    byte[] frame = new byte[Frame.HEAD_BYTES];
    Frame.head(MemorySegment.ofArray(frame), 0, kind, 0, 0, frame.length);
    return frame;
  }

  private static byte[] result() {
    byte[] frame = new byte[Frame.RESULT_BYTES];
    Frame.head(MemorySegment.ofArray(frame), 0, Frame.RESULT, 0, 0, frame.length);
    return frame;
  }

  private void receive(MessageBuffer message, int source) {
    port.deliver(link, source, message, message.capacity(), 1);
  }

  private static MessageBuffer granting(int source, long sequence, long limit) {
    MessageBuffer message = Family.message(source, sequence, head(Frame.HEARTBEAT));
    Header.grantTasks(message.segment(), limit, limit * 1000);
    Header.seal(message, message.capacity(), new CRC32C());
    return message;
  }

  @Test
  void shouldSendWhatOneTurnCausedInOneMessage() {
    link.control(parent, head(Frame.HEARTBEAT));
    link.control(parent, head(Frame.BYE));
    assertTrue(port.outbox.isEmpty());
    assertEquals(1, link.flush());
    assertEquals(List.of(Frame.HEARTBEAT, Frame.BYE), port.takeOnly().kinds());
    assertEquals(0, link.flush());
    assertEquals(0, port.claimed);
  }

  @Test
  void shouldCloseABatchThatIsFull() {
    int perMessage = (TestPort.EAGER_BYTES_MAX - Header.BYTES) / Frame.HEAD_BYTES;
    for (int i = 0; i <= perMessage; i++) {
      link.control(parent, head(Frame.HEARTBEAT));
    }
    assertEquals(perMessage, port.takeOnly().kinds().size());
    link.flush();
    assertEquals(1, port.takeOnly().kinds().size());
  }

  @Test
  void shouldSendTasksOnlyWithCredit() {
    assertEquals(Link.NO_CREDIT, link.claim(child, Frame.TASK, 40));
    receive(granting(8, 1, 1), 8);
    int at = link.claim(child, Frame.TASK, 40);
    assertEquals(Header.BYTES, at);
    Frame.head(link.segment(), at, Frame.TASK, 0, 0, 40);
    link.commit();
    assertEquals(Link.NO_CREDIT, link.claim(child, Frame.TASK, 40));
    link.flush();
    assertEquals(List.of(Frame.TASK), port.takeOnly().kinds());
    link.checkInvariants();
  }

  @Test
  void shouldGrantNothingTwiceByALateMessage() {
    receive(granting(8, 1, 5), 8);
    receive(granting(8, 2, 3), 8);
    assertEquals(5, child.frameLimit());
    receive(granting(8, 2, 9), 8);
    assertEquals(5, child.frameLimit());
    assertEquals(1, link.counters().refused(Refusal.SEQUENCE));
  }

  @Test
  void shouldRefuseMoreThanItGranted() {
    granted = 1;
    link.touch(child);
    link.flush();
    assertEquals(1, port.takeOnly().frameLimit());
    receive(Family.message(8, 1, result()), 8);
    receive(Family.message(8, 2, result()), 8);
    assertEquals(List.of(Frame.RESULT), frames);
    assertEquals(1, link.counters().refused(Refusal.FRAMES));
    link.checkInvariants();
  }

  @Test
  void shouldRefuseStrangersOtherRunsAndOtherKinds() {
    receive(Family.message(7, 1, head(Frame.HEARTBEAT)), 7);
    receive(Family.message(9, 1, head(Frame.HEARTBEAT)), 8);
    assertEquals(2, link.counters().refused(Refusal.SOURCE));
    receive(Family.message(8, 1, head(Frame.SHUTDOWN)), 8);
    receive(Family.message(1, 1, head(Frame.BYE)), 1);
    assertEquals(2, link.counters().refused(Refusal.FRAMES));
    MessageBuffer other = Family.message(8, 1, head(Frame.HEARTBEAT));
    Frame.putLong(other.segment(), 16, 1);
    Header.seal(other, other.capacity(), new CRC32C());
    receive(other, 8);
    assertEquals(1, link.counters().refused(Refusal.RUN));
    Frame.putLong(other.segment(), 16, Family.RUN_ID);
    Frame.putInt(other.segment(), 28, 1);
    Header.seal(other, other.capacity(), new CRC32C());
    receive(other, 8);
    assertEquals(1, link.counters().refused(Refusal.EPOCH));
    assertEquals(0, link.counters().messagesReceived);
  }

  @Test
  void shouldKeepTheOrderOfWhatWaitsForABuffer() {
    port.free = 0;
    link.control(child, ValueFrame.missing(1));
    receive(granting(8, 1, 5), 8);
    port.free = 1;
    assertTrue(link.claim(child, Frame.TASK, 40) > Header.BYTES);
    Frame.head(link.segment(), child.openBytes, Frame.TASK, 0, 0, 40);
    link.commit();
    link.flush();
    assertEquals(List.of(Frame.MISSING, Frame.TASK), port.takeOnly().kinds());
    assertTrue(link.isDrained());
  }

  @Test
  void shouldGoOnWhenABufferComes() {
    port.free = 0;
    link.control(child, head(Frame.SHUTDOWN));
    assertEquals(0, link.flush());
    assertFalse(link.isDrained());
    port.free = 1;
    assertEquals(1, link.flush());
    assertEquals(List.of(Frame.SHUTDOWN), port.takeOnly().kinds());
    assertTrue(link.isDrained());
  }

  @Test
  void shouldGiveSignsOfLifeToEveryNeighbourWithOneBuffer() {
    link.startWatching(0);
    port.free = 1;
    long now = LIVENESS_NS / 7;
    List<Integer> targets = new ArrayList<>();
    link.onTick(now);
    for (int i = 0; i < 3; i++) {
      link.flush();
      targets.add(port.takeOnly().target());
      port.free = 1;
    }
    assertEquals(List.of(1, 8, 9), targets.stream().sorted().toList());
    link.onTick(now + LIVENESS_NS / 20);
    assertEquals(0, link.flush());
  }

  /// Ticks every tenth of the liveness time, with signs of life of `alive` in between.
  private void pass(long fromNs, long toNs, int... alive) {
    for (long now = fromNs; now <= toNs; now += LIVENESS_NS / 10) {
      for (int rank : alive) {
        MessageBuffer message =
            Family.message(rank, edge(rank).sequenceReceived + 1, head(Frame.HEARTBEAT));
        port.deliver(link, rank, message, message.capacity(), now);
      }
      link.onTick(now);
      link.flush();
      port.outbox.clear();
    }
  }

  @Test
  void shouldMissASilentChildWithinTheLivenessTime() {
    link.startWatching(0);
    pass(1, LIVENESS_NS, 1, 8);
    assertEquals(List.of(9), lost);
    assertEquals(List.of(9), port.abandoned);
    receive(Family.message(9, 1, head(Frame.HEARTBEAT)), 9);
    assertEquals(1, link.counters().refused(Refusal.SOURCE));
  }

  @Test
  void shouldWaitLongerForItsParent() {
    link.startWatching(0);
    pass(1, LIVENESS_NS * 39 / 10, 8, 9);
    assertTrue(lost.isEmpty());
    pass(LIVENESS_NS * 4, LIVENESS_NS * 43 / 10, 8, 9);
    assertEquals(List.of(1), lost);
  }

  @Test
  void shouldWaitForAJvmThatIsStoppedInALiveProcess() {
    link.startWatching(0);
    port.processSilenceNs = LIVENESS_NS / 8;
    long patienceNs = LIVENESS_NS * 2 / 3 * Liveness.STOPPED_FACTOR;
    pass(1, patienceNs, 1);
    assertTrue(lost.isEmpty());
    pass(patienceNs, patienceNs + LIVENESS_NS, 1);
    assertEquals(List.of(8, 9), lost);
  }

  @Test
  void shouldMissAProcessThatHasFallenSilentWithItsJvm() {
    link.startWatching(0);
    port.processSilenceNs = LIVENESS_NS * 3 / 4;
    pass(1, LIVENESS_NS, 1, 8);
    assertEquals(List.of(9), lost);
  }

  @Test
  void shouldMissNobodyAfterAPauseOfItsOwn() {
    link.startWatching(0);
    link.onTick(LIVENESS_NS / 2);
    long after = LIVENESS_NS * 100;
    link.onTick(after);
    assertTrue(lost.isEmpty());
    assertTrue(child.lastHeardNs <= after);
    // and then no longer than without the pause
    pass(after + 1, after + LIVENESS_NS, 1);
    assertEquals(List.of(8, 9), lost);
  }

  @Test
  void shouldCarryLargeFramesApart() {
    byte[] value = bytes(ValueFrame.of(3, new byte[5000], 0, 5000));
    link.control(child, value);
    link.flush();
    TestPort.Sent announced = port.takeOnly();
    assertEquals(List.of(Frame.ANNOUNCE), announced.kinds());
    assertFalse(link.isDrained());
    byte[] go = new byte[16];
    Frame.head(MemorySegment.ofArray(go), 0, Frame.GO, 0, 0, 16);
    receive(Family.message(9, 1, go), 9);
    assertEquals(1, link.counters().strayFrames);
    assertTrue(port.bulkSends.isEmpty());
    receive(Family.message(8, 1, go), 8);
    assertEquals(1, port.bulkSends.size());
    assertEquals(value.length, port.bulkSends.getFirst().memory().byteSize());
    link.onBulkSent(8, 0);
    assertTrue(link.isDrained());
  }

  private static byte[] bytes(BigValue value) {
    return value.frame().toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] announce(int kind, int transfer, long length, int crc) {
    byte[] frame = new byte[24];
    MemorySegment s = MemorySegment.ofArray(frame);
    Frame.head(s, 0, Frame.ANNOUNCE, kind, 0, 24);
    Frame.putInt(s, 8, transfer);
    Frame.putInt(s, 12, crc);
    Frame.putLong(s, 16, length);
    return frame;
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  @Test
  void shouldPostTheReceiveBeforeItAsksForAValue() {
    BigValue value = ValueFrame.of(3, new byte[5000], 0, 5000);
    assertTrue(link.bulk().fetch(parent, 3, 5000));
    assertEquals(1, port.bulkReceives.size());
    TestPort.Transfer posted = port.bulkReceives.getFirst();
    link.flush();
    TestPort.Sent asked = port.takeOnly();
    assertEquals(List.of(Frame.FETCH), asked.kinds());
    assertEquals(
        posted.transferId(), Frame.getInt(MemorySegment.ofArray(asked.bytes()), Header.BYTES + 24));
    posted.memory().copyFrom(value.frame());
    link.onBulkReceived(1, posted.transferId());
    assertEquals(List.of(Frame.VALUE), frames);
    assertTrue(link.isDrained());
    link.checkInvariants();
  }

  @Test
  void shouldBreakTheEdgeWhenAnotherValueComesThanWasAskedFor() {
    assertTrue(link.bulk().fetch(parent, 3, 5000));
    TestPort.Transfer posted = port.bulkReceives.getFirst();
    posted.memory().copyFrom(ValueFrame.of(4, new byte[5000], 0, 5000).frame());
    link.onBulkReceived(1, posted.transferId());
    assertTrue(frames.isEmpty());
    assertEquals(1, link.counters().refused(Refusal.FRAMES));
  }

  @Test
  void shouldFreeThePostedReceiveOfAValueThatDoesNotCome() {
    assertTrue(link.bulk().fetch(parent, 3, 5000));
    MemorySegment target = port.bulkReceives.getFirst().memory();
    link.bulk().withdraw(parent, 4);
    assertEquals(1, port.bulkReceives.size(), "another value");
    link.bulk().withdraw(parent, 3);
    assertTrue(port.bulkReceives.isEmpty());
    assertEquals(List.of(target), port.given);
    link.flush();
    assertTrue(link.isDrained());
    link.checkInvariants();
  }

  @Test
  void shouldSendAValueToThePostedReceiveAtOnce() {
    MemorySegment frame = ValueFrame.of(3, new byte[5000], 0, 5000).frame();
    assertTrue(link.bulk().send(child, 7, frame, true));
    assertEquals(1, port.bulkSends.size());
    assertEquals(7, port.bulkSends.getFirst().transferId());
    assertFalse(link.bulk().send(child, 7, frame, false), "such a transfer is open");
    assertFalse(link.bulk().send(child, 6, frame, false), "a number of our own");
    assertTrue(port.given.isEmpty());
    link.onBulkSent(8, 7);
    assertEquals(List.of(frame), port.given);
    assertTrue(link.isDrained());
  }

  @Test
  void shouldGiveMemoryBackOnceItHasLeftThoughItsTaskHasEndedBefore() {
    MemorySegment frame = ValueFrame.of(3, new byte[5000], 0, 5000).frame();
    assertTrue(link.bulk().send(child, 7, frame, false));
    link.bulk().giveWhenSent(frame);
    assertTrue(port.given.isEmpty(), "it is still read");
    link.onBulkSent(8, 7);
    assertEquals(List.of(frame), port.given);
    MemorySegment other = ValueFrame.of(4, new byte[5000], 0, 5000).frame();
    link.bulk().giveWhenSent(other);
    assertEquals(List.of(frame, other), port.given);
  }

  @Test
  void shouldKeepMemoryThatMayStillBeReadForALostNeighbour() {
    MemorySegment frame = ValueFrame.of(3, new byte[5000], 0, 5000).frame();
    link.startWatching(0);
    assertTrue(link.bulk().send(child, 7, frame, true));
    pass(1, LIVENESS_NS, 1, 9);
    assertEquals(List.of(8), lost);
    link.bulk().giveWhenSent(frame);
    link.onBulkSent(8, 7);
    assertTrue(port.given.isEmpty());
  }

  @Test
  void shouldTakeALargeFrameOfTheKindThatWasAnnounced() {
    byte[] value = bytes(ValueFrame.of(3, new byte[5000], 0, 5000));
    receive(Family.message(1, 1, announce(Frame.VALUE, 6, value.length, crc(value))), 1);
    link.flush();
    assertEquals(List.of(Frame.GO), port.takeOnly().kinds());
    receive(Family.message(1, 2, announce(Frame.VALUE, 6, value.length, crc(value))), 1);
    assertEquals(1, link.counters().strayFrames);
    assertEquals(1, port.bulkReceives.size());
    port.bulkReceives.getFirst().memory().copyFrom(MemorySegment.ofArray(value));
    link.onBulkReceived(1, 6);
    assertEquals(List.of(Frame.VALUE), frames);
    link.checkInvariants();
  }

  @Test
  void shouldBreakTheEdgeWhenALargeFrameIsNotWhatWasAnnounced() {
    byte[] value = bytes(ValueFrame.of(3, new byte[5000], 0, 5000));
    link.touch(parent);
    link.flush();
    port.outbox.clear();
    receive(Family.message(1, 1, announce(Frame.TASK, 6, value.length, crc(value))), 1);
    port.bulkReceives.getFirst().memory().copyFrom(MemorySegment.ofArray(value));
    link.onBulkReceived(1, 6);
    assertTrue(frames.isEmpty());
    assertEquals(1, link.counters().refused(Refusal.FRAMES));
    receive(Family.message(1, 2, head(Frame.HEARTBEAT)), 1);
    assertEquals(1, link.counters().refused(Refusal.SEQUENCE));
    link.checkInvariants();
  }

  @Test
  void shouldForgetWhatWasOpenWithALostNeighbour() {
    link.startWatching(0);
    link.control(child, bytes(ValueFrame.of(1, new byte[9000], 0, 9000)));
    receive(Family.message(8, 1, announce(Frame.RESULT, 2, 8000, 0)), 8);
    pass(1, LIVENESS_NS, 1, 9);
    assertEquals(List.of(8), lost);
    assertTrue(link.isDrained());
    assertEquals(0, port.claimed);
    link.checkInvariants();
  }
}
