package dev.heddle.bench.run;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A file of targets: an object with `schema` and an array `targets`, whose fields are those of
/// [Target].
///
/// Everything in it is checked when it is read, before anything is measured. Errors:
/// [IllegalArgumentException] with one sentence that names the file, the line and what is wrong.
///
/// @param list in the file's order
public record Targets(List<Target> list) {
  static final String SCHEMA = "heddle.targets/1";

  private static final int REPETITIONS_MIN = 5;

  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "what",
          "benchmark",
          "on",
          "row",
          "key",
          "of",
          "operator",
          "bound",
          "unit",
          "repetitionsMin",
          "conditions",
          "show");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public static Targets read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the targets " + file + " cannot be read: name a file of targets that is there", e);
    }
    try (JsonParser parser = JSON.createParser(text)) {
      return new Targets(List.copyOf(read(file, parser)));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new IllegalArgumentException(
          where(file, line) + "no JSON: " + e.getOriginalMessage().replaceAll("\\s*\\R\\s*", " "),
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the targets " + file + " cannot be read: " + e, e);
    }
  }

  private static String where(Path file, int line) {
    return file + ", line " + line + ": ";
  }

  private static List<Target> read(Path file, JsonParser parser) throws IOException {
    List<Target> targets = new ArrayList<>();
    boolean hasSchema = false;
    int line = 1;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException(where(file, 1) + "an object with 'targets' is wanted");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      line = parser.currentTokenLocation().getLineNr();
      JsonToken value = parser.nextToken();
      if (field.equals("schema")) {
        if (!SCHEMA.equals(parser.getText())) {
          throw new IllegalArgumentException(
              where(file, line) + "the schema is '" + parser.getText() + "', not " + SCHEMA);
        }
        hasSchema = true;
      } else if (field.equals("targets") && value == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          int entryLine = parser.currentTokenLocation().getLineNr();
          JsonNode node = JSON.readTree(parser);
          try {
            targets.add(target(node));
          } catch (IllegalArgumentException bad) {
            String name = node.path("name").asText("");
            throw new IllegalArgumentException(
                where(file, entryLine)
                    + "target "
                    + (name.isEmpty() ? targets.size() + 1 : "'" + name + "'")
                    + ": "
                    + bad.getMessage(),
                bad);
          }
        }
      } else {
        throw new IllegalArgumentException(
            where(file, line) + "'" + field + "' is unknown: there are 'schema' and 'targets'");
      }
    }
    JsonToken after = parser.nextToken();
    if (after != null) {
      throw new IllegalArgumentException(
          where(file, parser.currentTokenLocation().getLineNr()) + "there is more after the end");
    }
    if (!hasSchema) {
      throw new IllegalArgumentException(where(file, 1) + "'schema' is missing: it is " + SCHEMA);
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException(where(file, line) + "there is no target");
    }
    checkNames(file, targets);
    return targets;
  }

  private static void checkNames(Path file, List<Target> targets) {
    Set<String> names = new HashSet<>();
    for (Target target : targets) {
      if (!names.add(target.name())) {
        throw new IllegalArgumentException(
            file + ": two targets are named '" + target.name() + "'");
      }
    }
  }

  private static Target target(JsonNode node) {
    refuse(!node.isObject(), "it is no object");
    node.fieldNames()
        .forEachRemaining(
            field -> refuse(!FIELDS.contains(field), "the field '" + field + "' is unknown"));
    String benchmark = text(node, "benchmark");
    AllEntry entry = AllEntry.byName(benchmark);
    if (entry == null) {
      throw new IllegalArgumentException(
          "there is no benchmark '"
              + benchmark
              + "': there are "
              + String.join(" ", AllEntry.names()));
    }
    String on = text(node, "on");
    List<String> systems = entry.systems(List.of(AllEntry.THREADS, "openmpi", "mpich"));
    refuse(
        !systems.contains(on),
        "'on' is '" + on + "', but " + benchmark + " runs on " + String.join(" ", systems));
    Set<String> keys = entry.keys();
    String key = key(text(node, "key"), benchmark, keys);
    Map<String, JsonNode> row = fields(node, "row");
    row.keySet().forEach(column -> key(column, benchmark, keys));
    String of = node.has("of") ? text(node, "of") : null;
    if (of != null) {
      AllEntry other = AllEntry.byName(of);
      if (other == null) {
        throw new IllegalArgumentException("'of' names no benchmark: '" + of + "'");
      }
      key(key, of, other.keys());
    }
    List<String> show = new ArrayList<>();
    refuse(node.has("show") && !node.path("show").isArray(), "'show' is no array of keys");
    node.path("show").forEach(shown -> show.add(key(shown.asText(), benchmark, keys)));
    String operator = text(node, "operator");
    refuse(
        !operator.equals("<=") && !operator.equals(">="),
        "the operator is '" + operator + "', but there are <= and >=");
    refuse(!node.path("bound").isNumber(), "'bound' is missing or no number");
    JsonNode repetitionsMin = node.path("repetitionsMin");
    refuse(
        node.has("repetitionsMin")
            && !(repetitionsMin.isIntegralNumber() && repetitionsMin.intValue() >= 1),
        "'repetitionsMin' is no whole number of at least 1");
    Map<String, JsonNode> conditions = fields(node, "conditions");
    conditions.forEach(
        (name, value) ->
            refuse(
                !value.isValueNode() || (name.endsWith("Min") && !value.isNumber()),
                "the condition '" + name + "' is no number, text or truth"));
    return new Target(
        text(node, "name"),
        text(node, "what"),
        benchmark,
        on,
        row,
        key,
        of,
        operator,
        node.path("bound").doubleValue(),
        text(node, "unit"),
        repetitionsMin.asInt(REPETITIONS_MIN),
        conditions,
        List.copyOf(show));
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    refuse(!value.isTextual() || value.asText().isBlank(), "'" + field + "' is missing or no text");
    return value.asText();
  }

  private static String key(String key, String benchmark, Set<String> keys) {
    refuse(
        !keys.contains(key),
        "there is no key '" + key + "' in " + benchmark + ": there are " + String.join(" ", keys));
    return key;
  }

  private static Map<String, JsonNode> fields(JsonNode node, String field) {
    JsonNode object = node.path(field);
    refuse(node.has(field) && !object.isObject(), "'" + field + "' is no object");
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    object.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    return fields;
  }

  private static void refuse(boolean isBad, String why) {
    if (isBad) {
      throw new IllegalArgumentException(why);
    }
  }

  /// Those of one benchmark, on one system; a null system is any MPI.
  List<Target> of(String benchmark, @Nullable String system) {
    return list.stream()
        .filter(target -> target.benchmark().equals(benchmark))
        .filter(
            target ->
                system == null
                    ? !target.on().equals(AllEntry.THREADS)
                    : target.isOnce() || target.on().equals(system))
        .toList();
  }
}
