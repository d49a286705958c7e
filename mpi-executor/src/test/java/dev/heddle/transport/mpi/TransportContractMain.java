package dev.heddle.transport.mpi;

import dev.heddle.transport.Meeting;
import dev.heddle.transport.Member;
import dev.heddle.transport.TransportContract;
import dev.heddle.transport.TransportContract.Scenario;
import dev.heddle.transport.TreeShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/// The contract under a real launcher: every rank runs this, all play all scenarios together.
///
/// Arguments: the fan-out. One line per scenario from rank 0; the exit code is 0 when all held, 1
/// where one failed, 3 where this program's own watchdog ended it.
public final class TransportContractMain {
  private static final long INIT_NS_MAX = TimeUnit.SECONDS.toNanos(60);
  private static final long FINISH_NS_MAX = TimeUnit.SECONDS.toNanos(20);
  private static final long SCENARIO_MS_MAX = 90_000;
  private static final long EAGER_NS_MAX = TimeUnit.SECONDS.toNanos(20);
  private static final int EAGER_TAG = 7;

  private TransportContractMain() {}

  /// Starts a rank.
  public static void main(String[] args) {
    int fanout = Integer.parseInt(args[0]);
    Watchdog watchdog = new Watchdog();
    watchdog.begin("MPI_Init");
    try {
      MpiWorld world = MpiWorld.init(INIT_NS_MAX);
      for (Scenario scenario : TransportContract.scenarios()) {
        watchdog.begin(scenario.name());
        long startNs = System.nanoTime();
        try (MpiTransport transport = world.connect(fanout)) {
          scenario.play().play(new Member(transport, new WorldMeeting(world)));
        }
        say(world, scenario.name(), startNs);
      }
      watchdog.begin("trees over hosts");
      long startNs = System.nanoTime();
      checkTrees(world);
      say(world, "trees over hosts", startNs);
      watchdog.begin("an unmatched send of eagerBytesMax completes");
      startNs = System.nanoTime();
      checkEager(world, fanout);
      say(world, watchdog.name(), startNs);
      watchdog.begin("broadcast");
      checkBroadcast(world);
      watchdog.begin("MPI_Finalize");
      check(world.finish(FINISH_NS_MAX), "MPI_Finalize did not end in time");
      check(world.finish(FINISH_NS_MAX), "a second finish changed its mind");
      if (world.rank() == 0) {
        System.out.println("contract kept: " + world.family() + " " + world.version());
      }
      System.exit(0);
    } catch (Throwable t) {
      System.err.println("FAILED scenario=\"" + watchdog.name() + "\"");
      t.printStackTrace();
      // Not System.exit: MPI's exit handlers may wait for ranks that still play.
      System.err.flush();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void say(MpiWorld world, String name, long startNs) {
    if (world.rank() == 0) {
      long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      System.out.println("ok elapsedMs=" + elapsedMs + " scenario=\"" + name + "\"");
    }
  }

  /// Layouts that one machine does not have: the communicators must show the tree that the
  /// arithmetic gives, on every rank.
  private static void checkTrees(MpiWorld world) {
    Map<String, IntUnaryOperator> layouts =
        Map.of(
            "one rank per host", rank -> rank,
            "three per host", rank -> rank / 3,
            "round robin", rank -> rank % 3,
            "one large host", rank -> Math.max(0, rank - 8));
    for (String name : layouts.keySet().stream().sorted().toList()) {
      for (int fanout = 2; fanout <= 4; fanout += 2) {
        IntUnaryOperator layout = layouts.get(name);
        int[] hosts = new int[world.size()];
        Arrays.setAll(hosts, layout);
        TreeShape shape = TreeShape.of(fanout, hosts);
        try (MpiTransport transport = world.connect(fanout, hosts[world.rank()])) {
          int rank = transport.rank();
          String where = " layout=\"" + name + "\" fanout=" + fanout + " rank=" + rank;
          check(shape.parentOf(rank) == transport.parentRank(), "parent" + where);
          check(Arrays.equals(shape.childRanks(rank), transport.childRanks()), "children" + where);
          check(shape.runsTasks(rank) == transport.runsTasks(), "runsTasks" + where);
          check(shape.totals().equals(transport.totals()), "totals" + where);
        }
      }
    }
  }

  /// A message of the greatest length leaves while its receiver does nothing, not even with MPI:
  /// what waits for the receiver's answer goes at a tenth of the rate.
  private static void checkEager(MpiWorld world, int fanout) {
    MpiComm comm = MpiComm.world().dup();
    int bytes;
    int[] children;
    try (MpiTransport transport = world.connect(fanout)) {
      bytes = transport.eagerBytesMax();
      children = transport.childRanks();
      long requests = MpiCalls.newRequests(children.length + 1);
      MemorySegment memory = MpiCalls.allocate((children.length + 1L) * bytes);
      MemorySegment done = MpiCalls.allocate(Integer.BYTES);
      int parent = transport.parentRank();
      // Nobody's first message: that one may have to wait until the way is made.
      long[] _ = comm.sum(1);
      if (parent >= 0) {
        MpiCalls.isend(
            memory.address(), 0, parent, EAGER_TAG, comm.number(), requests, 0, done.address());
      }
      for (int i = 0; i < children.length; i++) {
        MpiCalls.irecv(memory.address(), 0, children[i], EAGER_TAG, comm.number(), requests, i + 1);
      }
      await(requests, children.length + 1, done, "the first messages");
      world.awaitAll();
      if (parent >= 0) {
        MpiCalls.isend(
            memory.address(), bytes, parent, EAGER_TAG, comm.number(), requests, 0, done.address());
        await(requests, 1, done, "an unmatched send of bytes=" + bytes);
      }
      world.awaitAll();
      for (int i = 0; i < children.length; i++) {
        MpiCalls.irecv(
            memory.address() + (i + 1L) * bytes,
            bytes,
            children[i],
            EAGER_TAG,
            comm.number(),
            requests,
            i + 1);
      }
      await(requests, children.length + 1, done, "the receives");
    }
    if (world.rank() == 0) {
      System.out.println("eagerBytesMax=" + bytes);
    }
    comm.free();
  }

  private static void await(long requests, int count, MemorySegment done, String what) {
    long deadlineNs = System.nanoTime() + EAGER_NS_MAX;
    for (int i = 0; i < count; i++) {
      do {
        MpiCalls.test(requests, i, done.address());
        check(deadlineNs - System.nanoTime() > 0, what + " did not complete");
      } while (done.get(ValueLayout.JAVA_INT, 0) == 0);
    }
  }

  private static void checkBroadcast(MpiWorld world) {
    byte[] bytes = new byte[10_000];
    Arrays.fill(bytes, (byte) 5);
    byte[] heard = world.broadcast(world.rank() == 0 ? bytes : new byte[0]);
    check(Arrays.equals(bytes, heard), "broadcast");
    check(world.broadcast(new byte[0]).length == 0, "empty broadcast");
  }

  private static void check(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError("wrong: " + what);
    }
  }

  private static final class WorldMeeting implements Meeting {
    private final MpiWorld world;

    WorldMeeting(MpiWorld world) {
      this.world = world;
    }

    @Override
    public void enter() {
      world.startBarrier();
    }

    @Override
    public boolean isComplete() {
      return world.isBarrierDone();
    }
  }

  /// Ends the process where a scenario does not end, and says where everybody stood.
  private static final class Watchdog {
    private volatile String name = "start";
    private volatile long beganNs = System.nanoTime();

    Watchdog() {
      Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
    }

    String name() {
      return name;
    }

    void begin(String scenario) {
      name = scenario;
      beganNs = System.nanoTime();
    }

    private void watch() {
      try {
        while (System.nanoTime() - beganNs < TimeUnit.MILLISECONDS.toNanos(SCENARIO_MS_MAX)) {
          TimeUnit.SECONDS.sleep(1);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts the watchdog", e);
      }
      System.err.println("TIME-OUT scenario=\"" + name + "\"");
      Thread.getAllStackTraces()
          .forEach((thread, stack) -> System.err.println(thread + " " + Arrays.toString(stack)));
      System.err.flush();
      Runtime.getRuntime().halt(3);
    }
  }
}
