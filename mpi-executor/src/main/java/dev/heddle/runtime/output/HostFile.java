package dev.heddle.runtime.output;

import dev.heddle.runtime.Log;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The file of a host, to which all its ranks append.
///
/// Shape: the file is opened at the first line, so that silent tasks leave no file. Each line is
/// one write to a file opened for appending, so lines of several processes don't mix. A channel
/// would not do: it closes when a task that writes is interrupted. Threading: any.
final class HostFile {
  private final Path folder;
  private final Path path;
  private final String shownFolder;
  private @Nullable FileOutputStream stream;
  private @Nullable String problem;

  /// The file of `host`, which is made at the first line. It lies in `logs` of the run's folder, or
  /// in `heddle-logs` of the working folder where the run has none. Its name has the `token` of its
  /// run, where the `heddle` command gave one: two runs may use the same folder, one after the
  /// other.
  HostFile(@Nullable RunFolder runFolder, String host, @Nullable String token) {
    String run = token == null || token.isBlank() ? "" : "." + token;
    this.folder =
        runFolder == null ? Path.of("heddle-logs").toAbsolutePath() : runFolder.file("logs");
    this.path = folder.resolve(host.replace('/', '_') + run + ".out");
    this.shownFolder = runFolder == null ? folder.toString() : runFolder.name() + "/logs";
  }

  Path path() {
    return path;
  }

  /// The file's name for people.
  String shown() {
    return shownFolder + '/' + path.getFileName();
  }

  /// Appends whole lines. Returns null, or why the file can't be written. After a failure it is
  /// never written again.
  synchronized @Nullable String append(byte[] lines) {
    if (problem == null) {
      try {
        FileOutputStream open = stream;
        if (open == null) {
          Files.createDirectories(folder);
          open = new FileOutputStream(path.toFile(), true);
          stream = open;
        }
        open.write(lines);
      } catch (IOException e) {
        problem = e.toString().replace(folder.toString(), shownFolder);
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
