package dev.heddle.transport;

import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// One rank's part in a scenario: its transport, the meeting with the others, and waits that end.
public final class Member {
  private static final long AWAIT_NS_MAX = TimeUnit.SECONDS.toNanos(60);
  private static final int SPINS = 50;
  private static final long PARK_NS = 50_000;

  private final Transport transport;
  private final Meeting meeting;

  /// A rank with a transport of its own.
  public Member(Transport transport, Meeting meeting) {
    this.transport = transport;
    this.meeting = meeting;
  }

  Transport transport() {
    return transport;
  }

  int rank() {
    return transport.rank();
  }

  boolean isLocal() {
    return transport.description().equals("local");
  }

  /// Parent and children.
  int[] neighbours() {
    int parent = transport.parentRank();
    IntStream children = IntStream.of(transport.childRanks());
    return (parent < 0 ? children : IntStream.concat(IntStream.of(parent), children)).toArray();
  }

  int poolTowards(int rank) {
    return rank == transport.parentRank() ? Transport.POOL_UP : Transport.POOL_DOWN;
  }

  /// Waits without spinning for long: there may be more ranks than cores.
  void await(String what, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + AWAIT_NS_MAX;
    int spins = 0;
    while (!condition.getAsBoolean()) {
      if (deadlineNs - System.nanoTime() <= 0) {
        throw new AssertionError("rank=" + rank() + " waited in vain for: " + what);
      }
      if (++spins > SPINS) {
        LockSupport.parkNanos(PARK_NS);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  /// Meets all other ranks; the transport is not polled meanwhile.
  void meet() {
    meeting.enter();
    await("the meeting", meeting::isComplete);
  }

  /// Meets all other ranks and polls meanwhile.
  void meetPolling(Receiver handler) {
    meeting.enter();
    await(
        "the meeting",
        () -> {
          transport.poll(handler, Integer.MAX_VALUE);
          return meeting.isComplete();
        });
  }

  /// Claims a buffer, and polls while there is none.
  MessageBuffer claim(int pool, Receiver handler) {
    MessageBuffer[] claimed = new MessageBuffer[1];
    await(
        "a free buffer of pool " + pool,
        () -> {
          MessageBuffer buffer = transport.claim(pool);
          if (buffer == null) {
            transport.poll(handler, Integer.MAX_VALUE);
            return false;
          }
          claimed[0] = buffer;
          return true;
        });
    return claimed[0];
  }

  void check(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError("rank=" + rank() + " " + what);
    }
  }

  void checkEquals(long expected, long actual, String what) {
    check(expected == actual, "%s: expected=%d actual=%d".formatted(what, expected, actual));
  }

  void checkThrows(Class<? extends RuntimeException> expected, String what, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      check(expected.isInstance(e), what + ": wrong exception " + e);
      check(e.getMessage() != null && !e.getMessage().isBlank(), what + ": no message");
      return;
    }
    throw new AssertionError("rank=" + rank() + " not refused: " + what);
  }
}
