package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A task's function of no argument.
///
/// Shape: a static or instance method reference or a lambda; what it captures is encoded with every
/// task, so it must be serializable. Threading: called on a slot's thread of any rank. Errors:
/// whatever it throws fails the task.
@FunctionalInterface
public interface Fn0<R extends @Nullable Object> extends Serializable {
  /// Computes the task's result.
  R call() throws Exception;
}
