package dev.heddle.bench.metg;

import java.util.Arrays;

/// A graph of `steps` steps of up to `width` points, each a task that needs points of the step
/// before.
///
/// Ownership: the arrays it hands out are its own, and not to be written. Two points of a step that
/// need the same get the same array.
public final class MetgGraph {
  private static final int[] NONE = {};

  private final MetgPattern pattern;
  private final int width;
  private final int steps;

  /// By dependence set and point, for steps in which all points are there.
  private final int[][][] needs;

  /// Shape: all at least 1.
  public MetgGraph(MetgPattern pattern, int width, int radix, int steps) {
    this.pattern = pattern;
    this.width = width;
    this.steps = steps;
    this.needs = new int[pattern.sets(width)][width][];
    for (int set = 0; set < needs.length; set++) {
      for (int point = 0; point < width; point++) {
        needs[set][point] =
            pattern == MetgPattern.ALL_TO_ALL && point > 0
                ? needs[set][0]
                : pattern.needs(set, point, width, radix);
      }
    }
  }

  int steps() {
    return steps;
  }

  /// The first point of a step.
  int first(int step) {
    return pattern == MetgPattern.DOM ? Math.max(0, step + width - steps) : 0;
  }

  /// One more than the last point of a step.
  int end(int step) {
    return first(step)
        + switch (pattern) {
          case DOM -> Math.min(width, Math.min(step + 1, steps - step));
          case TREE -> step >= Integer.SIZE - 2 ? width : Math.min(width, 1 << step);
          case TRIVIAL,
              NO_COMM,
              STENCIL_1D,
              STENCIL_1D_PERIODIC,
              FFT,
              ALL_TO_ALL,
              NEAREST,
              SPREAD,
              RANDOM_NEAREST ->
              width;
        };
  }

  /// The points of the step before that a task needs: in the first step none, later those that the
  /// step before has.
  int[] needs(int step, int point) {
    if (step == 0) {
      return NONE;
    }
    int[] all = needs[set(step)][point];
    int first = first(step - 1);
    int end = end(step - 1);
    if (all.length == 0 || (all[0] >= first && all[all.length - 1] < end)) {
      return all;
    }
    return Arrays.stream(all).filter(need -> need >= first && need < end).toArray();
  }

  /// Task Bench begins the butterflies at the second set's predecessor, so that step 1 has set 0.
  private int set(int step) {
    return pattern == MetgPattern.FFT
        ? (step + needs.length - 1) % needs.length
        : step % needs.length;
  }

  /// Number of all tasks.
  public long tasks() {
    long tasks = 0;
    for (int step = 0; step < steps; step++) {
      tasks += end(step) - first(step);
    }
    return tasks;
  }

  /// What the values of all tasks that nobody needs come to, computed one after the other without
  /// the kernel; `salt` as of [MetgWork#specification].
  public long expectedSum(int salt) {
    return sum(salt, true);
  }

  /// The same of values that say where a task stands, and nothing of those that it needs.
  public long expectedOriginSum(int salt) {
    return sum(salt, false);
  }

  private long sum(int salt, boolean isMixed) {
    long sum = 0;
    long[] before = new long[width];
    boolean[] isNeeded = new boolean[width];
    for (int step = 0; step < steps; step++) {
      long[] values = new long[width];
      for (int point = first(step); point < end(step); point++) {
        long value = MetgWork.start(MetgWork.specification(salt + step, point, 0));
        for (int need : needs(step, point)) {
          value = isMixed ? MetgWork.mixed(value, before[need]) : value;
          isNeeded[need] = true;
        }
        values[point] = value;
      }
      if (step > 0) {
        sum += unneeded(before, isNeeded, first(step - 1), end(step - 1));
      }
      before = values;
      isNeeded = new boolean[width];
    }
    return sum + unneeded(before, isNeeded, first(steps - 1), end(steps - 1));
  }

  private static long unneeded(long[] values, boolean[] isNeeded, int first, int end) {
    long sum = 0;
    for (int point = first; point < end; point++) {
      sum += isNeeded[point] ? 0 : values[point];
    }
    return sum;
  }
}
