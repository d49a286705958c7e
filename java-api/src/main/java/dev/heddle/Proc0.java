package dev.heddle;

import java.io.Serializable;

/// A task's function of no arguments that returns nothing.
///
/// As [Fn0] in everything else.
@FunctionalInterface
public interface Proc0 extends Serializable {
  /// Does the task's work.
  ///
  /// @throws Exception any exception: it fails the task
  void run() throws Exception;
}
