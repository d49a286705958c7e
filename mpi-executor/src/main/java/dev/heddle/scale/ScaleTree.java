package dev.heddle.scale;

import dev.heddle.core.link.IdleSleep;
import dev.heddle.transport.TreeShape;
import dev.heddle.transport.TreeTotals;

/// The real tree over as many ranks as have the wanted number of workers among them.
///
/// Shape: ten bytes per rank. Threading: immutable.
final class ScaleTree {
  private static final int TRIES_MAX = 100;

  private final TreeShape shape;
  private final TreeTotals totals;
  private final int ranksPerHost;
  private final int[] parents;
  private final byte[] levels;
  private final boolean[] isParent;
  private final boolean[] runsTasks;
  private final long parkNsMax;
  private final int slowHostOneIn;
  private final long seed;

  ScaleTree(ScaleConfig config) {
    int perHost = config.machine().ranksPerHost();
    int ranks = config.workers() + 1;
    TreeShape found = shape(config.fanout(), perHost, ranks);
    TreeTotals count = found.totals();
    // Relays above hosts run no tasks, so there are a few more ranks than workers.
    for (int i = 0; i < TRIES_MAX && count.workers() != config.workers(); i++) {
      ranks += Math.max(1, config.workers() - count.workers());
      if (count.workers() > config.workers()) {
        throw new IllegalStateException("no tree has workers=" + config.workers());
      }
      found = shape(config.fanout(), perHost, ranks);
      count = found.totals();
    }
    if (count.workers() != config.workers()) {
      throw new IllegalStateException("no tree found for workers=" + config.workers());
    }
    this.shape = found;
    this.totals = count;
    this.ranksPerHost = perHost == 0 ? ranks : perHost;
    this.parkNsMax =
        IdleSleep.nsMax(
            config.parkNsMax(), Math.min(ranksPerHost, ranks), config.machine().coresPerHost());
    this.slowHostOneIn = config.machine().slowHostOneIn();
    this.seed = Noise.mix(config.seed() ^ 0x510e);
    this.parents = new int[ranks];
    this.levels = new byte[ranks];
    this.isParent = new boolean[ranks];
    this.runsTasks = new boolean[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      parents[rank] = shape.parentOf(rank);
      if (rank > 0) {
        isParent[parents[rank]] = true;
      }
      levels[rank] = (byte) shape.levelOf(rank);
      runsTasks[rank] = rank > 0 && shape.runsTasks(rank);
    }
  }

  private static TreeShape shape(int fanout, int perHost, int ranks) {
    if (perHost == 0) {
      return TreeShape.oneHost(fanout, ranks);
    }
    int[] hosts = new int[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      hosts[rank] = rank / perHost;
    }
    return TreeShape.of(fanout, hosts);
  }

  int ranks() {
    return parents.length;
  }

  TreeTotals totals() {
    return totals;
  }

  int hosts() {
    return shape.hosts();
  }

  int ranksPerHost() {
    return ranksPerHost;
  }

  int[] children(int rank) {
    return shape.childRanks(rank);
  }

  int parent(int rank) {
    return parents[rank];
  }

  int level(int rank) {
    return levels[rank];
  }

  boolean isParent(int rank) {
    return isParent[rank];
  }

  boolean runsTasks(int rank) {
    return runsTasks[rank];
  }

  /// Longest sleep of an idle rank.
  long parkNsMax() {
    return parkNsMax;
  }

  int host(int rank) {
    return rank / ranksPerHost;
  }

  /// 1, or more on a slow host; that of rank 0 never is.
  int slowness(int rank) {
    return slowHostOneIn > 0
            && host(rank) > 0
            && Long.remainderUnsigned(Noise.mix(seed + host(rank)), slowHostOneIn) == 0
        ? Machine.SLOW_FACTOR
        : 1;
  }
}
