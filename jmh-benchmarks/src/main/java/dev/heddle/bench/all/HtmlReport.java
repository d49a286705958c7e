package dev.heddle.bench.all;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `bench all --html`: one file that needs no other, well-formed as XML too.
///
/// Where a JDK cannot draw (no fonts on the machine), the page has its tables and says why there
/// are no plots.
final class HtmlReport {
  private final AllReport report;

  HtmlReport(AllReport report) {
    this.report = report;
  }

  String html() throws IOException {
    Map<String, Object> view = report.view();
    try {
      view.put("plots", new HtmlPlots(report.results()).all());
      view.put("noPlots", "");
    } catch (LinkageError | InternalError | RuntimeException e) {
      // The JDK's own libraries fail so where fontconfig, freetype or all fonts are missing.
      view.put("plots", List.of());
      view.put(
          "noPlots",
          "This machine could not draw the plots ("
              + e
              + "): install fontconfig and a font, such as Debian's fonts-dejavu-core.");
    }
    return AllReport.rendered("report.html.mustache", view, true);
  }
}
