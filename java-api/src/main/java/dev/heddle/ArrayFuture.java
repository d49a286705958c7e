package dev.heddle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of an array to come: one function applied to many indices, as one task of the graph.
///
/// Given to `submit`, alone or inside a container, it is a dependency like any [TaskFuture]. Inside
/// a container the task gets a plain done future of the whole result, so there it must be declared
/// as a [TaskFuture]. A failed index leaves all other indices alone: they are run, then [#get()]
/// throws an [java.util.concurrent.ExecutionException] whose cause is an [ArrayException] that
/// names the first failed index and the number of failures. Where more than a million separate
/// ranges of indices fail, all remaining indices are given up, and count as failed. [#retry()] runs
/// only the failed indices again. [#cancel] ends all indices, wherever they run.
///
/// Threading: any thread.
///
/// @param <V> type of the whole result
public interface ArrayFuture<V extends @Nullable Object> extends TaskFuture<V> {
  /// Number of indices.
  ///
  /// @return -1 while it isn't known, since the mapped list isn't there yet
  long size();

  /// Indices that have ended so far, failed ones too.
  ///
  /// Shape: in a reduction a rank reports whole ranges only, so the count moves in steps.
  ///
  /// @return 0 to [#size()]
  long doneCount();

  /// Indices that have failed so far.
  ///
  /// @return 0 to [#size()]
  long failedCount();

  /// Failures so far, with their stacks: the first 16 by index, of the failures that ranks have
  /// reported.
  ///
  /// @return by ascending index
  List<IndexFailure> failures();

  /// All indices that have failed so far.
  ///
  /// @return ranges by ascending index, with the step of the array
  List<Range> failedRanges();

  /// Runs the failed indices again, and only these; the results of all other indices are kept.
  ///
  /// Shape: a new task with the label, priority and scope of this one; this future stays failed.
  ///
  /// @return the future of the whole array, as this future was
  /// @throws IllegalStateException where this array isn't done, has succeeded, was cancelled or
  ///   failed as a dependent, so that no index has failed by itself
  ArrayFuture<V> retry();
}
