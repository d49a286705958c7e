package dev.heddle.transport.mpi;

import dev.heddle.transport.Meeting;
import dev.heddle.transport.Member;
import dev.heddle.transport.TransportContract;
import dev.heddle.transport.TransportContract.Scenario;
import dev.heddle.transport.TreeShape;
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
