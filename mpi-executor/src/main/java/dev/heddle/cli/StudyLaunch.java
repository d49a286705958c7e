package dev.heddle.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs of sleeping tasks on processes under MPI, each started by the `heddle` command.
///
/// Threading: the calling thread; one run at a time.
final class StudyLaunch {
  private static final Pattern MAKESPAN = Pattern.compile("makespanS=([0-9.]+)");

  private StudyLaunch() {}

  /// As [StudyReal#makespanS(int, int, long)], on `workers` + 1 ranks. Errors:
  /// [StudyValidation.Unavailable] where a run can't be made.
  static double makespanS(String mpi, int workers, int tasks, long taskMs) {
    String home = System.getenv("HEDDLE_HOME");
    if (home == null) {
      throw new StudyValidation.Unavailable(
          "--mpi needs the heddle command: start it by 'heddle study'");
    }
    List<String> command =
        List.of(
            Path.of(home, "heddle").toString(),
            "run",
            "--mpi",
            mpi,
            "-n",
            String.valueOf(workers + 1),
            "--tiny",
            StudyReal.class.getName(),
            String.valueOf(tasks),
            String.valueOf(taskMs));
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      // its own settings, not those of this process
      builder.environment().keySet().removeAll(Set.of("HEDDLE_RUN_DIR", "HEDDLE_RUN_TOKEN"));
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      Process process = builder.start();
      String text;
      try (var out = process.getInputStream()) {
        text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      }
      int code = process.waitFor();
      Matcher found = MAKESPAN.matcher(text);
      if (code != 0 || !found.find()) {
        throw new StudyValidation.Unavailable(
            "a real run failed with exit code " + code + ": " + String.join(" ", command));
      }
      return Double.parseDouble(found.group(1));
    } catch (IOException e) {
      throw new StudyValidation.Unavailable("a real run could not be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StudyValidation.Unavailable("interrupted while a real run was going on");
    }
  }
}
