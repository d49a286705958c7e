package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A task's function of four arguments that returns nothing.
///
/// As [Fn4] in everything else.
///
/// @param <A> type of argument a
/// @param <B> type of argument b
/// @param <C> type of argument c
/// @param <D> type of argument d
@FunctionalInterface
public interface Proc4<
        A extends @Nullable Object,
        B extends @Nullable Object,
        C extends @Nullable Object,
        D extends @Nullable Object>
    extends Serializable {
  /// Does the task's work.
  ///
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @throws Exception any exception: it fails the task
  void run(A a, B b, C c, D d) throws Exception;
}
