package dev.heddle.scale;

import dev.heddle.core.role.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a simulated run came to, from what was counted on the way. Threading: one thread.
///
/// @param config of the run
/// @param tree of its ranks
/// @param statistics counted
/// @param port of all ranks
/// @param simulation as a whole, which what a rank takes of memory doesn't count
/// @param roles by rank
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record ScaleOutcome(
    ScaleConfig config,
    ScaleTree tree,
    ScaleStatistics statistics,
    ScalePort port,
    ScaleSimulation simulation,
    Role[] roles) {

  /// `lost` says which rank ended the run, if one did.
  ScaleResult result(
      long startNs,
      long endNs,
      long done,
      long eventCount,
      long restBytes,
      @Nullable String lost,
      long wallNs) {
    boolean isWhole = lost == null;
    long spanNs = endNs - startNs;
    List<ScaleResult.Level> levels = new ArrayList<>();
    for (int level = 0; level < tree.totals().levels(); level++) {
      double ranks = statistics.ranks[level];
      levels.add(
          new ScaleResult.Level(
              level,
              statistics.ranks[level],
              statistics.messagesDown[level],
              statistics.framesDown[level],
              statistics.messagesUp[level],
              statistics.framesUp[level],
              statistics.turns[level],
              statistics.busyNs[level] / ranks / spanNs,
              statistics.waitingMax[level]));
    }
    return new ScaleResult(
        config,
        tree.ranks(),
        tree.hosts(),
        tree.totals().levels(),
        tree.totals().relays(),
        isWhole ? spanNs : -1,
        done,
        statistics.firstTaskNs,
        statistics.lastTaskNs,
        statistics.readyMax,
        statistics.messages,
        statistics.bytes,
        eventCount,
        levels,
        statistics.widthNs(),
        statistics.utilisation((long) config.workers() * config.slots(), spanNs),
        port.traceHash(),
        restBytes,
        memory(),
        lost,
        wallNs);
  }

  private List<ScaleResult.Memory> memory() {
    List<ScaleResult.Memory> found = new ArrayList<>();
    for (String role : List.of("relay", "relay that works", "leaf")) {
      for (int rank = 1; rank < roles.length; rank++) {
        if (role.equals(roleOf(rank))) {
          found.add(new ScaleResult.Memory(role, Footprint.of(roles[rank], port, simulation)));
          break;
        }
      }
    }
    return found;
  }

  private String roleOf(int rank) {
    return !tree.isParent(rank) ? "leaf" : tree.runsTasks(rank) ? "relay that works" : "relay";
  }
}
