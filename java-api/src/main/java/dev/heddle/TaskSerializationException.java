package dev.heddle;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// An argument, a captured value or a result can't be encoded or decoded; the message names the
/// path to the value and its type.
public final class TaskSerializationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// For executors only.
  ///
  /// @param message names path, type and remedy
  /// @param cause the encoder's exception, if there is one
  public TaskSerializationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
