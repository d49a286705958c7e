package dev.heddle.bench.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One experiment's figures: rows of values, and the curves to draw of them.
///
/// Every row says in its column `how` whether it is *measured*, *simulated* or *published*; a curve
/// holds points of one kind only. Threading: one thread.
final class StudyTable {
  /// A row that was run on this machine.
  static final String MEASURED = "measured";

  /// A row in virtual time.
  static final String SIMULATED = "simulated";

  /// Somebody else's, as they have told it.
  static final String PUBLISHED = "published";

  /// A curve.
  ///
  /// @param name in the legend; what stands before its first comma and blank shares a colour with
  ///   others
  /// @param how what its points are
  /// @param isFaint it is there for comparison
  /// @param x values; none for a level, which is the same everywhere
  /// @param y values
  record Curve(String name, String how, boolean isFaint, List<Double> x, List<Double> y) {}

  private final String id;
  private final String title;
  private String what;
  private final String xLabel;
  private final String yLabel;
  private final List<String> columns;
  private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();
  private final Map<String, Curve> curves = new LinkedHashMap<>();

  StudyTable(
      String id, String title, String what, String xLabel, String yLabel, String... columns) {
    this.id = id;
    this.title = title;
    this.what = what;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
    this.columns = new ArrayList<>(List.of(columns));
    this.columns.add("how");
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  /// What was run, in a sentence or two.
  String what() {
    return what;
  }

  /// Adds a sentence to what was run: what came out.
  void note(String sentence) {
    what += " " + sentence;
  }

  String xLabel() {
    return xLabel;
  }

  String yLabel() {
    return yLabel;
  }

  List<String> columns() {
    return columns;
  }

  /// Rows by column.
  List<Map<String, @Nullable Object>> rows() {
    return rows;
  }

  List<Curve> curves() {
    return List.copyOf(curves.values());
  }

  /// Adds a row; `values` in the order of the columns but the last.
  void row(String how, @Nullable Object... values) {
    if (values.length != columns.size() - 1) {
      throw new IllegalArgumentException("values=" + values.length + " columns=" + columns);
    }
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      row.put(columns.get(i), values[i]);
    }
    row.put("how", how);
    rows.add(row);
  }

  /// Adds a point to a curve; what can't be drawn on a logarithmic axis isn't.
  void point(String how, String curve, double x, double y) {
    point(how, curve, false, x, y);
  }

  /// The same to a curve that is there for comparison.
  void floor(String how, String curve, double x, double y) {
    point(how, curve, true, x, y);
  }

  /// A figure that doesn't say for which value of the x axis it is.
  void level(String how, String curve, double y) {
    curves.put(curve + how, new Curve(curve, how, false, List.of(), List.of(y)));
  }

  private void point(String how, String curve, boolean isFaint, double x, double y) {
    if (x > 0 && y > 0 && Double.isFinite(y)) {
      Curve of =
          curves.computeIfAbsent(
              curve + how,
              _ -> new Curve(curve, how, isFaint, new ArrayList<>(), new ArrayList<>()));
      of.x().add(x);
      of.y().add(y);
    }
  }

  /// The value of a cell as people read it.
  static String shown(@Nullable Object value) {
    return switch (value) {
      case null -> "none";
      case Double number when number == 0 -> "0";
      case Double number when Math.abs(number) >= 1000 ->
          String.format(Locale.ROOT, "%,.0f", number);
      case Double number -> String.format(Locale.ROOT, "%.4g", number);
      case Integer number -> String.format(Locale.ROOT, "%,d", number);
      case Long number -> String.format(Locale.ROOT, "%,d", number);
      default -> value.toString();
    };
  }
}
