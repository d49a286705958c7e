package dev.heddle.runtime.launch;

import dev.heddle.runtime.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the launcher and the `heddle` command have told this process through its environment.
final class Launch {
  private static final List<String> RANK_NAMES =
      List.of("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "PALS_RANKID", "ALPS_APP_PE");

  private Launch() {}

  /// This rank as the launcher counts, before MPI can be asked; `?` where it doesn't say.
  static String rank() {
    for (String name : RANK_NAMES) {
      String rank = System.getenv(name);
      if (rank != null) {
        return rank;
      }
    }
    return "?";
  }

  /// True below the `heddle` command, which tells the user how a run ended.
  static boolean isSupervised() {
    return System.getenv("HEDDLE_STARTED_FD") != null;
  }

  /// Tells the `heddle` command that MPI_Init is through: a byte into the pipe that it left open
  /// for us.
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
