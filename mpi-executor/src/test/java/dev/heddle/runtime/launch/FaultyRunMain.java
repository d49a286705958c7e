package dev.heddle.runtime.launch;

import dev.heddle.HeddleConfig;
import dev.heddle.TaskFuture;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.engine.Place;
import dev.heddle.runtime.engine.Settings;
import dev.heddle.runtime.progress.Cores;
import dev.heddle.runtime.session.FutureEvents;
import dev.heddle.transport.mpi.MpiTransport;
import dev.heddle.transport.mpi.MpiWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two ranks, whose messages meet the faults that the property `heddle.test.faults` says.
///
/// Prints `sum=...` when all tasks are done and `end: REASON` when the run can't go on.
final class FaultyRunMain {
  private static final int TASKS = 2_000;

  private FaultyRunMain() {}

  static long same(long value) {
    return value;
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    MpiWorld world = MpiWorld.init(60_000_000_000L);
    HeddleConfig config =
        Settings.completed(HeddleConfig.builder().liveness(Duration.ofSeconds(2)).build());
    MpiTransport transport = world.connect(config.fanout());
    Place place =
        new Place(
            world.rank(),
            transport.parentRank(),
            transport.childRanks(),
            world.rank(),
            world.host(),
            Cores.of(world.size(), 1, 1));
    ClassLoader loader = FaultyRunMain.class.getClassLoader();
    Engine engine =
        new Engine(
            place,
            config,
            7,
            Settings.codec(config, loader),
            loader,
            transport,
            new FutureEvents(),
            end -> {
              System.out.println("end: " + end.reason());
              System.out.flush();
              Runtime.getRuntime().halt(end.code());
            });
    engine.start();
    if (world.rank() > 0) {
      engine.awaitStopped(System.nanoTime() + Long.MAX_VALUE / 2);
    } else {
      Throwable failure =
          new RootRun(engine, world.family())
              .run(
                  args,
                  heddle -> {
                    List<TaskFuture<Long>> futures = new ArrayList<>();
                    for (long i = 0; i < TASKS; i++) {
                      futures.add(heddle.submit(FaultyRunMain::same, i));
                    }
                    long sum = 0;
                    for (TaskFuture<Long> future : futures) {
                      sum += future.get();
                    }
                    System.out.println("sum=" + sum);
                  });
      if (failure != null) {
        System.out.println("failure: " + failure);
      }
    }
    engine.close();
    engine.join(2_000_000_000L);
    if (!world.finish(20_000_000_000L)) {
      Runtime.getRuntime().halt(3);
    }
  }
}
