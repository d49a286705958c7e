package dev.heddle;

import java.io.Serializable;

/// Puts two `double`s together, associatively: for [Heddle#mapReduceToDouble].
///
/// Shape: a static or instance method reference or a lambda. Its captures are encoded once per
/// array, so they must be serializable. Threading: called on slots' threads of any rank.
@FunctionalInterface
public interface DoubleCombiner extends Serializable {
  /// Combines two results.
  ///
  /// @param a the result of lower indices
  /// @param b the result of higher indices, next to the indices of `a`
  /// @return the combined result
  /// @throws Exception any exception: it fails the indices of both results
  double combine(double a, double b) throws Exception;
}
