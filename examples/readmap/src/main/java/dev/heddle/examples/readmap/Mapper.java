package dev.heddle.examples.readmap;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds where in the genome a read comes from: seed, vote, extend.
///
/// Words of the read and of its opposite strand are looked up in the index; each place found votes
/// for a diagonal (the genome position of the read's first base). The diagonals with most votes are
/// verified base by base, and with gaps if that is not good enough. Threading: one thread.
final class Mapper {
  /// A word every 7 bases: 13 words per strand, of which a read of average quality keeps 11.
  private static final int SEED_STEP = 7;

  /// Words that stand at more places than this say nothing about where a read comes from.
  private static final int PLACES_MAX = 32;

  /// Diagonals verified per read. One is enough but for repeats.
  private static final int CANDIDATES_MAX = 3;

  /// So few differences without a gap can be taken as they are.
  private static final int UNGAPPED_EDITS_MAX = 4;

  /// A drawn read has 1.1 edits on average and more than 12 in less than one of 10^8; random
  /// sequence has about 50.
  static final int EDITS_MAX = 12;

  /// Keeps a diagonal left of the genome's start positive.
  private static final int BIAS = Read.LENGTH;

  /// Above any biased diagonal of a genome below 2^29 bases; says that a vote is for the opposite
  /// strand.
  private static final int REVERSE = 1 << 30;

  private static final int SEEDS = (Read.LENGTH - KmerIndex.K) / SEED_STEP + 1;

  /// A place on the genome: `start` to `end - 1`, and the edits that the read needs there.
  record Hit(int start, int end, boolean isReverse, int edits) {}

  private final KmerIndex index;
  private final Aligner aligner;
  private final byte[] opposite = new byte[Read.LENGTH];
  private final int[] votes = new int[2 * SEEDS * PLACES_MAX];

  Mapper(KmerIndex index) {
    this.index = index;
    this.aligner = new Aligner(index.genome());
  }

  /// The best place, or null if the read fits nowhere with at most [#EDITS_MAX] edits.
  @Nullable Hit map(byte[] read) {
    Bases.reverseComplement(read, opposite);
    int count = vote(opposite, REVERSE, vote(read, 0, 0));
    Arrays.sort(votes, 0, count);
    Hit best = null;
    int votesBefore = Integer.MAX_VALUE;
    int keyBefore = -1;
    for (int rank = 0; rank < CANDIDATES_MAX; rank++) {
      long winner = nextWinner(count, votesBefore, keyBefore);
      if (winner < 0) {
        break;
      }
      votesBefore = (int) (winner >>> 32);
      keyBefore = (int) winner;
      Hit hit = verify(read, keyBefore);
      if (hit != null && (best == null || hit.edits() < best.edits())) {
        best = hit;
      }
      if (best != null && best.edits() <= UNGAPPED_EDITS_MAX) {
        break;
      }
    }
    return best;
  }

  private int vote(byte[] bases, int strand, int count) {
    byte[] genome = index.genome();
    for (int offset = 0; offset + KmerIndex.K <= bases.length; offset += SEED_STEP) {
      int bucket = KmerIndex.bucketAt(bases, offset);
      int from = index.bucketStarts()[bucket];
      int to = Math.min(index.bucketStarts()[bucket + 1], from + PLACES_MAX);
      for (int i = from; i < to; i++) {
        int place = index.positions()[i];
        boolean isSameWord =
            Arrays.equals(bases, offset, offset + KmerIndex.K, genome, place, place + KmerIndex.K);
        if (isSameWord) {
          votes[count++] = strand | (place - offset + BIAS);
        }
      }
    }
    return count;
  }

  /// The run of equal votes that follows (votesBefore, keyBefore) in the order most votes first,
  /// then lower key; as votes << 32 | key, or -1 if there is none.
  private long nextWinner(int count, int votesBefore, int keyBefore) {
    int bestVotes = 0;
    int bestKey = -1;
    for (int i = 0, j; i < count; i = j) {
      for (j = i + 1; j < count && votes[j] == votes[i]; j++) {}
      boolean isAfter = j - i < votesBefore || (j - i == votesBefore && votes[i] > keyBefore);
      if (isAfter && j - i > bestVotes) {
        bestVotes = j - i;
        bestKey = votes[i];
      }
    }
    return bestVotes == 0 ? -1 : (long) bestVotes << 32 | bestKey;
  }

  private @Nullable Hit verify(byte[] read, int key) {
    boolean isReverse = (key & REVERSE) != 0;
    byte[] bases = isReverse ? opposite : read;
    int diagonal = (key & ~REVERSE) - BIAS;
    byte[] genome = index.genome();
    if (diagonal >= 0 && diagonal + bases.length <= genome.length) {
      int edits = 0;
      for (int i = 0; i < bases.length && edits <= UNGAPPED_EDITS_MAX; i++) {
        edits += bases[i] == genome[diagonal + i] ? 0 : 1;
      }
      if (edits <= UNGAPPED_EDITS_MAX) {
        return new Hit(diagonal, diagonal + bases.length, isReverse, edits);
      }
    }
    int edits = aligner.align(bases, diagonal);
    return edits <= EDITS_MAX ? new Hit(aligner.start(), aligner.end(), isReverse, edits) : null;
  }
}
