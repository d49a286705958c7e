package dev.heddle.bench.all;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heddle.bench.measure.Figures;
import dev.heddle.bench.run.AllEntry;
import dev.heddle.bench.run.AllResult;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// The plots of `bench all --html`, each as the text of an `svg` element.
///
/// A plot's colours are names of the page's own: what is drawn in a [#role] becomes `var(--NAME)`,
/// so that one drawing fits a light and a dark page. Text is drawn as outlines, so the page needs
/// no font; making them needs fonts on this machine.
final class HtmlPlots {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 400;
  private static final float LINE_WIDTH = 2f;
  private static final float[] DASHES = {6f, 4f};

  /// Roles are the colours that no drawing uses by itself: red and green 1, blue the number.
  private static final List<String> ROLES =
      List.of("ink", "grid", "paper", "s0", "s1", "s2", "s3", "s4", "s5");

  private static final int FIRST_SERIES = 3;

  /// In the order of the page, with what is needed to draw one.
  private enum Plot {
    LATENCY("latency", "Round trip of a lone task", "What a task takes by itself, by percentile."),
    THROUGHPUT(
        "throughput", "Tasks per second", "No-op tasks submitted one by one, by repetition."),
    PAYLOAD(
        "payload",
        "Payload bandwidth",
        "Arguments of one direction, 16 in flight; dashed: bare MPI in C, same machine."),
    METG("metg", "Efficiency over task size", "METG(50 %) is where a curve crosses one half."),
    MEMORY("memory", "Memory of a task on rank 0", "Pending and ready, kept, and finished.");

    private final String id;
    private final String title;
    private final String caption;

    Plot(String id, String title, String caption) {
      this.id = id;
      this.title = title;
      this.caption = caption;
    }
  }

  private final List<AllResult> results;

  HtmlPlots(List<AllResult> results) {
    this.results = results;
  }

  /// What the template sees of each plot for which there are figures: `id`, `title`, `caption`,
  /// `svg`.
  List<Map<String, String>> all() throws IOException {
    // Nothing is shown on a screen, and there may be none.
    System.setProperty("java.awt.headless", "true");
    List<Map<String, String>> plots = new ArrayList<>();
    for (Plot plot : Plot.values()) {
      Chart<?, ?> chart =
          switch (plot) {
            case LATENCY -> latency();
            case THROUGHPUT -> throughput();
            case PAYLOAD -> payload();
            case METG -> metg();
            case MEMORY -> memory();
          };
      if (chart != null) {
        plots.add(
            Map.of(
                "id", plot.id,
                "title", plot.title,
                "caption", plot.caption,
                "svg", svg(plot, chart)));
      }
    }
    return plots;
  }

