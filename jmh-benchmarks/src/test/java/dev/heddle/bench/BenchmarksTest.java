package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.bench.run.Benchmarks;
import dev.heddle.bench.study.StudyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// One list of benchmarks: what names them elsewhere names all of them.
final class BenchmarksTest {
  private static final Path HOME = Path.of("..");

  private static CommandLine bench() {
    return Objects.requireNonNull(BenchMain.commands().getSubcommands().get("bench"), "bench");
  }

  private static Set<String> all() {
    Set<String> all = new TreeSet<>(Benchmarks.names());
    all.addAll(bench().getSubcommands().keySet());
    return all;
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
  }

  @Test
  void shouldKnowNoCommandAsABenchmark() {
    assertEquals(
        Benchmarks.names().size() + bench().getSubcommands().size(), all().size(), "a name twice");
    for (String command : bench().getSubcommands().keySet()) {
      assertNull(Benchmarks.byName(command));
    }
  }

  /// Both ways: what the help names is there, and what is there is named.
  @Test
  void shouldBeNamedByTheCommandsHelp() throws IOException {
    String script = Files.readString(HOME.resolve("heddle"));
    int begin = script.indexOf("  bench NAME [ARGS]");
    String help = script.substring(begin, script.indexOf("  study NAME", begin));
    expectAll("'heddle help'", help);
    String list =
        help.substring(help.indexOf("measure: ") + "measure: ".length(), help.indexOf(';'));
    List<String> named = Arrays.asList(list.split(",\\s+", -1));
    Set<String> listed = all();
    // These two have lines of their own behind the list.
    listed.removeAll(List.of("all", "against"));
    assertEquals(listed, new TreeSet<>(named));
  }

  @Test
  void shouldBeNamedByTheHelpOfBench() {
    expectAll("'heddle bench --help'", bench().getUsageMessage(CommandLine.Help.Ansi.OFF));
  }

  /// The same of the experiments, whose only list is that of the class.
  @Test
  void shouldNameEveryStudy() throws IOException {
    List<String> studies = new ArrayList<>(Objects.requireNonNull(StudyOptions.studiesNamed()));
    studies.add("all");
    String script = Files.readString(HOME.resolve("heddle"));
    int begin = script.indexOf("  study NAME [ARGS]");
    String help = script.substring(begin, script.indexOf("  simulate", begin));
    List<String> named =
        Arrays.asList(
            help.substring(help.indexOf("experiments: ") + "experiments: ".length())
                .strip()
                .split(",\\s+", -1));
    assertEquals(new TreeSet<>(studies), new TreeSet<>(named));
    String usage =
        Objects.requireNonNull(BenchMain.commands().getSubcommands().get("study"))
            .getUsageMessage(CommandLine.Help.Ansi.OFF)
            .replaceAll("\\s+", " ");
    assertTrue(usage.contains(String.join(", ", StudyOptions.studiesNamed()) + " or all."), usage);
    String page = Files.readString(HOME.resolve("docs/measured/scaling.md"));
    for (String study : studies) {
      assertTrue(page.contains("`" + study + "`"), "scaling.md doesn't describe " + study);
    }
  }

  @Test
  void shouldBeDescribed() throws IOException {
    String page = Files.readString(HOME.resolve("docs/measured/benchmarks.md"));
    for (String name : all()) {
      assertTrue(page.contains("`" + name), "benchmarks.md doesn't describe " + name);
    }
  }
}
