package dev.heddle.core.frames;

import java.util.List;

/// What a slot has made of a chunk of an array: results of neighbouring places, from the chunk's
/// first place on.
///
/// Ownership: lists and arrays in it are never changed. Threading: immutable, any thread.
public sealed interface ChunkOutcome {
  /// The chunk was stopped before its first place had ended.
  ChunkOutcome STOPPED = new Stopped();

  /// Nothing has ended.
  record Stopped() implements ChunkOutcome {}

  /// A value of a reduction, without a failed place. Its own rank combines it with its neighbours,
  /// so it needs no frame.
  ///
  /// @param segment the value, and its places
  record Reduced(ArrayFrame.Segment segment) implements ChunkOutcome {}

  /// Results that leave the rank as they are: those of a kept form, and those among failed places.
  ///
  /// @param reached behind the last place that has ended
  /// @param frames PART frames, in the order of their places, at least one
  record Frames(long reached, List<byte[]> frames) implements ChunkOutcome {}

  /// The outcome of places `from` to `reached`: of a reduction without failures the value, else
  /// frames of `bytesMax` at most, as [ArrayFrame#parts] makes them.
  static ChunkOutcome of(
      ArrayDescriptor array,
      int rank,
      long from,
      long reached,
      List<ArrayFrame.Segment> segments,
      List<long[]> failedRanges,
      List<ArrayFrame.Failed> failures,
      long bytesMax) {
    if (!array.isKept() && failedRanges.isEmpty() && segments.size() == 1) {
      return new Reduced(segments.getFirst());
    }
    return new Frames(
        reached,
        ArrayFrame.parts(
            array,
            rank,
            from,
            reached,
            segments,
            failedRanges.toArray(long[][]::new),
            failures,
            bytesMax));
  }
}
