package dev.heddle.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/// The figures of a study as a folder of files: `study.md`, `study.html`, and a plot per table.
final class StudyPage {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 520;

  private final String head;
  private final List<StudyTable> tables;

  /// `head` says under what conditions.
  StudyPage(String head, List<StudyTable> tables) {
    this.head = head;
    this.tables = tables;
  }

  /// Writes all files. Errors: [IOException].
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (StudyTable table : tables) {
      byte[] plot = plot(table);
      if (plot.length > 0) {
        Files.write(folder.resolve("study-" + table.id() + ".svg"), plot);
      }
    }
    Files.writeString(folder.resolve("study.md"), markdown());
    Files.writeString(folder.resolve("study.html"), html());
  }

  /// Headings, tables and links to the plots.
  String markdown() {
    StringBuilder text = new StringBuilder("# Study\n\n" + head + "\n");
    for (StudyTable table : tables) {
      text.append("\n## ").append(table.title()).append("\n\n").append(table.what()).append("\n\n");
      text.append("| ").append(String.join(" | ", table.columns())).append(" |\n");
      text.append("|---".repeat(table.columns().size())).append("|\n");
      for (Map<String, @Nullable Object> row : table.rows()) {
        text.append("| ")
            .append(String.join(" | ", row.values().stream().map(StudyTable::shown).toList()))
            .append(" |\n");
      }
      if (!table.curves().isEmpty()) {
        text.append("\n![").append(table.title()).append("](study-").append(table.id());
        text.append(".svg)\n");
      }
    }
    return text.toString();
  }

  private String html() throws IOException {
    StringBuilder text =
        new StringBuilder(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Heddle study"
                + "</title><style>body{font-family:sans-serif;max-width:70em;margin:2em auto}"
                + "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .6em;"
                + "text-align:right}</style></head><body><h1>Study</h1>\n");
    text.append("<p>").append(escaped(head)).append("</p>\n");
    for (StudyTable table : tables) {
      text.append("<h2>").append(escaped(table.title())).append("</h2><p>");
      text.append(escaped(table.what())).append("</p>\n<table><tr>");
      table.columns().forEach(c -> text.append("<th>").append(escaped(c)).append("</th>"));
      text.append("</tr>\n");
      for (Map<String, @Nullable Object> row : table.rows()) {
        text.append("<tr>");
        row.values()
            .forEach(v -> text.append("<td>").append(escaped(StudyTable.shown(v))).append("</td>"));
        text.append("</tr>\n");
      }
      text.append("</table>\n");
      String svg = new String(plot(table), StandardCharsets.UTF_8);
      text.append(svg.substring(Math.max(0, svg.indexOf("<svg")))).append('\n');
    }
    return text.append("</body></html>\n").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// An SVG file with both axes logarithmic, or nothing where there are no curves.
  private static byte[] plot(StudyTable table) throws IOException {
    if (table.curves().isEmpty()) {
      return new byte[0];
    }
    // Nothing is shown on a screen, and there may be none.
    System.setProperty("java.awt.headless", "true");
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(table.title())
            .xAxisTitle(table.xLabel())
            .yAxisTitle(table.yLabel())
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    for (StudyTable.Curve curve : table.curves()) {
      chart.addSeries(curve.name(), curve.x(), curve.y());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
    return out.toByteArray();
  }
}
