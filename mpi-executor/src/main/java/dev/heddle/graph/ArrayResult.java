package dev.heddle.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The results and failures of an array so far.
///
/// Threading: the coordinator writes. Other threads may read the places below [#prefix()], which
/// publishes them, the counts, and the failures. Once the task is done everything may be read.
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
public final class ArrayResult {
  /// Failures that are kept with their stacks.
  public static final int FAILURES_MAX = 16;

  /// Separate failed ranges of one array that rank 0 keeps, about 100 bytes each. With more failed
  /// ranges the function is taken for broken.
  public static final int FAILED_RANGES_MAX = 1 << 20;

  /// Bytes of a packed result's own head: the tag and the count of the codec's arrays.
  private static final int HEAD_BYTES_MAX = 6;

  /// Results of neighbouring places: an encoded list, or one combined value.
  ///
  /// @param from first place
  /// @param to the place after the last
  /// @param value the encoded results: `byte[]` or [BigValue]
  public record Segment(long from, long to, Object value) {}

  /// One failure with its stack.
  ///
  /// @param place the place in the array that failed
  /// @param rank the rank on which the place failed
  /// @param host the host of that rank
  /// @param bytes the encoded exception
  public record Failed(long place, int rank, String host, byte[] bytes) {}

  private final int form;
  private final long first;
  private final long step;
  private final long count;

  /// A whole packed result as the codec writes it, with room for a frame's head before it.
  private byte[] packed = {};

  private int packedStart;
  private int packedLength;

  /// Segments below the prefix, in order; entries before `segmentCount` don't change.
  private volatile Segment[] segments = {};

  private volatile int segmentCount;

  /// Segments beyond the prefix.
  private final TreeMap<Long, Segment> ahead = new TreeMap<>();

  /// Places that are done beyond the prefix: from, to.
  private final TreeMap<Long, Long> done = new TreeMap<>();

  /// Failed ranges: from, to; coalesced. Its own lock guards it: no thread takes the lock unless
  /// places fail.
  private final TreeMap<Long, Long> failed = new TreeMap<>();

  private volatile List<Failed> failures = List.of();
  private volatile long prefix;
  private volatile long doneCount;
  private volatile long failedCount;

  /// Separate failed ranges; more of them end the array.
  private int failedRangeCount;

  private volatile boolean isGivenUp;

  /// A result of `count` places; it takes over the results of `before`, of which only the failed
  /// places are missing.
  ArrayResult(int form, long first, long step, long count, @Nullable ArrayResult before) {
    this.form = form;
    this.first = first;
    this.step = step;
    this.count = count;
    if (before == null) {
      return;
    }
    packed = before.packed;
    packedStart = before.packedStart;
    packedLength = before.packedLength;
    before.ahead.values().forEach(s -> ahead.put(s.from(), s));
    for (int i = 0; i < before.segmentCount; i++) {
      ahead.put(before.segments[i].from(), before.segments[i]);
    }
    long at = 0;
    for (long[] gap : before.failedPlaces()) {
      if (at < gap[0]) {
        done.put(at, gap[0]);
      }
      at = gap[1];
    }
    if (at < count) {
      done.put(at, count);
    }
    doneCount = count - before.failedCount;
    raisePrefix();
  }

  // ---- the coordinator's side

  /// Makes room for all results of a packed form: `headBytes` for a frame, then `codecHead`, then
  /// eight bytes for each place.
  public void makeRoom(int headBytes, byte[] codecHead) {
    if (codecHead.length > HEAD_BYTES_MAX) {
      throw new IllegalArgumentException("head of bytes=" + codecHead.length);
    }
    if (packed.length == 0) {
      packedLength = Math.toIntExact(codecHead.length + 8 * count);
      packed = new byte[(headBytes + packedLength + 7) & -8];
      packedStart = headBytes + codecHead.length;
      System.arraycopy(codecHead, 0, packed, headBytes, codecHead.length);
    }
  }

  /// Takes the bytes of places from `from` on into a packed result.
  public void pack(long from, MemorySegment source, long offset, int length) {
    MemorySegment.copy(
        source,
        ValueLayout.JAVA_BYTE,
        offset,
        packed,
        Math.toIntExact(packedStart + 8 * from),
        length);
  }

  /// Takes a segment.
  public void add(Segment segment) {
    ahead.put(segment.from(), segment);
  }

  /// Places `from` to `to` have failed.
  public void addFailed(long from, long to) {
    failedCount += to - from;
    synchronized (failed) {
      coalesce(failed, from, to);
      failedRangeCount = failed.size();
    }
  }

  /// Whether there are more than [#FAILED_RANGES_MAX] separate failures.
  public boolean hasTooManyFailures() {
    return failedRangeCount > FAILED_RANGES_MAX;
  }

