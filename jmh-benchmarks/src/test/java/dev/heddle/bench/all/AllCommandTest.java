package dev.heddle.bench.all;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.BenchMain;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.run.AllEntry;
import dev.heddle.bench.run.Benchmarks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// `bench all` with a script in the place of the `heddle` command, which writes results that are
/// asked for and notes its command lines; `tests/bench.sh` runs the real one.
@Timeout(120)
final class AllCommandTest {
  private static final String SCRIPT =
      """
      #!/bin/bash
      echo "$*" >>"${0%/*}/lines"
      name=$2 system=threads
      while [[ $# -gt 0 ]]; do
        [[ $1 != --mpi ]] || system=$2
        [[ $1 != --json ]] || json=$2
        [[ $1 != --pending ]] || name=throughput-pending
        shift
      done
      if [[ -e ${0%/*}/$name.$system.fails ]]; then
        echo "heddle: no luck with $name" >&2
        exit 1
      fi
      cat "${0%/*}/$name" >"$json"
      """;

  private static final String END =
      "\"checksumOk\":true,\"repetitions\":2,\"params\":{\"tasks\":10},"
          + "\"conditions\":{\"ranks\":2,\"slots\":1,\"oversubscribed\":false}}";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeEach
  void makeScript() throws IOException {
    Path script = folder.resolve("heddle");
    Files.writeString(script, SCRIPT);
    assertTrue(script.toFile().setExecutable(true));
    for (String name : AllEntry.names()) {
      result(name, "\"xUs\":1,\"runs\":[{\"xUs\":1},{\"xUs\":1}],");
    }
    result(
        "latency",
        "\"p50Us\":2,\"p90Us\":3,\"p99Us\":20,\"p999Us\":55,\"pingPongUs\":0.5,"
            + "\"runs\":[{\"p50Us\":1,\"p90Us\":3,\"p99Us\":20,\"p999Us\":50},{\"p50Us\":3}],");
    for (String name : List.of("throughput", "throughput-pending")) {
      result(
          name,
          "\"tasksPerSecond\":150.0,\"runs\":[{\"tasksPerSecond\":100},{\"tasksPerSecond\":200}],");
    }
    result(
        "payload",
        "\"runs\":[],\"rows\":[{\"kind\":\"byte[]\",\"bytes\":16,\"bytesPerSecond\":1000000,"
            + "\"mpiBytesPerSecond\":3000000,\"ratio\":0.3333},{\"kind\":\"byte[]\",\"bytes\":64,"
            + "\"bytesPerSecond\":4000000,\"mpiBytesPerSecond\":null,\"ratio\":null}],");
    result(
        "metg",
        "\"metgUs\":6,\"runs\":[{\"metgUs\":6}],\"rows\":[{\"pattern\":\"stencil_1d\","
            + "\"iterations\":64,\"taskUs\":10,\"efficiency\":0.8},{\"pattern\":\"stencil_1d\","
            + "\"iterations\":32,\"taskUs\":5,\"efficiency\":0.4}],");
    result(
        "memory",
        "\"bytesPerPendingTask\":108,\"bytesPerKeptTask\":60,\"bytesPerFinishedTask\":-1,"
            + "\"runs\":[{\"bytesPerPendingTask\":108}],");
  }

  private void result(String name, String metrics) throws IOException {
    Files.writeString(
        folder.resolve(name),
        "{\"schema\":\"heddle.bench/1\",\"benchmark\":\"" + name + "\"," + metrics + END + "\n");
  }

  private int run(String options) {
    List<String> line =
        new ArrayList<>(List.of("bench", "all", "--heddle", folder.resolve("heddle").toString()));
    line.addAll(List.of(options.replace("DIR", folder.toString()).split(" ", -1)));
    return new BenchMain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false)
        .run(line.toArray(String[]::new));
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void shouldRunEveryBenchmarkOnEverySystem() throws IOException {
    int code = run("--quick --found openmpi,mpich --json DIR/all.json");

    JsonNode json = new ObjectMapper().readTree(text("all.json"));
    List<String> lines = text("lines").lines().toList();
    int expected = 0;
    for (AllEntry entry : AllEntry.all()) {
      List<String> systems = entry.systems(List.of("threads", "openmpi", "mpich"));
      Set<String> found = new TreeSet<>();
      json.path(entry.name()).fieldNames().forEachRemaining(found::add);
      assertEquals(new TreeSet<>(systems), found);
      for (String system : systems) {
        JsonNode one = json.path(entry.name()).path(system);
        assertTrue(one.path("checksumOk").asBoolean(), entry.name());
        expected++;
      }
    }
    assertEquals(expected, lines.size());
    assertEquals(ExitCode.DONE, code, err());
    assertTrue(
        lines
            .getFirst()
            .startsWith(
                "bench latency --tasks 500 --silence 0.05 --warmup 1 " + "--repetitions 2 --json "),
        lines.getFirst());
    assertTrue(
        lines.stream().anyMatch(line -> line.startsWith("bench chain --mpi mpich --ranks 2 ")));
    assertEquals("all", json.path("benchmark").asText());
    assertEquals("heddle.bench/1", json.path("schema").asText());
    assertFalse(json.path("simulated").asBoolean(true));
    for (String name :
        "host cores os jdk jvmArgs mpi mpiVersion transport ranks slots treeFanout levels oversubscribed commit dirty utc"
            .split(" ", -1)) {
      assertTrue(json.path("conditions").has(name), name);
    }
    assertTrue(json.path("params").path("quick").asBoolean());
    assertTrue(json.path("checksumOk").asBoolean());
    assertTrue(lines.getLast().startsWith("bench peers --tasks 2000 --warmup 1 "), lines.getLast());
  }

