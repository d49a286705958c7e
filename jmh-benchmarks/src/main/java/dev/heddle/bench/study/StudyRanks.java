package dev.heddle.bench.study;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Work;
import dev.heddle.bench.start.StartupLaunch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Starts the programs whose runs a study measures: on ranks of this JVM, or as processes of the
/// `heddle` command.
///
/// Shape: a program prints lines, which is what both give. Threading: the calling thread; one run
/// at a time. Errors: [StudyValidation.Unavailable].
final class StudyRanks {
  /// Starts a run of Heddle, and returns at its end; on all ranks alike.
  interface Starting {
    void start(Heddle.Body body);
  }

  /// What is measured: starts runs, and prints on rank 0 what they took.
  interface Program {
    void run(Starting starting, PrintStream out);
  }

  private StudyRanks() {}

  /// The program's main method, on the ranks that it finds itself on.
  @SuppressWarnings("SystemOut") // what the command that started it reads
  static void main(String[] args, Program program) {
    program.run(
        body -> {
          boolean _ = Heddle.run(args, body);
        },
        System.out);
  }

  /// The lines of a program on `ranks` of this JVM, the coordinator among them, with a slot each.
  static List<String> inProcess(int ranks, Program program) {
    HeddleConfig config =
        HeddleConfig.builder()
            .serializablePackages(Work.PACKAGE)
            .slots(1)
            .localRanks(ranks)
            .build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    program.run(
        body -> {
          boolean _ = Heddle.run(config, new String[0], body);
        },
        new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /// The lines of `heddle` with these arguments, in an environment with these variables too.
  static List<String> launched(List<String> arguments, Map<String, String> environment) {
    String home = System.getenv("HEDDLE_HOME");
    if (home == null) {
      throw new StudyValidation.Unavailable(
          "measured processes (--mpi) need the heddle command: start it by 'heddle study'");
    }
    List<String> command = new ArrayList<>(List.of(Path.of(home, "heddle").toString()));
    command.addAll(arguments);
    try {
      return StartupLaunch.of(command, new LinkedHashMap<>(environment)).lines();
    } catch (IOException | BenchFailure e) {
      throw new StudyValidation.Unavailable(
          "a real run failed: " + String.join(" ", command) + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StudyValidation.Unavailable("interrupted while a real run was going on");
    }
  }
}
