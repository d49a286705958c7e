package dev.heddle.transport;

import dev.heddle.wire.Port;

/// A [Port] between the ranks of a run: carries messages between a rank and its neighbours in the
/// tree (its parent and its children only), and knows its place among them.
///
/// Threading, ownership, errors: those of [Port]; an error of MPI is a [TransportException].
public interface Transport extends Port, AutoCloseable {

  /// This rank's number in the run, 0 for the coordinator.
  int rank();

  /// Number of ranks in the run.
  int size();

  /// The name of this rank's host, for people.
  String host();

  /// The library below, for people: `local`, `openmpi 4.1.4`, `mpich 4.0.2`.
  String description();

  /// The parent's rank, or -1 on rank 0.
  int parentRank();

  /// The children's ranks, in ascending order; the caller's own copy.
  int[] childRanks();

  /// True where this rank's place in the tree allows it to run tasks: not above host level, not on
  /// rank 0 unless alone.
  boolean runsTasks();

  /// Number of send buffers that are lost to the quarantine.
  int quarantined();

  /// Messages received so far from a neighbour; for `rank = -1`, messages from all other ranks (0,
  /// unless the tree is broken).
  long messagesFrom(int rank);

  /// True when every send has completed, quarantined sends aside.
  boolean isFlushed();

  /// Ends all traffic; cancels posted receives, does not wait for sends. Idempotent.
  @Override
  void close();
}