  /// Ends the array. Places that have not ended count as failed, and so do the places of `lost`,
  /// which have ended.
  public void giveUp(long @Nullable [] lost) {
    isGivenUp = true;
    if (lost != null) {
      addFailed(lost[0], lost[1]);
    }
    for (long[] gap : missing()) {
      addFailed(gap[0], gap[1]);
      onDone(gap[0], gap[1]);
    }
  }

  /// Keeps a failure if it is among the first [#FAILURES_MAX].
  public void addFailure(Failed one) {
    List<Failed> known = failures;
    if (known.size() == FAILURES_MAX && known.getLast().place() < one.place()) {
      return;
    }
    List<Failed> more = new ArrayList<>(known);
    more.add(one);
    more.sort((a, b) -> Long.compare(a.place(), b.place()));
    failures = List.copyOf(more.subList(0, Math.min(FAILURES_MAX, more.size())));
  }

  /// Places `from` to `to` have ended. Call after their results and failures were added.
  public void onDone(long from, long to) {
    doneCount += to - from;
    coalesce(done, from, to);
    raisePrefix();
  }

  /// Adds a range to `ranges`, from and to, together with those next to it.
  public static void coalesce(NavigableMap<Long, Long> ranges, long from, long to) {
    long start = from;
    long end = to;
    Map.Entry<Long, Long> before = ranges.floorEntry(from);
    if (before != null && before.getValue() == from) {
      start = before.getKey();
    }
    Long after = ranges.remove(to);
    if (after != null) {
      end = after;
    }
    ranges.put(start, end);
  }

  private void raisePrefix() {
    Map.Entry<Long, Long> lowest = done.firstEntry();
    if (lowest == null || lowest.getKey() > prefix) {
      return;
    }
    done.pollFirstEntry();
    long reached = lowest.getValue();
    while (!ahead.isEmpty() && ahead.firstKey() < reached) {
      append(ahead.pollFirstEntry().getValue());
    }
    prefix = reached;
  }

  private void append(Segment segment) {
    Segment[] known = segments;
    if (segmentCount == known.length) {
      known = Arrays.copyOf(known, Math.max(4, known.length * 2));
      segments = known;
    }
    known[segmentCount] = segment;
    segmentCount++;
  }

  /// The places that are still to be done, in order.
  public long[][] missing() {
    List<long[]> gaps = new ArrayList<>();
    long at = prefix;
    for (Map.Entry<Long, Long> range : done.entrySet()) {
      gaps.add(new long[] {at, range.getKey()});
      at = range.getValue();
    }
    if (at < count) {
      gaps.add(new long[] {at, count});
    }
    return gaps.toArray(long[][]::new);
  }

  /// Takes out all segments that were combined before a retry.
  public List<Segment> takeSegments() {
    List<Segment> taken = new ArrayList<>(Arrays.asList(segments).subList(0, segmentCount));
    taken.addAll(ahead.values());
    ahead.clear();
    segmentCount = 0;
    return taken;
  }

  // ---- for all threads

  /// The form, as in [ArrayJob], without the bit for lists.
  public int form() {
    return form;
  }

  /// Number of places.
  public long count() {
    return count;
  }

  /// The index at a place.
  public long index(long place) {
    return first + place * step;
  }

  /// From one index to the next.
  public long step() {
    return step;
  }

  /// All places below this one have ended, and their results may be read.
  public long prefix() {
    return prefix;
  }

  /// Places that have ended.
  public long doneCount() {
    return doneCount;
  }

  /// Places that have failed.
  public long failedCount() {
    return failedCount;
  }

  /// Whether the array ended before all places were run, since too many had failed.
  public boolean isGivenUp() {
    return isGivenUp;
  }

  /// Whether a place that has ended has failed.
  public boolean isFailed(long place) {
    synchronized (failed) {
      Map.Entry<Long, Long> range = failed.floorEntry(place);
      return range != null && place < range.getValue();
    }
  }

  /// The failed ranges: from, to.
  public long[][] failedPlaces() {
    synchronized (failed) {
      return failed.entrySet().stream()
          .map(e -> new long[] {e.getKey(), e.getValue()})
          .toArray(long[][]::new);
    }
  }

  /// The first failures, with their stacks.
  public List<Failed> failures() {
    return failures;
  }

  /// The array around a packed result.
  public byte[] packed() {
    return packed;
  }

  /// Where the first place of a packed result is in [#packed()].
  public int packedStart() {
    return packedStart;
  }

  /// Bytes of a packed result as the codec writes it.
  public int packedLength() {
    return packedLength;
  }

  /// Number of segments that may be read.
  public int segmentCount() {
    return segmentCount;
  }

  /// A segment that may be read, in the order of places.
  public Segment segment(int number) {
    return segments[number];
  }
}
