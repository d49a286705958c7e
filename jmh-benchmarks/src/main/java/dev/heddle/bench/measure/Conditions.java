package dev.heddle.bench.measure;

import dev.heddle.Heddle;
import dev.heddle.runtime.launch.MpiInUse;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Under what conditions the numbers were measured; without these a number says nothing.
public final class Conditions {
  private Conditions() {}

  /// The conditions of a run that is going on, in the order of the report; what nobody knows is
  /// null.
  public static Map<String, @Nullable Object> of(Heddle heddle, int treeFanout) {
    Map<String, @Nullable Object> conditions = alone();
    MpiInUse mpi = MpiInUse.current();
    int cores = Runtime.getRuntime().availableProcessors();
    conditions.put("mpi", mpi == null ? null : mpi.family());
    conditions.put("mpiVersion", mpi == null ? null : mpi.version());
    conditions.put("transport", mpi == null ? "local" : "mpi");
    conditions.put("ranks", heddle.ranks());
    conditions.put("slots", heddle.slots());
    conditions.put("treeFanout", treeFanout);
    conditions.put("levels", heddle.levels());
    conditions.put("oversubscribed", isOversubscribed(heddle, cores));
    return conditions;
  }

  /// The conditions of a simulated run on this machine: ranks, slots, fan-out and levels are the
  /// virtual ones.
  public static Map<String, @Nullable Object> ofSimulated(
      int ranks, long slots, int treeFanout, int levels) {
    Map<String, @Nullable Object> conditions = alone();
    conditions.put("transport", "simulated");
    conditions.put("ranks", ranks);
    conditions.put("slots", slots);
    conditions.put("treeFanout", treeFanout);
    conditions.put("levels", levels);
    conditions.put("oversubscribed", false);
    return conditions;
  }

  /// The same keys for a process that is part of no run.
  public static Map<String, @Nullable Object> alone() {
    int cores = Runtime.getRuntime().availableProcessors();
    Map<String, @Nullable Object> conditions = new LinkedHashMap<>();
    conditions.put("host", hostName());
    conditions.put("cores", cores);
    conditions.put(
        "os", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
    conditions.put("jdk", property("java.vm.name") + " " + property("java.vm.version"));
    conditions.put("jvmArgs", ManagementFactory.getRuntimeMXBean().getInputArguments());
    for (String key :
        new String[] {
          "mpi",
          "mpiVersion",
          "transport",
          "ranks",
          "slots",
          "treeFanout",
          "levels",
          "oversubscribed"
        }) {
      conditions.put(key, null);
    }
    conditions.put("commit", environment("HEDDLE_COMMIT"));
    conditions.put("dirty", isDirty(environment("HEDDLE_DIRTY")));
    conditions.put("utc", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return conditions;
  }

  /// The same where this process only starts others, which have their own: what belongs to a run is
  /// null.
  public static Map<String, @Nullable Object> ofDriver() {
    Map<String, @Nullable Object> conditions = new LinkedHashMap<>();
    conditions.put("host", hostName());
    conditions.put("cores", Runtime.getRuntime().availableProcessors());
    conditions.put(
        "os", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
    conditions.put("jdk", property("java.vm.name") + " " + property("java.vm.version"));
    for (String ofARun :
        "jvmArgs mpi mpiVersion transport ranks slots treeFanout levels oversubscribed"
            .split(" ", -1)) {
      conditions.put(ofARun, null);
    }
    conditions.put("commit", environment("HEDDLE_COMMIT"));
    conditions.put("dirty", isDirty(environment("HEDDLE_DIRTY")));
    conditions.put("utc", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return conditions;
  }

  /// True when this host's ranks or their slots are more than its cores.
  private static boolean isOversubscribed(Heddle heddle, int cores) {
    int workers = heddle.progress().workers();
    long slotsPerRank = workers == 0 ? 1 : Math.max(1, heddle.slots() / workers);
    return ranksHere(heddle.ranks()) * slotsPerRank > cores;
  }

  /// Ranks on this host as the launcher tells; all where it doesn't.
  private static long ranksHere(int ranks) {
    for (String name : new String[] {"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"}) {
      String text = System.getenv(name);
      if (text != null && text.matches("\\d{1,9}")) {
        return Long.parseLong(text);
      }
    }
    return ranks;
  }

  private static @Nullable Boolean isDirty(@Nullable String text) {
    return text == null ? null : text.equals("1") || text.equals("true");
  }

  static boolean isUnderMpi() {
    return MpiInUse.isUnderLauncher();
  }

  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "localhost";
    }
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static @Nullable String environment(String name) {
    String value = System.getenv(name);
    return value == null || value.isBlank() ? null : value;
  }
}
