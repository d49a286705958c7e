package dev.heddle.bench.metg;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Efficiency over the size of the tasks, and what it says: METG(50 %), the smallest mean task time
/// at which a half of the machine's peak is still reached.
///
/// Source: Slaughter et al., SC'20, section IV.
public final class MetgCurve {
  /// The 50 % of METG(50 %).
  static final double EFFICIENCY_MIN = 0.5;

  /// One size.
  ///
  /// @param iterations of the kernel in each task
  /// @param taskUs mean time of a task on its core: wall time x cores / tasks
  /// @param efficiency achieved rate of the kernel / peak
  public record Point(int iterations, double taskUs, double efficiency) {
    /// `kernelNs` is the time of an iteration at the peak, on one core.
    public static Point of(int iterations, double taskNs, double kernelNs) {
      return new Point(iterations, taskNs / 1e3, iterations * kernelNs / taskNs);
    }

    /// The same measurement beside another peak.
    public Point at(double kernelNs) {
      return of(iterations, taskUs * 1e3, kernelNs);
    }

    boolean isEfficient() {
      return efficiency >= EFFICIENCY_MIN;
    }
  }

  private MetgCurve() {}

  /// Shape: `points` from large tasks to small ones.
  ///
  /// Between the last efficient size and the one below it, efficiency is taken as linear in 1 /
  /// task time, which is exact where the cost of a task does not depend on its size. Where the
  /// smallest size is efficient still, it is the answer; null where none is.
  public static @Nullable Double metgUs(List<Point> points) {
    int last = points.size() - 1;
    while (last >= 0 && !points.get(last).isEfficient()) {
      last--;
    }
    if (last < 0) {
      return null;
    }
    Point above = points.get(last);
    if (last == points.size() - 1) {
      return above.taskUs();
    }
    Point below = points.get(last + 1);
    double part = (above.efficiency() - EFFICIENCY_MIN) / (above.efficiency() - below.efficiency());
    return 1 / ((1 - part) / above.taskUs() + part / below.taskUs());
  }
}
