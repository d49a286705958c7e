package dev.heddle.bench.run;

import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What `heddle bench` measures, in the order in which it is shown: the one list of it, by name.
/// Whatever names benchmarks reads it here, or is compared with it by a test: `heddle help`,
/// `heddle bench --help`, the entries of `bench all` and docs/measured/benchmarks.md.
public final class Benchmarks {
  private record Entry(String name, Supplier<Benchmark> maker) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              LatencyBenchmark.NAME,
              () -> new LatencyBenchmark(System.getenv("HEDDLE_PINGPONG_US"))),
          new Entry(ThroughputBenchmark.NAME, ThroughputBenchmark::new),
          new Entry(ChainBenchmark.NAME, ChainBenchmark::new),
          new Entry(FanoutBenchmark.NAME, FanoutBenchmark::new),
          new Entry(FaninBenchmark.NAME, FaninBenchmark::new),
          new Entry(DagBenchmark.NAME, DagBenchmark::new),
          new Entry(IdleBenchmark.NAME, IdleBenchmark::new),
          new Entry(MemoryBenchmark.NAME, MemoryBenchmark::new),
          new Entry(AllocationBenchmark.NAME, AllocationBenchmark::new),
          new Entry(MetgBenchmark.NAME, MetgBenchmark::new),
          new Entry(
              PayloadBenchmark.NAME, () -> new PayloadBenchmark(System.getenv("HEDDLE_BANDWIDTH"))),
          new Entry(
              StartupBenchmark.NAME, () -> new StartupBenchmark(System.getenv("HEDDLE_HOME"))),
          new Entry(MapBenchmark.NAME, MapBenchmark::new));

  private Benchmarks() {}

  /// A new one, or null where there is none of that name.
  public static @Nullable Benchmark byName(String name) {
    return ENTRIES.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .map(entry -> entry.maker().get())
        .orElse(null);
  }

  /// The names that [#byName] knows.
  public static List<String> names() {
    return ENTRIES.stream().map(Entry::name).toList();
  }

  /// The names for picocli's help.
  public static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }
  }
}
