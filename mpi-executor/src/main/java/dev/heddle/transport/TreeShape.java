package dev.heddle.transport;

import java.util.Arrays;

/// The tree over all ranks of a run: the parent of each rank, and which ranks run tasks. Arithmetic
/// alone.
///
/// Shape: no rank has more than `fanout` children. Up to `fanout + 1` ranks hang directly on rank
/// 0. In a larger run the lowest rank of each host leads it; leaders form a tree of the least
/// depth, and the other ranks of a host form a tree below its leader. A leader that has leaders
/// below it runs no tasks; every other rank but rank 0 does. With `fanout = 2` and several ranks
/// per host a leader has room for one other leader only, and the hosts form a chain.
///
/// The regular form keeps five numbers, so it serves simulations of a million ranks; the general
/// form keeps four ints per rank. Threads: immutable.
public final class TreeShape {
  private final int fanout;
  private final int size;
  private final int hostCount;
  private final boolean isMultiRank;

  /// Ranks per host in the regular form, 0 in the general form.
  private final int ranksPerHost;

  /// General form: ranks ordered by (host, rank), the start of each host in that order, and each
  /// rank's host and place in it. Empty in the regular form.
  private final int[] rankByPlace;

  private final int[] hostStart;
  private final int[] hostOfRank;
  private final int[] localOfRank;

  private TreeShape(
      int fanout,
      int size,
      int hostCount,
      boolean isMultiRank,
      int ranksPerHost,
      int[] rankByPlace,
      int[] hostStart,
      int[] hostOfRank,
      int[] localOfRank) {
    TreePlace.checkFanout(fanout);
    TreePlace.checkSize(size);
    this.fanout = fanout;
    this.size = size;
    this.hostCount = hostCount;
    this.isMultiRank = isMultiRank;
    this.ranksPerHost = ranksPerHost;
    this.rankByPlace = rankByPlace;
    this.hostStart = hostStart;
    this.hostOfRank = hostOfRank;
    this.localOfRank = localOfRank;
  }

