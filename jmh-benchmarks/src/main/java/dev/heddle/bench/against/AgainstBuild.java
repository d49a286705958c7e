package dev.heddle.bench.against;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.BenchRefusal;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of the two builds that are compared: a folder with its own command `heddle`, which builds
/// itself at its first start, and its archive for a faster start too.
///
/// Threading: one thread; one start at a time.
final class AgainstBuild {
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(30);
  private static final double NS_PER_S = 1e9;
  private static final int REFUSED = 2;
  private static final int SHOWN_LINES = 12;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String label;
  private final Path home;
  private final Programs programs;
  private final Duration startLimit;
  private final @Nullable String buildSetting;

  /// What rank 0 took for all tasks of the repetitions that count.
  record Cost(double cpuNsPerTask, double bytesPerTask) {}

  /// `label` is as in messages; `buildSetting` is HEDDLE_BUILD at the first start, null to build.
  AgainstBuild(
      String label,
      Path home,
      Programs programs,
      double timeLimitS,
      @Nullable String buildSetting) {
    this.label = label;
    this.home = home;
    this.programs = programs;
    this.startLimit = Duration.ofNanos(Math.round(timeLimitS * NS_PER_S));
    this.buildSetting = buildSetting;
  }

  String label() {
    return label;
  }

  /// The first start of a benchmark, for which this build is built, and which has to say `metrics`.
  ///
  /// Errors: [BenchRefusal] where this build doesn't know the benchmark, an option or a figure;
  /// [BenchFailure] where it can't be built or started.
  JsonNode rehearse(String benchmark, List<String> words, List<Metric> metrics)
      throws IOException, InterruptedException, BenchFailure, BenchRefusal {
    Programs.Ending ending = run(benchmark, words, buildSetting, BUILD_LIMIT);
    if (ending.exitCode() == REFUSED && !ending.isTimedOut()) {
      throw new BenchRefusal(label + " can't run bench " + benchmark + ": " + said(ending));
    }
    JsonNode json =
        result(
            "the first start of bench " + benchmark + ", for which it is built",
            ending,
            BUILD_LIMIT,
            "the limit of a build");
    for (Metric metric : metrics) {
      if (!json.has(metric.key())) {
        throw new BenchRefusal(
            label + " doesn't say " + metric.key() + " in bench " + benchmark + ": leave it out");
      }
    }
    return json;
  }

  /// A start, of which nothing is built. Errors: [BenchFailure] where it fails, takes too long or
  /// has wrong results; `what` says which one it is.
  JsonNode start(String what, String benchmark, List<String> words)
      throws IOException, InterruptedException, BenchFailure {
    return result(what, run(benchmark, words, "never", startLimit), startLimit, "--time-limit");
  }

  /// A start for what rank 0 takes; null where this build's output doesn't show when repetitions
  /// begin. Errors: as of [#start].
  @Nullable Cost cost(String what, String benchmark, List<String> words)
      throws IOException, InterruptedException, BenchFailure {
    Path jar = programs.file("agent.jar");
    if (!Files.exists(jar)) {
      AgainstAgent.writeJar(jar);
    }
    Path counted = programs.file("counted");
    Files.deleteIfExists(counted);
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--jvm-arg", "-javaagent:" + jar + "=" + counted));
    JsonNode json = start(what, benchmark, all);
    double tasks = json.path("params").path("tasks").asDouble() * json.path("repetitions").asInt();
    if (!Files.exists(counted) || !(tasks > 0)) {
      return null;
    }
    String[] numbers = Files.readString(counted).split(" ", -1);
    return new Cost(Long.parseLong(numbers[0]) / tasks, Long.parseLong(numbers[1]) / tasks);
  }

  private Programs.Ending run(
      String benchmark, List<String> words, @Nullable String build, Duration limit)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(home.resolve("heddle").toString(), "bench", benchmark));
    command.addAll(words);
    command.addAll(List.of("--json", "-"));
    Map<String, @Nullable String> environment = Programs.strippedEnvironment();
    // Each build has its own.
    environment.put("HEDDLE_NATIVE_DIR", null);
    environment.put("HEDDLE_BUILD", build);
    environment.put("HEDDLE_RUN_DIR", programs.file("run").toString());
    // The bare round trip is nobody's build.
    environment.put("HEDDLE_PINGPONG_US", "none");
    return programs.run(command, environment, limit);
  }

  private JsonNode result(String what, Programs.Ending ending, Duration limit, String limitName)
      throws BenchFailure {
    if (ending.isTimedOut()) {
      throw failure(
          what,
          String.format(
              Locale.ROOT,
              "it took longer than %.1f s (%s) and was ended",
              limit.toNanos() / NS_PER_S,
              limitName),
          ending);
    }
    if (ending.exitCode() != 0) {
      throw failure(what, "exit code " + ending.exitCode(), ending);
    }
    JsonNode json;
    try {
      json = JSON.readTree(Programs.lastLine(ending.stdout()));
    } catch (JsonProcessingException _) {
      throw failure(what, "it ended well and gave no result", ending);
    }
    if (!json.path("checksumOk").asBoolean(false)) {
      throw failure(what, "its own check found wrong results", ending);
    }
    return json;
  }

  private BenchFailure failure(String what, String how, Programs.Ending ending) {
    List<String> lines = ending.stderr().lines().filter(line -> !line.isBlank()).toList();
    return new BenchFailure(
        "bench against: "
            + label
            + ", "
            + what
            + ": "
            + how
            + (lines.isEmpty() ? "" : "; it said:\n  ")
            + String.join(
                "\n  ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())));
  }

  /// The command's own sentence.
  private static String said(Programs.Ending ending) {
    String last = Programs.lastLine(ending.stderr());
    return last.startsWith("heddle: ") ? last.substring("heddle: ".length()) : last;
  }
}
