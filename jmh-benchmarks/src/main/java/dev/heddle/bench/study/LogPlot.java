package dev.heddle.bench.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A plot with both axes logarithmic, as the text of an `svg` element.
///
/// Shape: some kilobytes, since text stays text (docs/builders/adr/0009); a library would draw it
/// as outlines. What a curve's points are shows in how it is drawn: *simulated* is a line with
/// dots, *measured* hollow squares, under an MPI triangles, *published* large diamonds on a dashed
/// line. Curves of one family, which is what stands before the first comma and blank of their
/// names, share a colour. Threading: one thread.
final class LogPlot {
  private static final int WIDTH = 890;
  private static final int LEFT = 86;
  private static final int RIGHT = 590;
  private static final int TOP = 62;
  private static final int BOTTOM = 430;
  private static final int HEIGHT = 490;
  private static final int LEGEND = RIGHT + 18;
  private static final int LEGEND_LINE = 19;
  private static final int LEGEND_MARK = 26;

  /// Okabe and Ito's, told apart by the colour-blind too; yellow is too faint for lines.
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#a23d78", "#b07d00", "#3d9bd1", "#444444");

  /// Room at both ends of an axis, in decades.
  private static final double MARGIN = 0.08;

  /// With fewer decades than this there are lines at 2 and 5 of each.
  private static final int FEW_DECADES = 3;

  private final StudyTable table;
  private final StringBuilder svg = new StringBuilder();
  private final Map<String, String> colours = new LinkedHashMap<>();
  private final double[] xRange;
  private final double[] yRange;

  private LogPlot(StudyTable table) {
    this.table = table;
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (StudyTable.Curve curve : table.curves()) {
      x.addAll(curve.x());
      y.addAll(curve.y());
      String family = family(curve);
      if (!colours.containsKey(family)) {
        colours.put(family, COLOURS.get(colours.size() % COLOURS.size()));
      }
    }
    this.xRange = range(x);
    this.yRange = range(y);
  }

  /// The plot of a table that has curves; below its title stand those of the `conditions`, by what
  /// points are, that it has points of.
  static String svg(StudyTable table, Map<String, String> conditions) {
    return new LogPlot(table)
        .draw(
            Stream.of(StudyTable.SIMULATED, StudyTable.MEASURED, StudyTable.PUBLISHED)
                .filter(how -> table.curves().stream().anyMatch(curve -> curve.how().equals(how)))
                .map(how -> conditions.getOrDefault(how, how))
                .collect(Collectors.joining("; ")));
  }

  private static String family(StudyTable.Curve curve) {
    // thousands have commas too
    return curve.name().split(", ", 2)[0];
  }

  private String colour(StudyTable.Curve curve) {
    return colours.getOrDefault(family(curve), COLOURS.getFirst());
  }

  private static double[] range(List<Double> values) {
    double low = Double.MAX_VALUE;
    double high = -Double.MAX_VALUE;
    for (double value : values) {
      low = Math.min(low, Math.log10(value));
      high = Math.max(high, Math.log10(value));
    }
    if (high < low) {
      low = 0;
      high = 1;
    }
    // nearly equal values would fill the plot with their noise
    double missing = Math.max(0, 1 - (high - low)) / 2;
    return new double[] {low - missing - MARGIN, high + missing + MARGIN};
  }

  private double x(double value) {
    return LEFT + (Math.log10(value) - xRange[0]) / (xRange[1] - xRange[0]) * (RIGHT - LEFT);
  }

