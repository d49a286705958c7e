package dev.heddle.scale;

/// The least time in which something can go down the whole tree and come back: what no splitting of
/// an array can beat, since each rank sends to one child after the other.
///
/// Shape: each edge takes one message with one range, and one with one part back. Nobody sleeps,
/// combining takes nothing, and no latency varies.
public final class ScaleFloor {
  private ScaleFloor() {}

  /// Nanoseconds from rank 0 to the last rank and back.
  public static double ns(ScaleConfig config) {
    ScaleTree tree = new ScaleTree(config);
    return last(tree, config, true) + last(tree, config, false);
  }

  /// When the last rank has got its message, or, on the way back, could have begun with its own so
  /// that rank 0 has all at time 0: the same sum with other costs.
  private static double last(ScaleTree tree, ScaleConfig config, boolean isDown) {
    Costs costs = config.costs();
    double messageNs =
        costs.mpiNs()
            + (isDown
                ? costs.messageOutNs() + costs.arrays().rangeNs()
                : costs.messageInNs() + costs.arrays().partNs());
    double receiverNs = costs.mpiNs() + (isDown ? costs.messageInNs() : costs.messageOutNs());
    double[] atNs = new double[tree.ranks()];
    double last = 0;
    // a parent's number is below those of its children
    for (int rank = 0; rank < tree.ranks(); rank++) {
      int[] children = tree.children(rank);
      double next = atNs[rank];
      for (int child : children) {
        Machine machine = config.machine();
        Machine.Wire wire = tree.host(rank) == tree.host(child) ? machine.near() : machine.far();
        next += Math.max(messageNs, (double) wire.gapNs());
        atNs[child] = next + wire.latencyNs() + receiverNs;
        last = Math.max(last, atNs[child]);
      }
    }
    return last;
  }
}
