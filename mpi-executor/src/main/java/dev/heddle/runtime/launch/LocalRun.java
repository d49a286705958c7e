package dev.heddle.runtime.launch;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.codec.ValueCodec;
import dev.heddle.runtime.LastSteps;
import dev.heddle.runtime.Log;
import dev.heddle.runtime.engine.End;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.engine.Place;
import dev.heddle.runtime.engine.Settings;
import dev.heddle.runtime.progress.Cores;
import dev.heddle.runtime.session.FutureEvents;
import dev.heddle.transport.Transport;
import dev.heddle.transport.TreeShape;
import dev.heddle.transport.local.LocalNetwork;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A run on threads of this JVM: one rank with a slot per core, unless `slots` is set. With
/// `localRanks` it is a whole tree of ranks that exchange the same messages as under MPI.
final class LocalRun {
  private static final int EAGER_BYTES_MAX = 4096;
  private static final int BUFFERS_PER_POOL = 64;
  private static final long JOIN_NS_MAX = 2_000_000_000L;

  private final HeddleConfig config;
  private final ClassLoader loader;

  LocalRun(HeddleConfig config) {
    this.config = Settings.completed(config);
    this.loader = loader();
  }

  static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? ClassLoader.getSystemClassLoader() : context;
  }

  /// Returns true always: this process has rank 0.
  boolean run(String[] args, Heddle.Body body) {
    List<Engine> engines = engines(config.count("localRanks"));
    TaskExit exit = TaskExit.begin(engines);
    Throwable failure;
    try {
      for (Engine engine : engines.reversed()) {
        engine.start();
      }
      failure = new RootRun(engines.getFirst(), "none").run(args, body);
    } finally {
      exit.end();
      for (Engine engine : engines) {
        LastSteps.take("to close the run", engine::close);
      }
      for (Engine engine : engines) {
        LastSteps.take("to end the run's threads", () -> engine.join(JOIN_NS_MAX));
      }
      LastSteps.take("to look at standard output", LocalRun::tellOutputLost);
      LastSteps.take("to watch over what is left", () -> AfterRun.watch(true, ""));
    }
    if (failure != null) {
      RootRun.rethrow(failure);
    }
    return true;
  }

  /// Asks whether standard output could be written: a stream that fails throws nothing.
  @SuppressWarnings("SystemOut") // it is asked, not used
  private static void tellOutputLost() {
    if (System.out.checkError()) {
      Log.tell(
          "heddle: standard output could not be written to its end: its reader has left, or its disk"
              + " is full; the run went on");
    }
  }

  private List<Engine> engines(int ranks) {
    int cores = Runtime.getRuntime().availableProcessors();
    ValueCodec codec = Settings.codec(config, loader);
    long runId = new Random().nextLong();
    List<Engine> engines = new ArrayList<>();
    if (ranks == 1) {
      int slots = config.slots() == 0 ? cores : config.slots();
      engines.add(
          engine(
              new Place(0, -1, new int[0], slots, hostName(), Cores.of(1, slots, cores)),
              runId,
              codec,
              null));
      return engines;
    }
    LocalNetwork network =
        new LocalNetwork(
            TreeShape.regular(config.fanout(), 1, ranks), EAGER_BYTES_MAX, BUFFERS_PER_POOL);
    for (int rank = 0; rank < ranks; rank++) {
      Transport transport = network.transport(rank);
      int slots = transport.runsTasks() ? Math.max(1, config.slots()) : 0;
      Place place =
          new Place(
              rank,
              transport.parentRank(),
              transport.childRanks(),
              slots,
              hostName(),
              Cores.of(ranks, 1, cores));
      engines.add(engine(place, runId, codec, transport));
    }
    return engines;
  }

  private Engine engine(Place place, long runId, ValueCodec codec, @Nullable Transport transport) {
    return new Engine(
        place,
        config,
        runId,
        codec.at(place.name()),
        loader,
        transport,
        new FutureEvents(),
        LocalRun::onEnd);
  }

  /// The process outlives the run: threads that wait for a future learn of the end there.
  private static void onEnd(End end) {
    if (end.code() != 0) {
      Log.log().error("{}", end.reason());
    }
  }

  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
