package dev.heddle.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The cores of this host, and whether its ranks must share them.
final class Cores {
  private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

  private Cores() {}

  /// True when `ranks` ranks with `slots` slots each have fewer cores than they could use at the
  /// same time. A rank that its launcher has bound to some cores is taken to have these for itself.
  static boolean areCrowded(int ranks, int slots) {
    int mine = Runtime.getRuntime().availableProcessors();
    return mine < online() ? slots > mine : (long) ranks * slots > mine;
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
