package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// Puts two results together, associatively: for [Heddle#mapReduce(Fn1, Range, Combiner, Object)].
///
/// Shape: a static or instance method reference or a lambda; what it captures is encoded once per
/// array, so it must be serializable. Threading: called on threads of any rank.
///
/// @param <R> type of the results
@FunctionalInterface
public interface Combiner<R extends @Nullable Object> extends Serializable {
  /// Combines two results.
  ///
  /// @param a of lower indices; may be changed and returned
  /// @param b of higher indices, next to those of `a`
  /// @return both in one
  /// @throws Exception anything: it fails the indices that were to be combined
  R combine(R a, R b) throws Exception;
}
