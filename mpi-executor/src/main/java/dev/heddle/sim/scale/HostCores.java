package dev.heddle.sim.scale;

/// The cores of hosts that have fewer than ranks: a turn waits for one.
///
/// Shape: a time per core of a host, nothing where every rank has a core of its own. Tasks take no
/// core: where cores are short they are taken to sleep, as those of `study validate` do. Threading:
/// one thread.
final class HostCores {
  private final ScaleTree tree;
  private final int perHost;
  private final long[] freeNs;

  HostCores(Machine machine, ScaleTree tree) {
    this.tree = tree;
    boolean isShared = Math.min(tree.ranksPerHost(), tree.ranks()) > machine.coresPerHost();
    this.perHost = isShared ? machine.coresPerHost() : 0;
    this.freeNs = new long[perHost * tree.hosts()];
  }

  boolean areShared() {
    return perHost > 0;
  }

  /// When a core of the rank's host is free.
  long freeNs(int rank) {
    return perHost == 0 ? 0 : freeNs[soonest(rank)];
  }

  private int soonest(int rank) {
    int first = tree.host(rank) * perHost;
    int best = first;
    for (int core = first + 1; core < first + perHost; core++) {
      if (freeNs[core] < freeNs[best]) {
        best = core;
      }
    }
    return best;
  }

  /// The rank has a core from now on.
  void occupy(int rank, long nowNs, long untilNs) {
    if (perHost > 0 && untilNs > nowNs) {
      freeNs[soonest(rank)] = untilNs;
    }
  }
}
