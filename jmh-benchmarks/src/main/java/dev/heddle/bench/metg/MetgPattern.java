package dev.heddle.bench.metg;

import dev.heddle.bench.measure.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the tasks of one step depend on those of the step before.
///
/// Source: Slaughter et al., *Task Bench: A Parameterized Benchmark for Evaluating Parallel Runtime
/// Performance*, SC'20, section II, and `core/core.cc` of its program.
public enum MetgPattern {
  /// None; every task stands alone.
  TRIVIAL,
  /// Each point on itself.
  NO_COMM,
  /// On itself and its two neighbours.
  STENCIL_1D,
  /// The same on a ring.
  STENCIL_1D_PERIODIC,
  /// A sweep over a triangle, as of an implicit solver: on itself and its left neighbour; the width
  /// grows from 1 and shrinks back to it.
  DOM,
  /// Each parent has two children; the width doubles from 1 up to the given one.
  TREE,
  /// Butterflies: on itself and the points at a distance that doubles with each step.
  FFT,
  /// On all points.
  ALL_TO_ALL,
  /// On the `radix` nearest points.
  NEAREST,
  /// On `radix` points as far apart as can be, others in each of [#PERIOD] steps.
  SPREAD,
  /// On itself, and on a quarter of the `radix` nearest points, drawn anew in each of [#PERIOD]
  /// steps.
  RANDOM_NEAREST;

  /// Steps after which spread and random_nearest repeat: enough that neighbouring steps differ.
  static final int PERIOD = 3;

  /// Task Bench's default share of random_nearest.
  private static final double FRACTION_CONNECTED = 0.25;

  /// As in Task Bench and on the command line.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static @Nullable MetgPattern byLabel(String label) {
    for (MetgPattern pattern : values()) {
      if (pattern.label().equals(label)) {
        return pattern;
      }
    }
    return null;
  }

  static List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (MetgPattern pattern : values()) {
      labels.add(pattern.label());
    }
    return labels;
  }

  /// Number of different dependence sets; the steps go through them in turn.
  int sets(int width) {
    return switch (this) {
      case FFT -> Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(width - 1));
      case SPREAD, RANDOM_NEAREST -> PERIOD;
      case TRIVIAL, NO_COMM, STENCIL_1D, STENCIL_1D_PERIODIC, DOM, TREE, ALL_TO_ALL, NEAREST -> 1;
    };
  }

  /// The points that `point` needs, were all `width` there, in ascending order without repetition.
  ///
  /// Shape: `set` is 0 to `sets(width) - 1`, `point` 0 to `width - 1`, `radix` at least 1.
  int[] needs(int set, int point, int width, int radix) {
    boolean[] isNeeded = new boolean[width];
    switch (this) {
      case TRIVIAL -> {}
      case NO_COMM -> isNeeded[point] = true;
      case STENCIL_1D -> range(isNeeded, point - 1, point + 1);
      case STENCIL_1D_PERIODIC -> {
        isNeeded[Math.floorMod(point - 1, width)] = true;
        isNeeded[point] = true;
        isNeeded[(point + 1) % width] = true;
      }
      case DOM -> range(isNeeded, point - 1, point);
      case TREE -> isNeeded[point / 2] = true;
      case FFT -> {
        int distance = 1 << set;
        isNeeded[point] = true;
        range(isNeeded, point - distance, point - distance);
        range(isNeeded, point + distance, point + distance);
      }
      case ALL_TO_ALL -> range(isNeeded, 0, width - 1);
      case NEAREST -> range(isNeeded, point - radix / 2, point + (radix - 1) / 2);
      case SPREAD -> {
        for (int i = 0; i < radix; i++) {
          isNeeded[(point + i * width / radix + (i > 0 ? set : 0)) % width] = true;
        }
      }
      case RANDOM_NEAREST -> {
        for (int i = point - radix / 2; i <= point + (radix - 1) / 2; i++) {
          if (i == point || isDrawn(set, i, point)) {
            range(isNeeded, i, i);
          }
        }
      }
    }
    return indices(isNeeded);
  }

  /// The part of `first` to `last` that exists.
  private static void range(boolean[] isNeeded, int first, int last) {
    for (int i = Math.max(0, first); i <= Math.min(last, isNeeded.length - 1); i++) {
      isNeeded[i] = true;
    }
  }

  /// The same in every run: a hash, as in Task Bench, though not the same one.
  private static boolean isDrawn(int set, int from, int to) {
    long hash = Work.mix64(Work.mix64(Work.mix64(set) + from) + to);
    return (hash >>> 11) * 0x1.0p-53 < FRACTION_CONNECTED;
  }

  private static int[] indices(boolean[] isSet) {
    int count = 0;
    for (boolean one : isSet) {
      count += one ? 1 : 0;
    }
    int[] indices = new int[count];
    for (int i = 0, at = 0; i < isSet.length; i++) {
      if (isSet[i]) {
        indices[at++] = i;
      }
    }
    return indices;
  }
}
