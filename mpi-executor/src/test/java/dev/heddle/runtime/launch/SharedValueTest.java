package dev.heddle.runtime.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.HeddleConfig;
import dev.heddle.TaskFuture;
import dev.heddle.codec.ValueCodec;
import dev.heddle.runtime.engine.Engine;
import dev.heddle.runtime.engine.Place;
import dev.heddle.runtime.engine.Settings;
import dev.heddle.runtime.progress.Cores;
import dev.heddle.runtime.session.FutureEvents;
import dev.heddle.transport.Transport;
import dev.heddle.transport.TreeShape;
import dev.heddle.transport.local.LocalNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Counts what is sent over the edges of a tree of three levels.
class SharedValueTest {
  private static final int RANKS = 16;
  private static final int FANOUT = 4;
  private static final int TASKS = 500;
  private static final int VALUE_BYTES = 200_000;
  private static final long JOIN_NS_MAX = 5_000_000_000L;

  private final List<Transport> transports = new ArrayList<>();
  private final List<Engine> engines = new ArrayList<>();

  static byte[] value(int bytes) {
    byte[] value = new byte[bytes];
    value[bytes - 1] = 42;
    return value;
  }

  static int last(byte[] value, int index) {
    return value[value.length - 1] + index;
  }

  private void build() {
    HeddleConfig config =
        HeddleConfig.builder()
            .fanout(FANOUT)
            .serializablePackages(SharedValueTest.class.getPackageName())
            .build();
    ClassLoader loader = Objects.requireNonNull(SharedValueTest.class.getClassLoader());
    ValueCodec codec = Settings.codec(config, loader);
    LocalNetwork network = new LocalNetwork(TreeShape.regular(FANOUT, 1, RANKS), 4096, 64);
    for (int rank = 0; rank < RANKS; rank++) {
      Transport transport = network.transport(rank);
      transports.add(transport);
      Place place =
          new Place(
              rank,
              transport.parentRank(),
              transport.childRanks(),
              transport.runsTasks() ? 1 : 0,
              "here",
              Cores.of(RANKS, 1, 1));
      engines.add(
          new Engine(place, config, 1, codec, loader, transport, new FutureEvents(), _ -> {}));
    }
  }

  @Test
  void shouldSendAValueOverAnEdgeAtMostOnce() {
    build();
    engines.reversed().forEach(Engine::start);
    Throwable failure =
        new RootRun(engines.getFirst(), "none")
            .run(
                new String[0],
                heddle -> {
                  assertEquals(3, heddle.levels());
                  TaskFuture<byte[]> shared = heddle.submit(SharedValueTest::value, VALUE_BYTES);
                  List<TaskFuture<Integer>> tasks = new ArrayList<>();
                  for (int i = 0; i < TASKS; i++) {
                    tasks.add(heddle.submit(SharedValueTest::last, shared, i));
                  }
                  for (int i = 0; i < TASKS; i++) {
                    assertEquals(42 + i, tasks.get(i).get());
                  }
                });
    engines.forEach(Engine::close);
    engines.forEach(engine -> engine.join(JOIN_NS_MAX));
    assertNull(failure);

    long over = 0;
    for (Engine engine : engines) {
      long received = engine.counters().valuesReceived;
      assertTrue(received <= 1, () -> "rank=" + engine.rank() + " received it " + received);
      assertEquals(0, engine.counters().refused(), "refused by rank " + engine.rank());
      over += received;
    }
    assertTrue(over >= 2, "500 tasks on 15 workers ran below " + over + " edges only");
    assertEquals(over, engines.stream().mapToLong(engine -> engine.counters().valuesSent).sum());

    Transport root = transports.getFirst();
    assertEquals(0, root.messagesFrom(-1), "messages from elsewhere than the children");
    for (int child : root.childRanks()) {
      assertTrue(root.messagesFrom(child) > 0, () -> "nothing from child " + child);
    }
  }
}
