package dev.heddle.bench.all;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The one process at a time that `bench all` measures with, and the folder of its files.
///
/// Ownership: the folder is made here and removed by [#close]. Where this JVM is ended (Ctrl-C,
/// SIGTERM), a hook ends the process and what it started, and removes the folder; no other process
/// is started after that.
///
/// Threading: one thread beside the hook's.
final class AllProcess implements AutoCloseable {
  /// A terminal's Ctrl-C reaches the process as well: then it is ending already, and a second
  /// signal would make it less careful.
  private static final int OWN_END_MS = 1_000;

  /// The `heddle` command gives rank 0 five seconds and its launcher three.
  private static final int ORDERLY_END_S = 12;

  private static final int INTERRUPTED = 130;
  private static final int TERMINATED = 143;

  private static final int SIGNAL_WAITS = 5;
  private static final int SIGNAL_WAIT_MS = 100;

  private final Path folder;
  private final Thread hook;
  private @Nullable Process process;
  private boolean isEnding;

  AllProcess() throws IOException {
    String place = System.getenv("TMPDIR");
    folder =
        place != null && Files.isDirectory(Path.of(place))
            ? Files.createTempDirectory(Path.of(place), "heddle-bench-")
            : Files.createTempDirectory("heddle-bench-");
    hook = new Thread(this::endAll, "heddle-bench-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// What is left of a process.
  ///
  /// @param exitCode its own; -1 where it was ended since it took too long
  /// @param errors what it wrote to standard error
  record End(int exitCode, String errors) {}

  /// The file of that name in the folder.
  Path file(String name) {
    return folder.resolve(name);
  }

  /// Runs it to its end. What it says goes to files in the folder. Errors: as of [Process], and an
  /// [InterruptedException] once this JVM ends.
  End run(List<String> command, int limitS) throws IOException, InterruptedException {
    File errors = file("stderr").toFile();
    Process started;
    synchronized (this) {
      if (isEnding) {
        throw new InterruptedException("this JVM is being ended");
      }
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(file("stdout").toFile())
              .redirectError(errors);
      // Its launcher's files are ours to remove; the user's own folder is for a single run.
      builder.environment().put("HEDDLE_RUN_DIR", file("run").toString());
      // All were built before the first, so that sources edited meanwhile change nothing.
      builder.environment().put("HEDDLE_BUILD", "never");
      started = builder.start();
      process = started;
    }
    boolean isDone = started.waitFor(limitS, TimeUnit.SECONDS);
    if (!isDone) {
      end(started);
    }
    synchronized (this) {
      process = null;
      // A terminal's Ctrl-C may reach it first: then this JVM's turn comes in a moment.
      if (isDone && (started.exitValue() == INTERRUPTED || started.exitValue() == TERMINATED)) {
        for (int i = 0; i < SIGNAL_WAITS && !isEnding; i++) {
          wait(SIGNAL_WAIT_MS);
        }
      }
      if (isEnding) {
        throw new InterruptedException("this JVM is being ended");
      }
    }
    String said = errors.exists() ? Files.readString(errors.toPath()) : "";
    return new End(isDone ? started.exitValue() : -1, said);
  }

  private void endAll() {
    Process running;
    synchronized (this) {
      isEnding = true;
      running = process;
    }
    try {
      if (running != null && !running.waitFor(OWN_END_MS, TimeUnit.MILLISECONDS)) {
        end(running);
      }
      remove();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException _) {
      // what is left lies in the system's folder for temporary files
    }
  }

  /// In order first; then the process and all it started.
  private static void end(Process process) throws InterruptedException {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(ORDERLY_END_S, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    below.forEach(ProcessHandle::destroyForcibly);
  }

  private void remove() throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /// Removes the folder. No process may run.
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (isEnding) {
        return;
      }
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    remove();
  }
}
