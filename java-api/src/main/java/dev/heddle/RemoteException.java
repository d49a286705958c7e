package dev.heddle;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// Stands for an exception of a task whose class does not load here, or that could not be sent: it
/// isn't serializable, or its own fields, message aside, take more than about 10 KiB.
///
/// Shape: message, stack, causes and suppressed exceptions are those of the remote exception;
/// [#remoteClassName()] names the class. A failure travels in 16 KiB: a longer message is cut, and
/// ends with the number of missing characters.
public final class RemoteException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// Name of the class thrown on the other rank.
  private final String remoteClassName;

  /// For executors only.
  ///
  /// @param remoteClassName name of the class thrown on the other rank
  /// @param message its message
  /// @param stack its stack trace
  /// @param cause its cause, a [RemoteException] too where the cause's class doesn't load
  public RemoteException(
      String remoteClassName,
      @Nullable String message,
      StackTraceElement[] stack,
      @Nullable Throwable cause) {
    super(message == null ? remoteClassName : remoteClassName + ": " + message, cause);
    this.remoteClassName = remoteClassName;
    setStackTrace(stack);
  }

  /// Name of the class thrown on the other rank.
  ///
  /// @return as [Class#getName()] there
  public String remoteClassName() {
    return remoteClassName;
  }
}
