package dev.heddle.transport;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import dev.heddle.wire.fault.Faults;
import dev.heddle.wire.fault.FaultyPort;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the door for injected faults promises around every transport.
final class FaultContract {
  private static final ValueLayout.OfInt NUMBER = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int MESSAGES = 10;
  private static final int DROPPED = 3;
  private static final int HELD = 5;
  private static final long HELD_NS = 20_000_000;

  private FaultContract() {}

  /// To each neighbour one message is lost and one is late; all others arrive, in their order.
  static void dropAndDelay(Member member) {
    Faults faults =
        (message, _) ->
            switch (message.get(NUMBER, 0)) {
              case DROPPED -> Faults.DROP;
              case HELD -> HELD_NS;
              default -> Faults.PASS;
            };
    FaultyPort port =
        new FaultyPort(
            member.transport(),
            faults,
            System::nanoTime,
            () -> {
              throw new AssertionError("rank=" + member.rank() + " ends");
            });
    TreeMap<Integer, List<Integer>> heard = new TreeMap<>();
    Receiver receiver =
        (source, message, bytes) -> {
          member.checkEquals(NUMBER.byteSize(), bytes, "bytes");
          heard
              .computeIfAbsent(source, _ -> new ArrayList<>())
              .add(message.segment().get(NUMBER, 0));
        };
    long beganNs = System.nanoTime();
    for (int number = 0; number < MESSAGES; number++) {
      for (int neighbour : member.neighbours()) {
        MessageBuffer buffer = claim(member, port, member.poolTowards(neighbour), receiver);
        MemorySegment s = buffer.segment();
        s.set(NUMBER, 0, number);
        port.send(buffer, (int) NUMBER.byteSize(), neighbour);
      }
    }
    List<Integer> expected = new ArrayList<>();
    for (int number = 0; number < MESSAGES; number++) {
      if (number != DROPPED) {
        expected.add(number);
      }
    }
    int neighbours = member.neighbours().length;
    member.await(
        "all messages but the lost ones",
        () -> {
          port.poll(receiver, 7);
          return !port.isHolding()
              && heard.size() == neighbours
              && heard.values().stream().allMatch(one -> one.size() >= expected.size());
        });
    member.check(
        neighbours == 0 || System.nanoTime() - beganNs >= HELD_NS / 2, "no message was late");
    member.meetPolling(receiver);
    for (int neighbour : member.neighbours()) {
      member.check(
          expected.equals(heard.get(neighbour)), "from " + neighbour + ": " + heard.get(neighbour));
    }
    member.await(
        "the end of all sends",
        () -> {
          port.poll(receiver, 7);
          return member.transport().isFlushed();
        });
  }

  /// A free buffer; those of held messages come back by polls of `port` alone.
  private static MessageBuffer claim(Member member, FaultyPort port, int pool, Receiver receiver) {
    @Nullable MessageBuffer[] claimed = {port.claim(pool)};
    member.await(
        "a free buffer of pool " + pool,
        () -> {
          if (claimed[0] == null) {
            port.poll(receiver, 7);
            claimed[0] = port.claim(pool);
          }
          return claimed[0] != null;
        });
    return Objects.requireNonNull(claimed[0]);
  }
}
