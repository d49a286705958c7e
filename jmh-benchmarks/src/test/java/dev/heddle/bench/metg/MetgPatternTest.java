package dev.heddle.bench.metg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Task Bench's patterns against lists written by hand, and what must hold for every width.
final class MetgPatternTest {
  /// Lists: points separated by |, each what it needs.
  @ParameterizedTest
  @CsvSource({
    "TRIVIAL,             3, 5, 0, ||",
    "NO_COMM,             3, 5, 0, 0|1|2",
    "STENCIL_1D,          1, 5, 0, 0",
    "STENCIL_1D,          4, 5, 0, 0 1|0 1 2|1 2 3|2 3",
    "STENCIL_1D_PERIODIC, 1, 5, 0, 0",
    "STENCIL_1D_PERIODIC, 2, 5, 0, 0 1|0 1",
    "STENCIL_1D_PERIODIC, 4, 5, 0, 0 1 3|0 1 2|1 2 3|0 2 3",
    "DOM,                 4, 5, 0, 0|0 1|1 2|2 3",
    "TREE,                5, 5, 0, 0|0|1|1|2",
    "FFT,                 1, 5, 0, 0",
    "FFT,                 5, 5, 0, 0 1|0 1 2|1 2 3|2 3 4|3 4",
    "FFT,                 5, 5, 1, 0 2|1 3|0 2 4|1 3|2 4",
    "FFT,                 5, 5, 2, 0 4|1|2|3|0 4",
    "ALL_TO_ALL,          3, 5, 0, 0 1 2|0 1 2|0 1 2",
    "NEAREST,             5, 1, 0, 0|1|2|3|4",
    "NEAREST,             5, 2, 0, 0|0 1|1 2|2 3|3 4",
    "NEAREST,             6, 5, 0, 0 1 2|0 1 2 3|0 1 2 3 4|1 2 3 4 5|2 3 4 5|3 4 5",
    "SPREAD,              6, 2, 0, 0 3|1 4|2 5|0 3|1 4|2 5",
    "SPREAD,              6, 2, 1, 0 4|1 5|0 2|1 3|2 4|3 5",
    "SPREAD,              6, 3, 1, 0 3 5|0 1 4|1 2 5|0 2 3|1 3 4|2 4 5",
    "SPREAD,              6, 3, 2, 0 4|1 5|0 2|1 3|2 4|3 5",
    "SPREAD,              2, 5, 0, 0 1|0 1",
    "RANDOM_NEAREST,      3, 1, 0, 0|1|2"
  })
  void shouldNeedWhatTaskBenchNeeds(
      MetgPattern pattern, int width, int radix, int set, String lists) {
    String[] points = lists.split("\\|", -1);
    assertEquals(width, points.length);
    for (int point = 0; point < width; point++) {
      int[] expected =
          points[point].isBlank()
              ? new int[0]
              : Arrays.stream(points[point].trim().split(" ", -1))
                  .mapToInt(Integer::parseInt)
                  .toArray();
      assertArrayEquals(expected, pattern.needs(set, point, width, radix), "point " + point);
    }
  }

