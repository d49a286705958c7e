package dev.heddle.core.array;

import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.core.frames.ArrayFrame;
import dev.heddle.graph.ArrayResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A range that a rank has been given, and its outcomes so far; rank 0 has given itself the whole.
///
/// Shape: of a kept form, only how much is left. Of a reduction the segments that are not combined
/// yet: from [#FOLD_AT] neighbours on they are combined, so that there are never many more than the
/// ranges that are under way. What comes with failed places goes up as it is, so that only rank 0
/// keeps segments for each of these. Threading: the progress role.
public final class ArrayPart {
  /// Neighbouring segments that are worth a call of the combiner in between.
  private static final int FOLD_AT = 64;

  /// Segments without neighbours that a rank below rank 0 keeps for each range.
  static final int SCATTERED_MAX = 4 * FOLD_AT;

  /// Segments that may wait to be combined: a combiner that is slower than the slots of its rank
  /// holds these back.
  private static final long BEHIND_BYTES = 32L << 20;

  final long from;
  long to;

  /// It came as an advance, of which nothing has gone back yet.
  boolean isAdvance;

  /// Places that have not ended.
  long left;

  private final TreeMap<Long, ArrayFrame.Segment> segments = new TreeMap<>();
  private final TreeMap<Long, Long> failedRanges = new TreeMap<>();

  /// Places that have ended and of which nothing is kept here any more: from, to; coalesced.
  private final TreeMap<Long, Long> gone = new TreeMap<>();

  private final List<ArrayFrame.Failed> failures = new ArrayList<>(0);

  /// Of all segments.
  private long segmentBytes;

  /// Pairs of segments that are neighbours.
  private int neighbours;

  /// Places whose segments are being combined: from, to.
  private long @Nullable [] folding;

  ArrayPart(long from, long to, long left) {
    this.from = from;
    this.to = to;
    this.left = left;
  }

  public boolean contains(long first, long behind) {
    return from <= first && behind <= to;
  }

  /// Whether none of these places has ended, as far as is known here.
  boolean isOpen(long first, long behind) {
    Map.Entry<Long, ArrayFrame.Segment> segment = segments.lowerEntry(behind);
    Map.Entry<Long, Long> failed = failedRanges.lowerEntry(behind);
    Map.Entry<Long, Long> passed = gone.lowerEntry(behind);
    return (segment == null || segment.getValue().to() <= first)
        && (failed == null || failed.getValue() <= first)
        && (passed == null || passed.getValue() <= first)
        && (folding == null || folding[1] <= first || behind <= folding[0]);
  }

  /// The last places, of which none has ended, belong to somebody else now.
  void shorten(long newTo) {
    left -= to - newTo;
    to = newTo;
  }

  public void add(ArrayFrame.Segment segment) {
    segmentBytes += segment.value().length;
    Map.Entry<Long, ArrayFrame.Segment> below = segments.lowerEntry(segment.from());
    if (below != null && below.getValue().to() == segment.from()) {
      neighbours++;
    }
    if (segments.containsKey(segment.to())) {
      neighbours++;
    }
    if (segments.put(segment.from(), segment) != null) {
      throw new IllegalStateException("a place has ended twice: place=" + segment.from());
    }
  }

  public void addFailed(long first, long behind) {
    ArrayResult.coalesce(failedRanges, first, behind);
  }

  /// These places have ended, and what came of them has been passed on.
  public void pass(long first, long behind) {
    ArrayResult.coalesce(gone, first, behind);
  }

  /// Keeps a failure if it is among the first.
  void addFailure(ArrayFrame.Failed failed) {
    failures.add(failed);
    failures.sort(Comparator.comparingLong(ArrayFrame.Failed::place));
    if (failures.size() > ArrayResult.FAILURES_MAX) {
      failures.removeLast();
    }
  }

  /// Neighbouring segments to be combined now, taken out until [#onFolded]; empty for none.
  List<ArrayFrame.Segment> nextFold() {
    if (folding != null || neighbours == 0 || (left > 0 && neighbours < FOLD_AT)) {
      return List.of();
    }
    List<ArrayFrame.Segment> run = new ArrayList<>();
    for (ArrayFrame.Segment next : segments.values()) {
      if (!run.isEmpty() && run.getLast().to() != next.from()) {
        if (run.size() > 1) {
          break;
        }
        run.clear();
      }
      run.add(next);
    }
    neighbours -= run.size() - 1;
    for (ArrayFrame.Segment one : run) {
      segments.remove(one.from());
      segmentBytes -= one.value().length;
    }
    folding = new long[] {run.getFirst().from(), run.getLast().to()};
    return run;
  }

