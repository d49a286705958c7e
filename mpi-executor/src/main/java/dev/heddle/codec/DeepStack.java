package dev.heddle.codec;

import java.io.Serial;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs code that recurses deeper than a caller's stack allows on a thread with a long stack.
///
/// Shape: the caller waits. Threading: any. Ownership: the thread ends with the call. Errors: the
/// exception of the call, unchanged.
final class DeepStack {
  /// Enough for [dev.heddle.codec.form.Tags#DEEP_MAX] levels of about 1.5 KiB each, where the code
  /// isn't compiled yet. The system gives memory only for the part of the stack that is used.
  private static final long STACK_BYTES = 256L << 20;

  /// A value is nested deeper than a caller's stack allows: begin again on a [DeepStack]. The
  /// exception has no stack trace.
  static final class Deeper extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    Deeper() {
      super("deeper", null, false, false);
    }
  }

  private DeepStack() {}

  static <T extends @Nullable Object> T call(Supplier<T> body) {
    Call<T> call = new Call<>(body);
    Thread thread = new Thread(null, call, "heddle-deep-value", STACK_BYTES);
    thread.setDaemon(true);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.start();
    boolean isInterrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        // the call ends by itself, and its value must not be torn
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    return call.result();
  }

  private static final class Call<T extends @Nullable Object> implements Runnable {
    private final Supplier<T> body;
    private @Nullable Supplier<T> result;

    Call(Supplier<T> body) {
      this.body = body;
    }

    @Override
    public void run() {
      try {
        T value = body.get();
        result = () -> value;
      } catch (RuntimeException e) {
        result =
            () -> {
              throw e;
            };
      } catch (Error e) {
        result =
            () -> {
              throw e;
            };
      }
    }

    T result() {
      if (result == null) {
        throw new IllegalStateException("a thread ended without a word");
      }
      return result.get();
    }
  }
}
