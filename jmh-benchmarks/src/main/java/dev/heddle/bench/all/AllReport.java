package dev.heddle.bench.all;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.samskivert.mustache.Mustache;
import dev.heddle.bench.measure.Figures;
import dev.heddle.bench.measure.Report;
import dev.heddle.bench.run.AllEntry;
import dev.heddle.bench.run.AllResult;
import dev.heddle.bench.run.TargetsCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What `bench all` found, as rows that the table, Markdown and HTML share, and as JSON.
final class AllReport {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// One line of the table. A failed benchmark has one, too, whose `key` is empty and whose note
  /// says why.
  record Row(
      String benchmark, String system, String key, String median, String range, String note) {
    boolean isFailure() {
      return key.isEmpty();
    }
  }

  private final AllOptions options;
  private final Map<String, @Nullable Object> conditions;
  private final List<AllResult> results;
  private final List<TargetsCheck.Line> targets;

  AllReport(
      AllOptions options,
      Map<String, @Nullable Object> conditions,
      List<AllResult> results,
      List<TargetsCheck.Line> targets) {
    this.options = options;
    this.conditions = conditions;
    this.results = List.copyOf(results);
    this.targets = List.copyOf(targets);
  }

  List<AllResult> results() {
    return results;
  }

  /// A row for each metric of each result, and one for each failure.
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (AllResult result : results) {
      JsonNode json = result.json();
      if (json != null) {
        rows.addAll(rows(result, json));
      }
      if (result.failure() != null) {
        rows.add(new Row(result.name(), result.system(), "", "failed", "", result.failure()));
      }
    }
    return rows;
  }

  private static List<Row> rows(AllResult result, JsonNode json) {
    List<Row> rows = new ArrayList<>();
    String repetitions = "repetitions=" + json.path("repetitions").asInt();
    JsonNode runs = json.path("runs");
    List<String> keys = new ArrayList<>();
    runs.path(0).fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      double[] values =
          values(runs, key).stream().mapToDouble(Double::doubleValue).sorted().toArray();
      String range =
          values.length == 0
              ? ""
              : Figures.shown(values[0]) + " to " + Figures.shown(values[values.length - 1]);
      rows.add(
          new Row(
              result.name(),
              result.system(),
              key,
              shown(json.path(key)),
              range,
              key.equals(keys.getFirst()) ? note(json, repetitions) : repetitions));
    }
    json.properties().stream()
        .filter(once -> !keys.contains(once.getKey()) && isFigure(once.getKey(), once.getValue()))
        .forEach(
            once ->
                rows.add(
                    new Row(
                        result.name(),
                        result.system(),
                        once.getKey(),
                        shown(once.getValue()),
                        "",
                        "once")));
    return rows;
  }

  private static boolean isFigure(String key, JsonNode value) {
    return value.isNumber() && !key.equals("repetitions");
  }

  /// Under what conditions, where they differ from benchmark to benchmark.
  private static String note(JsonNode json, String repetitions) {
    List<String> words = new ArrayList<>(List.of(repetitions));
    for (String name : List.of("ranks", "slots")) {
      if (json.path("conditions").path(name).isNumber()) {
        words.add(name + "=" + json.path("conditions").path(name).asText());
      }
    }
    json.path("params")
        .properties()
        .forEach(
            param -> {
              if (!List.of("warmup", "repetitions").contains(param.getKey())
                  && !param.getValue().isNull()) {
                words.add(param.getKey() + "=" + param.getValue().asText());
              }
            });
    if (json.path("conditions").path("oversubscribed").asBoolean()) {
      words.add("oversubscribed");
    }
    return String.join(" ", words);
  }

  private static String shown(JsonNode value) {
    return value.isNumber() ? Figures.shown(value.doubleValue()) : "none";
  }

  /// The numbers of a key in a list of objects, in their order; what is no number is left out.
  static List<Double> values(JsonNode list, String key) {
    List<Double> values = new ArrayList<>();
    for (JsonNode one : list) {
      if (one.path(key).isNumber()) {
        values.add(one.path(key).doubleValue());
      }
    }
    return values;
  }

  /// Tables inside results (sizes, patterns, peers), each with a head and cells.
  List<Map<String, Object>> innerTables() {
    List<Map<String, Object>> tables = new ArrayList<>();
    for (AllResult result : results) {
      JsonNode rows = result.json() == null ? null : result.json().path("rows");
      if (rows == null || rows.isEmpty()) {
        continue;
      }
      List<String> head = new ArrayList<>();
      rows.path(0).fieldNames().forEachRemaining(head::add);
      List<Map<String, Object>> lines = new ArrayList<>();
      for (JsonNode row : rows) {
        List<String> cells =
            head.stream()
                .map(
                    column ->
                        row.path(column).isTextual()
                            ? row.path(column).asText()
                            : shown(row.path(column)))
                .toList();
        lines.add(Map.of("cells", cells));
      }
      tables.add(
          Map.of("name", result.name(), "system", result.system(), "head", head, "lines", lines));
    }
    return tables;
  }

  /// What the templates see.
  Map<String, Object> view() {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("quick", options.isQuick());
    view.put(
        "conditions",
        conditions.entrySet().stream()
            .filter(entry -> entry.getValue() != null)
            .map(entry -> Map.of("name", entry.getKey(), "value", text(entry.getValue())))
            .toList());
    view.put("rows", rows());
    view.put("tables", innerTables());
    view.put("hasTargets", !targets.isEmpty());
    view.put(
        "targets",
        targets.stream()
            .map(
                line ->
                    Map.of(
                        "verdict", line.verdict().text(),
                        "missed", line.isMissed(),
                        "name", line.target().name(),
                        "what", line.target().what(),
                        "figure", line.shownFigure(),
                        "bound", line.shownBound(),
                        "note", line.note()))
            .toList());
    return view;
  }

  private static String text(@Nullable Object value) {
    return value instanceof List<?> list
        ? String.join(" ", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  String markdown() {
    return rendered("report.md.mustache", view(), false);
  }

  static String rendered(String template, Map<String, Object> view, boolean isHtml) {
    try (InputStream in = AllReport.class.getResourceAsStream(template)) {
      String text =
          new String(Objects.requireNonNull(in, template).readAllBytes(), StandardCharsets.UTF_8);
      Mustache.Compiler compiler =
          isHtml
              ? Mustache.compiler()
              : Mustache.compiler().withEscaper(raw -> raw.replace("|", "\\|"));
      return compiler.compile(text).execute(view);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The table for a terminal, and a line per target.
  String text() {
    StringBuilder text = new StringBuilder();
    List<String[]> lines = new ArrayList<>();
    lines.add(new String[] {"benchmark", "on", "key", "median", "range", "conditions"});
    for (Row row : rows()) {
      lines.add(
          new String[] {
            row.benchmark(), row.system(), row.key(), row.median(), row.range(), row.note()
          });
    }
    int[] widths = new int[lines.getFirst().length - 1];
    for (int column = 0; column < widths.length; column++) {
      int at = column;
      widths[column] = lines.stream().mapToInt(line -> line[at].length()).max().orElse(1);
    }
    for (String[] line : lines) {
      StringBuilder one = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        one.append(String.format(Locale.ROOT, "%-" + widths[column] + "s  ", line[column]));
      }
      text.append(one.append(line[widths.length]).toString().stripTrailing()).append('\n');
    }
    if (!targets.isEmpty()) {
      text.append('\n');
      targets.forEach(line -> text.append(line.text()).append('\n'));
      long reached = targets.stream().filter(line -> !line.isMissed()).count();
      text.append(String.format(Locale.ROOT, "%d of %d targets reached", reached, targets.size()));
      if (options.targetsLeftOut() > 0) {
        text.append("; " + options.targetsLeftOut() + " of what was not run are left out");
      }
      text.append('\n');
    }
    return text.toString();
  }

  /// One object and a newline: the results by name and system.
  byte[] json() throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("schema", Report.SCHEMA);
    json.put("benchmark", "all");
    json.put("simulated", false);
    for (AllResult result : results) {
      Object value = result.json();
      if (value == null) {
        Map<String, @Nullable Object> failed = new LinkedHashMap<>();
        failed.put("failure", result.failure());
        failed.put("exitCode", result.exitCode() < 0 ? null : result.exitCode());
        value = failed;
      }
      @SuppressWarnings("unchecked") // put here by this loop alone
      Map<String, Object> bySystem =
          (Map<String, Object>)
              Objects.requireNonNull(
                  json.computeIfAbsent(result.name(), _ -> new LinkedHashMap<String, Object>()));
      bySystem.put(result.system(), value);
    }
    json.put("targets", targets.stream().map(TargetsCheck.Line::json).toList());
    json.put(
        "failures",
        results.stream()
            .filter(result -> result.failure() != null)
            .map(result -> result.name() + " on " + result.system() + ": " + result.failure())
            .toList());
    json.put(
        "checksumOk",
        results.stream()
            .allMatch(
                result ->
                    result.json() != null && result.json().path("checksumOk").asBoolean(false)));
    json.put("repetitions", options.repetitions());
    json.put("runs", List.of());
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put("quick", options.isQuick());
    params.put("ranks", options.ranks());
    params.put("warmup", options.warmup());
    params.put("repetitions", options.repetitions());
    params.put("systems", options.systems());
    params.put("benchmarks", options.entries().stream().map(AllEntry::name).toList());
    params.put("seconds", Arrays.stream(seconds()).mapToObj(one -> Report.number(one, 1)).toList());
    json.put("params", params);
    json.put("conditions", conditions);
    return (JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private double[] seconds() {
    return results.stream().mapToDouble(AllResult::seconds).toArray();
  }
}
