package dev.heddle.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.measure.Programs;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The systems that `bench peers` knows: how each is started, and what it lacks here.
///
/// Who is compared with whom: a system over MPI with Heddle on the same MPI, a pool of this JVM
/// with Heddle on threads, and Dask, whose tasks go to another process, with Heddle on the first
/// MPI there is.
final class PeersSystems {
  private static final int RANKS = 2;

  /// Systems of Python take hundreds of times as long for a task.
  private static final int PYTHON_SHARE = 200;

  private static final int LATENCY_SHARE = 50;
  private static final int PYTHON_LATENCY_SHARE = 10;
  private static final int PING_PONG_SHARE = 10;
  private static final int TASKS_MIN = 10;
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(30);
  private static final String THREADS = "heddle-threads";

  private final PeersOptions options;
  private final Programs programs;
  private final Map<String, String> pythonEnvironment = new LinkedHashMap<>();

  PeersSystems(PeersOptions options, Programs programs) {
    this.options = options;
    this.programs = programs;
    Path home = options.home();
    if (home != null) {
      pythonEnvironment.put("PYTHONPATH", scripts(home).toString());
    }
    // The folder of the scripts may be somebody else's.
    pythonEnvironment.put("PYTHONDONTWRITEBYTECODE", "1");
  }

  /// All of them, those that are missing too, in the order of the report.
  List<PeersSystem> all() throws InterruptedException {
    List<PeersSystem> all = new ArrayList<>();
    all.add(heddle(THREADS, null));
    for (String family : PeersOptions.FAMILIES) {
      if (options.isWanted(family)) {
        all.add(heddle("heddle-" + family, family));
      }
    }
    for (String family : PeersOptions.FAMILIES) {
      if (options.isWanted(family)) {
        all.add(pingPong(family));
      }
    }
    all.add(mpi4py());
    all.add(dask());
    all.add(pool("java.fixed-pool", "fixed"));
    all.add(pool("java.fork-join-pool", "forkjoin"));
    all.add(pool("java.virtual-threads", "virtual"));
    return all;
  }

  private int tasks(int share) {
    return Math.max(Math.min(TASKS_MIN, options.tasks()), options.tasks() / share);
  }

  private static Path scripts(Path home) {
    return home.resolve("jmh-benchmarks").resolve("peers");
  }

  static String title(String family) {
    return family.equals("openmpi") ? "Open MPI" : "MPICH";
  }

  private static String noLauncher(String family) {
    return "no launcher of "
        + title(family)
        + " was found: on Debian, apt-get install "
        + (family.equals("openmpi") ? "openmpi-bin libopenmpi-dev" : "mpich libmpich-dev")
        + ", or name its folder in HEDDLE_MPI_DIR";
  }

  /// Heddle's own benchmarks, by the command that a user types.
  private PeersSystem heddle(String name, @Nullable String family) {
    Path home = options.home();
    if (home == null || !Files.isExecutable(home.resolve("heddle"))) {
      return PeersSystem.missing(
          name, null, null, "there is no command heddle: start this by 'heddle bench peers'");
    }
    if (family != null && options.launcher(family) == null) {
      return PeersSystem.missing(name, null, null, noLauncher(family));
    }
    List<PeersSystem.Step> steps = new ArrayList<>();
    for (String benchmark : List.of("latency", "throughput")) {
      boolean isLatency = benchmark.equals("latency");
      List<String> words = new ArrayList<>();
      words.addAll(List.of(home.resolve("heddle").toString(), "bench", benchmark));
      if (family != null) {
        words.addAll(List.of("--mpi", family, "--ranks", String.valueOf(RANKS)));
      }
      words.addAll(List.of("--tasks", String.valueOf(tasks(isLatency ? LATENCY_SHARE : 1))));
      words.addAll(List.of("--warmup", String.valueOf(options.warmup())));
      words.addAll(List.of("--repetitions", "1", "--json", "-"));
      if (isLatency) {
        words.addAll(List.of("--silence", "0"));
      }
      // It is built, and the bare round trip is a row of its own.
      Map<String, String> environment =
          Map.of("HEDDLE_BUILD", "never", "HEDDLE_PINGPONG_US", "none");
      steps.add(new PeersSystem.Step(words, environment, PeersSystem.Check.HARNESS));
    }
    return new PeersSystem(name, null, null, tasks(1), steps, null);
  }

  /// What starts 2 processes of an MPI.
  private static List<String> launch(String family, String launcher) {
    List<String> words = new ArrayList<>();
    words.add(launcher);
    if (family.equals("openmpi")) {
      words.addAll(List.of("--bind-to", "none", "--oversubscribe"));
    }
    words.addAll(List.of("-n", String.valueOf(RANKS)));
    return words;
  }

  private PeersSystem pingPong(String family) {
    String name = "pingpong-" + family;
    String against = "heddle-" + family;
    String launcher = options.launcher(family);
    Path home = options.home();
    if (launcher == null) {
      return PeersSystem.missing(name, null, against, noLauncher(family));
    }
    Path program = home == null ? null : home.resolve("native/build/bin/heddle-pingpong-" + family);
    if (program == null || !Files.isExecutable(program)) {
      return PeersSystem.missing(
          name, null, against, "heddle-pingpong-" + family + " is not built: see 'heddle doctor'");
    }
    List<String> words = launch(family, launcher);
    words.addAll(List.of(program.toString(), String.valueOf(tasks(PING_PONG_SHARE))));
    PeersSystem.Step step = new PeersSystem.Step(words, Map.of(), PeersSystem.Check.NONE);
    return new PeersSystem(name, null, against, 0, List.of(step), null);
  }

