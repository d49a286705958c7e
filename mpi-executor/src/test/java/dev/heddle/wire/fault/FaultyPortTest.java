package dev.heddle.wire.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.heddle.core.link.TestPort;
import dev.heddle.wire.MessageBuffer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultyPortTest {
  private final TestPort inner = new TestPort(1);
  private final List<Long> verdicts = new ArrayList<>();
  private final List<String> received = new ArrayList<>();
  private long nowNs = 100;
  private int ends;

  private final FaultyPort port =
      new FaultyPort(
          inner,
          new Faults() {
            @Override
            public long onSend(MemorySegment message, int bytes) {
              return verdicts.isEmpty() ? PASS : verdicts.removeFirst();
            }

            @Override
            public long onReceive(MemorySegment message, int bytes) {
              return verdicts.isEmpty() ? PASS : verdicts.removeFirst();
            }
          },
          () -> nowNs,
          () -> ends++);

  private void send(int target, int bytes) {
    MessageBuffer buffer = port.claim(0);
    assertNotNull(buffer);
    port.send(buffer, bytes, target);
  }

  /// What has left since the last call: target and bytes.
  private List<String> left() {
    List<String> left =
        inner.outbox.stream().map(sent -> sent.target() + ":" + sent.bytes().length).toList();
    inner.outbox.clear();
    return left;
  }

  private void poll() {
    port.poll((source, _, bytes) -> received.add(source + ":" + bytes), 10);
  }

  @Test
  void shouldDropOneMessageAndGiveItsBufferBack() {
    verdicts.addAll(List.of(Faults.PASS, Faults.DROP, Faults.PASS));
    send(2, 100);
    send(2, 101);
    send(2, 102);
    assertEquals(List.of("2:100", "2:102"), left());
    assertEquals(0, inner.claimed);
  }

  @Test
  void shouldHoldAMessageWithoutLettingOthersForItsRankPass() {
    verdicts.addAll(List.of(50L, Faults.PASS, Faults.PASS, Faults.DROP));
    send(2, 100);
    send(2, 101);
    send(3, 102);
    send(2, 103);
    assertEquals(List.of("3:102"), left(), "another rank waits for nothing");
    nowNs = 149;
    poll();
    assertEquals(List.of(), left());
    nowNs = 150;
    poll();
    assertEquals(List.of("2:100", "2:101"), left());
    send(2, 104);
    assertEquals(List.of("2:104"), left());
    assertEquals(0, inner.claimed);
  }

  @Test
  void shouldKeepTheOrderOfMessagesThatAreAllHeld() {
    verdicts.addAll(List.of(50L, 10L));
    send(2, 100);
    send(2, 101);
    nowNs = 120;
    poll();
    assertEquals(List.of(), left(), "the second one is due, and not the first");
    nowNs = 150;
    poll();
    assertEquals(List.of("2:100", "2:101"), left());
  }

  @Test
  void shouldSendAndTakeNothingOnceItHasEnded() {
    verdicts.addAll(List.of(50L, Faults.END));
    send(2, 100);
    send(3, 101);
    assertEquals(1, ends);
    send(3, 102);
    nowNs = 200;
    inner.arrive(7, 100);
    poll();
    assertEquals(List.of(), left());
    assertEquals(List.of(), received);
    assertEquals(1, ends, "once");
    assertEquals(0, inner.claimed);
  }

  @Test
  void shouldMeetMessagesThatArrive() {
    verdicts.addAll(List.of(Faults.PASS, Faults.DROP, Faults.END));
    for (int bytes = 100; bytes < 104; bytes++) {
      inner.arrive(7, bytes);
      poll();
    }
    assertEquals(List.of("7:100"), received);
    assertEquals(1, ends);
  }

  @Test
  void shouldForgetWhatIsHeldForARankThatIsGivenUp() {
    verdicts.addAll(List.of(50L, 50L));
    send(2, 100);
    send(3, 101);
    port.abandon(2);
    nowNs = 150;
    poll();
    assertEquals(List.of("3:101"), left());
    assertEquals(List.of(2), inner.abandoned);
    assertEquals(0, inner.claimed);
  }
}
