package dev.heddle.transport.local;

import dev.heddle.transport.Meeting;
import dev.heddle.transport.Member;
import dev.heddle.transport.TransportContract;
import dev.heddle.transport.TransportContract.Scenario;
import dev.heddle.transport.TreeShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract between threads of this JVM, in several trees.
class LocalTransportContractTest {
  private static final int EAGER_BYTES_MAX = 4_000;
  private static final int BUFFERS_PER_POOL = 8;

  private static Stream<Arguments> plays() {
    Map<String, TreeShape> shapes = new LinkedHashMap<>();
    shapes.put("alone", TreeShape.oneHost(4, 1));
    shapes.put("two", TreeShape.oneHost(4, 2));
    shapes.put("five, fanout 2", TreeShape.oneHost(2, 5));
    shapes.put("sixteen, fanout 4", TreeShape.oneHost(4, 16));
    shapes.put("sixteen, flat", TreeShape.oneHost(128, 16));
    shapes.put("four hosts of four, fanout 3", TreeShape.regular(3, 4, 4));
    return shapes.entrySet().stream()
        .flatMap(
            shape ->
                TransportContract.scenarios().stream()
                    .map(
                        scenario ->
                            Arguments.of(
                                scenario.name(), shape.getKey(), scenario, shape.getValue())));
  }

  @ParameterizedTest(name = "{0} ({1})")
  @MethodSource("plays")
  void shouldKeepTheContract(String name, String tree, Scenario scenario, TreeShape shape)
      throws Exception {
    LocalNetwork network = new LocalNetwork(shape, EAGER_BYTES_MAX, BUFFERS_PER_POOL);
    Phaser phaser = new Phaser(shape.size());
    ExecutorService ranks = Executors.newFixedThreadPool(shape.size());
    try {
      ExecutorCompletionService<Void> done = new ExecutorCompletionService<>(ranks);
      for (int rank = 0; rank < shape.size(); rank++) {
        LocalTransport transport = network.transport(rank);
        done.submit(
            () -> {
              try (transport) {
                scenario.play().play(new Member(transport, new PhaserMeeting(phaser)));
              }
              return null;
            });
      }
      List<Throwable> failures = new ArrayList<>();
      for (int i = 0; i < shape.size() && failures.isEmpty(); i++) {
        try {
          done.take().get();
        } catch (ExecutionException e) {
          failures.add(e.getCause() == null ? e : e.getCause());
        }
      }
      if (!failures.isEmpty()) {
        throw new AssertionError(name + ", " + tree, failures.getFirst());
      }
    } finally {
      ranks.shutdownNow();
    }
  }

  private static final class PhaserMeeting implements Meeting {
    private final Phaser phaser;
    private int phase = -1;

    PhaserMeeting(Phaser phaser) {
      this.phaser = phaser;
    }

    @Override
    public void enter() {
      phase = phaser.arrive();
    }

    @Override
    public boolean isComplete() {
      return phaser.getPhase() != phase;
    }
  }
}
