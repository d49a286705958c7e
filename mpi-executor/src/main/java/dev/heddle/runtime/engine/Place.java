package dev.heddle.runtime.engine;

import dev.heddle.runtime.progress.Cores;

/// The place of a rank in the tree, and its resources.
///
/// @param rank number of the rank
/// @param parentRank the rank's parent, -1 on rank 0
/// @param childRanks the rank's children, ascending
/// @param slots number of tasks that the rank runs at a time, 0 where it runs none
/// @param host name of the rank's machine
/// @param cores cores of the rank's machine, and how many ranks share them
public record Place(
    int rank, int parentRank, int[] childRanks, int slots, String host, Cores cores) {

  /// The rank's name in messages.
  public String name() {
    return "rank " + rank + " on " + host;
  }
}
