package dev.heddle.examples.readmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;

final class OptionsTest {
  @Test
  void shouldHaveDefaults() {
    Options options = Options.parse();
    assertEquals(100_000, options.reads());
    assertEquals(1, options.seed());
    assertEquals(500, options.batch());
    assertNull(options.json());
    assertEquals(200, options.batches());
    assertFalse(options.isJsonToStdout());
    assertTrue(Options.parse("--json", "-").isJsonToStdout());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--reads 0",
        "--reads -5",
        "--reads many",
        "--reads 1e5",
        "--batch 0",
        "--batch 99999999999",
        "--seed x",
        "--json",
        "--nonsense",
        "extra",
        "--reads 1 --reads 2"
      })
  void shouldRefuseBadValuesInOneSentence(String line) {
    String[] args = line.split(" ", -1);
    ParameterException bad = assertThrows(ParameterException.class, () -> Options.parse(args));
    String message = Objects.requireNonNull(bad.getMessage());
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.contains(args[0]), message);
  }

  @Test
  void shouldSayWhyJsonCannotBeWritten(@TempDir Path folder) {
    assertNull(Options.parse("--json", folder.resolve("r.json").toString()).jsonProblem());
    assertNull(Options.parse("--json", "-").jsonProblem());
    Path nowhere = folder.resolve("no/r.json");
    String problem = Options.parse("--json", nowhere.toString()).jsonProblem();
    assertTrue(problem != null && problem.contains("there is no folder"), problem);
    problem = Options.parse("--json", folder.toString()).jsonProblem();
    assertTrue(problem != null && problem.contains("is a folder"), problem);
  }
}
