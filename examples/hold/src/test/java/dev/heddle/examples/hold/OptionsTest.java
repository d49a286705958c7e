package dev.heddle.examples.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;

final class OptionsTest {
  @Test
  void shouldHaveDefaults() {
    Options options = Options.parse(null);
    assertEquals(8, options.tasks(4));
    assertEquals(3_600_000, options.sleepMs());
    assertEquals(Options.Wait.GET, options.waiting());
    assertNull(options.exitCode());
    assertNull(options.endedRank());
    assertFalse(options.isThrowing());
  }

  @Test
  void shouldTakeWhatIsGiven() {
    Options options =
        Options.parse(0, "--tasks", "0", "--seconds", "0.25", "--wait", "sleep", "--exit", "7");
    assertEquals(0, options.tasks(4));
    assertEquals(250, options.sleepMs());
    assertEquals(Options.Wait.SLEEP, options.waiting());
    assertEquals(7, options.exitCode());
    assertTrue(Options.parse(0, "--throw").isThrowing());
    assertEquals(2, Options.parse(0, "--kill-rank", "2").endedRank());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--tasks -1",
        "--seconds -1",
        "--seconds NaN",
        "--wait never",
        "--exit 256",
        "--kill-rank 0",
        "--exit-rank 0",
        "--exit-rank 1 --kill-rank 2",
        "--throw --exit 7",
        "extra"
      })
  void shouldRefuseBadValuesInOneSentence(String line) {
    String[] args = line.split(" ", -1);
    ParameterException bad = assertThrows(ParameterException.class, () -> Options.parse(0, args));
    String message = Objects.requireNonNull(bad.getMessage());
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.contains(args[0]), message);
  }

  @Test
  void shouldRefuseToKillARankThatIsNoProcess() {
    assertThrows(ParameterException.class, () -> Options.parse(null, "--kill-rank", "1"));
  }
}
