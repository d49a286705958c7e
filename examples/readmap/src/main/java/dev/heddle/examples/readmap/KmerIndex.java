package dev.heddle.examples.readmap;

/// Where each word of 14 bases stands in the genome: a hash table in plain arrays.
///
/// Shape: the positions of the words of bucket `b` are `positions[bucketStarts[b]]` to
/// `positions[bucketStarts[b + 1] - 1]`, rising; words that share a bucket by chance are told apart
/// by looking at the genome. About 490 KiB for phage lambda, so it travels as a large value: once
/// per rank, not once per task.
///
/// @param genome codes, see [Bases]
/// @param bucketStarts 2^16 + 1 offsets into `positions`
/// @param positions genome positions by bucket
@SuppressWarnings("ArrayRecordComponent") // read-only by convention; copies would cost more
record KmerIndex(byte[] genome, int[] bucketStarts, int[] positions) {
  /// 4^14 words for 48,502 places: a chance hit is rare. Longer words meet more sequencing errors.
  static final int K = 14;

  private static final int BUCKET_BITS = 16;
  private static final int WORD_MASK = (1 << (2 * K)) - 1;

  /// The task: reads the genome and indexes it.
  static KmerIndex ofLambda() {
    return of(Bases.lambda());
  }

  /// Counting sort of all words by bucket. `genome` is kept, not copied.
  static KmerIndex of(byte[] genome) {
    int[] starts = new int[(1 << BUCKET_BITS) + 1];
    int words = genome.length - K + 1;
    for (int position = 0, word = prefix(genome); position < words; position++) {
      word = roll(word, genome[position + K - 1]);
      starts[bucket(word) + 1]++;
    }
    for (int bucket = 1; bucket < starts.length; bucket++) {
      starts[bucket] += starts[bucket - 1];
    }
    int[] next = starts.clone();
    int[] positions = new int[words];
    for (int position = 0, word = prefix(genome); position < words; position++) {
      word = roll(word, genome[position + K - 1]);
      positions[next[bucket(word)]++] = position;
    }
    return new KmerIndex(genome, starts, positions);
  }

  /// The bucket of the word at `offset` of `bases`.
  static int bucketAt(byte[] bases, int offset) {
    int word = 0;
    for (int i = offset; i < offset + K; i++) {
      word = roll(word, bases[i]);
    }
    return bucket(word);
  }

  private static int prefix(byte[] genome) {
    int word = 0;
    for (int i = 0; i < K - 1; i++) {
      word = roll(word, genome[i]);
    }
    return word;
  }

  private static int roll(int word, byte base) {
    return (word << 2 | base) & WORD_MASK;
  }

  private static int bucket(int word) {
    return (word * 0x9E3779B1) >>> (32 - BUCKET_BITS);
  }
}
