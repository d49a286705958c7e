package dev.heddle.runtime;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The file of a host to which all of its ranks append.
///
/// Shape: opened at the first line, so that silent tasks leave no file. Each line is one write to a
/// file opened for appending, so lines of several processes don't mix. Not a channel: those close
/// when a task that writes is interrupted. Threading: any.
final class HostFile {
  private final Path path;
  private @Nullable FileOutputStream stream;
  private @Nullable String problem;

  /// The file of `host` in `folder`, which is made at the first line. With the `token` of its run
  /// in its name, where the `heddle` command gave one: two runs may have one folder after the
  /// other.
  HostFile(Path folder, String host, @Nullable String token) {
    String run = token == null || token.isBlank() ? "" : "." + token;
    this.path = folder.resolve(host.replace('/', '_') + run + ".out");
  }

  /// Where the files are: `logs` in the run's folder, or `heddle-logs` here where nobody made one.
  static Path folder(@Nullable String runFolder) {
    return runFolder == null || runFolder.isBlank()
        ? Path.of("heddle-logs").toAbsolutePath()
        : Path.of(runFolder, "logs").toAbsolutePath();
  }

  Path path() {
    return path;
  }

  /// Appends whole lines. Returns null, or why nothing can be written: then nothing ever is.
  synchronized @Nullable String append(byte[] lines) {
    if (problem == null) {
      try {
        FileOutputStream open = stream;
        if (open == null) {
          Files.createDirectories(path.getParent());
          open = new FileOutputStream(path.toFile(), true);
          stream = open;
        }
        open.write(lines);
      } catch (IOException e) {
        problem = e.toString();
      }
    }
    return problem;
  }

  synchronized void close() {
    try {
      if (stream != null) {
        stream.close();
      }
    } catch (IOException e) {
      Log.log().debug("{} could not be closed", path, e);
    }
    stream = null;
    problem = "the run is over";
  }
}
