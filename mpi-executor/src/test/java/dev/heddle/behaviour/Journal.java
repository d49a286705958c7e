package dev.heddle.behaviour;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// What tasks note in order, on whatever rank: the ranks of a test share their machine's files.
///
/// @param file absolute path
record Journal(String file) implements AutoCloseable {

  /// An empty one.
  static Journal create() throws IOException {
    return new Journal(Files.createTempFile("heddle-journal-", "").toString());
  }

  /// Adds a line, in one write.
  void write(String line) throws IOException {
    Files.writeString(Path.of(file), line + "\n", StandardOpenOption.APPEND);
  }

  /// The task: notes `line` and returns `value`.
  static <T> T noted(Journal journal, String line, T value) throws IOException {
    journal.write(line);
    return value;
  }

  List<String> lines() throws IOException {
    return Files.readAllLines(Path.of(file));
  }

  int count() throws IOException {
    return lines().size();
  }

  /// Waits for the line that makes `lines` of them.
  void await(int lines) {
    Expect.eventually(
        () -> {
          try {
            return count() >= lines;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        lines + " lines in the journal");
  }

  /// The file goes with the process: a cancelled task that ends late may still write.
  @Override
  public void close() {
    Path.of(file).toFile().deleteOnExit();
  }
}
