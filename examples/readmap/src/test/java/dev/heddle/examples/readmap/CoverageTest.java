package dev.heddle.examples.readmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CoverageTest {
  private static final int GENOME = 500;

  @Test
  void shouldCountReadsOverEachPosition() {
    Coverage.Builder builder = new Coverage.Builder(6);
    builder.add(0, 3);
    builder.add(2, 6);
    builder.add(3, 5);
    assertArrayEquals(new int[] {1, 1, 2, 2, 2, 1}, builder.build().depths(6));
  }

  @Test
  void shouldBeEmptyWithoutReads() {
    Coverage empty = new Coverage.Builder(GENOME).build();
    assertEquals(0, empty.positions().length);
    assertArrayEquals(new int[GENOME], Coverage.merge(List.of(empty, empty)).depths(GENOME));
  }

  @Test
  void shouldMergeInAnyOrderAndGroupingToTheSameTable() {
    SplitMix random = new SplitMix(3, 0);
    List<Coverage> parts = new ArrayList<>();
    Coverage.Builder whole = new Coverage.Builder(GENOME);
    for (int part = 0; part < 9; part++) {
      Coverage.Builder builder = new Coverage.Builder(GENOME);
      for (int read = 0; read < 20 * part; read++) {
        int start = random.below(GENOME - 100);
        builder.add(start, start + 100);
        whole.add(start, start + 100);
      }
      parts.add(builder.build());
    }
    Coverage leftFirst =
        parts.stream().reduce((a, b) -> Coverage.merge(List.of(a, b))).orElseThrow();
    Coverage rightFirst =
        parts.reversed().stream().reduce((a, b) -> Coverage.merge(List.of(b, a))).orElseThrow();
    assertSame(whole.build(), Coverage.merge(parts));
    assertSame(whole.build(), leftFirst);
    assertSame(whole.build(), rightFirst);
  }

  private static void assertSame(Coverage expected, Coverage actual) {
    assertArrayEquals(expected.positions(), actual.positions());
    assertArrayEquals(expected.changes(), actual.changes());
  }
}