  @Test
  void shouldHaveAnEntryForEveryBenchmark() {
    List<String> run = AllEntry.all().stream().map(AllEntry::benchmark).toList();
    assertTrue(run.containsAll(Benchmarks.names()), run.toString());
    assertEquals(AllEntry.names().size(), Set.copyOf(AllEntry.names()).size());
    for (AllEntry entry : AllEntry.all()) {
      assertTrue(entry.keys().size() > 1, entry.name());
    }
  }

  @Test
  void shouldGoOnAfterAFailure() throws IOException {
    Files.createFile(folder.resolve("chain.mpich.fails"));

    int code =
        run("--quick --only chain,latency --found mpich --json DIR/all.json --markdown DIR/all.md");

    assertEquals(ExitCode.FAILED, code);
    JsonNode json = new ObjectMapper().readTree(text("all.json"));
    assertEquals(
        "exit code 1, no luck with chain",
        json.path("chain").path("mpich").path("failure").asText());
    assertEquals(1, json.path("chain").path("mpich").path("exitCode").asInt());
    assertTrue(json.path("chain").path("threads").path("checksumOk").asBoolean());
    assertFalse(json.path("checksumOk").asBoolean(true));
    assertEquals(1, json.path("failures").size());
    assertTrue(
        text("all.md")
            .contains("| chain | mpich |  | failed |  | exit code 1, no luck with chain |"),
        text("all.md"));
    assertTrue(out().lines().anyMatch(line -> line.matches("chain +mpich +failed .*no luck.*")));
    assertTrue(err().contains("  heddle: no luck with chain"), err());
    assertEquals(4, text("lines").lines().count());
  }

  private void targets(double bound, String on) throws IOException {
    Files.writeString(
        folder.resolve("targets.json"),
        "{\"schema\":\"heddle.targets/1\",\"targets\":[{\"name\":\"p50\",\"what\":\"round trip\","
            + "\"benchmark\":\"latency\",\"on\":\""
            + on
            + "\",\"key\":\"p50Us\",\"operator\":\"<=\",\"bound\":"
            + bound
            + ",\"unit\":\"us\",\"repetitionsMin\":2,\"conditions\":{\"ranks\":2}}]}");
  }

  @ParameterizedTest
  @CsvSource({
    "2, mpich, '', 0, reached",
    "1.9, mpich, '', 3, missed",
    "2, openmpi, '', 3, not measured"
  })
  void shouldCheckTargets(double bound, String on, String more, int code, String verdict)
      throws IOException {
    targets(bound, on);
    assertEquals(
        code,
        run("--only latency --found mpich --check DIR/targets.json --markdown DIR/all.md" + more),
        err());
    assertTrue(out().lines().anyMatch(line -> line.startsWith(verdict + " ")), out());
    assertTrue(text("all.md").contains("| " + verdict + " | round trip (p50) |"), text("all.md"));
  }

  @ParameterizedTest
  @CsvSource({
    "--only nosuch, there is no benchmark 'nosuch'",
    "--on lam, --on names 'lam'",
    "--ranks 1, --ranks must be 2 to 1024",
    "--repetitions 0, --repetitions must be at least 1",
    "--html no/such/x.html, --html no/such/x.html cannot be written",
    "--check no/such.json, the targets no/such.json cannot be read",
    "--only chain --check DIR/targets.json, DIR/targets.json has no target of what is to be run",
    "--only startup --on threads, nothing to run"
  })
  void shouldRefuseBeforeAnythingRuns(String options, String why) throws IOException {
    targets(2, "mpich");
    assertEquals(ExitCode.REFUSED, run(options));
    assertTrue(err().startsWith("heddle: " + why.replace("DIR", folder.toString())), err());
    assertEquals(1, err().lines().count(), err());
    assertFalse(Files.exists(folder.resolve("lines")));
  }

  @Test
  void shouldWriteAPageThatNeedsNoOther() throws Exception {
    targets(1, "threads");
    assertEquals(
        ExitCode.MISSED,
        run(
            "--only latency,throughput,throughput-pending,payload,metg,memory --found mpich"
                + " --check DIR/targets.json --html DIR/all.html"),
        err());

    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    Document page = factory.newDocumentBuilder().parse(folder.resolve("all.html").toFile());
    Set<String> plots = new TreeSet<>();
    NodeList figures = page.getElementsByTagName("figure");
    for (int i = 0; i < figures.getLength(); i++) {
      Element figure = (Element) figures.item(i);
      plots.add(figure.getAttribute("id"));
      Element svg = (Element) figure.getElementsByTagName("svg").item(0);
      assertTrue(svg.getElementsByTagName("path").getLength() > 10, figure.getAttribute("id"));
      assertTrue(svg.getAttribute("aria-label").length() > 5);
    }
    assertEquals(
        Set.of("plot-latency", "plot-throughput", "plot-payload", "plot-metg", "plot-memory"),
        plots);
    String html = text("all.html");
    assertTrue(html.contains("var(--s0)") && html.contains("var(--s2)"), "a colour per system");
    assertFalse(html.contains("rgb(1,1,"), "every role has a colour of the page");
    assertFalse(html.matches("(?s).*(src|href)=\"http.*"), "nothing from elsewhere");
    assertTrue(html.contains("<td class=\"missed\">missed</td>"));
    Set<String> ids = new TreeSet<>();
    NodeList all = page.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      String id = ((Element) all.item(i)).getAttribute("id");
      assertTrue(id.isEmpty() || ids.add(id), "two elements are named " + id);
    }
  }

  @Test
  void shouldNameThePercentilesByNines() {
    assertEquals("90 %", HtmlPlots.percentile(1));
    assertEquals("99.9 %", HtmlPlots.percentile(3));
    assertEquals("", HtmlPlots.percentile(1.5));
  }
}