  @Test
  void shouldTakeAsManySetsAsButterfliesHaveDistances() {
    int[] sets = {1, 1, 2, 2, 3, 3, 3, 3, 4};
    for (int width = 1; width <= sets.length; width++) {
      assertEquals(sets[width - 1], MetgPattern.FFT.sets(width), "width " + width);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldStayInRangeAndInOrder(MetgPattern pattern) {
    for (int width = 1; width <= 9; width++) {
      for (int radix = 1; radix <= 11; radix++) {
        for (int set = 0; set < pattern.sets(width); set++) {
          for (int point = 0; point < width; point++) {
            int[] needs = pattern.needs(set, point, width, radix);
            for (int i = 0; i < needs.length; i++) {
              assertTrue(needs[i] >= 0 && needs[i] < width);
              assertTrue(i == 0 || needs[i - 1] < needs[i]);
            }
          }
        }
      }
    }
  }

  @Test
  void shouldBeSymmetricWhereInfluenceGoesBothWays() {
    for (MetgPattern pattern :
        EnumSet.of(
            MetgPattern.NO_COMM,
            MetgPattern.STENCIL_1D,
            MetgPattern.STENCIL_1D_PERIODIC,
            MetgPattern.FFT,
            MetgPattern.ALL_TO_ALL,
            MetgPattern.NEAREST)) {
      for (int set = 0; set < pattern.sets(11); set++) {
        for (int a = 0; a < 11; a++) {
          for (int b = 0; b < 11; b++) {
            assertEquals(needs(pattern, set, a, b), needs(pattern, set, b, a), pattern + " " + a);
          }
        }
      }
    }
  }

  private static boolean needs(MetgPattern pattern, int set, int point, int need) {
    return Arrays.binarySearch(pattern.needs(set, point, 11, 5), need) >= 0;
  }

  @Test
  void shouldDrawAboutAQuarterOfTheNearestAndOthersInTheNextStep() {
    int width = 1000;
    int others = 0;
    for (int point = 0; point < width; point++) {
      int[] needs = MetgPattern.RANDOM_NEAREST.needs(0, point, width, 5);
      assertTrue(Arrays.binarySearch(needs, point) >= 0, "itself");
      for (int need : needs) {
        assertTrue(Math.abs(need - point) <= 2);
      }
      others += needs.length - 1;
    }
    assertEquals(1000, others, 100);
    assertNotEquals(
        Arrays.toString(MetgPattern.RANDOM_NEAREST.needs(0, 500, width, 99)),
        Arrays.toString(MetgPattern.RANDOM_NEAREST.needs(1, 500, width, 99)));
  }

  @Test
  void shouldGrowAndShrinkAsDomAndTreeDo() {
    MetgGraph dom = new MetgGraph(MetgPattern.DOM, 3, 5, 6);
    int[][] ranges = {{0, 1}, {0, 2}, {0, 3}, {0, 3}, {1, 3}, {2, 3}};
    for (int step = 0; step < ranges.length; step++) {
      assertArrayEquals(ranges[step], new int[] {dom.first(step), dom.end(step)}, "step " + step);
    }
    assertEquals(12, dom.tasks());
    assertArrayEquals(new int[] {0}, dom.needs(1, 1), "point 1 was not there in step 0");
    assertArrayEquals(new int[] {1, 2}, dom.needs(5, 2));

    MetgGraph tree = new MetgGraph(MetgPattern.TREE, 5, 5, 40);
    assertEquals(1, tree.end(0));
    assertEquals(2, tree.end(1));
    assertEquals(4, tree.end(2));
    assertEquals(5, tree.end(3));
    assertEquals(5, tree.end(39));
    assertArrayEquals(new int[] {1}, tree.needs(2, 3));
  }

  @ParameterizedTest
  @EnumSource
  void shouldNeedOnlyWhatTheStepBeforeHas(MetgPattern pattern) {
    for (int width = 1; width <= 9; width++) {
      for (int steps = 1; steps <= 12; steps++) {
        MetgGraph graph = new MetgGraph(pattern, width, 5, steps);
        for (int point = graph.first(0); point < graph.end(0); point++) {
          assertEquals(0, graph.needs(0, point).length);
        }
        for (int step = 1; step < steps; step++) {
          assertTrue(graph.first(step) >= 0 && graph.first(step) < graph.end(step));
          assertTrue(graph.end(step) <= width);
          for (int point = graph.first(step); point < graph.end(step); point++) {
            for (int need : graph.needs(step, point)) {
              assertTrue(need >= graph.first(step - 1) && need < graph.end(step - 1));
            }
          }
        }
      }
    }
  }

  @Test
  void shouldBeginButterfliesWithNeighbours() {
    MetgGraph fft = new MetgGraph(MetgPattern.FFT, 4, 5, 6);
    assertArrayEquals(new int[] {0, 2}, fft.needs(2, 0));
    assertArrayEquals(new int[] {0, 1}, fft.needs(1, 0));
    assertArrayEquals(new int[] {0, 1}, fft.needs(3, 0));
  }

  @Test
  void shouldShareWhatAllPointsNeed() {
    MetgGraph all = new MetgGraph(MetgPattern.ALL_TO_ALL, 6, 5, 3);
    assertSame(all.needs(1, 0), all.needs(2, 5));
  }
}
