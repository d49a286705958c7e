package dev.heddle.examples.readmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlotTest {
  @Test
  void shouldDrawARamp() {
    int[] ramp = {0, 2, 4, 6, 8, 10, 12, 14, 16};
    assertEquals(
        String.join(
            "\n",
            "     16 │     ▂▄▆█", //
            "      0 │ ▂▄▆█████",
            "        └─────────",
            "         1       9"),
        Plot.of(ramp, 80, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 133, 200})
  void shouldKeepToTheWidth(int columns) {
    int[] values = new int[48_502];
    Arrays.setAll(values, i -> i % 1_000);
    String plot = Plot.of(values, columns, 6);
    assertEquals(8, plot.lines().count());
    assertTrue(plot.lines().allMatch(line -> line.length() <= columns), plot);
    assertTrue(plot.lines().anyMatch(line -> line.length() == columns), plot);
  }

  @Test
  void shouldDrawNothingAtAllAsAnEmptyField() {
    assertTrue(Plot.of(new int[100], 80, 3).lines().limit(3).noneMatch(l -> l.contains("█")));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"none,80", "'',80", "wide,80", "120,120", "5,40", "99999,200"})
  void shouldTakeAUsefulWidth(@org.jspecify.annotations.Nullable String text, int columns) {
    assertEquals(columns, Terminal.columns(text));
  }
}
