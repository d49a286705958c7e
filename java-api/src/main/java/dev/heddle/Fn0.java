package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A task's function of no arguments.
///
/// Shape: a static or instance method reference or a lambda; what it captures is encoded with every
/// task, so it must be serializable. Threading: called on a slot's thread of any rank. Errors:
/// whatever it throws fails the task.
///
/// @param <R> type of the result
@FunctionalInterface
public interface Fn0<R extends @Nullable Object> extends Serializable {
  /// Computes the task's result.
  ///
  /// @return the result
  /// @throws Exception anything: it fails the task
  R call() throws Exception;
}
