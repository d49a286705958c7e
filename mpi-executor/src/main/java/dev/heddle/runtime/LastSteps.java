package dev.heddle.runtime;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Steps on the way to the end of a run or of its process. Each step is taken, whatever became of
/// the step before it: a process that could not say why it ends has to end all the same.
///
/// Threading: any.
public final class LastSteps {
  /// What a step does.
  @FunctionalInterface
  public interface Step {
    void take() throws Exception;
  }

  private static final int PLACES_SHOWN = 3;

  private LastSteps() {}

  /// Takes `step`. What the step throws is told in one line and goes no further. `what` names the
  /// step's purpose, as in "to write the verdict".
  public static void take(String what, Step step) {
    try {
      step.take();
    } catch (Throwable thrown) {
      // Errors and users' exceptions are caught too: the steps after this step must be taken.
      if (thrown instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      tell(what, thrown);
    }
  }

  private static void tell(String what, Throwable thrown) {
    try {
      Log.tell("heddle: a step at the end failed, " + what + ": " + text(thrown));
    } catch (Throwable _) {
      // There is no way to tell: perhaps no memory is left for a sentence.
    }
  }

  /// `thrown` in words. Its own `toString` may be users' code: where that throws or gives null, the
  /// name of its class is returned.
  public static String text(Throwable thrown) {
    try {
      String text = thrown.toString();
      if (text != null) {
        return text;
      }
    } catch (Throwable _) {
      // The name of its class has to do.
    }
    return thrown.getClass().getName();
  }

  /// The first places of the stack of `thrown`; empty where it has none.
  public static String places(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    try {
      StackTraceElement[] stack = thrown.getStackTrace();
      for (int i = 0; i < Math.min(PLACES_SHOWN, stack.length); i++) {
        text.append(i == 0 ? " at " : ", ").append(stack[i]);
      }
    } catch (Throwable _) {
      // a user's class may give null, or throw
    }
    return text.toString();
  }

  /// Prints `line` after `ns` nanoseconds, unless the returned thread is interrupted before.
  /// Returns null where no thread could start.
  public static @Nullable Thread tellAfter(long ns, String line) {
    try {
      return Thread.ofPlatform()
          .daemon()
          .name("heddle-waits")
          .start(
              () -> {
                try {
                  TimeUnit.NANOSECONDS.sleep(ns);
                  Log.tell(line);
                } catch (InterruptedException _) {
                  // the wait was short
                }
              });
    } catch (Throwable _) {
      return null;
    }
  }

  /// Ends this process with `code` after `ns` nanoseconds, unless it has ended by then: a step may
  /// wait for ever, such as a write to a pipe without a reader. Takes the step `last` just before.
  public static void haltAfter(long ns, int code, Step last) {
    take(
        "to bound the time of the end",
        () ->
            Thread.ofPlatform()
                .daemon()
                .name("heddle-halt")
                .start(
                    () -> {
                      try {
                        TimeUnit.NANOSECONDS.sleep(ns);
                        last.take();
                      } catch (Throwable _) {
                        // The end itself is what counts.
                      } finally {
                        Runtime.getRuntime().halt(code);
                      }
                    }));
  }
}
