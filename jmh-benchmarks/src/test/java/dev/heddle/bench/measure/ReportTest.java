package dev.heddle.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
  private static Report report(double... rates) {
    return new Report(
        "throughput",
        List.of(Metric.rate("tasksPerSecond")),
        Map.of("host", "h"),
        Map.of("tasks", 7),
        Map.of("rssBytes", 4096L),
        Arrays.stream(rates).mapToObj(rate -> Map.of("tasksPerSecond", rate)).toList(),
        null);
  }

  @Test
  void shouldTakeTheMedian() {
    assertNull(Report.median());
    assertEquals(3.0, Report.median(3));
    assertEquals(2.5, Report.median(1, 4));
    assertEquals(4.0, Report.median(9, 1, 4));
  }

  @Test
  void shouldWriteNoNumberAsNull() {
    assertNull(Report.number(null, 1));
    assertNull(Report.number(Double.NaN, 1));
    assertNull(Report.number(Double.POSITIVE_INFINITY, 1));
    assertEquals("2.346", String.valueOf(Report.number(2.3456, 3)));
  }

  @Test
  void shouldWriteLargeNumbersPlainly() throws IOException {
    String json = report(123_456_789.04, 123_456_789.04).json();
    assertTrue(json.contains("\"tasksPerSecond\":123456789.0,"), json);
    assertTrue(json.endsWith("}\n"), json);
  }

  @Test
  void shouldShowTheSpread() {
    String text = report(1000, 3000, 2000).text();
    assertTrue(
        text.startsWith("tasksPerSecond     2,000.0            1,000.0 to 3,000.0, runs=3\n"),
        text);
    assertTrue(text.contains("params             tasks=7\n"), text);
  }

  @Test
  void shouldReadWhatLinuxTells() {
    String stat = "42 (a) S b) S 1 42 42 0 -1 4194304 1 2 3 4 250 50 0 0 20 0 1 0 99 0 0";
    assertEquals(3.0, Processes.cpuSeconds(stat));
    assertEquals(2048 * 1024, Processes.peakResidentBytes("VmPeak:\t 9 kB\nVmHWM:\t  2048 kB\n"));
    assertEquals(-1, Processes.peakResidentBytes("VmPeak:\t 9 kB\n"));
  }
}
