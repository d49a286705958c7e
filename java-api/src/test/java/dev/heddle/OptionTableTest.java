package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.HeddleConfig.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Two other files list the options and have the same content: the table of the `heddle` command,
/// and the page for people. The tests write both into `java-api/target`; a test that fails says so.
class OptionTableTest {
  private static final Path HOME = home();

  private static Path home() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("heddle"))) {
      folder = folder.resolveSibling("..").normalize();
    }
    return folder;
  }

  private static void shouldBe(String file, List<String> expected, List<String> found)
      throws IOException {
    Path made = Path.of("target", Path.of(file).getFileName().toString()).toAbsolutePath();
    Files.write(made, expected);
    assertEquals(
        String.join("\n", expected),
        String.join("\n", found),
        file + " differs from OptionTable; what belongs there is in " + made);
  }

  @Test
  void shouldBeTheTableOfTheCommand() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Option option : HeddleConfig.options()) {
      lines.add(
          String.join(
              "\t",
              option.environment(),
              option.name(),
              option.kind().name(),
              Long.toString(option.min()),
              Long.toString(option.max()),
              option.bounds()));
    }
    lines.addAll(OptionTable.OTHER_VARIABLES);
    shouldBe("libexec/options.tsv", lines, Files.readAllLines(HOME.resolve("libexec/options.tsv")));
  }

  @Test
  void shouldBeTheTableOfTheDocumentation() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("| option | default | unit | bounds | meaning |");
    lines.add("|---|---|---|---|---|");
    for (Option option : HeddleConfig.options()) {
      lines.add(
          "| `%s` | %s | %s | %s | %s |"
              .formatted(
                  option.name(),
                  option.defaultText().isEmpty() ? "" : "`" + option.defaultText() + "`",
                  option.unit(),
                  option.bounds(),
                  option.meaning()));
    }
    List<String> found =
        Files.readAllLines(HOME.resolve("docs/users/configuration.md")).stream()
            .dropWhile(line -> !line.startsWith("| option |"))
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    shouldBe("docs/users/configuration.md", lines, found);
  }

  @Test
  void shouldDescribeEveryOtherVariable() throws IOException {
    String page = Files.readString(HOME.resolve("docs/users/configuration.md"));
    for (String variable : OptionTable.OTHER_VARIABLES) {
      assertTrue(page.contains("`" + variable + "`"), variable + " is not described");
    }
  }

  /// A variable that the sources use but the table lacks would be refused as misspelt.
  @Test
  void shouldKnowEveryVariableInTheSources() throws IOException {
    Set<String> used = new TreeSet<>();
    Pattern name = Pattern.compile("\\bHEDDLE_[A-Z]+(_[A-Z]+)*\\b");
    List<Path> files = new ArrayList<>(List.of(HOME.resolve("heddle")));
    for (String folder :
        List.of("libexec", "job-templates", "java-api/src/main", "mpi-executor/src/main")) {
      try (Stream<Path> below = Files.walk(HOME.resolve(folder))) {
        below.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    for (Path file : files) {
      Matcher matcher = name.matcher(Files.readString(file));
      while (matcher.find()) {
        used.add(matcher.group());
      }
    }
    assertTrue(used.contains("HEDDLE_FANOUT") && used.contains("HEDDLE_STARTED_FD"), "" + used);
    HeddleConfig.options().forEach(option -> used.remove(option.environment()));
    used.removeAll(OptionTable.OTHER_VARIABLES);
    used.removeIf(one -> one.startsWith("HEDDLE_TEST_"));
    // The first name is CMake's; the second stands for any option.
    used.removeAll(Set.of("HEDDLE_MPICC", "HEDDLE_X"));
    assertEquals(Set.of(), used, "add them to OptionTable.OTHER_VARIABLES");
  }
}