  private Map<String, JsonNode> bySystem(String name) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    for (AllResult result : results) {
      if (result.name().equals(name) && result.json() != null) {
        found.put(result.system(), result.json());
      }
    }
    return found;
  }

  private @Nullable XYChart latency() {
    XYChart chart = xy("percentile", "µs", true);
    // By the number of nines: each tenth of what is left gets as much room.
    Map<Double, String> keys = new TreeMap<>();
    keys.put(-Math.log10(0.5), "p50Us");
    keys.put(1.0, "p90Us");
    keys.put(2.0, "p99Us");
    keys.put(3.0, "p999Us");
    bySystem("latency")
        .forEach(
            (system, json) -> {
              Map<Double, Double> points = new TreeMap<>();
              keys.forEach((at, key) -> put(points, at, json.path(key)));
              add(chart, system, points, system, false);
            });
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(3.2);
    chart.getStyler().setxAxisTickLabelsFormattingFunction(HtmlPlots::percentile);
    chart.getStyler().setXAxisTickMarkSpacingHint(150);
    return chart.getSeriesMap().isEmpty() ? null : chart;
  }

  /// 0 nines is the minimum; 2 are 99 %.
  static String percentile(double nines) {
    return nines == 0
        ? "0 %"
        : nines == Math.rint(nines) ? Figures.shown(100 - Math.pow(10, 2 - nines)) + " %" : "";
  }

  private @Nullable XYChart throughput() {
    XYChart chart = xy("repetition", "million tasks/s", false);
    for (String name : List.of("throughput", "throughput-pending")) {
      bySystem(name)
          .forEach(
              (system, json) -> {
                Map<Double, Double> points = new TreeMap<>();
                List<Double> rates = AllReport.values(json.path("runs"), "tasksPerSecond");
                for (int i = 0; i < rates.size(); i++) {
                  points.put(i + 1.0, rates.get(i) / 1e6);
                }
                boolean isPending = name.endsWith("-pending");
                add(chart, isPending ? system + ", pending" : system, points, system, isPending);
              });
    }
    chart.getStyler().setYAxisMin(0.0);
    return chart.getSeriesMap().isEmpty() ? null : chart;
  }

  private @Nullable XYChart payload() {
    XYChart chart = xy("bytes of an argument", "MB/s", true);
    chart.getStyler().setXAxisLogarithmic(true);
    bySystem("payload")
        .forEach(
            (system, json) -> {
              Map<String, Map<Double, Double>> kinds = new LinkedHashMap<>();
              Map<Double, Double> bare = new TreeMap<>();
              for (JsonNode row : json.path("rows")) {
                double bytes = row.path("bytes").asDouble();
                Map<Double, Double> points =
                    kinds.computeIfAbsent(row.path("kind").asText(), _ -> new TreeMap<>());
                put(points, bytes, row.path("bytesPerSecond"));
                put(bare, bytes, row.path("mpiBytesPerSecond"));
              }
              kinds.values().forEach(HtmlPlots::toMega);
              toMega(bare);
              kinds.forEach(
                  (kind, points) -> add(chart, system + ", " + kind, points, system, false));
              add(chart, system + ", bare MPI", bare, system, true);
            });
    return chart.getSeriesMap().isEmpty() ? null : chart;
  }

  private static void toMega(Map<Double, Double> points) {
    points.replaceAll((_, value) -> value / 1e6);
  }

  private @Nullable XYChart metg() {
    XYChart chart = xy("task, µs", "efficiency", false);
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.1);
    double least = Double.MAX_VALUE;
    double most = 0;
    for (Map.Entry<String, JsonNode> one : bySystem("metg").entrySet()) {
      Map<Double, Double> points = new TreeMap<>();
      for (JsonNode row : one.getValue().path("rows")) {
        put(points, row.path("taskUs").asDouble(), row.path("efficiency"));
      }
      add(chart, one.getKey(), points, one.getKey(), false);
      for (double us : points.keySet()) {
        least = Math.min(least, us);
        most = Math.max(most, us);
      }
    }
    if (chart.getSeriesMap().isEmpty()) {
      return null;
    }
    XYSeries half = chart.addSeries("50 %", new double[] {least, most}, new double[] {0.5, 0.5});
    half.setLineColor(role("ink"));
    half.setMarker(SeriesMarkers.NONE);
    half.setLineStyle(new BasicStroke(1));
    return chart;
  }

  private @Nullable CategoryChart memory() {
    Map<String, JsonNode> found = bySystem("memory");
    if (found.isEmpty()) {
      return null;
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("task")
            .yAxisTitle("bytes")
            .build();
    style(chart.getStyler());
    chart.getStyler().setAvailableSpaceFill(0.6);
    List<String> keys = List.of("bytesPerPendingTask", "bytesPerKeptTask", "bytesPerFinishedTask");
    found.forEach(
        (system, json) ->
            chart
                .addSeries(
                    system,
                    List.of("pending", "finished, kept", "finished"),
                    keys.stream().map(key -> json.path(key).asDouble(0)).toList())
                .setFillColor(colourOf(system)));
    return chart;
  }

  private static void put(Map<Double, Double> points, double at, JsonNode value) {
    if (value.isNumber()) {
      points.put(at, value.doubleValue());
    }
  }

  private static XYChart xy(String x, String y, boolean isLogarithmic) {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).xAxisTitle(x).yAxisTitle(y).build();
    style(chart.getStyler());
    chart.getStyler().setYAxisLogarithmic(isLogarithmic);
    return chart;
  }

  private static void style(AxesChartStyler styler) {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    styler.setChartTitleVisible(false);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setLegendFont(font);
    styler.setAxisTickLabelsFont(font);
    styler.setAxisTitleFont(font);
    styler.setChartBackgroundColor(role("paper"));
    styler.setPlotBackgroundColor(role("paper"));
    styler.setLegendBackgroundColor(role("paper"));
    styler.setLegendBorderColor(role("paper"));
    styler.setPlotBorderColor(role("grid"));
    styler.setPlotGridLinesColor(role("grid"));
    styler.setAxisTickMarksColor(role("ink"));
    styler.setChartFontColor(role("ink"));
    styler.setXAxisTitleColor(role("ink"));
    styler.setYAxisTitleColor(role("ink"));
    styler.setXAxisTickLabelsColor(role("ink"));
    styler.setYAxisTickLabelsColor(role("ink"));
    styler.setXAxisTickMarksColor(role("ink"));
    styler.setYAxisTickMarksColor(role("ink"));
  }

  /// Nothing where there are no points.
  private static void add(
      XYChart chart, String name, Map<Double, Double> points, String system, boolean isDashed) {
    points.values().removeIf(value -> chart.getStyler().isYAxisLogarithmic() && value <= 0);
    if (points.isEmpty()) {
      return;
    }
    XYSeries series =
        chart.addSeries(name, new ArrayList<>(points.keySet()), new ArrayList<>(points.values()));
    series.setLineColor(colourOf(system));
    series.setMarkerColor(colourOf(system));
    series.setMarker(isDashed ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
    series.setLineStyle(
        isDashed
            ? new BasicStroke(
                LINE_WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES, 0)
            : new BasicStroke(LINE_WIDTH));
  }

  /// A system has one colour on the whole page.
  private static Color colourOf(String system) {
    int series =
        switch (system) {
          case AllEntry.THREADS -> 0;
          case "openmpi" -> 1;
          case "mpich" -> 2;
          default -> 3;
        };
    return role(ROLES.get(FIRST_SERIES + series));
  }

  private static Color role(String name) {
    return new Color(1, 1, ROLES.indexOf(name));
  }

  private static String svg(Plot plot, Chart<?, ?> chart) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    String text = bytes.toString(StandardCharsets.UTF_8);
    // What stands before the element belongs to a file of its own.
    text = text.substring(text.indexOf("<svg"));
    text = text.replace("clip", plot.id + "-clip").replace(plot.id + "-clipPath", "clipPath");
    text = text.replace(plot.id + "-clip-path", "clip-path");
    for (int i = 0; i < ROLES.size(); i++) {
      text = text.replace("rgb(1,1," + i + ")", "var(--" + ROLES.get(i) + ")");
    }
    return text.replaceFirst("<svg", "<svg role=\"img\" aria-label=\"" + plot.title + "\"");
  }
}
