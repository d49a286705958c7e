package dev.heddle;

import java.io.Serializable;

/// A function from an index to a `double`, without boxes: for [Heddle#mapToDouble].
///
/// Shape: a static or instance method reference or a lambda. Its captures are encoded once per
/// array, so they must be serializable. Threading: called on slots' threads of any rank.
@FunctionalInterface
public interface DoubleFn extends Serializable {
  /// Computes the result of one index.
  ///
  /// @param index an index of the array
  /// @return the result
  /// @throws Exception any exception: it fails this index
  double call(long index) throws Exception;
}
