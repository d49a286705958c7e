package dev.heddle.sim;

import dev.heddle.core.frames.LostRank;
import dev.heddle.core.frames.Subtree;
import dev.heddle.core.link.Edge;
import dev.heddle.core.role.Coordinator;
import dev.heddle.core.role.Relay;
import dev.heddle.core.role.Role;
import dev.heddle.graph.TaskGraph;
import dev.heddle.wire.Header;
import dev.heddle.wire.MessageBuffer;
import dev.heddle.wire.frame.Frame;
import dev.heddle.wire.frame.ValueFields;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/// What must hold of the ranks together, whatever the seed; what must hold of one rank is checked
/// by its own `checkInvariants`, and of the tasks by [Load].
final class Expectations implements Watch {
  private record Sent(int target, long valueId) {}

  private final SimConfig config;
  private final Watch watch;
  private boolean isFaultless;
  private final Set<Sent> valuesSent = new HashSet<>();
  private int lostRank = -1;
  private long lostNs;
  private boolean isLossHeard;
  private long[] lostTasks = {};

  Expectations(SimConfig config, Watch watch) {
    this.config = config;
    this.watch = watch;
    this.isFaultless = config.faults().stream().allMatch(Fault.Pause.class::isInstance);
  }

  /// True where all tasks must end and nobody may be missed.
  boolean isFaultless() {
    return isFaultless;
  }

  // ---- messages

  @Override
  public void onMessage(int source, int target, MessageBuffer message, int length) {
    MemorySegment s = message.segment();
    for (long at = Header.BYTES; at < length; at += Frame.length(s, at)) {
      onFrame(target, s, at);
    }
    watch.onMessage(source, target, message, length);
  }

  @Override
  public void onLate(int source, int target, MessageBuffer message, int length) {
    MemorySegment s = message.segment();
    for (long at = Header.BYTES; at < length; at += Frame.length(s, at)) {
      int kind = Frame.kind(s, at);
      // Answers about large values may come too late for tasks that were cancelled.
      boolean harmless =
          kind == Frame.HEARTBEAT
              || kind == Frame.VALUE
              || kind == Frame.MISSING
              || kind == Frame.ANNOUNCE;
      if (isFaultless && !harmless) {
        throw new IllegalStateException(
            "sent to a rank that has ended: source="
                + source
                + " target="
                + target
                + " kind="
                + kind);
      }
    }
    watch.onLate(source, target, message, length);
  }

  @Override
  public void onBulk(int source, int target, MemorySegment frame) {
    onFrame(target, frame, 0);
    watch.onBulk(source, target, frame);
  }

  /// A large value goes down an edge once, if the cache below can hold all.
  private void onFrame(int target, MemorySegment s, long at) {
    if (Frame.kind(s, at) == Frame.VALUE
        && config.limits().cacheBytesMax() >= 1 << 20
        && !valuesSent.add(new Sent(target, ValueFields.valueId(s, at)))) {
      throw new IllegalStateException(
          "sent twice: value=" + ValueFields.valueId(s, at) + " target=" + target);
    }
  }

  // ---- ranks

  void checkStarted(Subtree all) {
    int[] slots = config.tree().slots();
    if (all.ranks() != slots.length
        || all.slots() != Arrays.stream(slots).asLongStream().sum()
        || all.workers() != Arrays.stream(slots).filter(n -> n > 0).count()) {
      throw new IllegalStateException("not who is there: " + all);
    }
  }

  void expectLoss(int rank, long nowNs, boolean isHeard, long[] tasks) {
    lostRank = rank;
    lostNs = nowNs;
    isLossHeard = isHeard;
    lostTasks = tasks;
    isFaultless = false;
  }

  void checkLost(int hearer, LostRank gone, long nowNs) {
    if (gone.rank() != lostRank
        || (hearer == 0 && !List.of(Load.host(lostRank), "?").contains(gone.host()))) {
      throw new IllegalStateException("rank=" + hearer + " takes a living one for lost: " + gone);
    }
    // Each level adds the way over one edge, behind at most one other message.
    long wayNs = 2L * config.tree().levels() * (config.network().latencyNsMax() + 1_000_000);
    if (hearer == 0 && nowNs - lostNs > config.limits().livenessNs() + wayNs) {
      throw new IllegalStateException("late by ns=" + (nowNs - lostNs) + ": " + gone);
    }
  }

