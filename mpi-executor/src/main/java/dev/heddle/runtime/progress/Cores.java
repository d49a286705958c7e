package dev.heddle.runtime.progress;

import dev.heddle.core.link.IdleSleep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The cores of a host or of a bound rank, and the ranks that share them.
///
/// @param count number of cores
/// @param ranks number of ranks that share the cores
/// @param areCrowded whether the slots of these ranks outnumber the cores
public record Cores(int count, int ranks, boolean areCrowded) {
  private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

  /// The cores for `ranks` ranks on this host, with `slots` slots each. A rank that its launcher
  /// has bound to some cores is assumed to have these for itself.
  public static Cores of(int ranks, int slots) {
    int mine = Runtime.getRuntime().availableProcessors();
    return of(mine < online() ? 1 : ranks, slots, mine);
  }

  /// The same with `count` cores.
  public static Cores of(int ranks, int slots, int count) {
    return new Cores(count, ranks, (long) ranks * slots > count);
  }

  /// The longest sleep of a rank here. `parkNsMax` is what a core of its own would allow it.
  long parkNsMax(long parkNsMax) {
    return IdleSleep.nsMax(parkNsMax, ranks, count);
  }

  /// The number of cores of the host; where the kernel doesn't say, that of this process.
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
