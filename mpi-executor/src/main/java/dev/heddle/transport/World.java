package dev.heddle.transport;

import org.jspecify.annotations.Nullable;

/// All ranks of a run, before there is a tree of them and after it is gone: a transport between
/// processes is one class behind this interface.
///
/// Shape: what is said to be collective is called by every rank, in the same order, and waits for
/// all of them. Ownership: arrays are the caller's. Threading: one thread of the process, but for
/// the accessors, which any thread may call. Errors: [TransportException] where the library below
/// refuses.
public interface World {
  /// This rank's number among all ranks.
  int rank();

  /// Number of all ranks.
  int size();

  /// This machine's name, for people.
  String host();

  /// The library below, for reports: `openmpi` or `mpich`.
  String family();

  /// Returns rank 0's bytes on every rank; the bytes of all other ranks are ignored. Collective.
  byte[] broadcast(byte[] fromRank0);

  /// Returns the text of the lowest rank that has a text, on every rank; null where no rank has.
  /// Collective.
  @Nullable String agree(@Nullable String ours);

  /// Makes this process give signs of life to the other ranks of its host until it ends, every
  /// `intervalNs` of the first call. Transports made later know the signs of those ranks.
  void beat(long intervalNs);

  /// Makes this rank's place in a tree of fan-out `fanout`, the same on every rank. Collective; no
  /// message of an earlier run arrives in the transport that is returned.
  Transport connect(int fanout);

  /// Waits, without spinning, until all ranks have called this, then leaves the library below.
  /// Returns false where that did not succeed within `timeoutNs`; then the process must end by
  /// `Runtime.halt`. Idempotent. Collective.
  boolean finish(long timeoutNs);

  /// Waits, without spinning, until all ranks have called this. Collective.
  void awaitAll();
}
