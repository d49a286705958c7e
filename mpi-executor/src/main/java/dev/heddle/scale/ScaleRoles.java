package dev.heddle.scale;

import dev.heddle.core.frames.Subtree;
import dev.heddle.core.frames.ValueMemory;
import dev.heddle.core.link.Limits;
import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Events;
import dev.heddle.core.role.Relay;
import dev.heddle.core.role.Role;
import dev.heddle.core.work.Starter;
import java.nio.charset.StandardCharsets;

/// Makes the shipped roles of a simulated machine, rank by rank. Threading: one thread.
final class ScaleRoles {
  /// So long that no time is long beside it, and four of it are a long.
  private static final long NO_LIVENESS_NS = 1L << 58;

  private static final int[] NONE = {};

  private final ScaleConfig config;
  private final ScaleTree tree;
  private final ScalePort port;
  private final Starter slots;
  private final Events events;
  private final Limits limits;
  private final Coordinator coordinator;

  // Of the host whose ranks are being made: a rank without slots and one with slots.
  private int host = -1;
  private Subtree idle = Subtree.alone(0, 1, "", "");
  private Subtree working = idle;

  /// All ranks share `port`, `slots` and `events`.
  ScaleRoles(ScaleConfig config, ScaleTree tree, ScalePort port, Starter slots, Events events) {
    this.config = config;
    this.tree = tree;
    this.port = port;
    this.slots = slots;
    this.events = events;
    this.limits = limits(config);
    this.coordinator =
        new Coordinator(
            tree.children(0),
            0,
            Subtree.alone(0, 1, "host0", "simulated"),
            config.seed(),
            limits,
            port,
            ValueMemory.HEAP,
            slots,
            message -> message.getBytes(StandardCharsets.UTF_8),
            events);
  }

  Coordinator coordinator() {
    return coordinator;
  }

  /// The role of `rank`, a new one unless it is rank 0. Ranks of a host are asked for in a row.
  Role role(int rank) {
    if (rank == 0) {
      return coordinator;
    }
    if (tree.host(rank) != host) {
      host = tree.host(rank);
      String name = "host" + host;
      idle = Subtree.alone(0, 1, name, "simulated");
      working = Subtree.alone(config.slots(), 1, name, "simulated");
    }
    boolean runsTasks = tree.runsTasks(rank);
    return new Relay(
        rank,
        tree.parent(rank),
        tree.isParent(rank) ? tree.children(rank) : NONE,
        runsTasks ? config.slots() : 0,
        runsTasks ? working : idle,
        config.seed(),
        limits,
        port,
        ValueMemory.HEAP,
        slots,
        events);
  }

  private static Limits limits(ScaleConfig config) {
    Limits d = Limits.defaults();
    return new Limits(
        config.faults().needsLiveness() ? config.livenessNs() : NO_LIVENESS_NS,
        d.frameBytesMax(),
        d.inFlightBulkBytesMax(),
        d.cacheBytesMax(),
        d.inlineBytesMax(),
        config.prefetchMax(),
        d.resultFramesMax(),
        d.resultBytesMax(),
        d.taskBytesMax(),
        d.functionsMax(),
        d.memoBytesMax());
  }
}