  /// A Python that has a package, and what the package says of itself.
  private record Found(String python, JsonNode about) {}

  /// Looks for a package of Python; where there is none, `why` gets the reasons.
  private @Nullable Found find(String packageName, List<String> why) throws InterruptedException {
    Path home = options.home();
    if (home == null || !Files.isReadable(scripts(home).resolve("peers_found.py"))) {
      why.add("the scripts of jmh-benchmarks/peers are not there");
      return null;
    }
    String script = scripts(home).resolve("peers_found.py").toString();
    for (String python : options.pythons()) {
      try {
        Programs.Ending ending =
            programs.run(List.of(python, script, packageName), environment(), LOOK_LIMIT);
        if (ending.exitCode() == 0 && !ending.isTimedOut()) {
          return new Found(python, new ObjectMapper().readTree(ending.stdout()));
        }
        why.add(
            python
                + ": "
                + (ending.isTimedOut() ? "no answer" : Programs.lastLine(ending.stderr())));
      } catch (JsonProcessingException _) {
        why.add(python + ": an answer that is none");
      } catch (IOException e) {
        why.add(python + ": " + e.getMessage());
      }
    }
    return null;
  }

  private Map<String, @Nullable String> environment() {
    return new LinkedHashMap<>(pythonEnvironment);
  }

  private PeersSystem mpi4py() throws InterruptedException {
    String name = "mpi4py.futures";
    String bulkName = name + ".map";
    List<String> why = new ArrayList<>();
    Found found = find("mpi4py", why);
    if (found == null) {
      return PeersSystem.missing(
          name, bulkName, null, missingPackage("mpi4py", "python3-mpi4py", why));
    }
    String mpi = found.about().path("mpi").asText();
    String family =
        switch (mpi) {
          case "Open MPI" -> "openmpi";
          case "MPICH" -> "mpich";
          default -> "";
        };
    String against = family.isEmpty() ? null : "heddle-" + family;
    String builtFor = "the mpi4py of " + found.python() + " is built for " + mpi;
    if (against == null || !options.isWanted(family)) {
      return PeersSystem.missing(
          name, bulkName, against, builtFor + ", which is not measured here");
    }
    String launcher = options.launcher(family);
    if (launcher == null) {
      return PeersSystem.missing(name, bulkName, against, builtFor + ", but " + noLauncher(family));
    }
    List<String> words = launch(family, launcher);
    words.addAll(List.of(found.python(), "-m", "mpi4py.futures"));
    return python(name, against, words, "peers_mpi4py.py");
  }

  private PeersSystem dask() throws InterruptedException {
    String name = "dask.distributed";
    String against =
        PeersOptions.FAMILIES.stream()
            .filter(family -> options.isWanted(family) && options.launcher(family) != null)
            .map(family -> "heddle-" + family)
            .findFirst()
            .orElse(null);
    List<String> why = new ArrayList<>();
    Found found = find("distributed", why);
    return found == null
        ? PeersSystem.missing(
            name,
            name + ".map",
            against,
            missingPackage("Dask distributed", "python3-distributed", why))
        : python(name, against, List.of(found.python()), "peers_dask.py");
  }

  private static String missingPackage(String title, String debian, List<String> why) {
    return "no Python has "
        + title
        + " ("
        + String.join("; ", why)
        + "): on Debian, apt-get install "
        + debian;
  }

  private PeersSystem python(
      String name, @Nullable String against, List<String> start, String script) {
    int tasks = tasks(PYTHON_SHARE);
    int latencyTasks = Math.max(Math.min(TASKS_MIN, options.tasks()), tasks / PYTHON_LATENCY_SHARE);
    List<String> words = new ArrayList<>(start);
    Path home = options.home();
    words.add(home == null ? script : scripts(home).resolve(script).toString());
    words.addAll(counts(tasks, latencyTasks));
    PeersSystem.Step step = new PeersSystem.Step(words, pythonEnvironment, PeersSystem.Check.SUMS);
    return new PeersSystem(name, name + ".map", against, tasks, List.of(step), null);
  }

  private List<String> counts(int tasks, int latencyTasks) {
    return List.of(
        String.valueOf(tasks), String.valueOf(latencyTasks), String.valueOf(options.warmup()));
  }

  /// A JVM with the flags of this one, which are those of Heddle on threads.
  private PeersSystem pool(String name, String kind) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // What only one process can have, such as a debugger's port.
      if (!argument.startsWith("-agent") && !argument.startsWith("-javaagent")) {
        words.add(argument);
      }
    }
    words.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
    words.addAll(List.of(PeersPools.class.getName(), kind));
    words.addAll(counts(tasks(1), tasks(LATENCY_SHARE)));
    PeersSystem.Step step = new PeersSystem.Step(words, Map.of(), PeersSystem.Check.SUMS);
    return new PeersSystem(name, null, THREADS, tasks(1), List.of(step), null);
  }

  /// The process runs in another folder.
  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        Stream.of(classPath.split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
