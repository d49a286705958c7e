package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/// The `javadoc` tool finds no fault in the API: no comment is missing, and every link and example
/// leads somewhere.
class JavadocTest {
  private static final Path SOURCES = Path.of("src/main/java");

  @Test
  void shouldBeCleanForTheApi(@TempDir Path folder) throws Exception {
    List<String> sources;
    try (Stream<Path> all = Files.walk(SOURCES)) {
      sources = all.map(Path::toString).filter(one -> one.endsWith(".java")).toList();
    }
    assertEquals("", problems(folder, sources));
    String page = Files.readString(folder.resolve("dev.heddle/dev/heddle/Heddle.html"));
    assertTrue(page.contains("Chem::energy"), "the example is not on the page");
  }

  @Test
  void shouldTellWhatIsMissing(@TempDir Path folder) throws Exception {
    Path source = folder.resolve("Missing.java");
    Files.writeString(
        source,
        """
        /// Has a method that says nothing of what it returns.
        public interface Missing {
          /// Counts.
          int count();
        }
        """);
    String problems = problems(folder.resolve("out"), List.of(source.toString()));
    assertTrue(problems.contains("no @return"), problems);
  }

  private static String problems(Path folder, List<String> sources)
      throws IOException, URISyntaxException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xdoclint:all",
                "-Werror",
                "-quiet",
                "-protected",
                "--module-path",
                jar(Logger.class) + File.pathSeparator + jar(NullMarked.class),
                "--snippet-path",
                "src/test/java",
                "-d",
                folder.toString()));
    arguments.addAll(sources);
    StringWriter problems = new StringWriter();
    try (PrintWriter writer = new PrintWriter(problems)) {
      int code =
          ToolProvider.findFirst("javadoc")
              .orElseThrow()
              .run(writer, writer, arguments.toArray(String[]::new));
      assertEquals(problems.toString().isEmpty(), code == 0, problems::toString);
    }
    return problems.toString();
  }

  private static String jar(Class<?> type) throws URISyntaxException {
    URI place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
    return Path.of(place).toString();
  }
}
