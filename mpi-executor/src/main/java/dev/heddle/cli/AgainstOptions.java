package dev.heddle.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// What the user of `heddle bench against` may choose; filled by picocli, then read only.
///
/// Options of a single benchmark, as [BenchOptions] has them, are passed on to each start.
@Command(
    name = "heddle bench against",
    description =
        "Builds COMMIT in a temporary folder, starts that build and this one in turns, and compares"
            + " what their benchmarks say.",
    footer = {
      "",
      "Options of a single benchmark (--mpi, --ranks, --slots, --tasks, --repetitions, ...) go to"
          + " each start, as do --heap, --worker-heap, --jvm-arg, --liveness and --tiny.",
      "",
      "Exit codes: 0 done, 1 a build or a start failed, 2 bad input, 3 with --within: a figure is"
          + " worse. Close other programs."
    },
    sortOptions = false)
final class AgainstOptions {
  static final String NAME = "against";

  /// Starts of one build differ by 30 %, so that fewer of each say nothing.
  static final int VERDICT_STARTS = 20;

  private static final int STARTS_MAX = 10_000;
  private static final double PERCENT_MAX = 1_000;
  private static final List<String> DEFAULT_BENCHMARKS = List.of("throughput", "latency", "chain");

  /// Those of [BenchOptions] that are this command's own.
  private static final Set<String> OWN = Set.of("--json", "--check", "--hlog", "--help");

  /// Those that the command `heddle` itself takes, beside those of [BenchOptions].
  private static final List<String> OF_THE_COMMAND =
      List.of("--heap", "--worker-heap", "--liveness");

