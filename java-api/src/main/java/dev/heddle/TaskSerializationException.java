package dev.heddle;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// An argument, a captured value or a result can't be encoded or decoded; the message names the
/// path to it and its type.
public final class TaskSerializationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// For executors only.
  ///
  /// @param message names path, type and remedy
  /// @param cause what the encoder met, if there is more to say
  public TaskSerializationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
