package dev.heddle.core.work;

import dev.heddle.core.frames.Outcome;

/// What a worker asks of the role above it: the relay on its rank, or the owner of the graph on a
/// rank 0 that is alone.
public interface Upstream {
  /// Takes an outcome towards the coordinator; false when there is no room: offer it again in a
  /// later turn.
  boolean offerResult(Outcome outcome, long nowNs);

  /// Bytes of a result up to which its outcome isn't overtaken by one that is offered later.
  default int resultBytesInOrder() {
    return Integer.MAX_VALUE;
  }

  /// Asks for a large value of `length` encoded bytes; the answer is [Worker#onValue] or
  /// [Worker#onMissing].
  void fetch(long valueId, long length);
}
