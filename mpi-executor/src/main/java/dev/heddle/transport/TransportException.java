package dev.heddle.transport;

import java.io.Serial;

/// The library below a transport refused a call; fatal for the rank.
///
/// The message names the call, the library's error class and text, rank and tag.
public final class TransportException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// `message` gives facts as `name=value`.
  public TransportException(String message) {
    super(message);
  }
}
