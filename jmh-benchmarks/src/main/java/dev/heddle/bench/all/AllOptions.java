package dev.heddle.bench.all;

import dev.heddle.bench.measure.Command;
import dev.heddle.bench.measure.CommonOptions;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.bench.run.AllEntry;
import dev.heddle.bench.run.Target;
import dev.heddle.bench.run.Targets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the user of `heddle bench all` may choose; filled by picocli, then read only.
@CommandLine.Command(
    name = "all",
    description = "Runs every benchmark on threads and on each MPI found, and reports.",
    footer = {
      "",
      "Exit codes: 0 done, 1 a benchmark failed, 3 all ran and a target was missed. The heddle"
          + " command itself takes --heap S, --worker-heap S, --slots K, --fanout F and --tiny, for"
          + " all benchmarks."
    },
    sortOptions = false)
public final class AllOptions implements Command {
  /// With repetitions that take a minute, a benchmark takes less than a quarter of it.
  static final int LIMIT_S = 3600;

  private static final int RANKS_MAX = 1024;
  private static final int REPETITIONS = 5;
  private static final int QUICK_REPETITIONS = 2;
  private static final int QUICK_WARMUP = 1;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Run these alone, by commas.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--on",
      split = ",",
      paramLabel = "threads|openmpi|mpich",
      description = "Where to run them, by commas (default: threads and every MPI found).")
  private List<String> on = new ArrayList<>();

  @Option(
      names = {"-n", "--ranks"},
      paramLabel = "N",
      defaultValue = "2",
      description = "Ranks under MPI (default: ${DEFAULT-VALUE}).")
  private int ranks;

  @Option(
      names = "--quick",
      description = "Small sizes and few repetitions: a first look, whose numbers mean little.")
  private boolean isQuick;

  @Option(names = "--warmup", paramLabel = "N", description = "As of a single benchmark.")
  private @Nullable Integer warmup;

  @Option(names = "--repetitions", paramLabel = "N", description = "As of a single benchmark.")
  private @Nullable Integer repetitions;

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description = "Compare with these targets, a line each; docs/targets.json has Heddle's own.")
  private @Nullable Path check;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a report with plots as one HTML file.")
  private @Nullable Path html;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the tables as Markdown.")
  private @Nullable Path markdown;

  @Option(
      names = "--heddle",
      hidden = true,
      description = "The command that is run for each benchmark; given by itself.")
  private @Nullable Path heddle;

  @Option(
      names = "--found",
      hidden = true,
      split = ",",
      description = "The MPIs found; given by the heddle command.")
  private List<String> found = new ArrayList<>();

  @Mixin private CommonOptions common = new CommonOptions();

  private @Nullable Targets targets;

  @Override
  public void check() {
    common.refuse(
        heddle == null, "'bench all' starts other processes: run it as 'heddle bench all'");
    for (String name : only) {
      common.refuse(
          AllEntry.byName(name) == null,
          "there is no benchmark '" + name + "': there are " + String.join(" ", AllEntry.names()));
    }
    for (String system : on) {
      common.refuse(
          !system.equals(AllEntry.THREADS) && !system.equals("openmpi") && !system.equals("mpich"),
          "--on names '" + system + "', but there are threads, openmpi and mpich");
    }
    common.refuse(ranks < 2 || ranks > RANKS_MAX, "--ranks must be 2 to " + RANKS_MAX);
    common.refuse(warmup != null && warmup < 0, "--warmup must not be negative");
    common.refuse(repetitions != null && repetitions < 1, "--repetitions must be at least 1");
    common.check();
    common.checkFile("--html", html);
    common.checkFile("--markdown", markdown);
    common.refuse(
        entries().stream().allMatch(entry -> entry.systems(systems()).isEmpty()),
        "nothing to run: " + String.join(" ", only) + " needs an MPI, and threads are no MPI");
    if (check != null) {
      try {
        targets = Targets.read(check);
      } catch (IllegalArgumentException bad) {
        throw common.refusal(bad);
      }
      common.refuse(
          targetsToCheck().isEmpty(),
          check + " has no target of what is to be run: leave out --check, --only or --on");
    }
  }

  @Override
  public boolean isHelp() {
    return common.isHelp();
  }

  @Override
  public int run(Invocation invocation) {
    try {
      return new AllCommand(this, invocation.out(), invocation.err()).run();
    } catch (IOException e) {
      return invocation.tell(
          ExitCode.FAILED, "bench all: a file could not be read or written: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  boolean isQuick() {
    return isQuick;
  }

  int ranks() {
    return ranks;
  }

  int repetitions() {
    return repetitions != null ? repetitions : isQuick ? QUICK_REPETITIONS : REPETITIONS;
  }

  /// Null for what each benchmark takes by itself.
  @Nullable Integer warmup() {
    return warmup != null ? warmup : isQuick ? (Integer) QUICK_WARMUP : null;
  }

  /// What to run, in the table's order.
  List<AllEntry> entries() {
    return AllEntry.all().stream()
        .filter(entry -> only.isEmpty() || only.contains(entry.name()))
        .toList();
  }

  /// Where to run it: what the user names, else threads and what was found.
  List<String> systems() {
    if (!on.isEmpty()) {
      return List.copyOf(new LinkedHashSet<>(on));
    }
    List<String> systems = new ArrayList<>(List.of(AllEntry.THREADS));
    systems.addAll(found);
    return systems;
  }

  /// Those that belong to what the user wants to run. An MPI that isn't there is no wish: its
  /// targets count.
  List<Target> targetsToCheck() {
    if (targets == null) {
      return List.of();
    }
    return targets.list().stream()
        .filter(target -> only.isEmpty() || only.contains(target.benchmark()))
        .filter(target -> on.isEmpty() || target.isOnce() || on.contains(target.on()))
        .toList();
  }

  /// The targets that [#targetsToCheck] leaves out.
  int targetsLeftOut() {
    return targets == null ? 0 : targets.list().size() - targetsToCheck().size();
  }

  Path heddle() {
    return Objects.requireNonNull(heddle, "checked");
  }

  @Nullable Path json() {
    return common.json();
  }

  @Nullable Path html() {
    return html;
  }

  @Nullable Path markdown() {
    return markdown;
  }

  boolean isJsonToStdout() {
    return common.isJsonToStdout();
  }
}
