package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A task's function of one argument that returns nothing.
///
/// As [Fn1] in everything else.
///
/// @param <A> type of argument a
@FunctionalInterface
public interface Proc1<A extends @Nullable Object> extends Serializable {
  /// Does the task's work.
  ///
  /// @param a value of argument 0
  /// @throws Exception any exception: it fails the task
  void run(A a) throws Exception;
}
