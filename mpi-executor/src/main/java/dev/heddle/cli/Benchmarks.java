package dev.heddle.cli;

import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What `heddle bench` knows by name: the one list of it, in the order in which it is shown.
///
/// A test compares it with `heddle help` and docs/measured/benchmarks.md.
final class Benchmarks {
  private record Entry(String name, Supplier<Benchmark> maker) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry("latency", () -> new LatencyBenchmark(System.getenv("HEDDLE_PINGPONG_US"))),
          new Entry("throughput", ThroughputBenchmark::new),
          new Entry("chain", ChainBenchmark::new),
          new Entry("fanout", FanoutBenchmark::new),
          new Entry("fanin", FaninBenchmark::new),
          new Entry("dag", DagBenchmark::new),
          new Entry("idle", IdleBenchmark::new),
          new Entry("memory", MemoryBenchmark::new),
          new Entry("allocation", AllocationBenchmark::new),
          new Entry("metg", MetgBenchmark::new),
          new Entry("payload", () -> new PayloadBenchmark(System.getenv("HEDDLE_BANDWIDTH"))),
          new Entry("startup", () -> new StartupBenchmark(System.getenv("HEDDLE_HOME"))),
          new Entry("map", MapBenchmark::new));

  /// Commands of their own, each with options of its own.
  private static final List<String> COMMANDS =
      List.of("all", "costs", PeersOptions.NAME, AgainstOptions.NAME);

  private Benchmarks() {}

  /// A new one, or null where there is none of that name.
  static @Nullable Benchmark byName(String name) {
    return ENTRIES.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .map(entry -> entry.maker().get())
        .orElse(null);
  }

  /// The names that [#byName] knows.
  static List<String> names() {
    return ENTRIES.stream().map(Entry::name).toList();
  }

  /// What stands in a benchmark's place and is none.
  static List<String> commands() {
    return COMMANDS;
  }

  /// The names for picocli's help.
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }
  }
}
