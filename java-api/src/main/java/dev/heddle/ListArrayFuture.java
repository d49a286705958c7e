package dev.heddle;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The results of all indices, in a list.
///
/// Threading: any thread. The results stay encoded, range by range, until they are asked for.
///
/// @param <R> type of one result
public interface ListArrayFuture<R extends @Nullable Object> extends ArrayFuture<List<R>> {
  /// The results in the order of indices, as they arrive.
  ///
  /// Shape: sequential and lazy; each step waits until the next result is there. May be called
  /// again, and after the end. A slow reader delays nothing: all results, read or not, take memory
  /// on rank 0, encoded. Errors: at a failed index the stream throws [ArrayException]; after a
  /// cancel, or an interrupt, it throws [java.util.concurrent.CancellationException].
  ///
  /// @return as many results as the array has indices
  Stream<R> stream();

  @Override
  ListArrayFuture<R> retry();
}
