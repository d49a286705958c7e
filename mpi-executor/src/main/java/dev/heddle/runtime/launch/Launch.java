package dev.heddle.runtime.launch;

import dev.heddle.runtime.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads what the launcher and the `heddle` command have told this process through its environment.
final class Launch {
  private static final List<String> RANK_NAMES =
      List.of("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "PALS_RANKID", "ALPS_APP_PE");

  private Launch() {}

  /// This rank's number from the launcher, before MPI can be asked; `?` where the launcher gives
  /// none.
  static String rank() {
    for (String name : RANK_NAMES) {
      String rank = System.getenv(name);
      if (rank != null) {
        return rank;
      }
    }
    return "?";
  }

  /// Whether the `heddle` command has started this process and tells the user how the run ended.
  static boolean isSupervised() {
    return System.getenv("HEDDLE_STARTED_FD") != null;
  }

  /// Tells the `heddle` command that MPI_Init has returned: writes a byte into the pipe that the
  /// command left open for this process.
  static void tellStarted() {
    String descriptor = System.getenv("HEDDLE_STARTED_FD");
    if (descriptor == null || !descriptor.matches("\\d{1,6}")) {
      return;
    }
    try (OutputStream pipe = Files.newOutputStream(Path.of("/proc/self/fd", descriptor))) {
      pipe.write('\n');
    } catch (IOException | RuntimeException e) {
      Log.log().debug("the pipe of the heddle command is closed", e);
    }
  }
}
