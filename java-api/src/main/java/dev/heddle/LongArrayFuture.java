package dev.heddle;

import java.util.stream.LongStream;

/// The results of all indices, packed in a `long[]`.
///
/// Threading: any thread.
public interface LongArrayFuture extends ArrayFuture<long[]> {
  /// The results in the order of indices, as they arrive.
  ///
  /// Shape: sequential and lazy; each step waits until the next result is there. May be called
  /// again, and after the end. A slow reader delays nothing: there is room for all results on rank
  /// 0 from the start. Errors: at a failed index the stream throws [ArrayException]; after a
  /// cancel, or an interrupt, it throws [java.util.concurrent.CancellationException].
  ///
  /// @return as many results as the array has indices
  LongStream stream();

  @Override
  LongArrayFuture retry();
}
