package dev.heddle.bench.metg;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/// Finds the sizes between which efficiency crosses 50 %.
///
/// The sizes go down by halves, first as far as efficiency is hopeless twice in a row: far below 50
/// %, since a measurement that something else on the machine disturbed must not end the sweep. Then
/// the smallest efficient size and the next one below it are measured again, and each counts by the
/// median of [#LOOKS]. Where they no longer lie on both sides of 50 %, the pair moves, until it
/// does.
///
/// Threading: the body's thread.
public final class MetgSweep {
  /// A quarter of the time for the kernel, or less: two halvings below METG.
  static final double HOPELESS = 0.2;

  private static final int HOPELESS_MAX = 2;

  /// Measurements of each size of the pair.
  static final int LOOKS = 3;

  /// Measures one size.
  public interface Meter {
    MetgCurve.Point at(int iterations, double overheadNs)
        throws InterruptedException, ExecutionException;
  }

  private final Meter meter;
  private final double kernelNs;
  private final List<MetgCurve.Point> points = new ArrayList<>();
  private final Set<Integer> sure = new HashSet<>();

  public MetgSweep(Meter meter, double kernelNs) {
    this.meter = meter;
    this.kernelNs = kernelNs;
  }

  /// From large tasks to small ones, each size once. Beginning at `start` iterations, larger ones
  /// are tried up to `largest` where that is inefficient; `overheadNs` is what a task is taken to
  /// cost beside its kernel, as long as nothing is measured.
  public List<MetgCurve.Point> run(int start, int largest, double overheadNs)
      throws InterruptedException, ExecutionException {
    points.add(meter.at(start, overheadNs));
    for (int larger = start; !points.getFirst().isEfficient() && larger < largest; ) {
      larger *= 2;
      points.addFirst(meter.at(larger, overheadNs(points.getFirst())));
    }
    int hopeless = isHopeless(points.getLast()) ? 1 : 0;
    for (int smaller = start / 2; smaller >= 1 && hopeless < HOPELESS_MAX; smaller /= 2) {
      points.add(meter.at(smaller, overheadNs(points.getLast())));
      hopeless = isHopeless(points.getLast()) ? hopeless + 1 : 0;
    }
    makeSure();
    return points;
  }

  private static boolean isHopeless(MetgCurve.Point point) {
    return point.efficiency() < HOPELESS;
  }

  private void makeSure() throws InterruptedException, ExecutionException {
    int upper = points.size() - 1;
    while (upper >= 0 && !points.get(upper).isEfficient()) {
      upper--;
    }
    // Each turn makes sure of a size or ends; a size that is sure doesn't change any more.
    while (upper >= 0) {
      if (!makeSure(upper).isEfficient()) {
        upper--;
      } else if (upper + 1 < points.size() && makeSure(upper + 1).isEfficient()) {
        upper++;
      } else {
        return;
      }
    }
  }

  /// Measures it again, once, and returns it.
  private MetgCurve.Point makeSure(int index) throws InterruptedException, ExecutionException {
    MetgCurve.Point known = points.get(index);
    if (sure.add(known.iterations())) {
      List<MetgCurve.Point> looks = new ArrayList<>(List.of(known));
      while (looks.size() < LOOKS) {
        looks.add(meter.at(known.iterations(), overheadNs(known)));
      }
      looks.sort((a, b) -> Double.compare(a.efficiency(), b.efficiency()));
      points.set(index, looks.get(LOOKS / 2));
    }
    return points.get(index);
  }

  private double overheadNs(MetgCurve.Point point) {
    return Math.max(0, point.taskUs() * 1e3 - point.iterations() * kernelNs);
  }
}
