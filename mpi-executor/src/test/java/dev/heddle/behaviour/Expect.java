package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskFuture;
import dev.heddle.TaskOrigin;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What the scenarios assert again and again.
final class Expect {
  private static final long WAIT_NS_MAX = TimeUnit.SECONDS.toNanos(60);

  private Expect() {}

  /// What a failed future throws as cause, which must be of `type`.
  static <T extends Throwable> T failure(Class<T> type, TaskFuture<?> future) {
    Throwable cause = assertThrows(ExecutionException.class, future::get).getCause();
    if (!type.isInstance(cause)) {
      throw new AssertionError("not a " + type.getName() + " but " + cause, cause);
    }
    return type.cast(cause);
  }

  /// The origin that rides on a failure.
  static TaskOrigin origin(Throwable failure) {
    for (Throwable suppressed : failure.getSuppressed()) {
      if (suppressed instanceof TaskOrigin origin) {
        return origin;
      }
    }
    throw new AssertionError("no TaskOrigin", failure);
  }

  static void contains(Throwable failure, String... parts) {
    contains(Objects.requireNonNull(failure.getMessage(), "no message"), parts);
  }

  static void contains(@Nullable String text, String... parts) {
    for (String part : parts) {
      assertTrue(text != null && text.contains(part), () -> "no \"" + part + "\" in: " + text);
    }
  }

  /// Waits for what happens on other threads.
  static void eventually(BooleanSupplier condition, String what) {
    long deadlineNs = System.nanoTime() + WAIT_NS_MAX;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadlineNs < 0, () -> "never: " + what);
      LockSupport.parkNanos(100_000);
    }
  }
}
