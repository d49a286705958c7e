package dev.heddle.core.work;

import dev.heddle.wire.frame.Frame;
import java.util.Arrays;

/// How long tasks take, by function, and so how many of them may wait at a rank whose slots are
/// busy.
///
/// Shape: O(functions that have run), on rank 0. Units: nanoseconds. Threading: the progress role.
///
/// Tasks beyond the slots hide the way to their rank and fill batches; they also sit behind
/// whatever runs there. So their number follows the mean duration of their own function: none
/// before one has been measured, and none for tasks of more than ten milliseconds. The mean is that
/// of about the last [#WINDOW] results, later ones having more weight: a function's first tasks
/// take long, since its classes are loaded, and one whose tasks are now short, now long, mustn't
/// count as short after some short ones.
public final class Pace {
  /// Above this mean duration nothing is prefetched: the way to the parent is short beside it.
  private static final long PREFETCH_TASK_NS_MAX = 10_000_000;

  /// Prefetched tasks are to last about this long: a few hundred round trips, and a pause that is
  /// too short to notice at the end of a run.
  private static final long PREFETCH_SPAN_NS = 1_000_000;

  /// With durations spread evenly in their logarithm from a microsecond to a second, whose mean is
  /// 70 ms, the mean falls below ten for one task of 3,000; with 8 it would be one of 100. After
  /// 100 ms for the first task, four short ones are enough.
  private static final int WINDOW = 16;

  /// A forged duration mustn't overflow.
  private static final long DURATION_NS_MAX = 1L << 56;

  private long[] meanNs = {};

  /// Results so far, up to twice [#WINDOW].
  private byte[] results = {};

  private byte[] prefetch = {};

  /// The prefetch of a function's next task, as of [Frame#prefetch].
  public int prefetch(int functionId) {
    return functionId < prefetch.length ? prefetch[functionId] : 0;
  }

  /// A task has run.
  public void onRan(int functionId, long durationNs) {
    if (functionId >= prefetch.length) {
      int length = Math.max(8, Math.max(functionId + 1, 2 * prefetch.length));
      meanNs = Arrays.copyOf(meanNs, length);
      results = Arrays.copyOf(results, length);
      prefetch = Arrays.copyOf(prefetch, length);
    }
    int count = Math.min(results[functionId] + 1, 2 * WINDOW - 1);
    results[functionId] = (byte) count;
    long mean = meanNs[functionId];
    // the first one is the mean, and from 31 on each has a sixteenth: here and below nothing is
    // divided then, which takes longer than all else of this
    long step = (Math.clamp(durationNs, 0, DURATION_NS_MAX) - mean) * 2;
    mean += count == 2 * WINDOW - 1 ? step / (2 * WINDOW) : step / (count + 1);
    meanNs[functionId] = mean;
    prefetch[functionId] = (byte) prefetchFor(mean);
  }

  /// By number: 0, or the least power of two of tasks that last for [#PREFETCH_SPAN_NS].
  private static int prefetchFor(long mean) {
    if (mean > PREFETCH_TASK_NS_MAX) {
      return 0;
    }
    long oneNs = Math.max(mean, 1);
    int log =
        Math.max(0, Long.numberOfLeadingZeros(oneNs) - Long.numberOfLeadingZeros(PREFETCH_SPAN_NS));
    log += oneNs << log < PREFETCH_SPAN_NS ? 1 : 0;
    return Math.min(Frame.PREFETCH_MAX, 1 + log);
  }
}
