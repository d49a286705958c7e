package dev.heddle.sim;

import dev.heddle.core.frames.Subtree;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Events;
import dev.heddle.core.role.Relay;
import dev.heddle.core.role.Role;
import dev.heddle.core.work.Starter;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/// Makes the shipped roles of a simulated run. Threading: one thread.
final class SimRoles {
  private SimRoles() {}

  /// The role of each rank, of which `slots` runs the tasks `hearing` gets what it tells, and
  /// `surroundings` are what its port may ask for.
  static Role[] of(
      SimConfig config,
      Network network,
      Watch watch,
      long runId,
      IntFunction<Starter> slots,
      IntFunction<Events> hearing,
      IntFunction<Watch.Surroundings> surroundings) {
    Role[] roles = new Role[config.tree().ranks()];
    int[][] children = config.tree().children();
    roles[0] =
        new Coordinator(
            children[0],
            config.tree().slots()[0],
            self(config, 0),
            runId,
            config.limits(),
            watch.wrap(0, network.port(0), surroundings.apply(0)),
            ValueMemory.HEAP,
            slots.apply(0),
            message -> message.getBytes(StandardCharsets.UTF_8),
            hearing.apply(0));
    for (int rank = 1; rank < roles.length; rank++) {
      roles[rank] =
          new Relay(
              rank,
              config.tree().parents()[rank],
              children[rank],
              config.tree().slots()[rank],
              self(config, rank),
              runId,
              config.limits(),
              watch.wrap(rank, network.port(rank), surroundings.apply(rank)),
              ValueMemory.HEAP,
              slots.apply(rank),
              hearing.apply(rank));
    }
    return roles;
  }

  private static Subtree self(SimConfig config, int rank) {
    return Subtree.alone(config.tree().slots()[rank], rank, Load.host(rank), "sim");
  }
}
