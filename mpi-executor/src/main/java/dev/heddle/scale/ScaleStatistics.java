package dev.heddle.scale;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What is counted during a run. Shape: O(levels) and a curve of a fixed number of points.
/// Threading: one thread.
final class ScaleStatistics {
  private static final int POINTS = 64;
  private static final long WIDTH_NS_MIN = 1_000;

  // By level of the rank, 0 for rank 0.
  final long[] messagesDown;
  final long[] messagesUp;
  final long[] framesDown;
  final long[] framesUp;
  final long[] turns;
  final double[] busyNs;
  final int[] waitingMax;
  final long[] ranks;

  long firstTaskNs = -1;
  long lastTaskNs;
  int readyMax;
  long bytes;
  long messages;

  /// Slots x time in use since the first submit, per interval of `widthNs`.
  private final double[] used = new double[POINTS];

  private long widthNs = WIDTH_NS_MIN;
  private long startNs;
  private long changedNs;
  private long running;

  ScaleStatistics(int levels) {
    messagesDown = new long[levels];
    messagesUp = new long[levels];
    framesDown = new long[levels];
    framesUp = new long[levels];
    turns = new long[levels];
    busyNs = new double[levels];
    waitingMax = new int[levels];
    ranks = new long[levels];
  }

  /// The first submit that counts.
  void start(long nowNs) {
    firstTaskNs = -1;
    lastTaskNs = 0;
    widthNs = WIDTH_NS_MIN;
    Arrays.fill(used, 0);
    startNs = nowNs;
    changedNs = nowNs;
    Arrays.fill(messagesDown, 0);
    Arrays.fill(messagesUp, 0);
    Arrays.fill(framesDown, 0);
    Arrays.fill(framesUp, 0);
    Arrays.fill(turns, 0);
    Arrays.fill(busyNs, 0);
    Arrays.fill(waitingMax, 0);
    messages = 0;
    bytes = 0;
  }

  /// A task starts (1) or ends (-1) at a time that may be a little after that of the next call.
  void running(int change, long atNs) {
    if (firstTaskNs < 0) {
      firstTaskNs = atNs - startNs;
    }
    lastTaskNs = Math.max(lastTaskNs, atNs - startNs);
    advance(atNs);
    running += change;
  }

  private void advance(long toNs) {
    long from = changedNs - startNs;
    long to = toNs - startNs;
    if (to <= from) {
      return;
    }
    changedNs = toNs;
    while (to > widthNs * POINTS) {
      for (int i = 0; i < POINTS / 2; i++) {
        used[i] = used[2 * i] + used[2 * i + 1];
      }
      Arrays.fill(used, POINTS / 2, POINTS, 0);
      widthNs *= 2;
    }
    while (running > 0 && from < to) {
      int point = (int) (from / widthNs);
      long end = Math.min(to, (point + 1) * widthNs);
      used[point] += (double) running * (end - from);
      from = end;
    }
  }

  /// Mean share of `slots` in use, for each interval up to `endNs` after the first submit.
  List<Double> utilisation(long slots, long endNs) {
    List<Double> curve = new ArrayList<>();
    for (int i = 0; i < POINTS && i * widthNs < endNs; i++) {
      long lengthNs = Math.min(widthNs, endNs - i * widthNs);
      curve.add(used[i] / ((double) slots * lengthNs));
    }
    return curve;
  }

  long widthNs() {
    return widthNs;
  }
}
