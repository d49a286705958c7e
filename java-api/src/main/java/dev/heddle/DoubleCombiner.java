package dev.heddle;

import java.io.Serializable;

/// Puts two `double`s together, associatively: for [Heddle#mapReduceToDouble].
///
/// Shape: a static or instance method reference or a lambda; what it captures is encoded once per
/// array, so it must be serializable. Threading: called on slots' threads of any rank.
@FunctionalInterface
public interface DoubleCombiner extends Serializable {
  /// Combines two results.
  ///
  /// @param a of lower indices
  /// @param b of higher indices, next to those of `a`
  /// @return both in one
  /// @throws Exception anything: it fails the indices that were to be combined
  double combine(double a, double b) throws Exception;
}
