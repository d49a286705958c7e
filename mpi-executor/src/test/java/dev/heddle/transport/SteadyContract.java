package dev.heddle.transport;

import com.sun.management.ThreadMXBean;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.Receiver;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Scenarios of a long run: no garbage, and the JVM's signals in its own hands.
final class SteadyContract {
  private static final int WARMUP_MESSAGES = 20_000;
  private static final int MESSAGES = 100_000;

  /// Messages under way between the two ranks; less than every pool holds.
  private static final int WINDOW = 4;

  /// Less than one byte per message; what remains is the JVM's own bookkeeping.
  private static final long ALLOCATED_BYTES_MAX = 64 * 1024;

  private static final int IDLE_POLLS = 100;

  /// Enough for the loop to be compiled early in it, with null checks that are the hardware's.
  private static final int NULL_CHECKS = 60_000;

  /// A rank waits for its threads by a signal, or a page without rights, at each.
  private static final int COLLECTIONS = 5;

  private SteadyContract() {}

  static void allocation(Member member) {
    Transport transport = member.transport();
    if (transport.size() > 1 && member.rank() <= 1) {
      Echo echo = new Echo(transport, 1 - member.rank());
      echo.run(WARMUP_MESSAGES);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      echo.run(MESSAGES);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      member.check(
          allocated <= ALLOCATED_BYTES_MAX,
          "allocatedBytes=%d for messages=%d".formatted(allocated, MESSAGES));
    }
    TransportContract.finish(member);
  }

  static void signals(Member member) {
    int caught = 0;
    for (int i = 0; i < NULL_CHECKS; i++) {
      try {
        caught += lengthOf(i % 4 == 0 ? null : "x") - 1;
      } catch (NullPointerException _) {
        caught++;
      }
    }
    member.checkEquals(NULL_CHECKS / 4, caught, "NullPointerExceptions in compiled code");
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      member.transport().poll(TransportContract::unexpected, 1);
    }
    TransportContract.finish(member);
  }

  @SuppressWarnings({"NullAway", "DataFlowIssue"}) // The null check under test is the hardware's.
  private static int lengthOf(@Nullable String text) {
    return text.length();
  }

  /// Both ranks keep a window of messages under way and answer each other.
  private static final class Echo implements Receiver {
    private final Transport transport;
    private final int peer;
    private final int pool;
    private int sent;
    private int received;

    Echo(Transport transport, int peer) {
      this.transport = transport;
      this.peer = peer;
      this.pool = peer == transport.parentRank() ? Transport.POOL_UP : Transport.POOL_DOWN;
    }

    void run(int messages) {
      int until = sent + messages;
      int idle = 0;
      while (sent < until || received < until) {
        int work = transport.poll(this, 16);
        while (sent < until && sent < received + WINDOW) {
          MessageBuffer buffer = transport.claim(pool);
          if (buffer == null) {
            break;
          }
          transport.send(buffer, 64, peer);
          sent++;
          work++;
        }
        idle = work > 0 ? 0 : idle + 1;
        if (idle > IDLE_POLLS) {
          LockSupport.parkNanos(1);
        }
      }
    }

    @Override
    public void onMessage(int sourceRank, MessageBuffer buffer, int bytes) {
      received++;
    }
  }
}
