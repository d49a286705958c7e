package dev.heddle.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heddle.bench.measure.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Compares results with targets.
public final class TargetsCheck {
  /// What came of a target; all but the first miss it.
  public enum Verdict {
    REACHED("reached"),
    MISSED("missed"),
    NOT_MEASURED("not measured");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /// What came of one target.
  ///
  /// @param target what was asked
  /// @param figure null where there is none
  /// @param note conditions of the figure, or why there is none
  public record Line(Target target, Verdict verdict, @Nullable Double figure, String note) {
    public boolean isMissed() {
      return verdict != Verdict.REACHED;
    }

    /// The figure with its unit; `none`.
    public String shownFigure() {
      return figure == null ? "none" : Figures.shown(figure) + " " + target.unit();
    }

    public String shownBound() {
      return target.operator() + " " + Figures.shown(target.bound()) + " " + target.unit();
    }

    /// One line for a person.
    public String text() {
      return String.format(
          Locale.ROOT,
          "%-12s  %-28s  %-18s  %-18s  %s",
          verdict.text(),
          target.name(),
          shownFigure(),
          shownBound(),
          note);
    }

    public Map<String, @Nullable Object> json() {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("name", target.name());
      json.put("verdict", verdict.text());
      json.put("figure", figure);
      json.put("operator", target.operator());
      json.put("bound", target.bound());
      json.put("unit", target.unit());
      json.put("note", note);
      return json;
    }
  }

  private final List<AllResult> results;

  private TargetsCheck(List<AllResult> results) {
    this.results = results;
  }

  public static List<Line> of(List<Target> targets, List<AllResult> results) {
    TargetsCheck check = new TargetsCheck(results);
    return targets.stream().map(check::line).toList();
  }

  private Line line(Target target) {
    AllResult result = result(target.benchmark(), target.on());
    String missing = missing(target, target.benchmark(), result);
    if (missing != null) {
      return new Line(target, Verdict.NOT_MEASURED, null, missing);
    }
    JsonNode json = Objects.requireNonNull(Objects.requireNonNull(result).json());
    Double figure = figure(target, json);
    if (figure == null) {
      return new Line(target, Verdict.NOT_MEASURED, null, target.key() + " has no value");
    }
    if (target.of() != null) {
      AllResult base = result(target.of(), target.on());
      missing = missing(target, target.of(), base);
      JsonNode baseJson = base == null ? null : base.json();
      Double baseFigure = baseJson == null ? null : figure(target, baseJson);
      if (missing != null || baseFigure == null || baseFigure == 0) {
        return new Line(
            target,
            Verdict.NOT_MEASURED,
            null,
            missing != null ? missing : target.key() + " of " + target.of() + " has no value");
      }
      figure /= baseFigure;
    }
    List<String> notes = new ArrayList<>();
    for (String shown : target.show()) {
      JsonNode value = json.path(shown);
      notes.add(shown + "=" + (value.isNumber() ? Figures.shown(value.doubleValue()) : "none"));
    }
    List<String> broken = new ArrayList<>();
    target
        .conditions()
        .forEach(
            (name, wanted) -> {
              boolean isLeast = name.endsWith("Min");
              String plain = isLeast ? name.substring(0, name.length() - 3) : name;
              JsonNode value =
                  json.path(json.path("conditions").has(plain) ? "conditions" : "params")
                      .path(plain);
              notes.add(plain + "=" + (value.isMissingNode() ? "none" : value.asText()));
              boolean isMet = isMet(wanted, value, isLeast);
              if (!isMet) {
                broken.add(plain + (isLeast ? " of at least " : " ") + wanted.asText());
              }
            });
    notes.add("repetitions=" + json.path("repetitions").asInt());
    if (json.path("repetitions").asInt() < target.repetitionsMin()) {
      broken.add(target.repetitionsMin() + " repetitions");
    }
    String note = String.join(" ", notes);
    if (!broken.isEmpty()) {
      return new Line(
          target, Verdict.NOT_MEASURED, figure, note + ", wanted " + String.join(", ", broken));
    }
    return new Line(
        target, target.isReachedBy(figure) ? Verdict.REACHED : Verdict.MISSED, figure, note);
  }

  private static boolean isMet(JsonNode wanted, JsonNode value, boolean isLeast) {
    if (isLeast) {
      return value.isNumber() && value.doubleValue() >= wanted.doubleValue();
    }
    return (wanted.isNumber() && value.isNumber())
        ? wanted.doubleValue() == value.doubleValue()
        : wanted.equals(value);
  }

  private @Nullable AllResult result(String benchmark, String system) {
    return results.stream()
        .filter(result -> result.name().equals(benchmark) && result.system().equals(system))
        .findFirst()
        .orElse(null);
  }

  /// Why a result is no measurement, or null.
  private static @Nullable String missing(
      Target target, String benchmark, @Nullable AllResult result) {
    if (result == null) {
      return benchmark + " was not run on " + target.on();
    }
    if (result.failure() != null) {
      return benchmark + " failed: " + result.failure();
    }
    return result.json() == null ? benchmark + " gave no result" : null;
  }

  private static @Nullable Double figure(Target target, JsonNode json) {
    JsonNode from = json;
    if (!target.row().isEmpty()) {
      from = null;
      for (JsonNode row : json.path("rows")) {
        if (target.row().entrySet().stream()
            .allMatch(
                wanted -> wanted.getValue().asText().equals(row.path(wanted.getKey()).asText()))) {
          from = row;
        }
      }
    }
    JsonNode value = from == null ? null : from.get(target.key());
    return value == null || !value.isNumber() ? null : value.doubleValue();
  }
}
