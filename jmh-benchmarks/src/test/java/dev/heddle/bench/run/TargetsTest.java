package dev.heddle.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of targets, and what results make of them.
@Timeout(60)
final class TargetsTest {
  private static final String LINE =
      "{\"name\":\"rate\",\"what\":\"w\",\"benchmark\":\"throughput\",\"on\":\"openmpi\","
          + "\"key\":\"tasksPerSecond\",\"operator\":\">=\",\"bound\":100,\"unit\":\"tasks/s\","
          + "\"conditions\":{\"ranks\":2,\"tasksMin\":1000,\"oversubscribed\":false}}";

  @TempDir private Path folder;

  private Targets read(String... lines) throws IOException {
    return readText(
        "{\"schema\":\"heddle.targets/1\",\n\"targets\":[\n"
            + String.join(",\n", lines)
            + "\n]}\n");
  }

  private Targets readText(String text) throws IOException {
    Path file = folder.resolve("t.json");
    Files.writeString(file, text);
    return Targets.read(file);
  }

  private static AllResult result(String name, String system, String json) throws IOException {
    return new AllResult(name, system, new ObjectMapper().readTree(json), null, 0, 1);
  }

  private static String json(double rate, int ranks, int repetitions) {
    return "{\"tasksPerSecond\":"
        + rate
        + ",\"longestPauseMs\":7,\"repetitions\":"
        + repetitions
        + ",\"params\":{\"tasks\":1000},\"conditions\":{\"oversubscribed\":false,\"ranks\":"
        + ranks
        + "}}";
  }

