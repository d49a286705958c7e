package dev.heddle.core.role;

/// Is told what happens on rank 0: a journal, a monitor.
///
/// Threading: called by the holder of the progress role, at the end of a turn; it must not block,
/// and never calls back.
@FunctionalInterface
public interface FactListener {
  /// The facts of a turn in their order, some turns in several runs.
  ///
  /// Ownership: the arrays are the caller's, and may be read during the call only.
  ///
  /// @param ids of the task, or the rank
  /// @param facts what happened
  /// @param durationsNs what [Fact] says, else 0
  /// @param count how many entries of each array count
  /// @param nowNs one time for all of them: that of the turn, or, for what happens between two
  ///   turns, that of the call that caused it
  void onFacts(long[] ids, Fact[] facts, long[] durationsNs, int count, long nowNs);
}
