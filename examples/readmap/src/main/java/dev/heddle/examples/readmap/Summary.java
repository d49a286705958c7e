package dev.heddle.examples.readmap;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.IntSummaryStatistics;

/// The result of the whole run, made by its last task.
///
/// @param counts the sum of all tallies
/// @param depths reads over each genome position
/// @param depthMin smallest depth
/// @param depthMax largest depth
/// @param depthMean mean depth
/// @param sha256 of `depths` as 32-bit big-endian numbers: same reads, same digits
@SuppressWarnings("ArrayRecordComponent") // made once, read once
record Summary(
    Counts counts, int[] depths, int depthMin, int depthMax, double depthMean, String sha256) {

  /// [Tally] without its table.
  record Counts(long reads, long mapped, long correct, long randomReads, long randomMapped) {
    /// Of the reads drawn from the genome, the part placed correctly; NaN if there were none.
    double correctFraction() {
      return (double) correct / (reads - randomReads);
    }
  }

  /// The task.
  static Summary of(KmerIndex index, Tally tally) throws NoSuchAlgorithmException {
    int[] depths = tally.coverage().depths(index.genome().length);
    IntSummaryStatistics statistics = Arrays.stream(depths).summaryStatistics();
    return new Summary(
        new Counts(
            tally.reads(),
            tally.mapped(),
            tally.correct(),
            tally.randomReads(),
            tally.randomMapped()),
        depths,
        statistics.getMin(),
        statistics.getMax(),
        statistics.getAverage(),
        sha256(depths));
  }

  private static String sha256(int[] depths) throws NoSuchAlgorithmException {
    ByteBuffer table = ByteBuffer.allocate(Integer.BYTES * depths.length);
    table.asIntBuffer().put(depths);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(table.array()));
  }
}
