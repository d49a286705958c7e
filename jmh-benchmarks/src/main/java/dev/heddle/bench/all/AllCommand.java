package dev.heddle.bench.all;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.bench.measure.Conditions;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Report;
import dev.heddle.bench.run.AllEntry;
import dev.heddle.bench.run.AllResult;
import dev.heddle.bench.run.TargetsCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `heddle bench all`: every entry of [AllEntry] on every system, each in a process of its own and
/// one after the other, then the reports.
///
/// A benchmark that fails is a row that says so, and the others are run still. This process has no
/// ranks, so that nothing of it runs beside a measurement.
final class AllCommand {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Lines of a failed benchmark's own messages that are shown.
  private static final int SHOWN_LINES = 8;

  private final AllOptions options;
  private final PrintStream out;
  private final PrintStream err;

  AllCommand(AllOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /// Returns the exit code.
  int run() throws IOException, InterruptedException {
    List<AllResult> results = new ArrayList<>();
    try (AllProcess process = new AllProcess()) {
      int count =
          options.entries().stream()
              .mapToInt(entry -> entry.systems(options.systems()).size())
              .sum();
      for (AllEntry entry : options.entries()) {
        for (String system : entry.systems(options.systems())) {
          tell("%d of %d: %s on %s".formatted(results.size() + 1, count, entry.name(), system));
          results.add(run(process, entry, system));
          AllResult last = results.getLast();
          if (last.failure() != null) {
            tell(entry.name() + " on " + system + " failed: " + last.failure());
          }
        }
      }
    }
    List<TargetsCheck.Line> lines = TargetsCheck.of(options.targetsToCheck(), results);
    AllReport report = new AllReport(options, Conditions.ofDriver(), results, lines);
    PrintStream reader = options.isJsonToStdout() ? err : out;
    reader.print(report.text());
    reader.flush();
    Path json = options.json();
    if (json != null) {
      Report.write(report.json(), json, out);
    }
    Path markdown = options.markdown();
    if (markdown != null) {
      Report.write(report.markdown().getBytes(StandardCharsets.UTF_8), markdown, out);
    }
    Path html = options.html();
    if (html != null) {
      Report.write(new HtmlReport(report).html().getBytes(StandardCharsets.UTF_8), html, out);
    }
    if (results.stream().anyMatch(result -> result.failure() != null)) {
      return ExitCode.FAILED;
    }
    return lines.stream().anyMatch(TargetsCheck.Line::isMissed) ? ExitCode.MISSED : ExitCode.DONE;
  }

  private AllResult run(AllProcess process, AllEntry entry, String system)
      throws IOException, InterruptedException {
    Path file = process.file("result.json");
    Files.deleteIfExists(file);
    Map<String, String> common = new LinkedHashMap<>();
    Integer warmup = options.warmup();
    if (warmup != null) {
      common.put("--warmup", warmup.toString());
    }
    common.put("--repetitions", Integer.toString(options.repetitions()));
    common.put("--json", file.toString());
    List<String> command = new ArrayList<>(List.of(options.heddle().toString()));
    command.addAll(entry.line(system, options.ranks(), options.isQuick(), common));
    long startNs = System.nanoTime();
    AllProcess.End end = process.run(command, AllOptions.LIMIT_S);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    JsonNode json = Files.exists(file) ? JSON.readTree(file.toFile()) : null;
    String failure = failure(end, json);
    if (failure != null) {
      end.errors()
          .lines()
          .skip(Math.max(0, end.errors().lines().count() - SHOWN_LINES))
          .forEach(line -> err.println("  " + line));
    }
    return new AllResult(entry.name(), system, json, failure, end.exitCode(), seconds);
  }

  /// One sentence, or null.
  private static @Nullable String failure(AllProcess.End end, @Nullable JsonNode json) {
    if (end.exitCode() == 0) {
      return json == null ? "it ended well, but wrote no result" : null;
    }
    if (end.exitCode() < 0) {
      return "it took more than " + AllOptions.LIMIT_S + " s and was ended";
    }
    String said =
        end.errors()
            .lines()
            .filter(line -> line.startsWith("heddle: "))
            .reduce((_, later) -> later)
            .orElse("");
    return "exit code "
        + end.exitCode()
        + (said.isEmpty() ? "" : ", " + said.substring("heddle: ".length()));
  }

  private void tell(String what) {
    err.println(String.format(Locale.ROOT, "bench all: %s", what));
    err.flush();
  }
}
