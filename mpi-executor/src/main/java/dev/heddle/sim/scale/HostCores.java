package dev.heddle.sim.scale;

import java.util.ArrayDeque;

/// The cores of hosts that have fewer than ranks: whoever wants one waits in turn.
///
/// Shape: a time per core of a host, and a queue per host of those that wait, each an [Event];
/// nothing where every rank has a core of its own. Threading: one thread.
///
/// Waiting is first come, first served, for turns and for tasks that compute alike: a fair
/// scheduler lets who runs go on to the end of its slice, and who has slept has hardly more claim
/// than who has waited. A task that computes keeps its core to its end, which is right for tasks of
/// a scheduler's slice at most, some milliseconds.
final class HostCores {
  private final ScaleTree tree;
  private final EventHeap events;
  private final int perHost;
  private final long[] freeNs;
  private final ArrayDeque<Long>[] waiting;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of queues
  HostCores(Machine machine, ScaleTree tree, EventHeap events) {
    this.tree = tree;
    this.events = events;
    boolean isShared = Math.min(tree.ranksPerHost(), tree.ranks()) > machine.coresPerHost();
    this.perHost = isShared ? machine.coresPerHost() : 0;
    int hosts = isShared ? tree.hosts() : 0;
    this.freeNs = new long[perHost * hosts];
    this.waiting = new ArrayDeque[hosts];
    for (int host = 0; host < hosts; host++) {
      waiting[host] = new ArrayDeque<>();
    }
  }

  boolean areShared() {
    return perHost > 0;
  }

  /// Whether the rank may begin now; else `event` is handed out by [#next] when it may.
  boolean mayBegin(int rank, long nowNs, long event) {
    int host = tree.host(rank);
    if (perHost == 0 || isFree(host, nowNs)) {
      return true;
    }
    waiting[host].add(event);
    return false;
  }

  /// The next of those that wait on the host of `core`, or -1: nobody, or no core is free.
  long next(int core, long nowNs) {
    int host = core / perHost;
    return waiting[host].isEmpty() || !isFree(host, nowNs) ? -1 : waiting[host].remove();
  }

  private boolean isFree(int host, long nowNs) {
    return freeNs[soonest(host)] <= nowNs;
  }

  private int soonest(int host) {
    int first = host * perHost;
    int best = first;
    for (int core = first + 1; core < first + perHost; core++) {
      if (freeNs[core] < freeNs[best]) {
        best = core;
      }
    }
    return best;
  }

  /// The rank has a core from now on, or from when one is free.
  void occupy(int rank, long nowNs, long untilNs) {
    if (perHost > 0 && untilNs > nowNs) {
      int core = soonest(tree.host(rank));
      freeNs[core] = Math.max(untilNs, freeNs[core] + untilNs - nowNs);
      events.add(freeNs[core], Event.of(Event.CORE, core));
    }
  }
}
