package dev.heddle.runtime.launch;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.engine.Place;
import dev.heddle.runtime.engine.Settings;
import dev.heddle.runtime.progress.Cores;
import dev.heddle.runtime.session.FutureEvents;
import dev.heddle.transport.Transport;
import dev.heddle.transport.World;
import dev.heddle.transport.mpi.MpiWorld;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// One rank's run under an MPI launcher.
///
/// Start-up is the only time in which this rank blocks in MPI. A watchdog bounds it: otherwise a
/// rank that doesn't arrive would hold up all other ranks for ever. All ranks use rank 0's
/// configuration, since launchers do not carry the environment to other hosts.
final class MpiRun {
  private static final String RUN_ID = "heddle.runId";
  private static final long JOIN_NS_MAX = 1_000_000_000L;

  /// A process beats this many times per `liveness`, as often as its engine does where it has
  /// nothing else to send.
  private static final long BEATS_PER_LIVENESS = 8;

  private final HeddleConfig given;

  MpiRun(HeddleConfig config) {
    this.given = config;
  }

  /// Returns true on rank 0.
  boolean run(String[] args, Heddle.Body body) {
    ExitHook hook = ExitHook.install();
    hook.awaitNextRun();
    Watchdog watchdog = Watchdog.start(given.number("startTimeout"));
    try {
      return run(args, body, hook, watchdog);
    } finally {
      watchdog.stop();
    }
  }

  private boolean run(String[] args, Heddle.Body body, ExitHook hook, Watchdog watchdog) {
    StartCheck.begin(given);
    World world = MpiWorld.init(given.number("startTimeout"));
    hook.worldStarted(world);
    Engine engine;
    try {
      engine = connect(hook, world);
    } catch (Throwable thrown) {
      // all other ranks wait for this rank inside MPI, and an exception would leave them there
      hook.cannotStart(thrown);
      throw thrown;
    }
    watchdog.stop();
    if (world.rank() == 0) {
      return runRoot(engine, hook, world, args, body);
    }
    try {
      engine.awaitStopped(System.nanoTime() + Long.MAX_VALUE / 2);
    } finally {
      end(engine, hook, null);
    }
    return false;
  }

  /// The part of the start-up for which all ranks wait in MPI.
  private Engine connect(ExitHook hook, World world) {
    byte[] proposal = world.rank() == 0 ? Settings.toBytes(proposal(world)) : new byte[0];
    Map<String, String> sent = Settings.fromBytes(world.broadcast(proposal));
    String ours = StartCheck.difference(sent, world.rank(), world.host());
    String difference = world.agree(ours);
    if (difference != null) {
      // All ranks know and end in order: none of them waits for a rank that has left.
      hook.refuse(difference);
    }
    long runId = Long.parseLong(String.valueOf(sent.remove(RUN_ID)));
    HeddleConfig config = HeddleConfig.fromMap(sent);
    world.beat(config.livenessNs() / BEATS_PER_LIVENESS);
    Transport transport = world.connect(config.fanout());
    int slots = transport.runsTasks() ? Math.max(1, config.slots()) : 0;
    Cores cores = Cores.of(localRanks(world.size()), Math.max(1, slots));
    ClassLoader loader = LocalRun.loader();
    Place place =
        new Place(
            world.rank(),
            transport.parentRank(),
            transport.childRanks(),
            slots,
            world.host(),
            cores);
    Engine engine =
        new Engine(
            place,
            config,
            runId,
            Settings.codec(config, loader).at(place.name()),
            loader,
            transport,
            new FutureEvents(),
            hook);
    hook.runStarted(engine);
    engine.start();
    return engine;
  }

  private static boolean runRoot(
      Engine engine, ExitHook hook, World world, String[] args, Heddle.Body body) {
    Throwable failure = null;
    try {
      failure = new RootRun(engine, world.family()).run(args, body);
    } catch (Throwable thrown) {
      failure = thrown;
    }
    end(engine, hook, failure);
    if (failure != null) {
      RootRun.rethrow(failure);
    }
    return true;
  }

  private static void end(
      Engine engine, ExitHook hook, @org.jspecify.annotations.Nullable Throwable failure) {
    LastSteps.take("to close the run", engine::close);
    LastSteps.take("to end this rank's threads", () -> engine.join(JOIN_NS_MAX));
    hook.runEnded(failure);
    LastSteps.take(
        "to watch over what is left",
        () ->
            AfterRun.watch(
                engine.rank() == 0, "rank " + engine.rank() + " on " + engine.host() + ": "));
  }

  private Map<String, String> proposal(World world) {
    Map<String, String> texts = new LinkedHashMap<>(Settings.completed(given).toMap());
    texts.putAll(StartCheck.describe(given, world.host()));
    texts.put(RUN_ID, Long.toString(newRunId()));
    return texts;
  }

  /// A number that no other run is likely to have. It is no secret, and a SecureRandom would take
  /// 30 ms on rank 0, for which all ranks wait.
  private static long newRunId() {
    return new Random().nextLong()
        ^ (System.currentTimeMillis() << 20)
        ^ ProcessHandle.current().pid();
  }

  /// The number of ranks on this host from the launcher; that of all ranks where the launcher gives
  /// none.
  private static int localRanks(int size) {
    for (String name :
        new String[] {"HEDDLE_HOST_RANKS", "OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"}) {
      String text = System.getenv(name);
      if (text != null && text.matches("\\d{1,9}")) {
        return Integer.parseInt(text);
      }
    }
    return size;
  }
}