  private static final String TINY = "--tiny";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "COMMIT",
      description = "A commit of this checkout, by hash, branch or tag.")
  private @Nullable String commit;

  @Parameters(
      index = "1..*",
      paramLabel = "BENCHMARK",
      completionCandidates = Benchmarks.Names.class,
      description =
          "${COMPLETION-CANDIDATES}; several are measured in turns (default: throughput latency"
              + " chain).")
  private List<String> benchmarks = new ArrayList<>();

  @Option(
      names = "--starts",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Starts of each build and benchmark; fewer than "
              + VERDICT_STARTS
              + " are no verdict"
              + " (default: ${DEFAULT-VALUE}).")
  private int starts;

  @Option(
      names = "--within",
      paramLabel = "PERCENT",
      description =
          "Exit with 3 where a figure's 90 %% interval lies wholly beyond this, on the worse side.")
  private @Nullable Double within;

  @Option(
      names = "--time-limit",
      paramLabel = "S",
      defaultValue = "300",
      description =
          "Seconds for one start; the build has half an hour (default: ${DEFAULT-VALUE}).")
  private double timeLimitS;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result as JSON; - is standard output.")
  private @Nullable Path json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  private boolean isHelp;

  /// Heddle's folder.
  @Option(names = "--home", hidden = true)
  private @Nullable Path home;

  private final CommandSpec spec;
  private final List<String> passedOn = new ArrayList<>();
  private final List<String> checked = new ArrayList<>();

  private AgainstOptions() {
    spec = CommandSpec.forAnnotatedObject(this);
  }

  /// Reads and checks the command line. Errors: picocli's exception with one sentence for the user.
  static AgainstOptions parse(String... args) {
    AgainstOptions options = new AgainstOptions();
    options.addPassedOn();
    CommandLine.ParseResult given =
        new CommandLine(options.spec).setOverwrittenOptionsAllowed(true).parseArgs(args);
    if (!options.isHelp) {
      options.take(given);
      options.check();
    }
    return options;
  }

  /// Options of single benchmarks are named here by that class, so that there is one list of them.
  private void addPassedOn() {
    Set<String> names = new HashSet<>(OWN);
    for (OptionSpec option : BenchOptions.specification().options()) {
      if (names.add(option.longestName())) {
        spec.addOption(passedOn(option.names()));
      }
    }
    for (String option : OF_THE_COMMAND) {
      spec.addOption(passedOn(option));
    }
    spec.addOption(OptionSpec.builder(TINY).hidden(true).arity("0").type(boolean.class).build());
  }

  /// May be repeated, as `--jvm-arg` is; of others the last one counts.
  private static OptionSpec passedOn(String... names) {
    return OptionSpec.builder(names).hidden(true).arity("1").type(String[].class).build();
  }

  private void take(CommandLine.ParseResult given) {
    for (OptionSpec option : given.matchedOptions()) {
      String name = option.longestName();
      if (spec.findOption(name).userObject() != null) {
        continue;
      }
      List<String> words = new ArrayList<>();
      if (name.equals(TINY)) {
        words.add(name);
      }
      for (String value : option.originalStringValues()) {
        if (!name.equals(TINY)) {
          words.addAll(List.of(name, value));
        }
      }
      passedOn.addAll(words);
      if (!OF_THE_COMMAND.contains(name) && !name.equals(TINY)) {
        checked.addAll(words);
      }
    }
  }

  private void check() {
    refuse(
        commit == null || commit.isBlank() || commit.startsWith("-"),
        "no commit named: say 'heddle bench against COMMIT [BENCHMARK...]'");
    for (String name : benchmarks) {
      refuse(
          Benchmarks.byName(name) == null,
          "there is no benchmark '"
              + name
              + "': there are "
              + String.join(" ", Benchmarks.names()));
    }
    refuse(
        new HashSet<>(benchmarks).size() < benchmarks.size(),
        "a benchmark is named twice: name it once");
    refuse(starts < 1 || starts > STARTS_MAX, "--starts must be 1 to " + STARTS_MAX);
    refuse(
        within != null && !(within > 0 && within <= PERCENT_MAX),
        "--within is a percentage above 0, such as 3, and at most " + (int) PERCENT_MAX);
    refuse(
        within != null && starts < VERDICT_STARTS,
        "--within is a verdict, which needs at least "
            + VERDICT_STARTS
            + " starts of each build: leave it out, or raise --starts");
    refuse(!(timeLimitS >= 0.1 && timeLimitS <= 86_400), "--time-limit must be 0.1 to 86400");
    if (json != null && !isJsonToStdout()) {
      Path parent = json.toAbsolutePath().getParent();
      refuse(
          parent == null || Files.isDirectory(json) || !Files.isWritable(parent),
          "--json "
              + json
              + " cannot be written: name a file in a folder that exists and is yours");
    }
    // What this build's benchmark refuses is refused now; what that build refuses, when it is
    // built.
    for (String name : benchmarks()) {
      BenchOptions _ = options(name);
    }
  }

  private void refuse(boolean isBad, String why) {
    if (isBad) {
      throw new ParameterException(spec.commandLine(), why);
    }
  }

  /// The options of one benchmark, as this build reads them.
  BenchOptions options(String benchmark) {
    List<String> line = new ArrayList<>(List.of(benchmark));
    line.addAll(checked);
    return BenchOptions.parse(line.toArray(String[]::new));
  }

  /// Prints the help, in which options that are passed on have no line.
  void printUsage(PrintStream to) {
    new CommandLine(spec).usage(to);
  }

  boolean isHelp() {
    return isHelp;
  }

  String commit() {
    return Objects.requireNonNull(commit, "checked");
  }

  List<String> benchmarks() {
    return benchmarks.isEmpty() ? DEFAULT_BENCHMARKS : List.copyOf(benchmarks);
  }

  /// Words of the command line that each start gets.
  List<String> passedOn() {
    return List.copyOf(passedOn);
  }

  int starts() {
    return starts;
  }

  /// Null where no verdict is asked for.
  @Nullable Double within() {
    return within;
  }

  double timeLimitS() {
    return timeLimitS;
  }

  /// Null where nobody said.
  @Nullable Path home() {
    return home;
  }

  @Nullable Path json() {
    return json;
  }

  boolean isJsonToStdout() {
    return json != null && json.toString().equals("-");
  }
}
