package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A task's function of three arguments that returns nothing.
///
/// As [Fn3] in everything else.
///
/// @param <A> type of argument a
/// @param <B> type of argument b
/// @param <C> type of argument c
@FunctionalInterface
public interface Proc3<
        A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
    extends Serializable {
  /// Does the task's work.
  ///
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @throws Exception any exception: it fails the task
  void run(A a, B b, C c) throws Exception;
}
