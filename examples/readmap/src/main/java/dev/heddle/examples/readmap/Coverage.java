package dev.heddle.examples.readmap;

import java.util.List;

/// How deep reads cover the genome, as the places where the depth changes.
///
/// Shape: `positions` rises strictly, from 0 to the genome's length; `changes[i]` is never 0 and is
/// added to the depth from `positions[i]` on; the changes sum up to 0. So one table has one form,
/// whatever the order it was merged in. A batch of 500 reads needs at most 8 KB, where a full table
/// has 194 KB, and no merge is larger than two such tables.
///
/// @param positions genome positions from 0
/// @param changes difference of the depth to the position before
@SuppressWarnings("ArrayRecordComponent") // read-only by convention; compared in tests by element
record Coverage(int[] positions, int[] changes) {

  /// Adds up tables.
  static Coverage merge(List<Coverage> parts) {
    int positionMax = 0;
    for (Coverage part : parts) {
      int last = part.positions.length - 1;
      positionMax = Math.max(positionMax, last < 0 ? 0 : part.positions[last]);
    }
    Builder sum = new Builder(positionMax);
    for (Coverage part : parts) {
      for (int i = 0; i < part.positions.length; i++) {
        sum.changes[part.positions[i]] += part.changes[i];
      }
    }
    return sum.build();
  }

  /// The full table: reads over each of the genome's positions.
  int[] depths(int genomeLength) {
    int[] depths = new int[genomeLength];
    int depth = 0;
    for (int position = 0, i = 0; position < genomeLength; position++) {
      if (i < positions.length && positions[i] == position) {
        depth += changes[i++];
      }
      depths[position] = depth;
    }
    return depths;
  }

  /// Collects intervals; not thread-safe.
  static final class Builder {
    private final int[] changes;

    Builder(int genomeLength) {
      changes = new int[genomeLength + 1];
    }

    /// One read over `start` to `end - 1`.
    void add(int start, int end) {
      changes[start]++;
      changes[end]--;
    }

    Coverage build() {
      int count = 0;
      for (int change : changes) {
        count += change == 0 ? 0 : 1;
      }
      Coverage compact = new Coverage(new int[count], new int[count]);
      for (int position = 0, i = 0; position < changes.length; position++) {
        if (changes[position] != 0) {
          compact.positions[i] = position;
          compact.changes[i++] = changes[position];
        }
      }
      return compact;
    }
  }
}