  private static TargetsCheck.Line check(Targets targets, AllResult... results) {
    List<TargetsCheck.Line> lines = TargetsCheck.of(targets.list(), List.of(results));
    assertEquals(1, lines.size());
    return lines.getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "100, 2, 5, REACHED",
    "99.9, 2, 5, MISSED",
    "1000, 3, 5, NOT_MEASURED",
    "1000, 2, 4, NOT_MEASURED"
  })
  void shouldCompareUnderTheConditions(
      double rate, int ranks, int repetitions, TargetsCheck.Verdict verdict) throws IOException {
    TargetsCheck.Line line =
        check(read(LINE), result("throughput", "openmpi", json(rate, ranks, repetitions)));
    assertEquals(verdict, line.verdict());
    assertEquals(verdict != TargetsCheck.Verdict.REACHED, line.isMissed());
    assertTrue(line.text().startsWith(verdict.text()), line.text());
    assertTrue(line.text().contains(">= 100 tasks/s"), line.text());
    assertTrue(line.text().contains("ranks=" + ranks), line.text());
  }

  @Test
  void shouldCountWhatWasNotMeasuredAsMissed() throws IOException {
    AllResult elsewhere = result("throughput", "mpich", json(1e6, 2, 5));
    assertTrue(check(read(LINE), elsewhere).isMissed());
    AllResult failed = new AllResult("throughput", "openmpi", null, "it broke", 1, 1);
    TargetsCheck.Line line = check(read(LINE), failed);
    assertEquals(TargetsCheck.Verdict.NOT_MEASURED, line.verdict());
    assertTrue(line.text().contains("it broke"), line.text());
    AllResult none = result("throughput", "openmpi", json(1e6, 2, 5).replace("1000000.0", "null"));
    assertEquals(TargetsCheck.Verdict.NOT_MEASURED, check(read(LINE), none).verdict());
  }

  @Test
  void shouldCompareWithAnotherBenchmark() throws IOException {
    String pending =
        LINE.replace("\"throughput\"", "\"throughput-pending\"")
            .replace("\"bound\":100", "\"bound\":0.9,\"of\":\"throughput\"")
            .replace("\"unit\"", "\"show\":[\"longestPauseMs\"],\"unit\"");
    AllResult plain = result("throughput", "openmpi", json(1000, 2, 5));
    TargetsCheck.Line line =
        check(read(pending), plain, result("throughput-pending", "openmpi", json(901, 2, 5)));
    assertEquals(TargetsCheck.Verdict.REACHED, line.verdict());
    assertTrue(line.text().contains("longestPauseMs=7"), line.text());
    assertTrue(
        check(read(pending), plain, result("throughput-pending", "openmpi", json(899, 2, 5)))
            .isMissed());
    line = check(read(pending), result("throughput-pending", "openmpi", json(901, 2, 5)));
    assertEquals(TargetsCheck.Verdict.NOT_MEASURED, line.verdict());
  }

  @Test
  void shouldPickARow() throws IOException {
    String target =
        "{\"name\":\"p\",\"what\":\"w\",\"benchmark\":\"payload\",\"on\":\"mpich\","
            + "\"row\":{\"kind\":\"byte[]\",\"bytes\":1048576},\"key\":\"ratio\","
            + "\"operator\":\">=\",\"bound\":0.6,\"unit\":\"of bare MPI\"}";
    String json =
        "{\"repetitions\":5,\"rows\":[{\"kind\":\"byte[]\",\"bytes\":16,\"ratio\":0.9},"
            + "{\"kind\":\"byte[]\",\"bytes\":1048576,\"ratio\":0.5},"
            + "{\"kind\":\"MemorySegment\",\"bytes\":1048576,\"ratio\":null}]}";
    TargetsCheck.Line line = check(read(target), result("payload", "mpich", json));
    assertEquals(TargetsCheck.Verdict.MISSED, line.verdict());
    assertEquals(0.5, line.figure());
    line = check(read(target.replace("byte[]", "MemorySegment")), result("payload", "mpich", json));
    assertEquals(TargetsCheck.Verdict.NOT_MEASURED, line.verdict());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"throughput\" | \"thruput\" | there is no benchmark 'thruput'",
        "\"tasksPerSecond\" | \"tasksPerHour\" | there is no key 'tasksPerHour'",
        "\"openmpi\" | \"lam\" | 'on' is 'lam'",
        "\">=\" | \"==\" | the operator is '=='",
        "\"bound\":100 | \"bound\":\"many\" | 'bound' is missing or no number",
        "\"unit\" | \"unti\" | the field 'unti' is unknown",
        "\"what\":\"w\", | `` | 'what' is missing",
        "\"tasksMin\":1000 | \"tasksMin\":\"x\" | the condition 'tasksMin'",
        "\"bound\" | \"repetitionsMin\":0,\"bound\" | 'repetitionsMin'",
        "\"bound\" | \"of\":\"chain\",\"bound\" | there is no key 'tasksPerSecond' in chain",
        "\"bound\" | \"show\":[\"pause\"],\"bound\" | there is no key 'pause'",
        "\"name\":\"rate\" | \"name\":\"rate\",\"name\":\"x\" | Duplicate field 'name'"
      })
  void shouldNameWhatIsWrongAndWhere(String good, String bad, String why) {
    String second = LINE.replace("\"rate\"", "\"first\"");
    String broken = LINE.replace(good, bad);
    assertFalse(broken.equals(LINE));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> read(second, broken));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("t.json, line 4: "), message);
    assertTrue(message.contains(why), message);
    assertEquals(1, message.lines().count(), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | an object with 'targets' is wanted",
        "{\"schema\":\"heddle.targets/1\",\"targets\":[]} | there is no target",
        "{\"schema\":\"heddle.targets/9\",\"targets\":[]} | the schema is 'heddle.targets/9'",
        "{\"targets\":[LINE]} | 'schema' is missing",
        "{\"schema\":\"heddle.targets/1\",\"targets\":[LINE,LINE]} | two targets are named 'rate'",
        "{\"schema\":\"heddle.targets/1\",\"targets\":[LINE | no JSON: ",
        "{\"schema\":\"heddle.targets/1\",\"targets\":[LINE]} x | no JSON: ",
        "{\"schema\":\"heddle.targets/1\",\"goals\":[LINE]} | 'goals' is unknown",
        "{\"schema\":\"heddle.targets/1\",\"targets\":[7]} | target 1: it is no object"
      })
  void shouldRefuseABrokenFile(String text, String why) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> readText(text.replace("LINE", LINE) + "\n"));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(why), message);
    assertTrue(message.contains("t.json"), message);
  }

  @Test
  void shouldReadHeddlesOwn() {
    Path own = Path.of("..", "docs", "targets.json").toAbsolutePath().normalize();
    List<Target> targets = Targets.read(own).list();
    assertTrue(targets.size() >= 11, "one for each line of the plan");
    assertTrue(targets.stream().allMatch(target -> target.repetitionsMin() >= 5));
  }
}
