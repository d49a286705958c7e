package dev.heddle.transport.mpi;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Starts JVM ranks under a real launcher, and leaves nothing behind.
public final class Launch {
  /// Small ranks: 64 MB and 0.13 s each to the end of MPI_Init. The direct memory is for the
  /// scenario of 64 MiB.
  private static final List<String> JVM_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xss256k",
          "-XX:TieredStopAtLevel=1",
          "-XX:ReservedCodeCacheSize=16m",
          "-Xmx64m",
          "-XX:MaxDirectMemorySize=192m",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED");

  private Launch() {}

  /// What a run left: its exit code, -1 where it was ended for its time, and all it said.
  ///
  /// @param code exit code
  /// @param output standard output of all ranks, then their standard error: launchers put one into
  ///   the middle of a line of the other
  public record Result(int code, String output) {}

  /// Runs `main` on `ranks` ranks; `environment` is added to the ranks' own.
  static Result run(
      String launcher, int ranks, Map<String, String> environment, long timeoutMs, String... main)
      throws IOException, InterruptedException {
    return run(launcher, ranks, List.of(), environment, timeoutMs, main);
  }

  /// The same with further flags of the JVM, which win over the usual ones.
  public static Result run(
      String launcher,
      int ranks,
      List<String> jvmFlags,
      Map<String, String> environment,
      long timeoutMs,
      String... main)
      throws IOException, InterruptedException {
    return start(launcher(launcher, ranks, false), jvmFlags, environment, timeoutMs, main);
  }

  /// The same where the launcher leaves the others alone when a rank ends early, as `heddle run`
  /// has it do.
  public static Result runOn(
      String launcher,
      int ranks,
      List<String> jvmFlags,
      Map<String, String> environment,
      long timeoutMs,
      String... main)
      throws IOException, InterruptedException {
    return start(launcher(launcher, ranks, true), jvmFlags, environment, timeoutMs, main);
  }

  /// Runs `main` in a JVM of its own, without a launcher.
  public static Result threads(
      List<String> jvmFlags, Map<String, String> environment, long timeoutMs, String... main)
      throws IOException, InterruptedException {
    return start(List.of(), jvmFlags, environment, timeoutMs, main);
  }

  private static List<String> launcher(String launcher, int ranks, boolean goesOn) {
    List<String> command = new ArrayList<>();
    if (launcher.equals(MpiLaunch.OPENMPI)) {
      command.addAll(List.of(find("mpirun.openmpi", "mpirun"), "--oversubscribe"));
      command.addAll(List.of("--bind-to", "none"));
      command.addAll(goesOn ? List.of("--enable-recovery") : List.of());
    } else {
      command.add(find("mpiexec.hydra", "mpiexec.mpich", "mpiexec"));
      command.addAll(goesOn ? List.of("-disable-auto-cleanup") : List.of());
    }
    command.addAll(List.of("-n", Integer.toString(ranks)));
    return command;
  }

  private static Result start(
      List<String> launcher,
      List<String> jvmFlags,
      Map<String, String> environment,
      long timeoutMs,
      String... main)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_FLAGS);
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(main));
    Path output = Files.createTempFile("heddle-mpi-", ".out");
    Path errors = Files.createTempFile("heddle-mpi-", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
      builder.redirectInput(new File("/dev/null"));
      Map<String, String> inherited = builder.environment();
      inherited
          .keySet()
          .removeIf(
              name -> name.matches("(OMPI|PRTE|PMI|PMIX|HYDRA|HYDI|PALS|SLURM)_.*|MPI_LOCAL.*"));
      inherited.put("OMPI_ALLOW_RUN_AS_ROOT", "1");
      inherited.put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
      inherited.putAll(environment);
      Process process = builder.start();
      boolean hasEnded = process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
      if (!hasEnded) {
        List<ProcessHandle> below = process.descendants().toList();
        process.destroyForcibly();
        below.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
      }
      return new Result(
          hasEnded ? process.exitValue() : -1,
          Files.readString(output) + "\n" + Files.readString(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static String find(String... names) {
    for (String name : names) {
      for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
        Path file = Path.of(folder, name);
        if (Files.isExecutable(file)) {
          return file.toString();
        }
      }
    }
    throw new AssertionError("no launcher on the PATH: " + List.of(names));
  }
}
