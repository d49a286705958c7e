package dev.heddle.examples.readmap;

/// Aligns a whole read near one diagonal of the genome with the fewest edits.
///
/// Edit distance within a band of 11 diagonals, both ends on the genome free. Each cell carries the
/// genome position its path began at, so no path has to be traced back. Threading: one thread; a
/// result stays until the next call.
final class Aligner {
  /// Insertions or deletions that may add up: reads of 100 bases with 0.1 % have hardly ever two.
  private static final int BAND = 5;

  /// More edits than any read has bases, and far from overflow.
  private static final int IMPOSSIBLE = 1 << 20;

  private final byte[] genome;
  private final int[] edits = new int[2 * BAND + 1];
  private final int[] begins = new int[2 * BAND + 1];

  private int start;
  private int end;

  Aligner(byte[] genome) {
    this.genome = genome;
  }

  /// Fewest edits with the read's first base near genome position `diagonal`; at least 2^20 if it
  /// does not fit there. Sets [#start()] and [#end()].
  int align(byte[] read, int diagonal) {
    for (int d = 0; d < edits.length; d++) {
      begins[d] = diagonal + d - BAND;
      edits[d] = begins[d] < 0 || begins[d] > genome.length ? IMPOSSIBLE : 0;
    }
    for (int i = 0; i < read.length; i++) {
      row(read[i], diagonal + i - BAND);
    }
    int best = 0;
    for (int d = 1; d < edits.length; d++) {
      if (edits[d] < edits[best]) {
        best = d;
      }
    }
    start = begins[best];
    end = diagonal + read.length + best - BAND;
    return edits[best];
  }

  /// One base of the read: cell `d` meets genome position `left + d`. In place: `d - 1` is of this
  /// row already, `d` and `d + 1` are still of the row before.
  private void row(byte base, int left) {
    for (int d = 0; d < edits.length; d++) {
      int position = left + d;
      int cost = IMPOSSIBLE;
      int begin = begins[d];
      if (position >= 0 && position < genome.length) {
        cost = edits[d] + (genome[position] == base ? 0 : 1);
      }
      if (d + 1 < edits.length && edits[d + 1] + 1 < cost) { // a base the genome has not
        cost = edits[d + 1] + 1;
        begin = begins[d + 1];
      }
      if (d > 0 && position < genome.length && edits[d - 1] + 1 < cost) { // the read skips one
        cost = edits[d - 1] + 1;
        begin = begins[d - 1];
      }
      edits[d] = cost;
      begins[d] = begin;
    }
  }

  /// First genome position of the last alignment.
  int start() {
    return start;
  }

  /// One behind its last genome position.
  int end() {
    return end;
  }
}
