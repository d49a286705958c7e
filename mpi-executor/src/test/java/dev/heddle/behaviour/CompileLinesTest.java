package dev.heddle.behaviour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The lines of `lines-that-compile.txt` compile, those of `lines-that-do-not.txt` don't, each with
/// the error that is written beside it.
///
/// Each line becomes a method of one class, so that one compilation judges them all.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class CompileLinesTest {
  private static final String BEFORE =
      """
      import dev.heddle.*;
      import java.io.IOException;
      import java.util.*;
      import java.util.concurrent.Callable;
      import java.util.concurrent.CompletableFuture;
      import org.jspecify.annotations.Nullable;

      final class Program {
        record Molecule(String name) {}
        record Result(double energy, List<Integer> steps) {}
        record Pair(TaskFuture<Integer> left, int right) {}

        static final class Chem {
          static double energy(Molecule m) { return 0; }
          static double careful(Molecule m) throws IOException { throw new IOException(); }
          static String zero() { return ""; }
          static String two(int a, String b) { return ""; }
          static String three(int a, String b, double c) { return ""; }
          static String four(int a, String b, double c, char d) { return ""; }
          static String five(int a, String b, double c, char d, List<Long> e) { return ""; }
          static <T> T same(T value) { return value; }
          static long sum(List<Integer> values) { return 0; }
          static double ofAnything(Object value) { return 0; }
          static int ofPair(Pair pair) { return 0; }
          static void print(Molecule m) {}
          static void doIt() {}
          static int over(int a) { return a; }
          static int over(String a) { return 0; }
        }

        TaskFuture<Integer> recurse(int n) { throw new AssertionError(); }
        List<TaskFuture<Integer>> fanOut(int n) { throw new AssertionError(); }
        static <T> TaskFuture<T> future(T value) { throw new AssertionError(); }

      """;

  private static final String PARAMETERS =
      String.join(
          ", ",
          "Program program",
          "Heddle heddle",
          "Molecule molecule",
          "String text",
          "TaskFuture<Molecule> later",
          "TaskFuture<Integer> futureInt",
          "TaskFuture<String> futureString",
          "TaskFuture<Double> futureDouble",
          "TaskFuture<List<Long>> futureLongs",
          "TaskFuture<Result> result",
          "CompletableFuture<Integer> foreignInt",
          "CompletableFuture<Character> foreignChar",
          "CompletableFuture<Molecule> foreignMolecule",
          "Callable<Integer> plainCallable",
          "Runnable plainRunnable",
          "java.util.function.Function<Integer, Integer> plainFunction",
          "Fn0<Integer> serializableFunction");

  private static final Pattern ERROR =
      Pattern.compile("Program\\.java:(\\d+):\\d+: compiler\\.err\\.(\\S+:?.*)");

  /// A line, and the key of the error that it must have; empty for none.
  private record Line(int number, String error, String code) {}

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> linesThatCompile() throws IOException {
    List<Line> lines = lines("lines-that-compile.txt", false);
    Map<Integer, List<String>> errors = compile(lines);
    return lines.stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.code(),
                    () -> assertEquals(List.of(), errors.getOrDefault(line.number(), List.of()))));
  }

  @TestFactory
  Stream<DynamicTest> linesThatDoNot() throws IOException {
    List<Line> lines = lines("lines-that-do-not.txt", true);
    Map<Integer, List<String>> errors = compile(lines);
    return lines.stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.code(),
                    () -> {
                      List<String> found = errors.getOrDefault(line.number(), List.of());
                      assertFalse(found.isEmpty(), "it compiles");
                      assertEquals(line.error(), key(found.getFirst()), found::toString);
                    }));
  }

  @Test
  void everyNumberOfArgumentsIsThere() throws IOException {
    String all =
        lines("lines-that-compile.txt", false).stream()
            .map(Line::code)
            .collect(Collectors.joining("\n"));
    for (String part :
        List.of("submit(Chem::zero)", "Chem::two", "Chem::three", "Chem::four", "Chem::five")) {
      assertTrue(all.contains(part), part);
    }
  }

  private static String key(String error) {
    return error.substring(0, error.indexOf(':'));
  }

  private static List<Line> lines(String resource, boolean hasError) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(CompileLinesTest.class.getResourceAsStream(resource), resource)) {
      for (String text : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (text.isBlank() || text.startsWith("#")) {
          continue;
        }
        int bar = hasError ? text.indexOf('|') : -1;
        lines.add(
            new Line(
                lines.size(),
                hasError ? text.substring(0, bar).strip() : "",
                text.substring(bar + 1).strip()));
      }
    }
    assertTrue(lines.size() > 20, resource);
    return lines;
  }

  /// Errors by number of line, each `key: details`.
  private Map<Integer, List<String>> compile(List<Line> lines) throws IOException {
    StringBuilder source = new StringBuilder(BEFORE);
    int first = (int) BEFORE.lines().count() + 1;
    for (Line line : lines) {
      source
          .append("  static void line")
          .append(line.number())
          .append("(")
          .append(PARAMETERS)
          .append(") throws Throwable { ")
          .append(line.code())
          .append(" }\n");
    }
    source.append("}\n");
    Path program = folder.resolve("Program.java");
    Files.writeString(program, source);
    StringWriter said = new StringWriter();
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                new PrintWriter(said),
                new PrintWriter(said),
                "-proc:none",
                "-implicit:none",
                "--should-stop=ifError=FLOW",
                "-XDrawDiagnostics",
                "-Xmaxerrs",
                "1000",
                "-d",
                folder.toString(),
                "-cp",
                classPath(),
                program.toString());
    Map<Integer, List<String>> errors = new TreeMap<>();
    for (String text : said.toString().lines().toList()) {
      Matcher error = ERROR.matcher(text);
      if (error.lookingAt()) {
        int number = Integer.parseInt(error.group(1)) - first;
        assertTrue(number >= 0 && number < lines.size(), () -> "not of a line: " + text);
        errors.computeIfAbsent(number, _ -> new ArrayList<>()).add(text.substring(error.start(2)));
      }
    }
    assertEquals(code == 0, errors.isEmpty(), said::toString);
    return errors;
  }

  /// The API and what it names, however this test was started.
  private static String classPath() {
    return Stream.of(Heddle.class, org.slf4j.Logger.class, org.jspecify.annotations.Nullable.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
        .map(url -> Path.of(URI.create(url.toString())))
        .peek(path -> assertTrue(Files.exists(path), path::toString))
        .map(Path::toString)
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }
}
