package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The overloads are what [Overloads] writes, whatever the formatter has done to their lines.
class OverloadsTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/heddle");
  private static final Pattern NAMES =
      Pattern.compile("(Fn|Proc|With)[0-9]+\\.java|(Submit|With)Overloads\\.java");

  @TestFactory
  Stream<DynamicTest> shouldBeWhatIsWritten() {
    return Overloads.files().entrySet().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getKey(),
                    () ->
                        assertEquals(
                            words(file.getValue()),
                            words(Files.readString(SOURCES.resolve(file.getKey()))),
                            "run `java src/test/java/dev/heddle/Overloads.java src/main/java/dev/heddle`"
                                + " in java-api, then format")));
  }

  @Test
  void shouldWriteAllThereAre() throws IOException {
    try (Stream<Path> all = Files.list(SOURCES)) {
      List<String> there =
          all.map(one -> one.getFileName().toString())
              .filter(NAMES.asMatchPredicate())
              .sorted()
              .toList();
      assertEquals(Map.copyOf(Overloads.files()).keySet().stream().sorted().toList(), there);
    }
  }

  /// The words and signs of a source: a comment's line begins with `///` wherever it was broken,
  /// and brackets stand with or without blanks.
  private static List<String> words(String source) {
    return Arrays.stream(source.replace("///", " ").split("\\s+|(?<=[(){}<>,;])|(?=[(){}<>,;])"))
        .filter(Predicate.not(String::isEmpty))
        .toList();
  }
}
