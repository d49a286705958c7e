package dev.heddle.tutorial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.HeddleConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `docs/users/tutorial.md` tells the truth: each of its programs compiles, runs on threads and on
/// two ranks, and prints what stands below it; its commands exist.
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class TutorialTest {
  private static final Path PAGE = Path.of("../docs/users/tutorial.md");
  private static final Path COMMAND = Path.of("../heddle");
  private static final Duration TIME_MAX = Duration.ofSeconds(60);
  private static final String LOCAL_RANKS = "heddle.localRanks";
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
  private static final Pattern VARIABLE = Pattern.compile("\\bHEDDLE_[A-Z_]+");

  /// What differs from one run to another: numbers of ranks and tasks, names of hosts, packages,
  /// and the name that a lambda is given from the bytes of its class.
  private static final Pattern VARYING =
      Pattern.compile(
          "\\b((?:rank|task|host)[= ]|[lL]ambda)[\\w.$/-]+|(serializablePackages=)\\[[^\\]]*]");

  @TestFactory
  Stream<DynamicTest> shouldPrintWhatItSays(@TempDir Path folder) throws IOException {
    Map<String, String> shared = new LinkedHashMap<>();
    List<DynamicTest> tests = new ArrayList<>();
    for (Snippet snippet : page()) {
      if (snippet.isShared()) {
        shared.put(snippet.className(), snippet.source());
      } else if (snippet.isJava()) {
        Map<String, String> sources = new LinkedHashMap<>(shared);
        sources.put(snippet.className(), snippet.source());
        Path classes = Files.createDirectory(folder.resolve("line" + snippet.line()));
        tests.add(compiled(snippet, classes, sources));
        if (!snippet.isWrong()) {
          tests.add(printed("threads", snippet, classes, 1));
          tests.add(printed("2 ranks", snippet, classes, 2));
        }
      }
    }
    assertFalse(tests.isEmpty());
    return tests.stream();
  }

  private static DynamicTest compiled(Snippet snippet, Path classes, Map<String, String> sources) {
    return DynamicTest.dynamicTest(
        "compiler: line " + snippet.line(),
        () -> {
          String messages = SnippetRunner.compile(classes, sources);
          if (!snippet.isWrong()) {
            assertEquals("", messages);
            return;
          }
          String expected = Objects.requireNonNull(snippet.output()).strip();
          assertTrue(messages.contains(expected), messages);
        });
  }

  private static DynamicTest printed(String way, Snippet snippet, Path classes, int ranks) {
    return DynamicTest.dynamicTest(
        way + ": line " + snippet.line(),
        () -> {
          String printed = assertTimeoutPreemptively(TIME_MAX, () -> run(snippet, classes, ranks));
          if (snippet.output() != null) {
            assertEquals(settled(snippet.output()), settled(printed));
          }
        });
  }

  private static String run(Snippet snippet, Path classes, int ranks) throws Exception {
    System.setProperty(LOCAL_RANKS, Integer.toString(ranks));
    try {
      return SnippetRunner.run(classes, snippet.className());
    } finally {
      System.clearProperty(LOCAL_RANKS);
    }
  }

  private static String settled(String text) {
    return VARYING.matcher(text).replaceAll("$1$2*").strip();
  }

  @Test
  void shouldNameCommandsThatExist() throws Exception {
    String help = help();
    Set<String> known =
        Arrays.stream(help.split("[\\s,|:()]+")).collect(Collectors.toUnmodifiableSet());
    List<String> wrong = new ArrayList<>();
    int commands = 0;
    for (Snippet snippet : page()) {
      if (!snippet.language().equals("sh")) {
        continue;
      }
      for (String line : snippet.text().lines().toList()) {
        List<String> words = List.of(line.replaceAll("#.*", "").strip().split("\\s+"));
        int at = words.indexOf("./heddle");
        if (at < 0) {
          continue;
        }
        commands++;
        String command = words.get(at + 1);
        if (!help.contains("\n  " + command + " ")) {
          wrong.add("line " + snippet.line() + ": no command " + command);
        }
        words.subList(at + 2, words.size()).stream()
            .filter(word -> word.startsWith("-") && !word.startsWith("-D"))
            .filter(word -> !known.contains(word))
            .forEach(word -> wrong.add("line " + snippet.line() + ": no option " + word));
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(commands > 0, "the tutorial has no command");
  }

  @Test
  void shouldNameVariablesThatExist() throws Exception {
    Set<String> known =
        HeddleConfig.options().stream()
            .map(HeddleConfig.Option::environment)
            .collect(Collectors.toSet());
    Matcher inHelp = VARIABLE.matcher(help());
    while (inHelp.find()) {
      known.add(inHelp.group());
    }
    List<String> wrong =
        VARIABLE
            .matcher(Files.readString(PAGE))
            .results()
            .map(one -> one.group())
            .filter(one -> !known.contains(one))
            .toList();
    assertEquals(List.of(), wrong);
  }

  @Test
  void shouldLinkToFilesThatExist() throws IOException {
    List<String> wrong =
        LINK.matcher(Files.readString(PAGE))
            .results()
            .map(one -> one.group(1))
            .filter(one -> !Files.exists(PAGE.resolveSibling(one)))
            .toList();
    assertEquals(List.of(), wrong);
  }

  private static List<Snippet> page() throws IOException {
    return Snippet.of(Files.readString(PAGE));
  }

  private static String help() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(COMMAND.toString(), "--help").redirectErrorStream(true).start();
    String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return help;
  }
}
