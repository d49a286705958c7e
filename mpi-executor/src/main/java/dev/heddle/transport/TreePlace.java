package dev.heddle.transport;

import dev.heddle.wire.Ids;

/// A rank's place in the tree, computed from numbers that every rank knows after three small
/// collectives; no list of ranks is needed.
///
/// Shape: `leaderIndex` of `leaderCount` hosts counts hosts in the order of their lowest ranks,
/// `localIndex` of `localCount` the ranks of a host in ascending order. `isMultiRank` says whether
/// *any* host has more than one rank: then every leader keeps one child free for its own host, so
/// that all leaders cut the hosts in the same way. Where all ranks fit below rank 0 (`isFlat`),
/// hosts do not count, and the caller makes one group of all ranks.
public record TreePlace(
    int fanout,
    int size,
    int leaderIndex,
    int leaderCount,
    int localIndex,
    int localCount,
    boolean isMultiRank) {

  /// Smallest fan-out.
  public static final int FANOUT_MIN = 2;

  /// Largest fan-out: above it a parent's time per heartbeat round passes a millisecond.
  public static final int FANOUT_MAX = 4096;

  /// Checks all bounds.
  public TreePlace {
    checkFanout(fanout);
    checkSize(size);
    if (size < 1
        || leaderIndex < 0
        || leaderIndex >= leaderCount
        || localIndex < 0
        || localIndex >= localCount
        || leaderCount > size
        || localCount > size
        || (localCount > 1 && !isMultiRank)) {
      throw new IllegalArgumentException(
          "no such place: size=%d leader=%d/%d local=%d/%d multiRank=%s"
              .formatted(size, leaderIndex, leaderCount, localIndex, localCount, isMultiRank));
    }
  }

  static void checkSize(int size) {
    if (size > Ids.OWNERS_MAX) {
      throw new IllegalArgumentException(
          "a run of %d ranks: at most %d, since the numbers of tasks have no room for more owners"
              .formatted(size, Ids.OWNERS_MAX));
    }
  }

  static void checkFanout(int fanout) {
    if (fanout < FANOUT_MIN || fanout > FANOUT_MAX) {
      throw new IllegalArgumentException(
          "fanout=%d, must be %d to %d".formatted(fanout, FANOUT_MIN, FANOUT_MAX));
    }
  }

  /// True when all ranks are children of rank 0.
  public boolean isFlat() {
    return size - 1 <= fanout;
  }

  /// True for the lowest rank of a host.
  public boolean isLeader() {
    return localIndex == 0;
  }

  /// Leader index of this leader's parent; -1 for rank 0 and for ranks that lead no host.
  public int parentLeader() {
    return isLeader() ? leader().parent : -1;
  }

  /// Local index of the parent inside the host; -1 for the host's leader.
  public int parentLocal() {
    return local().parent;
  }

  /// Number of leaders directly below this rank; not 0 only for leaders.
  public int leaderChildCount() {
    return isLeader() ? leader().childCount() : 0;
  }

  /// Leader index of the `i`-th leader below this leader.
  public int leaderChild(int i) {
    return leader().child(i);
  }

  /// Number of ranks of the same host directly below this rank.
  public int localChildCount() {
    return local().childCount();
  }

  /// Local index of the `i`-th rank of the same host below this rank.
  public int localChild(int i) {
    return local().child(i);
  }

  /// Edges between the first leader and this rank's leader, in the tree of leaders.
  public int leaderLevel() {
    return leader().level;
  }

  /// Edges between the host's leader and this rank.
  public int localLevel() {
    return local().level;
  }

  /// True where a leader hangs below another leader than the first; the same answer on all ranks.
  public boolean isDeepAcrossHosts() {
    return Branch.ofLeader(0, leaderCount, leaderBudget()).childCount() < leaderCount - 1;
  }

  /// True where a rank of this host hangs below another rank than its leader; the same answer on
  /// all ranks of the host.
  public boolean isDeepInHost() {
    return Branch.inHost(0, localCount, headBudget(), fanout).childCount() < localCount - 1;
  }

  /// Edges between rank 0 and this rank.
  public int level() {
    if (isFlat()) {
      return isRoot() ? 0 : 1;
    }
    return leader().level + local().level;
  }

  /// True where this rank has children, in a flat tree too.
  public boolean isParent() {
    return isFlat() ? isRoot() && size > 1 : leaderChildCount() + localChildCount() > 0;
  }

  /// False on rank 0 unless alone, and on relays above host level.
  public boolean runsTasks() {
    if (isRoot()) {
      return size == 1;
    }
    return isFlat() || leaderChildCount() == 0;
  }

  private boolean isRoot() {
    return leaderIndex == 0 && localIndex == 0;
  }

  private Branch leader() {
    return Branch.ofLeader(leaderIndex, leaderCount, leaderBudget());
  }

  private Branch local() {
    return Branch.inHost(localIndex, localCount, headBudget(), fanout);
  }

  private int leaderBudget() {
    return isMultiRank ? fanout - 1 : fanout;
  }

  private int headBudget() {
    return Math.max(1, fanout - leader().childCount());
  }
}
