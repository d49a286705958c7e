package dev.heddle.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heddle.bench.measure.Report;
import dev.heddle.runtime.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one system's processes said in all rounds: a row of the report, or two.
final class PeersFigures {
  private final PeersSystem system;
  private final List<Double> p50Us = new ArrayList<>();
  private final List<Double> tasksPerSecond = new ArrayList<>();
  private final List<Double> bulkTasksPerSecond = new ArrayList<>();
  private @Nullable String version;
  private @Nullable String unavailable;

  PeersFigures(PeersSystem system) {
    this.system = system;
    unavailable = system.unavailable();
  }

  PeersSystem system() {
    return system;
  }

  boolean isAvailable() {
    return unavailable == null;
  }

  /// It is not asked again.
  void giveUp(String why) {
    unavailable = p50Us.isEmpty() ? why : why + " (the figures are of the rounds before)";
  }

  /// Takes what one step said; the figures of this round go to `run` too.
  void take(JsonNode said, Map<String, Double> run) {
    note(said, "p50Us", p50Us, system.name(), run);
    note(said, "tasksPerSecond", tasksPerSecond, system.name(), run);
    String bulkName = system.bulkName();
    if (bulkName != null && said.path("bulkTasksPerSecond").isNumber()) {
      double rate = said.path("bulkTasksPerSecond").asDouble();
      bulkTasksPerSecond.add(rate);
      run.put(bulkName + " tasksPerSecond", rate);
    }
    if (said.path("version").isTextual()) {
      version = said.path("version").asText();
    } else if (said.path("conditions").isObject()) {
      JsonNode conditions = said.path("conditions");
      version = Versions.heddle();
      if (conditions.path("mpiVersion").isTextual()) {
        version +=
            ", "
                + PeersSystems.title(conditions.path("mpi").asText())
                + " "
                + conditions.path("mpiVersion").asText();
      }
    }
  }

  private static void note(
      JsonNode said, String key, List<Double> values, String name, Map<String, Double> run) {
    if (said.path(key).isNumber()) {
      values.add(said.path(key).asDouble());
      run.put(name + " " + key, said.path(key).asDouble());
    }
  }

  @Nullable Double p50Us() {
    return median(p50Us);
  }

  @Nullable Double tasksPerSecond() {
    return median(tasksPerSecond);
  }

  private static @Nullable Double median(List<Double> values) {
    return Report.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /// The rows; `heddle` is what this system is compared with.
  List<Map<String, @Nullable Object>> rows(@Nullable PeersFigures heddle) {
    Double heddleP50Us = heddle == null ? null : heddle.p50Us();
    Double heddleRate = heddle == null ? null : heddle.tasksPerSecond();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    rows.add(row(system.name(), p50Us(), tasksPerSecond(), heddleP50Us, heddleRate));
    String bulkName = system.bulkName();
    if (bulkName != null) {
      rows.add(row(bulkName, null, median(bulkTasksPerSecond), heddleP50Us, heddleRate));
    }
    return rows;
  }

  private Map<String, @Nullable Object> row(
      String name,
      @Nullable Double latency,
      @Nullable Double rate,
      @Nullable Double heddleLatency,
      @Nullable Double heddleRate) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("system", name);
    row.put("version", version);
    row.put("p50Us", Report.number(latency, 3));
    row.put("tasksPerSecond", Report.number(rate, 1));
    row.put("ratioLatency", Report.number(ratio(heddleLatency, latency), 6));
    row.put("ratioRate", Report.number(ratio(heddleRate, rate), 4));
    row.put("unavailable", unavailable);
    row.put("against", system.against());
    row.put("tasks", system.tasks() == 0 ? null : system.tasks());
    return row;
  }

  private static @Nullable Double ratio(@Nullable Double heddle, @Nullable Double other) {
    return heddle == null || other == null || other == 0 ? null : heddle / other;
  }
}