  /// Rank `r` is on host `r / ranksPerHost`.
  ///
  /// Errors: [IllegalArgumentException] for a fan-out outside 2..4096, no hosts, no ranks, or more
  /// ranks than [dev.heddle.wire.Ids#OWNERS_MAX].
  public static TreeShape regular(int fanout, int hosts, int ranksPerHost) {
    if (hosts < 1 || ranksPerHost < 1 || (long) hosts * ranksPerHost > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "hosts=%d ranksPerHost=%d: both at least 1, their product an int"
              .formatted(hosts, ranksPerHost));
    }
    int[] none = {};
    return new TreeShape(
        fanout,
        hosts * ranksPerHost,
        hosts,
        ranksPerHost > 1,
        ranksPerHost,
        none,
        none,
        none,
        none);
  }

  /// All ranks on one host.
  public static TreeShape oneHost(int fanout, int size) {
    return regular(fanout, 1, size);
  }

  /// Rank `r` is on host `hostByRank[r]`; the numbers of hosts are any ints, and a host's ranks
  /// need not be contiguous.
  public static TreeShape of(int fanout, int[] hostByRank) {
    int size = hostByRank.length;
    if (size < 1) {
      throw new IllegalArgumentException("a run has at least one rank");
    }
    // Sorted by (host, rank); then hosts are numbered by their lowest rank.
    long[] byHost = new long[size];
    for (int rank = 0; rank < size; rank++) {
      byHost[rank] = ((long) hostByRank[rank] << 32) | rank;
    }
    Arrays.sort(byHost);
    long[] hosts = new long[size];
    int hostCount = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || byHost[i] >> 32 != byHost[i - 1] >> 32) {
        hosts[hostCount++] = ((byHost[i] & 0xffff_ffffL) << 32) | i;
      }
    }
    Arrays.sort(hosts, 0, hostCount);
    int[] rankByPlace = new int[size];
    int[] hostStart = new int[hostCount + 1];
    int[] hostOfRank = new int[size];
    int[] localOfRank = new int[size];
    int place = 0;
    for (int host = 0; host < hostCount; host++) {
      int first = (int) hosts[host];
      hostStart[host] = place;
      for (int i = first; i < size && byHost[i] >> 32 == byHost[first] >> 32; i++) {
        int rank = (int) byHost[i];
        rankByPlace[place] = rank;
        hostOfRank[rank] = host;
        localOfRank[rank] = i - first;
        place++;
      }
    }
    hostStart[hostCount] = place;
    return new TreeShape(
        fanout,
        size,
        hostCount,
        hostCount < size,
        0,
        rankByPlace,
        hostStart,
        hostOfRank,
        localOfRank);
  }

  /// Number of ranks.
  public int size() {
    return size;
  }

  /// Most children of a rank.
  public int fanout() {
    return fanout;
  }

  /// Number of hosts.
  public int hosts() {
    return hostCount;
  }

  /// The host of a rank, from 0, in the order of the hosts' lowest ranks.
  public int hostOf(int rank) {
    checkRank(rank);
    return ranksPerHost > 0 ? rank / ranksPerHost : hostOfRank[rank];
  }

  /// The rank's place, in the numbers from which each rank computes its own.
  public TreePlace placeOf(int rank) {
    int host = hostOf(rank);
    int local = ranksPerHost > 0 ? rank % ranksPerHost : localOfRank[rank];
    return new TreePlace(fanout, size, host, hostCount, local, hostSize(host), isMultiRank);
  }

  /// The parent, or -1 for rank 0.
  public int parentOf(int rank) {
    checkRank(rank);
    TreePlace place = placeOf(rank);
    if (place.isFlat()) {
      return rank == 0 ? -1 : 0;
    }
    if (!place.isLeader()) {
      return rankAt(place.leaderIndex(), place.parentLocal());
    }
    int parentLeader = place.parentLeader();
    return parentLeader < 0 ? -1 : rankAt(parentLeader, 0);
  }

  /// Number of children.
  public int childCount(int rank) {
    TreePlace place = placeOf(rank);
    if (place.isFlat()) {
      return rank == 0 ? size - 1 : 0;
    }
    return place.leaderChildCount() + place.localChildCount();
  }

  /// The children in ascending order; a new array.
  public int[] childRanks(int rank) {
    TreePlace place = placeOf(rank);
    int[] children = new int[childCount(rank)];
    if (place.isFlat()) {
      for (int i = 0; i < children.length; i++) {
        children[i] = i + 1;
      }
      return children;
    }
    int count = 0;
    for (int i = 0; i < place.leaderChildCount(); i++) {
      children[count++] = rankAt(place.leaderChild(i), 0);
    }
    for (int i = 0; i < place.localChildCount(); i++) {
      children[count++] = rankAt(place.leaderIndex(), place.localChild(i));
    }
    Arrays.sort(children);
    return children;
  }

  /// Edges between rank 0 and `rank`.
  public int levelOf(int rank) {
    return placeOf(rank).level();
  }

  /// True where the rank may run tasks.
  public boolean runsTasks(int rank) {
    return placeOf(rank).runsTasks();
  }

  /// Levels, relays and workers; takes a time proportional to the number of ranks.
  public TreeTotals totals() {
    int levelMax = 0;
    int relays = 0;
    int workers = 0;
    for (int rank = 0; rank < size; rank++) {
      TreePlace place = placeOf(rank);
      levelMax = Math.max(levelMax, place.level());
      relays += rank > 0 && place.isParent() ? 1 : 0;
      workers += place.runsTasks() ? 1 : 0;
    }
    return new TreeTotals(levelMax + 1, relays, workers);
  }

  private void checkRank(int rank) {
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException("rank=%d size=%d".formatted(rank, size));
    }
  }

  private int hostSize(int host) {
    return ranksPerHost > 0 ? ranksPerHost : hostStart[host + 1] - hostStart[host];
  }

  private int rankAt(int host, int local) {
    return ranksPerHost > 0 ? host * ranksPerHost + local : rankByPlace[hostStart[host] + local];
  }
}
