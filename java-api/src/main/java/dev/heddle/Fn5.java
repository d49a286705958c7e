package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A task's function of five arguments.
///
/// Shape: a static or instance method reference or a lambda. Its captures are encoded with every
/// task, so they must be serializable. Threading: called on a slot's thread of any rank. Errors:
/// any exception of it fails the task.
///
/// @param <A> type of argument a
/// @param <B> type of argument b
/// @param <C> type of argument c
/// @param <D> type of argument d
/// @param <E> type of argument e
/// @param <R> type of the result
@FunctionalInterface
public interface Fn5<
        A extends @Nullable Object,
        B extends @Nullable Object,
        C extends @Nullable Object,
        D extends @Nullable Object,
        E extends @Nullable Object,
        R extends @Nullable Object>
    extends Serializable {
  /// Computes the task's result.
  ///
  /// @param a value of argument 0
  /// @param b value of argument 1
  /// @param c value of argument 2
  /// @param d value of argument 3
  /// @param e value of argument 4
  /// @return the result
  /// @throws Exception any exception: it fails the task
  R call(A a, B b, C c, D d, E e) throws Exception;
}
