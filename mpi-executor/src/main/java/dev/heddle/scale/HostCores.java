package dev.heddle.scale;

import java.util.ArrayDeque;

/// The cores of hosts that have fewer than ranks: whoever wants one may have to wait.
///
/// Shape: a time per core of a host, and a stack per host of those that wait, each an [Event];
/// nothing where every rank has a core of its own. Threading: one thread.
///
/// Who came last goes first, for turns and for tasks that compute alike: a thread that wakes up
/// interrupts one that runs, which has slept less lately, and that one waits until all that have
/// interrupted it sleep again. Here the one that runs goes on to its end, which is the same for the
/// cores as long as turns are short, and for tasks that compute as long as these are a scheduler's
/// slice at most, some milliseconds.
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
    return waiting[host].isEmpty() || !isFree(host, nowNs) ? -1 : waiting[host].removeLast();
  }

  /// Whether somebody waits for a core of the rank's host.
  boolean areWanted(int rank) {
    return perHost > 0 && !waiting[tree.host(rank)].isEmpty();
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
