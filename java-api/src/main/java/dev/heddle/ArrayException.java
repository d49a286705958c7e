package dev.heddle;

import java.util.List;

/// Indices of an array have failed; the others have run.
///
/// The cause is what the first of [#failures()] failed with.
public final class ArrayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// How many indices failed.
  private final long failedCount;

  /// The first of them, with stacks.
  @SuppressWarnings("serial") // what it holds is made by Heddle, and may be sent
  private final List<IndexFailure> failures;

  /// For executors.
  ///
  /// @param message says how many failed, and which was the first
  /// @param failedCount number of indices that failed
  /// @param failures the first of them by index, with stacks
  public ArrayException(String message, long failedCount, List<IndexFailure> failures) {
    super(message, failures.isEmpty() ? null : failures.getFirst().cause());
    this.failedCount = failedCount;
    this.failures = List.copyOf(failures);
  }

  /// How many indices failed.
  ///
  /// @return above 0
  public long failedCount() {
    return failedCount;
  }

  /// Some of the failures, as [ArrayFuture#failures()].
  ///
  /// @return by ascending index
  public List<IndexFailure> failures() {
    return failures;
  }
}
