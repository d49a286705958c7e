package dev.heddle.bench.against;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.BenchRefusal;
import dev.heddle.bench.measure.Metric;
import dev.heddle.bench.measure.Programs;
import dev.heddle.bench.measure.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `heddle bench against`: this build and that of an earlier commit, started in turns.
///
/// Problem: starts of one build differ by 30 % and more, and a machine's speed changes from minute
/// to minute, so that a figure of today and one of last week can't be compared. Idea: the commit is
/// built in a temporary folder by its own command `heddle`, and both builds are started in turns,
/// then now, now then, then now and so on, every benchmark once in each round; the medians are
/// compared as [AgainstRatio] says. What rank 0 takes is counted in a few starts apart, as
/// [AgainstAgent] says, since counting costs them the archive for a faster start.
///
/// Before the first round each benchmark has a short start of each build, which builds it with all
/// it needs, and in which an option or a benchmark that the other build lacks is refused. From then
/// on nothing is built. A start that fails ends the comparison.
///
/// Threading: one thread, one program at a time; this JVM waits meanwhile.
final class Against {
  /// One start in this many is made again for what rank 0 takes.
  private static final int COST_SHARE = 4;

  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> CONDITIONS =
      new TypeReference<>() {};

  private final AgainstOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private final List<AgainstFigures> figures = new ArrayList<>();
  private final List<Map<String, Double>> runs = new ArrayList<>();