  void checkLostTasks(LostRank gone, Load load) {
    boolean isWhole = gone.tasks() == gone.taskIds().length;
    long[] open = LongStream.of(lostTasks).filter(load::isLaunched).toArray();
    for (long task : open) {
      if (isWhole && LongStream.of(gone.taskIds()).noneMatch(id -> id == task)) {
        throw new IllegalStateException(
            "taskId=" + task + " is missing in " + gone + Arrays.toString(gone.taskIds()));
      }
    }
    if (gone.tasks() < open.length) {
      throw new IllegalStateException("too few tasks: " + gone + " running=" + open.length);
    }
  }

  // ---- quiet

  /// With nothing under way, both sides of every edge agree on credit, there is enough of it for
  /// every slot, and no slot counts as taken.
  void checkCredit(Role[] roles) {
    for (Role role : roles) {
      if (!role.isEmptyBelow()) {
        throw new IllegalStateException("something counts as out: rank=" + role.link().rank());
      }
    }
    long[] slotsBelow = new long[roles.length];
    for (int rank = roles.length - 1; rank > 0; rank--) {
      slotsBelow[rank] += config.tree().slots()[rank];
      slotsBelow[config.tree().parents()[rank]] += slotsBelow[rank];
      Edge down = edge(roles[config.tree().parents()[rank]], rank);
      Edge up = edge(roles[rank], config.tree().parents()[rank]);
      checkCredit(down, up, slotsBelow[rank]);
      checkCredit(up, down, 1);
    }
  }

  private static Edge edge(Role role, int neighbour) {
    Edge edge = role.link().edge(neighbour);
    if (edge == null) {
      throw new IllegalStateException("no edge: rank=" + role.link().rank());
    }
    return edge;
  }

  private static void checkCredit(Edge sender, Edge receiver, long least) {
    if (sender.framesSent() != receiver.framesReceived()
        || sender.frameLimit() != receiver.frameGrantTold()
        || sender.byteLimit() != receiver.byteGrantTold()
        || sender.frameLimit() - sender.framesSent() < least
        || (least > 0 && sender.byteLimit() <= sender.bytesSent())) {
      throw new IllegalStateException(
          "credit is lost: least=" + least + "\n  sender " + sender + "\n  receiver " + receiver);
    }
  }

  void checkEnd(boolean isDone, TaskGraph graph, Network network, List<LostRank> lost) {
    if (isLossHeard != (lost.size() == 1) && lostRank >= 0 && lost.size() <= 1) {
      if (isLossHeard) {
        throw new IllegalStateException("nobody missed rank=" + lostRank);
      }
    } else if (lost.size() > 1) {
      throw new IllegalStateException("lost more than once: " + lost);
    }
    if (network.underWay() != 0) {
      throw new IllegalStateException("still under way: " + network.underWay());
    }
    if (!isFaultless) {
      return;
    }
    if (!isDone || graph.launchedCount() != 0 || graph.doneCount() != graph.submittedCount()) {
      throw new IllegalStateException("tasks are left: done=" + graph.doneCount());
    }
    for (int rank = 0; rank < config.tree().ranks(); rank++) {
      if (!network.port(rank).isQuiet()) {
        throw new IllegalStateException("not quiet: " + network.port(rank));
      }
    }
  }

  /// With nothing under way no rank still has an array.
  static void checkArraysGone(Role[] roles) {
    for (int rank = 0; rank < roles.length; rank++) {
      long bytes =
          switch (roles[rank]) {
            case Relay relay -> relay.arrayStateBytes();
            case Coordinator coordinator -> coordinator.arrayStateBytes();
          };
      if (bytes > 0) {
        throw new IllegalStateException("an array is left: rank=" + rank + " bytes=" + bytes);
      }
    }
  }
}
