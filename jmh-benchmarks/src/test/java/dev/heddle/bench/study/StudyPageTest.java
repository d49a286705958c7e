package dev.heddle.bench.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.bench.study.StudyReal.Load;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// What a study writes.
final class StudyPageTest {
  private static final int LEFT = 86;
  private static final int RIGHT = 590;
  private static final int TOP = 62;
  private static final int BOTTOM = 430;

  private static StudyTable table() {
    StudyTable table =
        new StudyTable(
            "strong", "Strong <scaling>", "What & why.", "workers", "makespan, s", "a", "b");
    table.row(StudyTable.SIMULATED, 1, 500.0);
    table.point(StudyTable.SIMULATED, "50,000 x 10 ms", 1, 500);
    table.point(StudyTable.SIMULATED, "50,000 x 10 ms", 262_144, 0.04);
    table.point(StudyTable.MEASURED, "50,000 x 10 ms, threads", 64, 8.4);
    table.point(StudyTable.MEASURED, "50,000 x 10 ms, mpich", 63, 9.4);
    table.point(StudyTable.PUBLISHED, "Parsl EXEX", 512, 15);
    table.level(StudyTable.PUBLISHED, "Parsl HTEX", 9);
    table.floor(StudyTable.SIMULATED, "floor", 8, 0.5);
    table.floor(StudyTable.SIMULATED, "floor", 64, 0.6);
    // none of these has a place on a logarithmic axis
    table.point(StudyTable.SIMULATED, "nothing", 1, 0);
    table.point(StudyTable.SIMULATED, "nothing", 1, Double.NaN);
    return table;
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> texts(Document svg) {
    NodeList found = svg.getElementsByTagName("text");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      texts.add(found.item(i).getTextContent());
    }
    return texts;
  }

  @Test
  void shouldSayOfEachCurveWhereItsPointsAreFrom() throws Exception {
    List<String> texts = texts(parse(LogPlot.svg(table(), Map.of("simulated", "simulated: X"))));
    assertTrue(texts.contains("Strong <scaling>"), texts.toString());
    assertTrue(texts.contains("simulated: X; measured; published"), texts.toString());
    assertTrue(texts.contains("workers") && texts.contains("makespan, s"), texts.toString());
    assertTrue(texts.contains("50,000 x 10 ms, simulated"), texts.toString());
    assertTrue(texts.contains("50,000 x 10 ms, threads, measured"), texts.toString());
    assertTrue(texts.contains("Parsl EXEX, published"), texts.toString());
    assertTrue(texts.contains("100,000") && texts.contains("0.1"), texts.toString());
    assertFalse(texts.toString().contains("nothing"), texts.toString());
  }

  @Test
  void shouldDrawInsideTheFrame() throws Exception {
    Document svg = parse(LogPlot.svg(table(), Map.of()));
    NodeList lines = svg.getElementsByTagName("polyline");
    assertEquals(3, lines.getLength());
    String[] points = ((Element) lines.item(0)).getAttribute("points").split("[ ,]", -1);
    assertEquals(4, points.length);
    double x1 = Double.parseDouble(points[0]);
    double x2 = Double.parseDouble(points[2]);
    double y1 = Double.parseDouble(points[1]);
    double y2 = Double.parseDouble(points[3]);
    assertTrue(LEFT < x1 && x1 < x2 && x2 < RIGHT, "x=" + x1 + " " + x2);
    // 500 s are above 0.04 s
    assertTrue(TOP < y1 && y1 < y2 && y2 < BOTTOM, "y=" + y1 + " " + y2);
  }

  @Test
  void shouldHaveLinesAtPowersOfTenAndBetweenThemWhereThereAreFew() {
    assertEquals(List.of(0.01, 0.1, 1.0, 10.0), LogPlot.ticks(new double[] {-2.1, 1.9}));
    assertEquals(List.of(0.2, 0.5, 1.0, 2.0), LogPlot.ticks(new double[] {-0.8, 0.4}));
  }

  @Test
  void shouldWriteSmallFilesThatReferToEachOther(@TempDir Path folder) throws Exception {
    StudyTable none = new StudyTable("none", "None", "No curves.", "x", "y", "a");
    new StudyPage("head", Map.of(), List.of(table(), none)).write(folder);
    String svg = Files.readString(folder.resolve("study-strong.svg"));
    assertTrue(svg.length() < 20_000, "characters=" + svg.length());
    String markdown = Files.readString(folder.resolve("study.md"));
    assertTrue(markdown.contains("](study-strong.svg)"), markdown);
    assertTrue(markdown.contains("| 1 | 500.0 | simulated |"), markdown);
    String html = Files.readString(folder.resolve("study.html"));
    assertTrue(html.contains(svg), "the page has its plots in itself");
    assertTrue(html.contains("What &amp; why."), html);
    assertFalse(Files.exists(folder.resolve("study-none.svg")));
    assertFalse(markdown.contains("study-none"), markdown);
  }

  @Test
  void shouldReadWhatRealRunsPrint() {
    Load load = new Load(true, 500, 20);
    assertEquals(load, Load.parse(load.text()));
    assertArrayEquals(
        new double[] {0.5, 2.25},
        StudyReal.seconds(List.of("hello", "ran 1 2.25", "ran 0 0.5"), 2));
    assertThrows(
        StudyValidation.Unavailable.class, () -> StudyReal.seconds(List.of("ran 0 0.5"), 2));
  }

  @Test
  void shouldLeaveOutWhatTakesTooLong() {
    PrintStream err =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    StudyLaunch launch = new StudyLaunch("mpich", 12, err);
    assertEquals(List.of("threads", "mpich"), launch.systems());
    assertEquals(List.of(), new StudyLaunch("mpich", 0, err).systems());
    Load nothing = new Load(false, 50_000, 0);
    Load brief = new Load(false, 50_000, 10);
    List<Load> loads = List.of(nothing, brief, new Load(false, 50_000, 1000));
    assertEquals(List.of(nothing), launch.shortOnes(8, loads));
    assertEquals(List.of(nothing, brief), launch.shortOnes(64, loads));
    assertEquals(List.of(), launch.shortOnes(512, loads));
    assertEquals(63, StudyLaunch.workers("mpich", 64));
    assertEquals(64, StudyLaunch.workers("threads", 64));
  }
}
