package dev.heddle.bench.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Where points lie and how they look; what else is in a plot is in [StudyPageTest].
class LogPlotTest {
  private static final double HALF_A_TENTH = 0.06;

  private final StudyTable table =
      new StudyTable("some", "Time against workers", "What.", "workers", "s", "n");

  private Document drawn() throws Exception {
    String svg = LogPlot.svg(table, Map.of());
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> all(Document document, String tag) {
    NodeList nodes = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  @Test
  void shouldPutEqualFactorsEqualDistancesApart() throws Exception {
    for (double x : new double[] {1, 10, 100, 1_000}) {
      table.point(StudyTable.SIMULATED, "linear", x, 3 * x);
    }
    List<Element> dots = all(drawn(), "circle");
    // the last is the legend's
    assertEquals(5, dots.size());
    double dx = number(dots.get(1), "cx") - number(dots.get(0), "cx");
    double dy = number(dots.get(1), "cy") - number(dots.get(0), "cy");
    assertTrue(dx > 0 && dy < 0, dx + " " + dy);
    for (int i = 2; i < 4; i++) {
      assertEquals(dx, number(dots.get(i), "cx") - number(dots.get(i - 1), "cx"), 2 * HALF_A_TENTH);
      assertEquals(dy, number(dots.get(i), "cy") - number(dots.get(i - 1), "cy"), 2 * HALF_A_TENTH);
    }
  }

  @Test
  void shouldHaveAPointAtItsTick() throws Exception {
    table.point(StudyTable.SIMULATED, "a", 1, 1);
    table.point(StudyTable.SIMULATED, "a", 100_000, 100_000);
    table.point(StudyTable.SIMULATED, "a", 1_000, 1_000);
    Document document = drawn();
    Element tick =
        all(document, "text").stream()
            .filter(text -> text.getTextContent().equals("1,000"))
            .findFirst()
            .orElseThrow();
    assertEquals(number(tick, "x"), number(all(document, "circle").get(2), "cx"), HALF_A_TENTH);
  }

  @Test
  void shouldTellHowPointsWereComeByFromTheirMarks() throws Exception {
    table.point(StudyTable.SIMULATED, "s", 1, 10);
    table.point(StudyTable.SIMULATED, "s", 10, 10);
    table.point(StudyTable.MEASURED, "m", 1, 10);
    table.point(StudyTable.MEASURED, "m", 10, 10);
    table.point(StudyTable.PUBLISHED, "p", 1, 10);
    table.point(StudyTable.PUBLISHED, "p", 10, 10);
    Document document = drawn();
    assertEquals(3, all(document, "circle").size());
    List<Element> marks = all(document, "path");
    assertEquals(
        3, marks.stream().filter(mark -> mark.getAttribute("fill").equals("none")).count());
    assertEquals(6, marks.size());
    List<Element> lines = all(document, "polyline");
    assertEquals(2, lines.size(), "measured points have nothing between them");
    assertEquals(
        1, lines.stream().filter(line -> !line.getAttribute("stroke-dasharray").isEmpty()).count());
  }
}
