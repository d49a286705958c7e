package dev.heddle.examples.readmap;

import java.util.Arrays;
import java.util.Locale;

/// Draws numbers as a field of Unicode blocks, an eighth of a line exact.
final class Plot {
  private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
  private static final int EIGHTHS = 8;
  private static final int LABEL_COLUMNS = 8;

  private Plot() {}

  /// `values` over their index, as `rows` lines and an axis, at most `columns` wide.
  ///
  /// Shape: each column is the mean of its share of the values; the scale begins at 0. Errors:
  /// needs at least one value and `columns` above 9.
  static String of(int[] values, int columns, int rows) {
    int width = Math.min(columns - LABEL_COLUMNS - 1, values.length);
    double[] means = new double[width];
    for (int column = 0; column < width; column++) {
      int from = (int) ((long) values.length * column / width);
      int to = (int) ((long) values.length * (column + 1) / width);
      means[column] = Arrays.stream(values, from, to).average().orElse(0);
    }
    double max = Math.max(1, Arrays.stream(means).max().orElse(1));
    StringBuilder text = new StringBuilder();
    for (int row = rows - 1; row >= 0; row--) {
      double label = row == rows - 1 ? max : max * row / rows;
      text.append(label(row == rows - 1 || row == 0 ? Math.round(label) + " " : "")).append('│');
      for (double mean : means) {
        long eighths = Math.round(mean / max * rows * EIGHTHS) - (long) row * EIGHTHS;
        text.append(BLOCKS.charAt(Math.clamp(eighths, 0, EIGHTHS)));
      }
      text.append('\n');
    }
    text.append(label("")).append('└').append("─".repeat(width)).append('\n');
    String last = String.format(Locale.ROOT, "%,d", values.length);
    int gap = Math.max(1, width - "1".length() - last.length());
    return text.append(label("")).append(" 1").append(" ".repeat(gap)).append(last).toString();
  }

  private static String label(String text) {
    return " ".repeat(LABEL_COLUMNS - text.length()) + text;
  }
}
