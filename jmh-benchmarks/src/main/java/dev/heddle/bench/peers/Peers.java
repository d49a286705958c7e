package dev.heddle.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.Conditions;
import dev.heddle.bench.measure.Programs;
import dev.heddle.bench.measure.Report;
import dev.heddle.bench.measure.Work;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `heddle bench peers`: Heddle and other executors side by side with the same task.
///
/// Problem: a machine's speed changes from minute to minute, and an MPI's from one process start to
/// the next, so that figures of different runs can't be compared. Idea: every system runs in
/// processes of its own, started new in each round; a round starts all systems one after the other,
/// each round at another one; a figure is the median over the rounds. Never do two systems run at a
/// time, and this JVM waits meanwhile.
///
/// A system that fails or takes too long is left out of the rounds that follow, with the reason in
/// its row: the others are measured still.
final class Peers {
  private static final double NS_PER_S = 1e9;

  private final PeersOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private @Nullable String mismatch;

  /// The report goes to `out`, progress to `err`, as of [Harness].
  Peers(PeersOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /// Measures all that is there. Errors: [BenchFailure] after everything is reported, when results
  /// were wrong.
  void run() throws IOException, InterruptedException, BenchFailure {
    try (Programs programs = Programs.inNewFolder("heddle-peers-")) {
      run(programs, new PeersSystems(options, programs).all());
    }
  }

  /// The same with these systems.
  void run(Programs programs, List<PeersSystem> systems)
      throws IOException, InterruptedException, BenchFailure {
    List<PeersFigures> all = systems.stream().map(PeersFigures::new).toList();
    List<Map<String, Double>> runs = new ArrayList<>();
    for (int round = 0; round < options.repetitions(); round++) {
      tell("repetition " + (round + 1) + " of " + options.repetitions());
      Map<String, Double> run = new LinkedHashMap<>();
      List<PeersFigures> order = new ArrayList<>(all);
      Collections.rotate(order, -round);
      for (PeersFigures one : order) {
        if (one.isAvailable()) {
          ask(programs, one, run);
        }
      }
      runs.add(run);
    }
    report(all, runs);
    if (mismatch != null) {
      throw new BenchFailure("bench peers: wrong checksum: " + mismatch);
    }
  }

  private void ask(Programs programs, PeersFigures one, Map<String, Double> run)
      throws InterruptedException {
    Duration limit = Duration.ofNanos(Math.round(options.timeLimitS() * NS_PER_S));
    for (PeersSystem.Step step : one.system().steps()) {
      String why;
      try {
        Map<String, @Nullable String> environment = Programs.strippedEnvironment();
        environment.putAll(step.environment());
        Programs.Ending ending = programs.run(step.command(), environment, limit);
        why = failure(one.system().name(), step, ending, one, run);
      } catch (IOException e) {
        why = "it could not be started: " + e.getMessage();
      }
      if (why != null) {
        one.giveUp(why);
        tell(one.system().name() + ": " + why);
        return;
      }
    }
  }

  /// Takes the figures of a program that has ended; returns what is wrong with them, or null.
  private @Nullable String failure(
      String name,
      PeersSystem.Step step,
      Programs.Ending ending,
      PeersFigures figures,
      Map<String, Double> run) {
    if (ending.isTimedOut()) {
      return String.format(
          Locale.ROOT, "it took longer than %.1f s (--time-limit)", options.timeLimitS());
    }
    JsonNode said;
    try {
      said = new ObjectMapper().readTree(Programs.lastLine(ending.stdout()));
    } catch (JsonProcessingException _) {
      return "it ended with exit code "
          + ending.exitCode()
          + " and no figures: "
          + Programs.lastLine(ending.stderr());
    }
    String wrong = wrongResults(step.check(), said);
    if (wrong != null) {
      mismatch = name + ", " + wrong;
      return wrong;
    }
    if (ending.exitCode() != 0) {
      return "it ended with exit code "
          + ending.exitCode()
          + ": "
          + Programs.lastLine(ending.stderr());
    }
    figures.take(said, run);
    return null;
  }

  /// Null where all results are what they have to be.
  private static @Nullable String wrongResults(PeersSystem.Check check, JsonNode said) {
    return switch (check) {
      case NONE -> null;
      case HARNESS ->
          said.path("checksumOk").asBoolean(false) ? null : "its own check found wrong results";
      case SUMS -> wrongSum(said.path("sums"));
    };
  }

  private static @Nullable String wrongSum(JsonNode sums) {
    if (sums.isEmpty()) {
      return "it gave no sums of its results";
    }
    for (JsonNode sum : sums) {
      long first = sum.path(0).asLong();
      long count = sum.path(1).asLong();
      String expected = Long.toUnsignedString(Work.expectedSum(first, count));
      if (!sum.path(2).asText().equals(expected)) {
        return "the sum of results "
            + first
            + " to "
            + (first + count - 1)
            + " is "
            + sum.path(2).asText()
            + " and has to be "
            + expected;
      }
    }
    return null;
  }

  private void report(List<PeersFigures> all, List<Map<String, Double>> runs) throws IOException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (PeersFigures one : all) {
      String against = one.system().against();
      rows.addAll(
          one.rows(
              all.stream()
                  .filter(other -> other.system().name().equals(against))
                  .findFirst()
                  .orElse(null)));
    }
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put("tasks", options.tasks());
    params.put("warmup", options.warmup());
    params.put("repetitions", options.repetitions());
    params.put("timeLimitS", options.timeLimitS());
    Map<String, @Nullable Object> conditions = Conditions.alone();
    PrintStream reader = options.isJsonToStdout() ? err : out;
    reader.print(text(rows));
    reader.print(
        new Report(PeersOptions.NAME, List.of(), conditions, params, Map.of(), runs, mismatch)
            .text());
    reader.flush();
    new Report(
            PeersOptions.NAME, List.of(), conditions, params, Map.of("rows", rows), runs, mismatch)
        .writeJson(options.json(), out);
  }

  /// A table for a person; below it what is missing.
  private static String text(List<Map<String, @Nullable Object>> rows) {
    StringBuilder text = new StringBuilder();
    StringBuilder missing = new StringBuilder();
    String format = "%-22s %12s %14s %10s %10s  %-15s %s%n";
    text.append(
        String.format(
            Locale.ROOT,
            format,
            "system",
            "p50Us",
            "tasksPerSecond",
            "ratioLat.",
            "ratioRate",
            "heddle/other of",
            "version"));
    for (Map<String, @Nullable Object> row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              format,
              shown(row, "system"),
              shown(row, "p50Us"),
              shown(row, "tasksPerSecond"),
              shown(row, "ratioLatency"),
              shown(row, "ratioRate"),
              shown(row, "against"),
              shown(row, "version")));
      if (row.get("unavailable") != null) {
        missing.append(shown(row, "system")).append(": ").append(shown(row, "unavailable"));
        missing.append('\n');
      }
    }
    return text.append(missing).toString();
  }

  private static String shown(Map<String, @Nullable Object> row, String key) {
    Object value = row.get(key);
    return value == null ? "-" : value.toString();
  }

  private void tell(String what) {
    err.println("bench peers: " + what);
    err.flush();
  }
}
