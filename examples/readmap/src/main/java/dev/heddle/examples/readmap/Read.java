package dev.heddle.examples.readmap;

/// One simulated read, and the truth about it.
///
/// @param bases 100 codes, see [Bases], with the sequencer's errors in them
/// @param start leftmost genome position it was drawn from, from 0; -1 for a random one
/// @param isReverse drawn from the opposite strand
/// @param isRandom not from the genome at all
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a hot path without copies
record Read(byte[] bases, int start, boolean isReverse, boolean isRandom) {
  /// What a short-read sequencer of the HiSeq kind delivers.
  static final int LENGTH = 100;

  // Error rates in parts per million, per read for RANDOM and per base for the others.
  static final int PPM = 1_000_000;
  static final int RANDOM_PPM = 10_000;
  static final int SUBSTITUTION_PPM = 10_000;
  static final int INSERTION_PPM = 500;
  static final int DELETION_PPM = 500;

  /// Draws read `number` of the run with this seed; the same read wherever it is drawn.
  static Read draw(byte[] genome, long seed, long number) {
    SplitMix random = new SplitMix(seed, number);
    byte[] bases = new byte[LENGTH];
    if (random.below(PPM) < RANDOM_PPM) {
      for (int i = 0; i < LENGTH; i++) {
        bases[i] = (byte) random.below(4);
      }
      return new Read(bases, -1, false, true);
    }
    int start = random.below(genome.length - LENGTH + 1);
    boolean isReverse = random.below(2) == 1;
    sequence(genome, start, random, bases);
    if (!isReverse) {
      return new Read(bases, start, false, false);
    }
    byte[] opposite = new byte[LENGTH];
    Bases.reverseComplement(bases, opposite);
    return new Read(opposite, start, true, false);
  }

  /// Copies the genome from `start` with errors, until the read is full.
  private static void sequence(byte[] genome, int start, SplitMix random, byte[] bases) {
    int position = start;
    int filled = 0;
    while (filled < LENGTH) {
      int dice = random.below(PPM);
      if (dice < DELETION_PPM) {
        position++;
      } else if (dice < DELETION_PPM + INSERTION_PPM || position >= genome.length) {
        // Behind the end of the genome, where a deletion can lead, anything may be read.
        bases[filled++] = (byte) random.below(4);
      } else {
        int base = genome[position++];
        boolean isWrong = dice < DELETION_PPM + INSERTION_PPM + SUBSTITUTION_PPM;
        bases[filled++] = (byte) (isWrong ? (base + 1 + random.below(3)) & 3 : base);
      }
    }
  }
}
