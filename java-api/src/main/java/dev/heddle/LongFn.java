package dev.heddle;

import java.io.Serializable;

/// A function from an index to a `long`, without boxes: for [Heddle#mapToLong].
///
/// Shape: a static or instance method reference or a lambda. Its captures are encoded once per
/// array, so they must be serializable. Threading: called on slots' threads of any rank.
@FunctionalInterface
public interface LongFn extends Serializable {
  /// Computes the result of one index.
  ///
  /// @param index an index of the array
  /// @return the result
  /// @throws Exception any exception: it fails this index
  long call(long index) throws Exception;
}
