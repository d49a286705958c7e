package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// Puts two results together, associatively: for [Heddle#mapReduce(Fn1, Range, Combiner, Object)].
///
/// Shape: a static or instance method reference or a lambda. Its captures are encoded once per
/// array, so they must be serializable. Threading: called on threads of any rank.
///
/// @param <R> type of the results
@FunctionalInterface
public interface Combiner<R extends @Nullable Object> extends Serializable {
  /// Combines two results.
  ///
  /// @param a the result of lower indices; may be changed and returned
  /// @param b the result of higher indices, next to the indices of `a`
  /// @return the combined result
  /// @throws Exception any exception: it fails the indices of both results
  R combine(R a, R b) throws Exception;
}
