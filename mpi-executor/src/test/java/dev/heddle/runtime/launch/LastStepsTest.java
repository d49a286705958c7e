package dev.heddle.runtime.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.runtime.LastSteps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LastStepsTest {
  /// A user's exception without a text.
  @SuppressWarnings({"OverrideThrowableToString", "ToStringReturnsNull"}) // broken on purpose
  private static final class Mute extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean givesNull;

    Mute(boolean givesNull) {
      this.givesNull = givesNull;
    }

    @Override
    @SuppressWarnings("NullAway") // broken on purpose
    public String toString() {
      if (givesNull) {
        return null;
      }
      throw new IllegalStateException("no text");
    }

    @Override
    @SuppressWarnings("NullAway") // broken on purpose
    public StackTraceElement[] getStackTrace() {
      return null;
    }
  }

  @Test
  void shouldTakeEachStepWhateverTheOneBeforeThrew() {
    List<String> taken = new ArrayList<>();
    for (Throwable thrown :
        List.of(
            new IOException("planned"),
            new IllegalStateException("planned"),
            new OutOfMemoryError("planned"),
            new StackOverflowError(),
            new Mute(true),
            new Mute(false))) {
      LastSteps.take("planned", () -> RootRun.rethrow(thrown));
      taken.add("next");
    }
    assertEquals(6, taken.size());
  }

  @Test
  void shouldKeepAnInterrupt() {
    LastSteps.take(
        "planned",
        () -> {
          throw new InterruptedException();
        });
    assertTrue(Thread.interrupted());
  }

  @Test
  void shouldFindWordsForWhatHasNone() {
    assertEquals(Mute.class.getName(), LastSteps.text(new Mute(true)));
    assertEquals(Mute.class.getName(), LastSteps.text(new Mute(false)));
    assertEquals("", LastSteps.places(new Mute(true)));
    assertEquals("java.io.IOException: planned", LastSteps.text(new IOException("planned")));
  }
}
