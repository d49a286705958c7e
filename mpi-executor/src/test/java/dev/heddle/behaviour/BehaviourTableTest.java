package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Holds `docs/builders/behaviours.md` to the tests: whatever it names is there.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BehaviourTableTest {
  private static final Path TABLE = Path.of("..", "docs", "builders", "behaviours.md");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");
  private static final Pattern TEST = Pattern.compile("(\\w+Test)(?:#(\\w+))?");
  private static final Pattern SHELL_TEST = Pattern.compile("([a-z-]+\\.sh): (.+)");
  private static final String EVERYWHERE = "threads, 2 ranks, 3 levels, both MPIs";

  /// @param first number, or sentence
  /// @param tests names in the column before the last
  /// @param ways the last column
  private record Row(String first, List<String> tests, String ways) {}

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(TABLE)) {
      String[] cells = line.split("\\|", -1);
      if (cells.length < 5
          || cells[1].isBlank()
          || cells[1].strip().matches("-+|number|sentence")) {
        continue;
      }
      List<String> tests = new ArrayList<>();
      Matcher name = NAME.matcher(cells[cells.length - 3]);
      while (name.find()) {
        tests.add(name.group(1));
      }
      rows.add(new Row(cells[1].strip(), tests, cells[cells.length - 2].strip()));
    }
    return rows;
  }

  @Test
  void shouldNameNothingThatIsNotThere() throws IOException {
    Set<String> scenarios = new HashSet<>(Behaviours.names());
    List<String> wrong = new ArrayList<>();
    for (Row row : rows()) {
      for (String test : row.tests()) {
        if (!scenarios.contains(test) && !isTest(test) && !isShellTest(test)) {
          wrong.add(row.first() + ": " + test);
        }
      }
      if (row.tests().isEmpty()) {
        wrong.add(row.first() + ": no test");
      }
      if (!row.ways().equals(EVERYWHERE)
          && !(List.of("compiler", "from outside").contains(row.ways())
              && row.tests().stream().noneMatch(scenarios::contains))) {
        wrong.add(row.first() + ": ways=" + row.ways());
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void shouldHaveEveryBehaviourOfTheApi() throws IOException {
    Set<String> numbers =
        rows().stream().map(Row::first).filter(s -> s.matches("\\d+")).collect(Collectors.toSet());
    for (int number : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 19}) {
      assertTrue(numbers.contains("" + number), "behaviour " + number);
    }
    assertTrue(rows().size() - numbers.size() >= 17, "sentences of the API");
  }

  @Test
  void shouldGiveEachScenarioANameOfItsOwn() {
    Set<String> seen = new HashSet<>();
    Set<String> twice = new TreeSet<>();
    for (String name : Behaviours.names()) {
      if (!seen.add(name)) {
        twice.add(name);
      }
    }
    assertEquals(Set.of(), twice);
  }

  /// Whether `reference` is `FooTest` or `FooTest#method` of some module.
  private static boolean isTest(String reference) throws IOException {
    Matcher parts = TEST.matcher(reference);
    if (!parts.matches()) {
      return false;
    }
    for (String module : List.of("java-api", "mpi-executor")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
        Path file =
            files.filter(f -> f.endsWith(parts.group(1) + ".java")).findFirst().orElse(null);
        if (file != null) {
          return parts.group(2) == null || Files.readString(file).contains(parts.group(2) + "(");
        }
      }
    }
    return false;
  }

  /// Whether `reference` is `foo.sh: name`, where a test of that suite has a name that begins so.
  private static boolean isShellTest(String reference) throws IOException {
    Matcher parts = SHELL_TEST.matcher(reference);
    if (!parts.matches()) {
      return false;
    }
    Path file = Path.of("..", "tests", parts.group(1));
    return Files.exists(file) && Files.readString(file).contains("begin \"" + parts.group(2));
  }
}
