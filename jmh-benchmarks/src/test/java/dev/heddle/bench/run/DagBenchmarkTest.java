package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.bench.measure.Work;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The random graph of `dag`.
@Timeout(20)
final class DagBenchmarkTest {
  @Test
  void shouldDrawTheSameGraphFromTheSameSeed() {
    int[][] edges = DagBenchmark.edges(5, 2_000);
    assertTrue(Arrays.deepEquals(edges, DagBenchmark.edges(5, 2_000)));
    assertTrue(!Arrays.deepEquals(edges, DagBenchmark.edges(6, 2_000)));
    int[] counts = new int[4];
    for (int i = 0; i < edges.length; i++) {
      counts[edges[i].length]++;
      for (int before : edges[i]) {
        assertTrue(before >= 0 && before < i, i + " depends on " + before);
      }
    }
    assertArrayEquals(new int[0], edges[0]);
    assertTrue(Arrays.stream(counts).allMatch(count -> count > 400), Arrays.toString(counts));
  }

  @Test
  void shouldTellGraphsAndPlacesApart() {
    assertEquals(Work.mix64(9), DagBenchmark.expectedSum(new int[][] {{}}, 9));
    int[][] one = {{}, {}, {0, 1}};
    int[][] other = {{}, {}, {1, 0}};
    assertNotEquals(DagBenchmark.expectedSum(one, 0), DagBenchmark.expectedSum(other, 0));
    assertNotEquals(DagBenchmark.expectedSum(one, 0), DagBenchmark.expectedSum(one, 1));
  }
}
