package dev.heddle.examples.readmap;

import java.util.List;

/// What came out of some batches.
///
/// @param reads drawn, random ones included
/// @param mapped of these, random ones included
/// @param correct placed within 5 bases of their origin, on the right strand
/// @param randomReads that are random sequence
/// @param randomMapped of these, wrongly
/// @param coverage by the mapped reads
record Tally(
    long reads, long mapped, long correct, long randomReads, long randomMapped, Coverage coverage) {

  /// The task: adds up; in any order and grouping it gives the same.
  static Tally merge(List<Tally> parts) {
    long reads = 0;
    long mapped = 0;
    long correct = 0;
    long randomReads = 0;
    long randomMapped = 0;
    for (Tally part : parts) {
      reads += part.reads;
      mapped += part.mapped;
      correct += part.correct;
      randomReads += part.randomReads;
      randomMapped += part.randomMapped;
    }
    Coverage coverage = Coverage.merge(parts.stream().map(Tally::coverage).toList());
    return new Tally(reads, mapped, correct, randomReads, randomMapped, coverage);
  }
}
