package dev.heddle.runtime.launch;

import dev.heddle.HeddleConfig;
import dev.heddle.runtime.Versions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Checks whether all ranks run the same program: rank 0 describes itself, and each rank says what
/// it finds different.
///
/// Every rank compares Heddle's version. The first rank of each host, as the launcher counts,
/// compares the class path too, so that a host reads it once. A thread reads it while MPI starts.
/// Where the launcher gives no number on the host, every rank compares it.
///
/// The keys of the message stay as they are from one version to the next: another version has to
/// understand them to refuse in order.
final class StartCheck {
  private static final String VERSION = "heddle.version";
  private static final String HOST = "heddle.host";
  private static final String CLASS_PATH = "heddle.classPath";

  /// For tests: a rank with this variable is the first rank of the host that it names, so that one
  /// machine can stand for several hosts.
  private static final String TEST_HOST = "HEDDLE_TEST_HOST";

  /// The class path, read once per process, whatever the number of its runs.
  private static @Nullable FutureTask<ClassPath> reading;

  private StartCheck() {}

  /// Starts to read the class path, where this rank will need it.
  static void begin(HeddleConfig given) {
    if (isOn(given.text("classCheck")) && leadsHost(System.getenv())) {
      FutureTask<ClassPath> _ = reading();
    }
  }

  private static synchronized FutureTask<ClassPath> reading() {
    FutureTask<ClassPath> task = reading;
    if (task == null) {
      task = ClassPath.reading();
      reading = task;
      Thread.ofPlatform().daemon().name("heddle-class-path").start(task);
    }
    return task;
  }

  /// The description of itself that rank 0 sends.
  static Map<String, String> describe(HeddleConfig config, String host) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(VERSION, Versions.heddle());
    texts.put(HOST, hostName(host));
    if (isOn(config.text("classCheck"))) {
      texts.put(CLASS_PATH, ownClassPath().toText());
    }
    return texts;
  }

  /// Takes rank 0's description out of `sent` and returns what this rank finds different, in one
  /// sentence; null for nothing.
  static @Nullable String difference(Map<String, String> sent, int rank, String host) {
    String version = String.valueOf(sent.remove(VERSION));
    String first = "rank 0 on " + sent.remove(HOST);
    String us = "rank " + rank + " on " + hostName(host);
    String classPath = sent.remove(CLASS_PATH);
    if (!Versions.heddle().equals(version)) {
      return "the versions of Heddle differ: "
          + first
          + " runs "
          + version
          + " and "
          + us
          + " runs "
          + Versions.heddle()
          + ". Give all ranks the same jars";
    }
    if (rank == 0 || classPath == null || !leadsHost(System.getenv())) {
      return null;
    }
    String difference = ClassPath.fromText(classPath).difference(first, ownClassPath(), us);
    return difference == null
        ? null
        : "the class paths differ: "
            + difference
            + ". Give all hosts the same jars in the same order, or set classCheck=off";
  }

  private static ClassPath ownClassPath() {
    try {
      return reading().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the class path was read", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the class path could not be read", e.getCause());
    }
  }

  private static boolean isOn(String classCheck) {
    return classCheck.equals("on");
  }

  /// Whether this is the first rank of its host, as the launcher counts; true where the launcher
  /// gives no number.
  static boolean leadsHost(Map<String, String> environment) {
    if (environment.containsKey(TEST_HOST)) {
      return true;
    }
    for (String name :
        new String[] {"OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID"}) {
      String text = environment.get(name);
      if (text != null && text.matches("\\d{1,9}")) {
        return Integer.parseInt(text) == 0;
      }
    }
    return true;
  }

  private static String hostName(String host) {
    String named = System.getenv(TEST_HOST);
    return named == null ? host : named;
  }
}
