package dev.heddle.bench.start;

import dev.heddle.bench.measure.BenchFailure;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One launch of `heddle run`, and the lines that its program printed with the time at which each
/// came.
///
/// @param lines the program's standard output
/// @param arrivedNs of each line, from just before the launch
public record StartupLaunch(List<String> lines, List<Long> arrivedNs) {
  private static final long LAUNCH_S_MAX = 300;
  private static final long STOP_S_MAX = 20;
  private static final long END_S_MAX = 60;
  private static final int ERROR_CHARACTERS_MAX = 2000;

  /// Runs `command` to its end, with `environment` added to ours and a run directory of its own
  /// that is removed. Errors: [BenchFailure] where it fails or takes longer than five minutes.
  public static StartupLaunch of(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException, BenchFailure {
    Path folder = Files.createTempDirectory("heddle-startup-");
    try {
      return run(command, environment, folder);
    } finally {
      remove(folder);
    }
  }

  private static StartupLaunch run(
      List<String> command, Map<String, String> environment, Path folder)
      throws IOException, InterruptedException, BenchFailure {
    File errors = folder.resolve("errors").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectError(errors);
    builder.environment().putAll(environment);
    builder.environment().put("HEDDLE_RUN_DIR", folder.resolve("run").toString());
    long startNs = System.nanoTime();
    Process process = builder.start();
    Thread stopper = new Thread(() -> stopAndRemove(process, folder), "heddle-startup-stop");
    Runtime.getRuntime().addShutdownHook(stopper);
    Thread limit =
        Thread.ofPlatform().daemon().name("heddle-startup-limit").start(() -> limit(process));
    List<String> lines = new ArrayList<>();
    List<Long> arrivedNs = new ArrayList<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        arrivedNs.add(System.nanoTime() - startNs);
        lines.add(line);
      }
      if (!process.waitFor(END_S_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new BenchFailure(failure(command, process, errors.toPath()));
      }
    } finally {
      limit.interrupt();
      stop(process);
      removeHook(stopper);
    }
    return new StartupLaunch(lines, arrivedNs);
  }

  /// The time of the last of `count` lines that begin with `word`.
  ///
  /// Units: seconds. Errors: [BenchFailure] where there are not so many.
  public double seconds(String word, int count) throws BenchFailure {
    long lastNs = -1;
    int found = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(word + " ")) {
        lastNs = Math.max(lastNs, arrivedNs.get(i));
        found++;
      }
    }
    if (found != count) {
      throw new BenchFailure(
          "bench startup: %d lines '%s' were expected, and %d came: a rank said nothing, or the lines of ranks were mixed"
              .formatted(count, word, found));
    }
    return lastNs / 1e9;
  }

  /// What follows `word` on its line.
  public String rest(String word) throws BenchFailure {
    for (String line : lines) {
      if (line.startsWith(word + " ")) {
        return line.substring(word.length() + 1);
      }
    }
    throw new BenchFailure("bench startup: the program never said '" + word + "'");
  }

  private static String failure(List<String> command, Process process, Path errors)
      throws IOException {
    String text = Files.readString(errors).strip();
    return "bench startup: %s ended with exit code %s: %s"
        .formatted(
            String.join(" ", command),
            process.isAlive() ? "none, it hangs" : Integer.toString(process.exitValue()),
            text.substring(Math.max(0, text.length() - ERROR_CHARACTERS_MAX)));
  }

  private static void limit(Process process) {
    try {
      if (!process.waitFor(LAUNCH_S_MAX, TimeUnit.SECONDS)) {
        stop(process);
      }
    } catch (InterruptedException _) {
      // it ended in time
      Thread.currentThread().interrupt();
    }
  }

  /// `heddle` ends its ranks when it is told to end, and removes what they made.
  private static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(STOP_S_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// For a JVM that is told to end meanwhile: nothing else will remove the folder.
  private static void stopAndRemove(Process process, Path folder) {
    stop(process);
    try {
      remove(folder);
    } catch (IOException | UncheckedIOException _) {
      // whoever waited for the launch is removing it too
    }
  }

  private static void removeHook(Thread hook) {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // the JVM is on its way out, and the hook has run
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        boolean _ = Files.deleteIfExists(file);
      }
    }
  }
}
