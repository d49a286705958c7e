package dev.heddle.wire;

/// Takes the messages and bulk transfers that a [Port] has received.
///
/// Threading: the thread that polls. A receiver that posts no bulk transfer need not handle them.
@FunctionalInterface
public interface Receiver {
  /// `bytes` bytes from `sourceRank` start at offset 0 of `buffer`, which is valid during the call
  /// only.
  void onMessage(int sourceRank, MessageBuffer buffer, int bytes);

  /// All bytes of a bulk transfer are in their target.
  default void onBulkReceived(int sourceRank, int transferId) {
    throw new IllegalStateException(
        "a bulk transfer that nobody asked for: sourceRank="
            + sourceRank
            + " transferId="
            + transferId);
  }

  /// All bytes of a bulk transfer have left; its source may be reused.
  default void onBulkSent(int targetRank, int transferId) {
    throw new IllegalStateException(
        "a bulk transfer that nobody started: targetRank="
            + targetRank
            + " transferId="
            + transferId);
  }
}
