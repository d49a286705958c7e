package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// One list of benchmarks: what names them elsewhere names all of them.
final class BenchmarksTest {
  private static final Path HOME = Path.of("..");

  private static List<String> all() {
    return Stream.concat(Benchmarks.names().stream(), Benchmarks.commands().stream()).toList();
  }

  private static void expectAll(String where, String text) {
    for (String name : all()) {
      assertTrue(text.matches("(?s).*\\b" + name + "\\b.*"), where + " doesn't name " + name);
    }
  }

  @Test
  void shouldKnowEachByItsOwnName() {
    for (String name : Benchmarks.names()) {
      assertEquals(name, Objects.requireNonNull(Benchmarks.byName(name), name).name());
    }
    assertNull(Benchmarks.byName("all"));
  }

  @Test
  void shouldBeNamedByTheCommandsHelp() throws IOException {
    String script = Files.readString(HOME.resolve("heddle"));
    int begin = script.indexOf("  bench NAME [ARGS]");
    expectAll("'heddle help'", script.substring(begin, script.indexOf("  study NAME", begin)));
  }

  @Test
  void shouldBeNamedByTheHelpOfBench() {
    expectAll(
        "'heddle bench --help'",
        new CommandLine(BenchOptions.parse("--help")).getUsageMessage(CommandLine.Help.Ansi.OFF));
  }

  @Test
  void shouldBeDescribed() throws IOException {
    String page = Files.readString(HOME.resolve("docs/measured/benchmarks.md"));
    for (String name : all()) {
      assertTrue(page.contains("`" + name), "benchmarks.md doesn't describe " + name);
    }
  }
}
