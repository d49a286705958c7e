package dev.heddle;

/// The indices of an array: `start`, `start + step`, and so on, up to but excluding `end`.
///
/// {@snippet file="dev/heddle/ApiSnippets.java" region="map"}
///
/// @param start the first index
/// @param end the bound above the last index, itself excluded; not below `start`
/// @param step the distance from one index to the next; above 0
public record Range(long start, long end, long step) {

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException for an `end` below `start`, a `step` below 1, or more than
  ///   2^53 indices
  public Range {
    if (end < start || step < 1) {
      throw new IllegalArgumentException(
          "a range goes upwards: start=" + start + " end=" + end + " step=" + step);
    }
    long span = end - start;
    if (span < 0 || (span - (span > 0 ? 1 : 0)) / step >= 1L << 53) {
      throw new IllegalArgumentException(
          "more than 2^53 indices: start=" + start + " end=" + end + " step=" + step);
    }
  }

  /// The indices from 0 up to, but without, `end`.
  ///
  /// @param end number of indices
  /// @return the range
  public static Range of(long end) {
    return new Range(0, end, 1);
  }

  /// The indices from `start` up to, but without, `end`.
  ///
  /// @param start the first index
  /// @param end the bound above the last index, itself excluded
  /// @return the range
  public static Range of(long start, long end) {
    return new Range(start, end, 1);
  }

  /// The same bounds with another distance between indices.
  ///
  /// @param distance above 0
  /// @return the range
  public Range by(long distance) {
    return new Range(start, end, distance);
  }

  /// Number of indices.
  ///
  /// @return 0 for an empty range
  public long size() {
    return end == start ? 0 : (end - start - 1) / step + 1;
  }

  /// The index at a place.
  ///
  /// @param ordinal from 0
  /// @return `start + ordinal * step`
  /// @throws IndexOutOfBoundsException if there is no such place
  public long index(long ordinal) {
    java.util.Objects.checkIndex(ordinal, size());
    return start + ordinal * step;
  }
}
