package dev.heddle.examples.readmap;

import dev.heddle.examples.readmap.Mapper.Hit;

/// A task's work in three numbers: reads `first` to `first + count - 1` of the run with this seed.
///
/// The reads themselves are drawn where they are mapped, so a batch of any size is 20 bytes long.
record Batch(long seed, long first, int count) {
  /// A read counts as correct if it is placed this near to its origin, on its own strand.
  private static final int DISTANCE_MAX = 5;

  /// The task: draws the reads, maps them and says what came out.
  static Tally map(KmerIndex index, Batch batch) {
    Mapper mapper = new Mapper(index);
    Coverage.Builder coverage = new Coverage.Builder(index.genome().length);
    long mapped = 0;
    long correct = 0;
    long random = 0;
    long randomMapped = 0;
    for (long number = batch.first; number < batch.first + batch.count; number++) {
      Read read = Read.draw(index.genome(), batch.seed, number);
      Hit hit = mapper.map(read.bases());
      random += read.isRandom() ? 1 : 0;
      if (hit != null) {
        coverage.add(hit.start(), hit.end());
        mapped++;
        randomMapped += read.isRandom() ? 1 : 0;
        correct += isCorrect(read, hit) ? 1 : 0;
      }
    }
    return new Tally(batch.count, mapped, correct, random, randomMapped, coverage.build());
  }

  static boolean isCorrect(Read read, Hit hit) {
    return !read.isRandom()
        && read.isReverse() == hit.isReverse()
        && Math.abs(read.start() - hit.start()) <= DISTANCE_MAX;
  }
}
