package dev.heddle.bench.measure;

import dev.heddle.bench.run.Benchmarks;
import java.util.List;

/// An import that the doors forbid: [dev.heddle.bench.BenchArchitectureTest] has to see it.
public final class PlantedImport {
  private PlantedImport() {}

  static List<String> names() {
    return Benchmarks.names();
  }
}
