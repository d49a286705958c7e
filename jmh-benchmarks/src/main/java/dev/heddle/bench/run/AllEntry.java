package dev.heddle.bench.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One line of what `bench all` runs: a benchmark with its options, and where it is run.
///
/// @param name as of `--only`, JSON and targets; two entries may run one benchmark
/// @param benchmark as of [Benchmarks#byName]
/// @param place where it is run
/// @param options those of a whole measurement, beside warm-up and repetitions
/// @param quickOptions those of `--quick`
public record AllEntry(
    String name, String benchmark, Place place, List<String> options, List<String> quickOptions) {
  /// On which systems an entry is run.
  enum Place {
    /// On threads and on each MPI.
    EVERYWHERE,
    /// On each MPI.
    MPI,
    /// One time, since it starts all systems itself.
    ONCE
  }

  /// The system of an entry that is run [Place#ONCE].
  static final String ONCE = "once";

  public static final String THREADS = "threads";

  /// A command of its own.
  static final String PEERS = "peers";

  private static final List<AllEntry> TABLE =
      List.of(
          everywhere(LatencyBenchmark.NAME, "", "--tasks 500 --silence 0.05"),
          everywhere(ThroughputBenchmark.NAME, "", "--tasks 20000"),
          new AllEntry(
              nameOf(ThroughputBenchmark.NAME, true),
              ThroughputBenchmark.NAME,
              Place.EVERYWHERE,
              words("--pending 10000000 --seconds 60"),
              words("--pending 20000 --seconds 0.3")),
          everywhere(ChainBenchmark.NAME, "", "--tasks 2000"),
          everywhere(FanoutBenchmark.NAME, "", "--tasks 5000"),
          everywhere(FaninBenchmark.NAME, "", "--tasks 5000"),
          everywhere(DagBenchmark.NAME, "", "--tasks 5000"),
          everywhere(IdleBenchmark.NAME, "", "--seconds 0.2"),
          everywhere(MemoryBenchmark.NAME, "", "--tasks 20000"),
          everywhere(MetgBenchmark.NAME, "", "--steps 16"),
          everywhere(MapBenchmark.NAME, "", "--tasks 200000"),
          everywhere(PayloadBenchmark.NAME, "", "--bytes-max 65536 --tasks 40"),
          new AllEntry(
              StartupBenchmark.NAME,
              StartupBenchmark.NAME,
              Place.MPI,
              words("--ranks 32"),
              words("--ranks 4")),
          everywhere(AllocationBenchmark.NAME, "", "--tasks 5000"),
          new AllEntry(PEERS, PEERS, Place.ONCE, List.of(), words("--tasks 2000")));

  /// What a result has beside its metrics, as the documentation names it: keys of rows, and of what
  /// is found once.
  private static final Map<String, List<String>> FURTHER_KEYS =
      Map.of(
          PayloadBenchmark.NAME,
          words("kind bytes bytesPerSecond mpiBytesPerSecond ratio"),
          MetgBenchmark.NAME,
          words("pattern iterations taskUs efficiency kernelNsPerIteration outputBytes"),
          StartupBenchmark.NAME,
          words("firstTaskS mpiInitS ratio rssBytesPerRank"),
          PEERS,
          words("system version p50Us tasksPerSecond ratioLatency ratioRate unavailable"));

  private static AllEntry everywhere(String name, String options, String quickOptions) {
    return new AllEntry(name, name, Place.EVERYWHERE, words(options), words(quickOptions));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }

  /// The table, one of whose lines is a command of its own (peers), and behind it a line for each
  /// benchmark that it does not name, so that none is left out.
  public static List<AllEntry> all() {
    List<AllEntry> entries = new ArrayList<>(TABLE);
    for (String name : Benchmarks.names()) {
      if (TABLE.stream().noneMatch(entry -> entry.benchmark().equals(name))) {
        entries.add(everywhere(name, "", ""));
      }
    }
    return entries;
  }

  public static List<String> names() {
    return all().stream().map(AllEntry::name).toList();
  }

  public static @Nullable AllEntry byName(String name) {
    return all().stream().filter(entry -> entry.name().equals(name)).findFirst().orElse(null);
  }

  /// The name of the entry that a single run of a benchmark belongs to.
  static String nameOf(String benchmark, boolean isPending) {
    return isPending ? benchmark + "-pending" : benchmark;
  }

  /// Where it is run, of these systems.
  public List<String> systems(List<String> systems) {
    return switch (place) {
      case EVERYWHERE -> systems;
      case MPI -> systems.stream().filter(system -> !system.equals(THREADS)).toList();
      case ONCE -> List.of(ONCE);
    };
  }

  /// The keys that its results can have at their top level or in their rows.
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>(FURTHER_KEYS.getOrDefault(name, List.of()));
    Benchmark found = Benchmarks.byName(benchmark);
    if (found != null) {
      String system = place == Place.MPI ? "openmpi" : THREADS;
      List<String> line = line(system, 2, true, Map.of());
      found.choose(BenchOptions.parse(line.subList(1, line.size()).toArray(String[]::new)));
      found.metrics().forEach(metric -> keys.add(metric.key()));
      keys.addAll(found.once().keySet());
      keys.remove("rows");
    }
    keys.add("rssBytes");
    return keys;
  }

  /// The command line of `heddle` on `system`, without the program.
  public List<String> line(String system, int ranks, boolean isQuick, Map<String, String> common) {
    Map<String, String> merged = new LinkedHashMap<>();
    if (!system.equals(THREADS) && !system.equals(ONCE)) {
      merged.put("--mpi", system);
      merged.put("--ranks", Integer.toString(ranks));
    }
    List<String> own = isQuick ? quickOptions : options;
    for (int i = 0; i < own.size(); i += 2) {
      merged.put(own.get(i), own.get(i + 1));
    }
    merged.putAll(common);
    List<String> line = new ArrayList<>(List.of("bench", benchmark));
    merged.forEach(
        (option, value) -> {
          line.add(option);
          line.add(value);
        });
    return line;
  }
}
