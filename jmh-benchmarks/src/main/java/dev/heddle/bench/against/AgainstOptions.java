package dev.heddle.bench.against;

import dev.heddle.bench.measure.BenchFailure;
import dev.heddle.bench.measure.BenchRefusal;
import dev.heddle.bench.measure.Command;
import dev.heddle.bench.measure.CommonOptions;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.bench.run.BenchOptions;
import dev.heddle.bench.run.Benchmarks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the user of `heddle bench against` may choose; filled by picocli, then read only.
///
/// Options of a single benchmark, as [BenchOptions] has them, are passed on to each start.
@CommandLine.Command(
    name = AgainstOptions.NAME,
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
public final class AgainstOptions implements Command {
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

  @Mixin private CommonOptions common = new CommonOptions();

  /// Heddle's folder.
  @Option(names = "--home", hidden = true)
  private @Nullable Path home;

  private final CommandSpec spec;
  private final Set<String> passable = new HashSet<>();
  private final List<String> passedOn = new ArrayList<>();
  private final List<String> checked = new ArrayList<>();

  public AgainstOptions() {
    spec = CommandSpec.forAnnotatedObject(this);
    addPassedOn();
  }

  /// The command with the options that are passed on, which no annotation names.
  public CommandLine commandLine() {
    return new CommandLine(spec);
  }

  /// Options of single benchmarks are named here by that class, so that there is one list of them.
  private void addPassedOn() {
    Set<String> names = new HashSet<>(OWN);
    for (OptionSpec option : BenchOptions.specification().options()) {
      if (names.add(option.longestName())) {
        addPassedOn(passedOn(option.names()));
      }
    }
    for (String option : OF_THE_COMMAND) {
      addPassedOn(passedOn(option));
    }
    addPassedOn(OptionSpec.builder(TINY).hidden(true).arity("0").type(boolean.class).build());
  }

  private void addPassedOn(OptionSpec option) {
    spec.addOption(option);
    passable.add(option.longestName());
  }

  /// May be repeated, as `--jvm-arg` is; of others the last one counts.
  private static OptionSpec passedOn(String... names) {
    return OptionSpec.builder(names).hidden(true).arity("1").type(String[].class).build();
  }

  private void take() {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName();
      if (!passable.contains(name)) {
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

  @Override
  public void check() {
    take();
    common.refuse(
        commit == null || commit.isBlank() || commit.startsWith("-"),
        "no commit named: say 'heddle bench against COMMIT [BENCHMARK...]'");
    for (String name : benchmarks) {
      common.refuse(
          Benchmarks.byName(name) == null,
          "there is no benchmark '"
              + name
              + "': there are "
              + String.join(" ", Benchmarks.names()));
    }
    common.refuse(
        new HashSet<>(benchmarks).size() < benchmarks.size(),
        "a benchmark is named twice: name it once");
    common.refuse(starts < 1 || starts > STARTS_MAX, "--starts must be 1 to " + STARTS_MAX);
    common.refuse(
        within != null && !(within > 0 && within <= PERCENT_MAX),
        "--within is a percentage above 0, such as 3, and at most " + (int) PERCENT_MAX);
    common.refuse(
        within != null && starts < VERDICT_STARTS,
        "--within is a verdict, which needs at least "
            + VERDICT_STARTS
            + " starts of each build: leave it out, or raise --starts");
    common.refuse(
        !(timeLimitS >= 0.1 && timeLimitS <= 86_400), "--time-limit must be 0.1 to 86400");
    common.check();
    // What this build's benchmark refuses is refused now; what that build refuses, when it is
    // built.
    for (String name : benchmarks()) {
      BenchOptions _ = options(name);
    }
  }

  /// The options of one benchmark, as this build reads them.
  BenchOptions options(String benchmark) {
    List<String> line = new ArrayList<>(List.of(benchmark));
    line.addAll(checked);
    return BenchOptions.parse(line.toArray(String[]::new));
  }

  @Override
  public boolean isHelp() {
    return common.isHelp();
  }

  @Override
  public int run(Invocation invocation) {
    try {
      return new Against(this, invocation.out(), invocation.err()).run()
          ? ExitCode.MISSED
          : ExitCode.DONE;
    } catch (BenchRefusal refusal) {
      return invocation.tell(ExitCode.REFUSED, String.valueOf(refusal.getMessage()));
    } catch (BenchFailure failure) {
      return invocation.tell(ExitCode.FAILED, String.valueOf(failure.getMessage()));
    } catch (IOException e) {
      return invocation.tell(ExitCode.FAILED, "bench against: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return invocation.tell(ExitCode.FAILED, "bench against: interrupted");
    }
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
    return common.json();
  }

  boolean isJsonToStdout() {
    return common.isJsonToStdout();
  }
}
