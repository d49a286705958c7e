package dev.heddle.core.link;

/// Whose frames a relay passes on, upwards. Threading: the progress role.
@FunctionalInterface
public interface Sender {
  /// A frame of this many bytes waits at this relay no more.
  void onForwarded(int bytes);
}
