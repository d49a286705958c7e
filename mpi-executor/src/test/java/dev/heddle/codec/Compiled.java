package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.spi.ToolProvider;

/// Classes that a test compiles for itself, since the build can't make them in the form needed.
final class Compiled {
  private Compiled() {}

  /// Compiles `sources`, text by path, into a folder below `directory`, without our class path.
  static Path compile(Path directory, Map<String, String> sources) throws IOException {
    Path classes = directory.resolve("classes");
    List<String> arguments =
        new ArrayList<>(List.of("-d", classes.toString(), "-cp", classes.toString()));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = directory.resolve("src").resolve(source.getKey());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    ToolProvider compiler = ToolProvider.findFirst("javac").orElseThrow();
    assertEquals(0, compiler.run(System.out, System.err, arguments.toArray(String[]::new)));
    return classes;
  }
}
