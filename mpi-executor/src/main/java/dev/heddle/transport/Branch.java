package dev.heddle.transport;

/// One member's place in a tree that is cut out of the range `0..count-1`: its parent, its level
/// and its children, all as indices.
///
/// Shape: the first index of a range is its head; the rest is cut into contiguous chunks as even as
/// possible, larger chunks first, and the first index of each chunk is a child of the head. So a
/// place follows from five numbers, without a list of all places. Used twice: for the leaders of
/// hosts, and for the ranks inside a host.
final class Branch {
  /// Index of the parent, -1 for index 0.
  final int parent;

  /// Edges between index 0 and this index.
  final int level;

  private final int index;
  private final int restCount;
  private final int chunkCount;

  private Branch(int index, int parent, int level, int length, int chunkCount) {
    this.index = index;
    this.parent = parent;
    this.level = level;
    this.restCount = length - 1;
    this.chunkCount = chunkCount;
  }

  /// The place of leader `index` of `count`, where each leader may have `budget` leaders below it:
  /// the smallest number of chunks that keeps the depth minimal.
  static Branch ofLeader(int index, int count, int budget) {
    return walk(index, count, budget, budget, true);
  }

  /// The place of rank `index` of the `count` ranks of a host, whose leader may have `headBudget`
  /// children inside the host and every other rank `budget`: as many chunks as allowed.
  static Branch inHost(int index, int count, int headBudget, int budget) {
    return walk(index, count, headBudget, budget, false);
  }

  private static Branch walk(
      int index, int count, int headBudget, int budget, boolean isFewestChunks) {
    if (index < 0 || index >= count || headBudget < 1 || budget < 1) {
      throw new IllegalArgumentException(
          "no such place: index=%d count=%d headBudget=%d budget=%d"
              .formatted(index, count, headBudget, budget));
    }
    if (isFewestChunks && budget == 1) {
      // A chain: walking it link by link would take a time quadratic in its length over all ranks.
      return new Branch(index, index - 1, index, count - index, index == count - 1 ? 0 : 1);
    }
    int start = 0;
    int length = count;
    int parent = -1;
    int level = 0;
    int chunks = chunkCount(length, headBudget, isFewestChunks);
    while (start != index) {
      int quotient = (length - 1) / chunks;
      int larger = (length - 1) % chunks;
      int offset = index - start - 1;
      int inLarger = larger * (quotient + 1);
      int chunk =
          offset < inLarger ? offset / (quotient + 1) : larger + (offset - inLarger) / quotient;
      parent = start;
      start = start + 1 + chunk * quotient + Math.min(chunk, larger);
      length = quotient + (chunk < larger ? 1 : 0);
      level++;
      chunks = chunkCount(length, budget, isFewestChunks);
    }
    return new Branch(index, parent, level, length, chunks);
  }

  private static int chunkCount(int length, int budget, boolean isFewestChunks) {
    int rest = length - 1;
    if (rest <= budget || !isFewestChunks) {
      return Math.min(rest, budget);
    }
    // The size of a child's chunk at the smallest depth at which all indices find a place: 1, 1 +
    // budget, 1 + budget * (1 + budget), ...
    long chunkMax = 1;
    while (budget * chunkMax < rest) {
      chunkMax = 1 + budget * chunkMax;
    }
    return Math.toIntExact((rest + chunkMax - 1) / chunkMax);
  }

  /// Number of children.
  int childCount() {
    return chunkCount;
  }

  /// Index of the `i`-th child, ascending.
  int child(int i) {
    int quotient = restCount / chunkCount;
    int larger = restCount % chunkCount;
    return index + 1 + i * quotient + Math.min(i, larger);
  }
}
