package dev.heddle.examples.readmap;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;

/// The one place that knows how many levels the tree of ranks has.
final class TreeShape {
  private TreeShape() {}

  /// Ranks on the longest path from rank 0 down, both ends counted.
  static int levels(Heddle heddle) {
    return levels(heddle.ranks(), HeddleConfig.builder().build().fanout());
  }

  static int levels(int ranks, int fanout) {
    int levels = 1;
    long reached = 1;
    for (long width = fanout; reached < ranks; width *= fanout) {
      reached += width;
      levels++;
    }
    return levels;
  }
}
