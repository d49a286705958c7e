package dev.heddle;

import java.io.Serializable;

/// Puts two `long`s together, associatively: for [Heddle#mapReduceToLong].
///
/// Shape: a static or instance method reference or a lambda; what it captures is encoded once per
/// array, so it must be serializable. Threading: called on slots' threads of any rank.
@FunctionalInterface
public interface LongCombiner extends Serializable {
  /// Combines two results.
  ///
  /// @param a of lower indices
  /// @param b of higher indices, next to those of `a`
  /// @return both in one
  /// @throws Exception anything: it fails the indices that were to be combined
  long combine(long a, long b) throws Exception;
}
