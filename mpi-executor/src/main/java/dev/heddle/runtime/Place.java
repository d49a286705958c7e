package dev.heddle.runtime;

/// Where a rank stands and what it has.
///
/// @param rank its number
/// @param parentRank its parent, -1 on rank 0
/// @param childRanks its children, ascending
/// @param slots tasks at a time, 0 for none
/// @param host its machine
/// @param isCrowded true when its machine has more ranks than cores, or without MPI more slots
record Place(
    int rank, int parentRank, int[] childRanks, int slots, String host, boolean isCrowded) {

  /// As messages name it.
  String name() {
    return "rank " + rank + " on " + host;
  }
}