  private double y(double value) {
    return BOTTOM - (Math.log10(value) - yRange[0]) / (yRange[1] - yRange[0]) * (BOTTOM - TOP);
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a library for one method
  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private String draw(String conditions) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " role=\"img\" aria-label=\"%s\" font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, HEIGHT, WIDTH, HEIGHT, escaped(table.title()));
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
    add(
        "<text x=\"12\" y=\"24\" font-size=\"16\" font-weight=\"bold\">%s</text>",
        escaped(table.title()));
    add("<text x=\"12\" y=\"44\" fill=\"#444444\">%s</text>", escaped(conditions));
    grid();
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888888\"/>",
        LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP);
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"13\">%s</text>",
        (LEFT + RIGHT) / 2, BOTTOM + 46, escaped(table.xLabel()));
    add(
        "<text transform=\"translate(20 %d) rotate(-90)\" text-anchor=\"middle\""
            + " font-size=\"13\">%s</text>",
        (TOP + BOTTOM) / 2, escaped(table.yLabel()));
    int row = 0;
    for (StudyTable.Curve curve : table.curves()) {
      curve(curve);
      legend(curve, TOP + 10 + LEGEND_LINE * row++);
    }
    return svg.append("</svg>\n").toString();
  }

  // ---- axes

  private void grid() {
    for (double value : ticks(xRange)) {
      double at = x(value);
      line(at, TOP, at, BOTTOM);
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          at, BOTTOM + 19, shown(value));
    }
    for (double value : ticks(yRange)) {
      double at = y(value);
      line(LEFT, at, RIGHT, at);
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT - 7, at + 4, shown(value));
    }
  }

  private void line(double x1, double y1, double x2, double y2) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
        x1, y1, x2, y2);
  }

  /// Powers of ten in a range of their logarithms, and 2 and 5 times these where there are few.
  static List<Double> ticks(double[] range) {
    List<Double> ticks = new ArrayList<>();
    boolean isShort = range[1] - range[0] < FEW_DECADES;
    for (int decade = (int) Math.floor(range[0]); decade <= range[1]; decade++) {
      for (int digit : isShort ? new int[] {1, 2, 5} : new int[] {1}) {
        double log = decade + Math.log10(digit);
        if (log >= range[0] && log <= range[1]) {
          // not a product, which would show its rounding
          ticks.add(Double.parseDouble(digit + "e" + decade));
        }
      }
    }
    return ticks;
  }

  private static String shown(double value) {
    return value >= 1
        ? String.format(Locale.ROOT, "%,.0f", value)
        : new java.math.BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }

  // ---- curves

  private void curve(StudyTable.Curve curve) {
    String colour = colour(curve);
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < curve.y().size(); i++) {
      // a level has no x
      if (!curve.x().isEmpty()) {
        points.add(new double[] {x(curve.x().get(i)), y(curve.y().get(i))});
      }
    }
    if (curve.x().isEmpty()) {
      double at = y(curve.y().getFirst());
      points.add(new double[] {LEFT, at});
      points.add(new double[] {RIGHT, at});
    }
    StringBuilder path = new StringBuilder();
    for (double[] point : points) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", point[0], point[1]));
    }
    if (points.size() > 1 && isLine(curve)) {
      add(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"%s/>",
          path.toString().strip(), colour, dashes(curve));
    }
    if (!curve.x().isEmpty()) {
      points.forEach(point -> mark(curve, point[0], point[1], colour));
    }
  }

  /// Measured points have nothing between them, nor have those that compare two things.
  private static boolean isLine(StudyTable.Curve curve) {
    return curve.how().equals(StudyTable.SIMULATED) || curve.how().equals(StudyTable.PUBLISHED);
  }

  private String dashes(StudyTable.Curve curve) {
    // those of neighbours alternate, so that two at the same place are both seen
    return curve.how().equals(StudyTable.PUBLISHED)
        ? " stroke-dasharray=\"5 5\" stroke-dashoffset=\"%d\""
            .formatted(5 * (COLOURS.indexOf(colour(curve)) % 2))
        : curve.isFaint() ? " stroke-dasharray=\"2 3\"" : "";
  }

  private void mark(StudyTable.Curve curve, double x, double y, String colour) {
    switch (curve.how()) {
      case StudyTable.MEASURED ->
          add(
              "<path d=\"M%.1f %.1f%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"/>",
              x - 4, y + 4, isOnThreads(curve) ? "v-8h8v8z" : "l4 -9l4 9z", colour);
      case StudyTable.PUBLISHED ->
          add(
              "<path d=\"M%.1f %.1fl6 6l-6 6l-6 -6z\" fill=\"%s\" stroke=\"#ffffff\"/>",
              x, y - 6, colour);
      default -> {
        if (!curve.isFaint()) {
          add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, colour);
        }
      }
    }
  }

  private static boolean isOnThreads(StudyTable.Curve curve) {
    return curve.name().endsWith(StudyLaunch.THREADS);
  }

  private void legend(StudyTable.Curve curve, int y) {
    String colour = colour(curve);
    if (isLine(curve)) {
      add(
          "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"1.8\"%s/>",
          LEGEND, y, LEGEND + LEGEND_MARK, y, colour, dashes(curve));
    }
    if (!curve.x().isEmpty()) {
      mark(curve, LEGEND + LEGEND_MARK / 2.0, y, colour);
    }
    add(
        "<text x=\"%d\" y=\"%d\">%s</text>",
        LEGEND + LEGEND_MARK + 7, y + 4, escaped(curve.name() + ", " + curve.how()));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
