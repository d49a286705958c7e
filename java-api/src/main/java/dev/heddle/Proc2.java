package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A task's function of two arguments that returns nothing.
///
/// As [Fn2] in everything else.
///
/// @param <A> type of argument a
/// @param <B> type of argument b
@FunctionalInterface
public interface Proc2<A extends @Nullable Object, B extends @Nullable Object>
    extends Serializable {
  /// Does the task's work.
  ///
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @throws Exception any exception: it fails the task
  void run(A a, B b) throws Exception;
}
