package dev.heddle.runtime.launch;

import dev.heddle.HeddleConfig;
import dev.heddle.TaskFuture;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.engine.Place;
import dev.heddle.runtime.engine.Settings;
import dev.heddle.runtime.progress.Cores;
import dev.heddle.runtime.session.FutureEvents;
import dev.heddle.transport.Transport;
import dev.heddle.transport.mpi.MpiTransport;
import dev.heddle.transport.mpi.MpiWorld;
import dev.heddle.wire.MessageBuffer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two ranks and a planted bug: rank 1 drops its message number `args[0]`, with the outcomes and
/// the credit in it; 0 drops none.
///
/// Prints `sum=...` when all tasks are done and `end: REASON` when the run can't go on.
final class DroppedMessageMain {
  private static final int TASKS = 2_000;

  private DroppedMessageMain() {}

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
    ClassLoader loader = DroppedMessageMain.class.getClassLoader();
    Engine engine =
        new Engine(
            place,
            config,
            7,
            Settings.codec(config, loader),
            loader,
            world.rank() == 0 ? transport : dropping(transport, Integer.parseInt(args[0])),
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
                      futures.add(heddle.submit(DroppedMessageMain::same, i));
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

  private static Transport dropping(Transport real, int number) {
    int[] sent = {0};
    return (Transport)
        Proxy.newProxyInstance(
            Transport.class.getClassLoader(),
            new Class<?>[] {Transport.class},
            (_, method, arguments) -> {
              if (method.getName().equals("send") && ++sent[0] == number) {
                real.release((MessageBuffer) arguments[0]);
                return null;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
