package dev.heddle.transport;

/// The sums of a tree, for people: `levels` are the ranks on the longest path from rank 0 to a
/// leaf, both ends counted; `relays` the ranks with children, rank 0 aside; `workers` the ranks
/// that run tasks.
public record TreeTotals(int levels, int relays, int workers) {}
