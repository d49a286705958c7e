package dev.heddle.transport;

/// A barrier beside the transport under test: ranks meet without sending it a message.
public interface Meeting {
  /// Enters the barrier without waiting.
  void enter();

  /// True once all ranks have entered.
  boolean isComplete();
}
