package dev.heddle;

import java.util.List;

/// Indices of an array have failed; all other indices have run.
///
/// The cause is the exception of the first of [#failures()].
public final class ArrayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Number of failed indices.
  private final long failedCount;

  /// The first failures, with their stacks.
  @SuppressWarnings("serial") // Heddle makes its elements, and they may be sent
  private final List<IndexFailure> failures;

  /// For executors.
  ///
  /// @param message names the number of failures and the first failed index
  /// @param failedCount number of indices that failed
  /// @param failures the first failures by index, with their stacks
  public ArrayException(String message, long failedCount, List<IndexFailure> failures) {
    super(message, failures.isEmpty() ? null : failures.getFirst().cause());
    this.failedCount = failedCount;
    this.failures = List.copyOf(failures);
  }

  /// Number of failed indices.
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
