package dev.heddle.runtime.measure;

import dev.heddle.core.role.LinkExchange;
import dev.heddle.transport.Transport;
import dev.heddle.transport.TreeShape;
import dev.heddle.transport.local.LocalNetwork;
import dev.heddle.transport.mpi.MpiWorld;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Messages to and fro between rank 0 and its first child, with nothing above the edges. They show
/// what a message allocates.
///
/// A round is one message each way, of [#FRAMES] frames. Threading: the calling thread, before or
/// after a run, never during a run.
public final class MessageLoop {
  /// Frames of a small batch.
  private static final int FRAMES = 4;

  private static final int EAGER_BYTES_MAX = 4096;
  private static final int BUFFERS_PER_POOL = 64;
  private static final long ROUND_NS_MAX = 30_000_000_000L;

  private MessageLoop() {}

  /// Runs two ranks on this thread. Returns the bytes allocated to send and receive a message: a
  /// round has two messages. Half as many rounds are run before, unmeasured.
  public static double local(int rounds) {
    LocalNetwork network =
        new LocalNetwork(TreeShape.regular(2, 1, 2), EAGER_BYTES_MAX, BUFFERS_PER_POOL);
    try (Transport above = network.transport(0);
        Transport below = network.transport(1)) {
      LinkExchange first = exchange(above);
      LinkExchange second = exchange(below);
      LongSupplier round =
          () -> {
            write(first, 1);
            first.turn();
            second.turn();
            write(second, 0);
            second.turn();
            first.turn();
            return first.messagesReceived();
          };
      return allocatedPerRound(rounds, round) / 2;
    }
  }

  /// Called on all ranks of an MPI launcher together. Returns `count` values on rank 0: the bytes
  /// that rank 0 allocates in a round, in which it sends one message and receives one. On other
  /// ranks the values mean nothing.
  ///
  /// Errors: [IllegalStateException] where there is only one rank, or the other rank falls silent.
  public static double[] mpi(int count, int rounds, long startTimeoutNs) {
    MpiWorld world = MpiWorld.init(startTimeoutNs);
    double[] values = new double[count];
    if (world.size() < 2) {
      throw new IllegalStateException("messages over MPI need 2 ranks: add --ranks 2");
    }
    try (Transport transport = world.connect(world.size())) {
      LinkExchange exchange = exchange(transport);
      int total = count * allRounds(rounds);
      if (world.rank() == 0) {
        LongSupplier round =
            () -> {
              write(exchange, 1);
              await(exchange, exchange.messagesReceived() + 1);
              return exchange.messagesReceived();
            };
        for (int i = 0; i < count; i++) {
          values[i] = allocatedPerRound(rounds, round);
        }
      } else if (world.rank() == 1) {
        for (int i = 0; i < total; i++) {
          await(exchange, i + 1);
          write(exchange, 0);
          exchange.turn();
        }
      }
      long deadlineNs = System.nanoTime() + ROUND_NS_MAX;
      while (!transport.isFlushed() && System.nanoTime() - deadlineNs < 0) {
        exchange.turn();
      }
      // No rank closes before all ranks have received everything.
      String _ = world.agree(null);
    }
    return values;
  }

  private static LinkExchange exchange(Transport transport) {
    return new LinkExchange(
        transport.rank(), transport.parentRank(), transport.childRanks(), 1, transport);
  }

  private static void write(LinkExchange from, int to) {
    if (!from.write(to, FRAMES)) {
      throw new IllegalStateException("no send buffer though one message is under way at most");
    }
  }

  private static void await(LinkExchange exchange, long messages) {
    long deadlineNs = 0;
    int turns = 0;
    exchange.turn();
    while (exchange.messagesReceived() < messages) {
      turns++;
      if ((turns & 1023) == 0) {
        // The other rank may need this core.
        LockSupport.parkNanos(1);
        long nowNs = System.nanoTime();
        deadlineNs = deadlineNs == 0 ? nowNs + ROUND_NS_MAX : deadlineNs;
        if (nowNs - deadlineNs > 0) {
          throw new IllegalStateException("the other rank is silent: messages=" + messages);
        }
      }
      exchange.turn();
    }
  }

  private static int allRounds(int rounds) {
    return rounds + rounds / 2;
  }

  private static double allocatedPerRound(int rounds, LongSupplier round) {
    long received = 0;
    for (int i = 0; i < allRounds(rounds) - rounds; i++) {
      received = round.getAsLong();
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long last = received;
    for (int i = 0; i < rounds; i++) {
      last = round.getAsLong();
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    if (last - received != rounds) {
      throw new IllegalStateException(
          "messages were lost: rounds=" + rounds + " received=" + (last - received));
    }
    return (double) allocated / rounds;
  }
}