  /// What [#nextFold] gave has been combined.
  public void onFolded(byte[] value) {
    long[] range = endFold();
    add(new ArrayFrame.Segment(range[0], range[1], value));
  }

  /// The combiner has failed: all that it was to combine has.
  void onFoldFailed(int rank, byte[] payload) {
    long[] range = endFold();
    addFailed(range[0], range[1]);
    addFailure(new ArrayFrame.Failed(range[0], rank, payload));
  }

  private long[] endFold() {
    long[] range = folding;
    if (range == null) {
      throw new IllegalStateException("nothing is being combined: from=" + from);
    }
    folding = null;
    return range;
  }

  /// Memory, about.
  public long stateBytes() {
    long bytes = 200 + segmentBytes + 100L * (segments.size() + failedRanges.size() + gone.size());
    for (ArrayFrame.Failed failed : failures) {
      bytes += 50 + failed.payload().length;
    }
    return bytes;
  }

  /// Whether more than [#BEHIND_BYTES] of segments have arrived while others were being combined,
  /// so that the slots that make them must wait.
  boolean isBehind() {
    return folding != null && segmentBytes > BEHIND_BYTES;
  }

  /// Whether all has ended, and is combined as far as it can be.
  public boolean isComplete() {
    return left == 0 && folding == null && neighbours == 0;
  }

  /// The segments that are left, by place.
  public List<ArrayFrame.Segment> segments() {
    return List.copyOf(segments.values());
  }

  long[][] failedRanges() {
    return ranges(failedRanges.entrySet());
  }

  /// What was to be combined, and is not back yet; or null.
  long @Nullable [] folding() {
    return folding;
  }

  private static long[][] ranges(Collection<Map.Entry<Long, Long>> entries) {
    return entries.stream().map(e -> new long[] {e.getKey(), e.getValue()}).toArray(long[][]::new);
  }

  /// Whether segments have gathered that have no neighbours, between places that were passed on.
  boolean isScattered() {
    return folding == null && segments.size() > SCATTERED_MAX;
  }

  /// All segments, in frames of `bytesMax` at most, to be passed on as they are.
  public List<byte[]> release(ArrayDescriptor array, int rank, long bytesMax) {
    List<byte[]> frames = new ArrayList<>();
    List<ArrayFrame.Segment> run = new ArrayList<>();
    for (ArrayFrame.Segment next : segments()) {
      if (!run.isEmpty() && run.getLast().to() != next.from()) {
        addFrames(array, rank, run.getFirst().from(), run.getLast().to(), bytesMax, frames);
        run.clear();
      }
      run.add(next);
    }
    addFrames(array, rank, run.getFirst().from(), run.getLast().to(), bytesMax, frames);
    segments.values().forEach(segment -> pass(segment.from(), segment.to()));
    segments.clear();
    segmentBytes = 0;
    neighbours = 0;
    return frames;
  }

  /// All that is left of a complete part, in frames of `bytesMax` at most: the places between those
  /// that were passed on.
  public List<byte[]> frames(ArrayDescriptor array, int rank, long bytesMax) {
    if (gone.isEmpty()) {
      return ArrayFrame.parts(
          array, rank, from, to, segments(), failedRanges(), failures, bytesMax);
    }
    List<byte[]> frames = new ArrayList<>();
    long at = from;
    for (long[] passed : ranges(gone.entrySet())) {
      addFrames(array, rank, at, passed[0], bytesMax, frames);
      at = passed[1];
    }
    addFrames(array, rank, at, to, bytesMax, frames);
    return frames;
  }

  private void addFrames(
      ArrayDescriptor array, int rank, long first, long behind, long bytesMax, List<byte[]> to) {
    if (first < behind) {
      to.addAll(
          ArrayFrame.parts(
              array,
              rank,
              first,
              behind,
              List.copyOf(segments.subMap(first, behind).values()),
              ranges(failedRanges.subMap(first, behind).entrySet()),
              failures.stream().filter(f -> first <= f.place() && f.place() < behind).toList(),
              bytesMax));
    }
  }

  public List<ArrayFrame.Failed> failures() {
    return failures;
  }
}
