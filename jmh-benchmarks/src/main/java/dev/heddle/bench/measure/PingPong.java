package dev.heddle.bench.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bare round trips under an MPI, one of each start of a C program.
///
/// An MPI is in one of two modes from one process start to the next (by where processes and
/// segments come to lie), so that a ratio to one start means nothing.
///
/// @param startsUs in the order of the starts, in microseconds; empty where nobody measured
public record PingPong(List<Double> startsUs) {
  /// A smaller step between two starts is noise, whatever the others do.
  private static final double STEP_MIN = 1.2;

  public PingPong {
    startsUs = List.copyOf(startsUs);
  }

  /// Numbers separated by commas; none of null, and of a text that is something else.
  public static PingPong parse(@Nullable String text) {
    List<Double> starts = new ArrayList<>();
    if (text != null && text.matches("\\d{1,9}(\\.\\d{1,9})?(,\\d{1,9}(\\.\\d{1,9})?)*")) {
      for (String one : text.split(",", -1)) {
        starts.add(Double.valueOf(one));
      }
    }
    return new PingPong(starts);
  }

  private double[] sorted() {
    double[] sorted = startsUs.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  public @Nullable Double medianUs() {
    return Report.median(sorted());
  }

  /// Number of starts in the low mode: all of them where there is one mode.
  ///
  /// The starts are cut at their largest gap if it is wider than both sides together and its upper
  /// end at least a fifth above its lower one. So a single outlier counts as a mode: the number of
  /// starts in each says so.
  int lowStarts() {
    double[] sorted = sorted();
    int cut = sorted.length;
    double gapMax = 0;
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] - sorted[i - 1] > gapMax) {
        gapMax = sorted[i] - sorted[i - 1];
        cut = i;
      }
    }
    if (cut == sorted.length) {
      return cut;
    }
    double spread = sorted[sorted.length - 1] - sorted[0] - gapMax;
    boolean isCut = gapMax > spread && sorted[cut] >= STEP_MIN * sorted[cut - 1];
    return isCut ? cut : sorted.length;
  }

  /// The median of the low mode and of the high one; one value where there is one mode, none where
  /// nobody measured.
  public List<Double> modesUs() {
    double[] sorted = sorted();
    int low = lowStarts();
    List<Double> modes = new ArrayList<>();
    for (double[] side :
        new double[][] {
          Arrays.copyOf(sorted, low), Arrays.copyOfRange(sorted, low, sorted.length)
        }) {
      Double median = Report.median(side);
      if (median != null) {
        modes.add(median);
      }
    }
    return modes;
  }

  /// Number of starts in each mode, as of [#modesUs()].
  public List<Integer> modeStarts() {
    int low = lowStarts();
    return startsUs.isEmpty()
        ? List.of()
        : low == startsUs.size() ? List.of(low) : List.of(low, startsUs.size() - low);
  }
}
