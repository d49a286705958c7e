package dev.heddle.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;

/// How the run ended, in the file `exit` of the run's folder: launchers don't deliver exit codes.
/// The first verdict of a process stays.
final class Verdict {
  private static final AtomicBoolean WRITTEN = new AtomicBoolean();

  private Verdict() {}

  /// Writes `code<TAB>reason`, and the run's token on a line of its own, if there is a folder and
  /// nothing was written before.
  static void write(int code, String reason) {
    String folder = System.getenv("HEDDLE_RUN_DIR");
    if (folder == null || folder.isBlank() || !WRITTEN.compareAndSet(false, true)) {
      return;
    }
    Path file = Path.of(folder, "exit");
    Path part = Path.of(folder, "exit." + ProcessHandle.current().pid());
    try {
      Files.writeString(part, code + "\t" + reason.replace('\n', ' ') + "\n" + ownMark());
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Log.tell("heddle: the verdict could not be written to " + file + ": " + e);
    }
  }

  /// The second line: of which run this is, where the `heddle` command has named it.
  private static String ownMark() {
    String token = System.getenv("HEDDLE_RUN_TOKEN");
    return token == null ? "" : "run " + token + "\n";
  }
}