  /// The report goes to `out`, progress to `err`, as of [Harness].
  Against(AgainstOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /// Returns true where a figure is worse than `--within` allows. Errors: [BenchRefusal] for what
  /// can't be compared, [BenchFailure] for a build or a start that fails.
  boolean run() throws IOException, InterruptedException, BenchFailure, BenchRefusal {
    Path home = options.home();
    if (home == null) {
      throw new BenchRefusal("start this by 'heddle bench against', which says where Heddle is");
    }
    try (Programs programs = Programs.inNewFolder("heddle-against-")) {
      AgainstCheckout checkout = new AgainstCheckout(home, programs);
      String hash = checkout.hash(options.commit());
      Path copy = programs.file("then");
      checkout.copy(hash, copy);
      AgainstBuild then =
          new AgainstBuild(
              "the build of " + options.commit(), copy, programs, options.timeLimitS(), null);
      AgainstBuild now =
          new AgainstBuild(
              "this build", home, programs, options.timeLimitS(), System.getenv("HEDDLE_BUILD"));
      for (String benchmark : options.benchmarks()) {
        figures.addAll(AgainstFigures.of(benchmark, options.options(benchmark)));
      }
      JsonNode conditions = rehearse(now, then);
      measure(now, then);
      count(now, then);
      return report(hash, conditions);
    }
  }

  /// Returns this build's conditions.
  private JsonNode rehearse(AgainstBuild now, AgainstBuild then)
      throws IOException, InterruptedException, BenchFailure, BenchRefusal {
    JsonNode conditions = null;
    for (String benchmark : options.benchmarks()) {
      List<String> words = new ArrayList<>(AgainstFigures.quickWords(benchmark));
      words.addAll(options.passedOn());
      words.addAll(List.of("--warmup", "0", "--repetitions", "1"));
      List<JsonNode> both = new ArrayList<>();
      for (AgainstBuild build : List.of(now, then)) {
        tell(
            "trying "
                + benchmark
                + " in "
                + build.label()
                + (conditions == null ? ", built first if need be" : ""));
        both.add(build.rehearse(benchmark, words, metrics(benchmark)));
      }
      if (conditions == null) {
        conditions = both.getFirst().path("conditions");
        noteArchives(both.getFirst(), both.getLast());
      }
    }
    return Objects.requireNonNull(conditions, "there is a benchmark");
  }

  /// A build whose JVMs start without the archive, beside one whose do, is at a disadvantage.
  private void noteArchives(JsonNode now, JsonNode then) {
    if (hasArchive(now) != hasArchive(then)) {
      tell(
          "note: only "
              + (hasArchive(now) ? "this build" : "that of the commit")
              + " has its archive for a faster start");
    }
  }

  private static boolean hasArchive(JsonNode json) {
    return json.path("conditions").path("jvmArgs").toString().contains("-XX:AOTCache=");
  }

  private List<Metric> metrics(String benchmark) {
    return figures.stream()
        .filter(figure -> figure.benchmark().equals(benchmark))
        .map(AgainstFigures::metric)
        .toList();
  }

  private void measure(AgainstBuild now, AgainstBuild then)
      throws IOException, InterruptedException, BenchFailure {
    for (int round = 0; round < options.starts(); round++) {
      Map<String, Double> run = new LinkedHashMap<>();
      for (String benchmark : options.benchmarks()) {
        String what = benchmark + ", start " + (round + 1) + " of " + options.starts();
        List<String> words = words(benchmark);
        JsonNode saidThen;
        JsonNode saidNow;
        if (round % 2 == 0) {
          saidThen = then.start(what, benchmark, words);
          saidNow = now.start(what, benchmark, words);
        } else {
          saidNow = now.start(what, benchmark, words);
          saidThen = then.start(what, benchmark, words);
        }
        StringBuilder line = new StringBuilder(what).append(':');
        for (AgainstFigures figure : figures) {
          if (figure.benchmark().equals(benchmark)) {
            line.append(figure.take(saidThen, saidNow, run));
          }
        }
        tell(line.toString());
      }
      runs.add(run);
    }
  }

  private List<String> words(String benchmark) {
    List<String> words = new ArrayList<>(AgainstFigures.ownWords(benchmark));
    words.addAll(options.passedOn());
    return words;
  }

  private void count(AgainstBuild now, AgainstBuild then)
      throws IOException, InterruptedException, BenchFailure {
    int rounds = Math.max(1, options.starts() / COST_SHARE);
    for (int round = 0; round < rounds; round++) {
      for (AgainstFigures figure : figures) {
        if (!figure.isOfTasksAlone()) {
          continue;
        }
        String benchmark = figure.benchmark();
        String what = "what rank 0 takes in " + benchmark + ", " + (round + 1) + " of " + rounds;
        tell(what);
        List<String> words = words(benchmark);
        if (round % 2 == 0) {
          figure.takeThen(then.cost(what, benchmark, words));
          figure.takeNow(now.cost(what, benchmark, words));
        } else {
          figure.takeNow(now.cost(what, benchmark, words));
          figure.takeThen(then.cost(what, benchmark, words));
        }
      }
    }
  }

  private boolean report(String hash, JsonNode saidConditions) throws IOException {
    Map<String, @Nullable Object> conditions =
        JsonMapper.builder().build().convertValue(saidConditions, CONDITIONS);
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put("commit", options.commit());
    params.put("thenCommit", hash);
    params.put("benchmarks", options.benchmarks());
    params.put("starts", options.starts());
    params.put("within", options.within());
    params.put("intervalPercent", AgainstRatio.INTERVAL_PERCENT);
    params.put("resamples", AgainstRatio.RESAMPLES);
    params.put("seed", AgainstRatio.SEED);
    params.put("options", options.passedOn());
    Map<String, @Nullable Object> once = new LinkedHashMap<>();
    once.put("rows", figures.stream().map(figure -> figure.row(options.within())).toList());
    PrintStream reader = options.isJsonToStdout() ? err : out;
    reader.print(AgainstFigures.table(figures));
    reader.println("ratio = now / then: " + hash + " is then, " + nowText(conditions) + " is now");
    reader.print(verdicts());
    reader.print(
        new Report(AgainstOptions.NAME, List.of(), conditions, params, Map.of(), runs, null)
            .text());
    reader.flush();
    new Report(AgainstOptions.NAME, List.of(), conditions, params, once, runs, null)
        .writeJson(options.json(), out);
    Double within = options.within();
    return within != null && figures.stream().anyMatch(figure -> figure.isWorseBeyond(within));
  }

  private static String nowText(Map<String, @Nullable Object> conditions) {
    return conditions.get("commit")
        + (Boolean.TRUE.equals(conditions.get("dirty")) ? " with changes that no commit has" : "");
  }

  private String verdicts() {
    if (options.starts() < AgainstOptions.VERDICT_STARTS) {
      return "no verdict: "
          + options.starts()
          + " starts of each build, and starts of one build differ so much that a verdict needs "
          + AgainstOptions.VERDICT_STARTS
          + "\n";
    }
    Double within = options.within();
    if (within == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    figures.forEach(figure -> text.append(figure.verdict(within)).append('\n'));
    return text.toString();
  }

  private void tell(String what) {
    err.println("bench against: " + what);
    err.flush();
  }
}
