package dev.heddle.bench.metg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The sweep of `bench metg` over made-up costs: 10 ns an iteration, 3 us a task, so METG is 6 us.
@Timeout(10)
final class MetgSweepTest {
  private static final double KERNEL_NS = 10;
  private static final double COST_NS = 3_000;
  private static final int START = 16_384;
  private static final int LARGEST = 1 << 20;

  /// Times that a measurement takes instead of once, by its number from 0.
  private final Map<Integer, Double> disturbed = new HashMap<>();

  private final List<Integer> measured = new ArrayList<>();

  private MetgCurve.Point at(int iterations, double costNs) {
    double factor = disturbed.getOrDefault(measured.size(), 1.0);
    measured.add(iterations);
    double taskNs = (iterations * KERNEL_NS + costNs) * factor;
    return new MetgCurve.Point(iterations, taskNs / 1e3, iterations * KERNEL_NS / taskNs);
  }

  private double metgUs() throws InterruptedException, ExecutionException {
    return us(
        new MetgSweep((iterations, _) -> at(iterations, COST_NS), KERNEL_NS)
            .run(START, LARGEST, COST_NS));
  }

  private static double us(List<MetgCurve.Point> points) {
    Double us = MetgCurve.metgUs(points);
    return us == null ? Double.NaN : us;
  }

  @Test
  void shouldFindTheSizeAtWhichCostAndKernelAreEqual()
      throws InterruptedException, ExecutionException {
    assertEquals(6.0, metgUs(), 1e-9);
  }

  /// Of the first measurements, one alone takes four times as long as it should.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void shouldNotMindOneDisturbance(int at) throws InterruptedException, ExecutionException {
    disturbed.put(at, 4.0);
    assertEquals(6.0, metgUs(), 1e-9);
  }

  /// At 82 and 41 us: once that was the end of the sweep.
  @Test
  void shouldNotEndWithTwoDisturbancesInARow() throws InterruptedException, ExecutionException {
    disturbed.put(1, 3.0);
    disturbed.put(2, 3.0);
    assertEquals(6.0, metgUs(), 1e-9);
  }

  @Test
  void shouldMeasureEachSizeOnceAndThePairThreeTimes()
      throws InterruptedException, ExecutionException {
    List<MetgCurve.Point> points =
        new MetgSweep((iterations, _) -> at(iterations, COST_NS), KERNEL_NS)
            .run(START, LARGEST, COST_NS);
    assertEquals(
        points.size(), points.stream().map(MetgCurve.Point::iterations).distinct().count());
    for (int i = 1; i < points.size(); i++) {
      assertEquals(points.get(i - 1).iterations(), 2 * points.get(i).iterations());
    }
    assertEquals(3, measured.stream().filter(iterations -> iterations == 512).count());
    assertEquals(3, measured.stream().filter(iterations -> iterations == 256).count());
    assertEquals(points.size() + 4, measured.size());
  }

  @Test
  void shouldTryLargerSizesAndGiveUp() throws InterruptedException, ExecutionException {
    List<MetgCurve.Point> points =
        new MetgSweep((iterations, _) -> at(iterations, 1e6), KERNEL_NS)
            .run(START, LARGEST, COST_NS);
    assertEquals(2_000, us(points), 1e-6);

    MetgSweep hopeless = new MetgSweep((iterations, _) -> at(iterations, 1e9), KERNEL_NS);
    points = hopeless.run(START, LARGEST, COST_NS);
    assertNull(MetgCurve.metgUs(points));
    assertEquals(LARGEST, points.getFirst().iterations());
  }

  @Test
  void shouldTakeTheSmallestSizeWhereAllAreEfficient()
      throws InterruptedException, ExecutionException {
    List<MetgCurve.Point> points =
        new MetgSweep((iterations, _) -> at(iterations, 5), KERNEL_NS).run(START, LARGEST, 0);
    assertEquals(1, points.getLast().iterations());
    assertTrue(points.getLast().isEfficient());
    assertEquals(0.015, us(points), 1e-9);
  }
}
