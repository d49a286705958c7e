package dev.heddle.bench.measure;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a benchmark found, for a person and for a script.
///
/// @param benchmark its name
/// @param metrics what was measured
/// @param conditions as of [Conditions#of]
/// @param params what the user chose, or the defaults
/// @param once values that belong to the whole run
/// @param runs the values of each repetition by [Metric#key()]
/// @param mismatch what was wrong with the results, or null
public record Report(
    String benchmark,
    List<Metric> metrics,
    Map<String, @Nullable Object> conditions,
    Map<String, @Nullable Object> params,
    Map<String, @Nullable Object> once,
    List<Map<String, Double>> runs,
    @Nullable String mismatch) {
  public static final String SCHEMA = "heddle.bench/1";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private static final int LINE_CHARACTERS = 78;

  /// A number for JSON, rounded; what is absent or no number is null.
  public static @Nullable BigDecimal number(@Nullable Double value, int decimals) {
    return value == null || !Double.isFinite(value)
        ? null
        : BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
  }

  /// The middle value, or the mean of the two middle ones; null of none.
  public static @Nullable Double median(double... values) {
    if (values.length == 0) {
      return null;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private double[] values(Metric metric) {
    return runs.stream()
        .map(run -> run.get(metric.key()))
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .filter(Double::isFinite)
        .toArray();
  }

  /// One JSON object and a newline.
  public String json() throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("benchmark", benchmark);
    json.put("simulated", false);
    for (Metric metric : metrics) {
      json.put(metric.key(), number(median(values(metric)), metric.decimals()));
    }
    json.putAll(once);
    json.put("checksumOk", mismatch == null);
    json.put("repetitions", runs.size());
    json.put("runs", rawRuns());
    json.put("params", params);
    json.put("conditions", conditions);
    return JSON.writeValueAsString(json) + "\n";
  }

  private List<Map<String, @Nullable Object>> rawRuns() {
    List<Map<String, @Nullable Object>> raw = new ArrayList<>();
    for (Map<String, Double> run : runs) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      for (Metric metric : metrics) {
        values.put(metric.key(), number(run.get(metric.key()), metric.decimals()));
      }
      // What is no metric of the whole, such as a figure of one among several systems.
      run.forEach((key, value) -> values.putIfAbsent(key, number(value, 3)));
      raw.add(values);
    }
    return raw;
  }

  /// Writes the JSON to `file`, whole or not at all; `-` is `out`, null is nowhere.
  public void writeJson(@Nullable Path file, PrintStream out) throws IOException {
    if (file == null) {
      return;
    }
    write(json().getBytes(StandardCharsets.UTF_8), file, out);
  }

  /// Writes to `file`, whole or not at all; `-` is `out`.
  public static void write(byte[] bytes, Path file, PrintStream out) throws IOException {
    if (file.toString().equals("-")) {
      out.write(bytes);
      out.flush();
      return;
    }
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    Files.write(part, bytes);
    Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /// A few aligned lines for a person.
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Metric metric : metrics) {
      text.append(line(metric)).append('\n');
    }
    once.forEach((key, value) -> text.append(lines(key, value)));
    text.append(line("checksum", mismatch == null ? "ok" : "WRONG: " + mismatch)).append('\n');
    text.append(wrapped("params", params));
    text.append(wrapped("conditions", conditions));
    return text.toString();
  }

  private String line(Metric metric) {
    double[] values = values(metric);
    Double median = median(values);
    if (median == null) {
      return line(metric.key(), "none");
    }
    String format = "%,." + metric.decimals() + "f";
    return line(
        metric.key(),
        String.format(
            Locale.ROOT,
            "%-18s %s to %s, runs=%d",
            String.format(Locale.ROOT, format, median),
            String.format(Locale.ROOT, format, Arrays.stream(values).min().orElse(median)),
            String.format(Locale.ROOT, format, Arrays.stream(values).max().orElse(median)),
            values.length));
  }

  /// One line, or one for each row of a table.
  private static String lines(String key, @Nullable Object value) {
    if (!(value instanceof List<?> list) || !list.stream().allMatch(row -> row instanceof Map)) {
      return line(key, shown(value)) + "\n";
    }
    StringBuilder text = new StringBuilder();
    for (Object row : list) {
      text.append(line(text.isEmpty() ? key : "", shown(row))).append('\n');
    }
    return text.toString();
  }

  private static String line(String key, String value) {
    return String.format(Locale.ROOT, "%-18s %s", key, value);
  }

  private static String shown(@Nullable Object value) {
    return value == null
        ? "none"
        : value instanceof List<?> list
            ? String.join(" ", list.stream().map(String::valueOf).toList())
            : value instanceof Map<?, ?> map
                ? String.join(
                    "  ",
                    map.entrySet().stream()
                        .map(e -> e.getKey() + "=" + shown(e.getValue()))
                        .toList())
                : value.toString();
  }

  /// `key=value` pairs in lines that fit a terminal.
  private static String wrapped(String title, Map<String, @Nullable Object> pairs) {
    StringBuilder text = new StringBuilder();
    StringBuilder line = new StringBuilder(line(title, ""));
    int emptyLength = line.length();
    for (Map.Entry<String, @Nullable Object> pair : pairs.entrySet()) {
      String shown = pair.getKey() + "=" + shown(pair.getValue());
      if (line.length() > emptyLength && line.length() + shown.length() > LINE_CHARACTERS) {
        text.append(line.toString().stripTrailing()).append('\n');
        line.setLength(0);
        line.append(line("", ""));
      }
      line.append(shown).append("  ");
    }
    return text.append(line.toString().stripTrailing()).append('\n').toString();
  }
}
