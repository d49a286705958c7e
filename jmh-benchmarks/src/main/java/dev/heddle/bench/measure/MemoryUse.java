package dev.heddle.bench.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Memory of this process after full collections, or a difference of two such looks.
///
/// @param heapBytes in use by objects that are reachable
/// @param nativeBytes resident outside the Java heap; NaN where it can't be told apart
public record MemoryUse(double heapBytes, double nativeBytes) {
  public static final MemoryUse NONE = new MemoryUse(0, 0);

  /// References that are cleared in one collection free their memory in the next.
  private static final int COLLECTIONS = 2;

  /// Looks now. Errors: [BenchFailure] where the JVM ignores requests to collect.
  public static MemoryUse now() throws IOException, BenchFailure {
    long before = collections();
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    if (collections() == before) {
      throw new BenchFailure(
          "memory needs full collections, and this JVM makes none on request: leave out"
              + " -XX:+DisableExplicitGC and choose a collector that collects");
    }
    double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    Path maps = Path.of("/proc/self/smaps");
    double outside =
        Files.isReadable(maps)
            ? outsideBytes(Files.readAllLines(maps), Runtime.getRuntime().maxMemory())
            : Double.NaN;
    return new MemoryUse(heap, outside);
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(bean -> Math.max(0, bean.getCollectionCount()))
        .sum();
  }

  /// Heap and, where known, native.
  public double bytes() {
    return heapBytes + (Double.isNaN(nativeBytes) ? 0 : nativeBytes);
  }

  public MemoryUse minus(MemoryUse other) {
    return new MemoryUse(heapBytes - other.heapBytes, nativeBytes - other.nativeBytes);
  }

  /// Resident bytes of all mappings but the Java heap, from the lines of `/proc/self/smaps`.
  ///
  /// The heap is one range of addresses without a file, `heapBytesMax` long, in one or more
  /// adjacent mappings: reserved as a whole, and committed in pieces. NaN where there is none such,
  /// or more than one.
  public static double outsideBytes(List<String> smaps, long heapBytesMax) {
    long[] starts = new long[smaps.size()];
    long[] ends = new long[smaps.size()];
    long[] resident = new long[smaps.size()];
    int count = 0;
    for (String line : smaps) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        String[] words = line.split("\\s+", 6);
        String[] range = words[0].split("-", -1);
        boolean hasFile = words.length > 5 && words[5].startsWith("/");
        starts[count] = hasFile ? -1 : Long.parseUnsignedLong(range[0], 16);
        ends[count] = Long.parseUnsignedLong(range[1], 16);
        count++;
      } else if (line.startsWith("Rss:") && count > 0) {
        resident[count - 1] = Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    long all = 0;
    long heap = 0;
    int found = 0;
    for (int first = 0; first < count; first++) {
      all += resident[first];
      long inside = resident[first];
      int last = first;
      while (starts[first] >= 0
          && ends[last] - starts[first] < heapBytesMax
          && last + 1 < count
          && starts[last + 1] == ends[last]) {
        last++;
        inside += resident[last];
      }
      if (starts[first] >= 0 && ends[last] - starts[first] == heapBytesMax) {
        found++;
        heap = inside;
      }
    }
    return found == 1 ? all - heap : Double.NaN;
  }
}
