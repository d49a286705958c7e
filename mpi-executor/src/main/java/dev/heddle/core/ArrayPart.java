package dev.heddle.core;

import dev.heddle.graph.ArrayResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A range that a rank has been given, and what has come of it; rank 0 has given itself the whole.
///
/// Shape: of a kept form, only how much is left. Of a reduction the segments that are not combined
/// yet: from [#FOLD_AT] neighbours on they are combined, so that there are never many more than the
/// ranges that are under way, and those next to failed places. Threading: the progress role.
public final class ArrayPart {
  /// Neighbouring segments that are worth a call of the combiner in between.
  private static final int FOLD_AT = 64;

  /// One combined value of neighbouring places, encoded.
  ///
  /// @param from first place
  /// @param to behind the last
  /// @param value encoded
  public record Segment(long from, long to, byte[] value) {}

  /// One failure with its stack.
  ///
  /// @param place in the array
  /// @param rank where it failed
  /// @param payload host and encoded exception, as in a RESULT that has failed
  public record Failed(long place, int rank, byte[] payload) {}

  final long from;
  long to;

  /// It came as an advance, of which nothing has gone back yet.
  boolean isAdvance;

  /// Places that have not ended.
  long left;

  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final TreeMap<Long, Long> failedRanges = new TreeMap<>();
  private final List<Failed> failures = new ArrayList<>(0);

  /// Pairs of segments that are neighbours.
  private int neighbours;

  /// Places whose segments are being combined: from, to.
  private long @Nullable [] folding;

  ArrayPart(long from, long to, long left) {
    this.from = from;
    this.to = to;
    this.left = left;
  }

  boolean contains(long first, long behind) {
    return from <= first && behind <= to;
  }

  /// Whether none of these places has ended, as far as is known here.
  boolean isOpen(long first, long behind) {
    Map.Entry<Long, Segment> segment = segments.lowerEntry(behind);
    Map.Entry<Long, Long> failed = failedRanges.lowerEntry(behind);
    return (segment == null || segment.getValue().to() <= first)
        && (failed == null || failed.getValue() <= first)
        && (folding == null || folding[1] <= first || behind <= folding[0]);
  }

  /// The last places, of which none has ended, belong to somebody else now.
  void shorten(long newTo) {
    left -= to - newTo;
    to = newTo;
  }

  void add(Segment segment) {
    Map.Entry<Long, Segment> below = segments.lowerEntry(segment.from());
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

  void addFailed(long first, long behind) {
    failedRanges.put(first, behind);
  }

  void addFailure(Failed failed) {
    if (failures.size() < ArrayResult.FAILURES_MAX) {
      failures.add(failed);
    }
  }

  /// Neighbouring segments to be combined now, taken out until [#onFolded]; empty for none.
  List<Segment> nextFold() {
    if (folding != null || neighbours == 0 || (left > 0 && neighbours < FOLD_AT)) {
      return List.of();
    }
    List<Segment> run = new ArrayList<>();
    for (Segment next : segments.values()) {
      if (!run.isEmpty() && run.getLast().to() != next.from()) {
        if (run.size() > 1) {
          break;
        }
        run.clear();
      }
      run.add(next);
    }
    neighbours -= run.size() - 1;
    for (Segment one : run) {
      segments.remove(one.from());
    }
    folding = new long[] {run.getFirst().from(), run.getLast().to()};
    return run;
  }

  /// What [#nextFold] gave has been combined.
  void onFolded(byte[] value) {
    long[] range = endFold();
    add(new Segment(range[0], range[1], value));
  }

  /// The combiner has failed: all that it was to combine has.
  void onFoldFailed(int rank, byte[] payload) {
    long[] range = endFold();
    addFailed(range[0], range[1]);
    addFailure(new Failed(range[0], rank, payload));
  }

  private long[] endFold() {
    long[] range = folding;
    if (range == null) {
      throw new IllegalStateException("nothing is being combined: from=" + from);
    }
    folding = null;
    return range;
  }

  boolean isFolding() {
    return folding != null;
  }

  /// Whether all has ended, and is combined as far as it can be.
  boolean isComplete() {
    return left == 0 && folding == null && neighbours == 0;
  }

  /// The segments that are left, by place.
  List<Segment> segments() {
    return List.copyOf(segments.values());
  }

  long[][] failedRanges() {
    return failedRanges.entrySet().stream()
        .map(e -> new long[] {e.getKey(), e.getValue()})
        .toArray(long[][]::new);
  }

  List<Failed> failures() {
    return failures;
  }
}
