package dev.heddle.bench.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The figures of a study as a folder of files: `study.md`, `study.html`, and a plot per table.
final class StudyPage {
  private final String head;
  private final Map<String, String> conditions;
  private final List<StudyTable> tables;

  /// `head` says under what conditions; `conditions` the same in a few words for plots, by what a
  /// point is.
  StudyPage(String head, Map<String, String> conditions, List<StudyTable> tables) {
    this.head = head;
    this.conditions = conditions;
    this.tables = tables;
  }

  /// Writes all files. Errors: [IOException].
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (StudyTable table : tables) {
      if (!table.curves().isEmpty()) {
        Files.writeString(
            folder.resolve("study-" + table.id() + ".svg"), LogPlot.svg(table, conditions));
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

  private String html() {
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
      if (!table.curves().isEmpty()) {
        text.append(LogPlot.svg(table, conditions));
      }
    }
    return text.append("</body></html>\n").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
