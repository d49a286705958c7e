package dev.heddle.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Who hangs below whom, and how many tasks each rank runs at the same time.
///
/// @param parents the parent of each rank, below it in number; -1 for rank 0
/// @param slots of each rank
public record TreePlan(int[] parents, int[] slots) {

  /// Checks that every rank leads to rank 0 and that somebody has slots.
  public TreePlan {
    boolean runsTasks = slots[0] > 0;
    if (parents.length != slots.length || parents[0] != -1) {
      throw new IllegalArgumentException("parents=" + parents.length + " slots=" + slots.length);
    }
    for (int rank = 1; rank < parents.length; rank++) {
      if (parents[rank] < 0 || parents[rank] >= rank) {
        throw new IllegalArgumentException("rank=" + rank + " parent=" + parents[rank]);
      }
      runsTasks |= slots[rank] > 0;
    }
    if (!runsTasks || (parents.length > 1 && slots[0] > 0)) {
      throw new IllegalArgumentException("slots of rank 0: " + slots[0] + ", or nobody has any");
    }
  }

  /// Rank 0 with `slots`, and nobody else.
  public static TreePlan alone(int slots) {
    return new TreePlan(new int[] {-1}, new int[] {slots});
  }

  /// A tree in which every rank but 0 has `slots`, filled level by level.
  public static TreePlan full(int ranks, int fanout, int slots) {
    int[] parents = new int[ranks];
    int[] all = new int[ranks];
    parents[0] = -1;
    for (int rank = 1; rank < ranks; rank++) {
      parents[rank] = (rank - 1) / fanout;
      all[rank] = slots;
    }
    return new TreePlan(parents, all);
  }

  /// A tree without any order, of `ranks` with at most `fanout` children each.
  static TreePlan random(SplittableRandom random, int ranks, int fanout, int slotsMax) {
    if (ranks == 1) {
      return alone(1 + random.nextInt(slotsMax));
    }
    int[] parents = new int[ranks];
    int[] slots = new int[ranks];
    int[] count = new int[ranks];
    parents[0] = -1;
    // Deep trees come from choosing among the last few ranks only.
    int reach = random.nextBoolean() ? ranks : 1 + random.nextInt(4);
    for (int rank = 1; rank < ranks; rank++) {
      int parent;
      do {
        parent = random.nextInt(Math.max(0, rank - Math.max(reach, fanout)), rank);
      } while (count[parent] == fanout);
      parents[rank] = parent;
      count[parent]++;
    }
    for (int rank = 1; rank < ranks; rank++) {
      boolean isLeaf = count[rank] == 0;
      slots[rank] = isLeaf || random.nextBoolean() ? 1 + random.nextInt(slotsMax) : 0;
      if (isLeaf && rank < ranks - 1 && random.nextInt(16) == 0) {
        slots[rank] = 0;
      }
    }
    return new TreePlan(parents, slots);
  }

  /// Number of ranks.
  public int ranks() {
    return parents.length;
  }

  /// Ranks on the longest way up.
  int levels() {
    int deepest = 1;
    int[] depth = new int[ranks()];
    for (int rank = 1; rank < ranks(); rank++) {
      depth[rank] = depth[parents[rank]] + 1;
      deepest = Math.max(deepest, depth[rank] + 1);
    }
    return deepest;
  }

  /// The children of every rank, in ascending order.
  int[][] children() {
    List<List<Integer>> lists = new ArrayList<>();
    for (int rank = 0; rank < ranks(); rank++) {
      lists.add(new ArrayList<>(0));
      if (rank > 0) {
        lists.get(parents[rank]).add(rank);
      }
    }
    return lists.stream()
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  /// True when `rank` is `top` or hangs below it.
  public boolean isBelow(int rank, int top) {
    int at = rank;
    while (at > top) {
      at = parents[at];
    }
    return at == top;
  }
}
