package dev.heddle.runtime.progress;

import dev.heddle.core.link.IdleSleep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Cores, and the ranks that share them.
///
/// @param count of them
/// @param ranks that share them
/// @param areCrowded there are fewer than these ranks, or their slots, could use at the same time
public record Cores(int count, int ranks, boolean areCrowded) {
  private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

  /// Of `ranks` ranks on this host with `slots` slots each. A rank that its launcher has bound to
  /// some cores is taken to have these for itself.
  public static Cores of(int ranks, int slots) {
    int mine = Runtime.getRuntime().availableProcessors();
    return of(mine < online() ? 1 : ranks, slots, mine);
  }

  /// The same with so many cores.
  public static Cores of(int ranks, int slots, int count) {
    return new Cores(count, ranks, (long) ranks * slots > count);
  }

  /// How long a rank here sleeps at most, of which a core for each would allow `parkNsMax`.
  long parkNsMax(long parkNsMax) {
    return IdleSleep.nsMax(parkNsMax, ranks, count);
  }

  /// Cores of the host, this process's own where the kernel doesn't say.
  private static int online() {
    try {
      int count = 0;
      for (String range : Files.readString(ONLINE).strip().split(",", -1)) {
        String[] ends = range.split("-", -1);
        count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
      }
      return count;
    } catch (IOException | NumberFormatException e) {
      return Runtime.getRuntime().availableProcessors();
    }
  }
}
