package dev.heddle;

import java.util.stream.DoubleStream;

/// The results of all indices, packed in a `double[]`.
///
/// Threading: any thread.
public interface DoubleArrayFuture extends ArrayFuture<double[]> {
  /// The results in the order of indices, as they arrive.
  ///
  /// Shape: sequential and lazy; each step waits until the next result is there. May be called
  /// again, and after the end. A slow reader delays nothing: there is room for all results on rank
  /// 0 from the start. Errors: at a failed index the stream throws [ArrayException]; after a
  /// cancel, or an interrupt, it throws [java.util.concurrent.CancellationException].
  ///
  /// @return as many results as the array has indices
  DoubleStream stream();

  @Override
  DoubleArrayFuture retry();
}
