package dev.heddle.bench.measure;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Starts programs one at a time, and leaves none of their processes behind: not when a program
/// takes too long, and not when this JVM is told to end.
///
/// A program is first asked to end (SIGTERM), since a launcher of MPI has ranks to end and segments
/// to remove; after [#patience] it and all that it started are killed.
///
/// Ownership: a folder that is made here is removed by [#close] with all that is in it, also when
/// this JVM is told to end.
///
/// Threading: one thread runs programs; the JVM's shutdown ends the one that runs.
public final class Programs implements AutoCloseable {
  /// What `heddle` takes to end a run in order after a signal, and a little more.
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  /// Of stdout: one line of JSON and what the libraries say.
  private static final long OUTPUT_BYTES_MAX = 1 << 20;

  /// In util-linux: has the kernel end a program when the thread that started it is gone, as after
  /// SIGKILL of this JVM.
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  /// Of the user's variables only those that say where things are reach a program: whatever is
  /// compared runs with its defaults.
  private static final List<String> KEPT_VARIABLES =
      List.of(
          "HEDDLE_JAVA_HOME",
          "HEDDLE_JVM_DIR",
          "HEDDLE_LAUNCHER",
          "HEDDLE_MPICC",
          "HEDDLE_MPI_DIR",
          "HEDDLE_NATIVE_DIR",
          "HEDDLE_OUTER_TOKENS",
          "HEDDLE_RANK_TOKEN",
          "HEDDLE_RUN_TOKEN");

  private final Path folder;
  private final boolean isFolderOurs;
  private final Duration patience;
  private final Thread hook = new Thread(this::close, "heddle-programs-end");

  /// Guards the two below.
  private final Object lock = new Object();

  private @Nullable Process current;
  private boolean isClosed;

  /// How a program ended.
  ///
  /// @param exitCode of the program; of no meaning after `isTimedOut`
  public record Ending(String stdout, String stderr, int exitCode, boolean isTimedOut) {}

  /// Programs run in `folder`, which has to exist, and their output is kept there while they run.
  public Programs(Path folder) {
    this(folder, false, PATIENCE);
  }

  public Programs(Path folder, Duration patience) {
    this(folder, false, patience);
  }

  private Programs(Path folder, boolean isFolderOurs, Duration patience) {
    this.folder = folder;
    this.isFolderOurs = isFolderOurs;
    this.patience = patience;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Programs run in a new folder, whose name begins with `prefix`, among the files for temporary
  /// use.
  public static Programs inNewFolder(String prefix) throws IOException {
    return new Programs(Files.createTempDirectory(prefix), true, PATIENCE);
  }

  /// What a program's environment is changed by, so that it has none of the user's settings.
  public static Map<String, @Nullable String> strippedEnvironment() {
    Map<String, @Nullable String> environment = new LinkedHashMap<>();
    for (String name : System.getenv().keySet()) {
      if (name.startsWith("HEDDLE_") && !KEPT_VARIABLES.contains(name)) {
        environment.put(name, null);
      }
    }
    return environment;
  }

  /// The file or folder of that name in the programs' folder.
  public Path file(String name) {
    return folder.resolve(name);
  }

  /// Runs a program to its end, or to `limit`; it reads nothing. A null value in `environment`
  /// removes the variable.
  ///
  /// Errors: [IOException] where it can't be started; [InterruptedException] also after [#close].
  public Ending run(List<String> command, Map<String, @Nullable String> environment, Duration limit)
      throws IOException, InterruptedException {
    Path stdout = folder.resolve("stdout");
    Path stderr = folder.resolve("stderr");
    List<String> words = new ArrayList<>();
    if (Files.isExecutable(SETPRIV)) {
      words.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "TERM", "--"));
    }
    words.addAll(command);
    // Files, since a pipe stays open as long as any process of the program's has it.
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile());
    environment.forEach(
        (name, value) -> {
          if (value == null) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    Process process;
    synchronized (lock) {
      if (isClosed) {
        throw new InterruptedException("no more programs are started");
      }
      process = builder.start();
      current = process;
    }
    boolean isTimedOut = false;
    try {
      isTimedOut = !process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      end(process);
      synchronized (lock) {
        current = null;
      }
    }
    synchronized (lock) {
      if (isClosed) {
        throw new InterruptedException("the program was ended");
      }
    }
    return new Ending(text(stdout), text(stderr), process.exitValue(), isTimedOut);
  }

  private static String text(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes((int) OUTPUT_BYTES_MAX), StandardCharsets.UTF_8);
    }
  }

  /// Ends a program and all that it started.
  private void end(Process process) throws InterruptedException {
    if (!process.isAlive()) {
      return;
    }
    // Looked up before: what has lost its parent is nobody's descendant.
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    boolean _ = process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
    List<ProcessHandle> later = process.descendants().toList();
    process.destroyForcibly();
    for (ProcessHandle handle : below) {
      boolean _ = handle.destroyForcibly();
    }
    for (ProcessHandle handle : later) {
      boolean _ = handle.destroyForcibly();
    }
    int _ = process.waitFor();
  }

  /// The last line that says something.
  public static String lastLine(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "it said nothing" : lines.getLast().strip();
  }

  /// Ends the program that runs, if there is one, and removes a folder of ours; no other program is
  /// started from now on.
  @Override
  public void close() {
    Process running;
    synchronized (lock) {
      isClosed = true;
      running = current;
    }
    if (running != null) {
      try {
        end(running);
      } catch (InterruptedException _) {
        running.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    if (isFolderOurs) {
      remove();
    }
    if (!Thread.currentThread().equals(hook)) {
      try {
        boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException _) {
        // The JVM ends already: the hook does the same.
      }
    }
  }

  /// The hook and the thread that ran programs may both be at it.
  private void remove() {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException failed)
                throws IOException {
              Files.deleteIfExists(left);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException _) {
      // What is left lies among the system's temporary files.
    }
  }
}
