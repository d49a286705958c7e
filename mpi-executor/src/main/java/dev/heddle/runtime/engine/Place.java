package dev.heddle.runtime.engine;

import dev.heddle.runtime.progress.Cores;

/// Where a rank stands and what it has.
///
/// @param rank its number
/// @param parentRank its parent, -1 on rank 0
/// @param childRanks its children, ascending
/// @param slots tasks at a time, 0 for none
/// @param host its machine
/// @param cores of its machine, and with whom it shares them
public record Place(
    int rank, int parentRank, int[] childRanks, int slots, String host, Cores cores) {

  /// As messages name it.
  public String name() {
    return "rank " + rank + " on " + host;
  }
}
