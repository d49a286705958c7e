package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A task's function of no arguments.
///
/// Shape: a static or instance method reference or a lambda. Its captures are encoded with every
/// task, so they must be serializable. Threading: called on a slot's thread of any rank. Errors:
/// any exception of it fails the task.
///
/// @param <R> type of the result
@FunctionalInterface
public interface Fn0<R extends @Nullable Object> extends Serializable {
  /// Computes the task's result.
  ///
  /// @return the result
  /// @throws Exception any exception: it fails the task
  R call() throws Exception;
}
