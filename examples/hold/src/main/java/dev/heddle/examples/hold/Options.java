package dev.heddle.examples.hold;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// What the user may choose; filled by picocli, then read only.
@Command(
    name = "hold",
    description = "Holds a run open with sleeping tasks, or ends it in a chosen way.",
    sortOptions = false)
final class Options {
  /// How the body waits; named as on the command line.
  enum Wait {
    /// In `TaskFuture.get()` of every task.
    GET,
    /// In `Thread.sleep`, looking at nothing.
    SLEEP;

    static Wait of(String text) {
      return switch (text) {
        case "get" -> GET;
        case "sleep" -> SLEEP;
        default -> throw new TypeConversionException("'" + text + "' is neither sleep nor get");
      };
    }
  }

  /// Ways to end, at most one of them.
  static final class Ending {
    @Option(
        names = "--exit",
        paramLabel = "N",
        description = "Call System.exit(N), 0 to 255, in the body as soon as tasks run.")
    private @Nullable Integer exitCode;

    @Option(names = "--throw", description = "Throw an exception in the body as soon as tasks run.")
    private boolean isThrowing;

    @Option(
        names = "--kill-rank",
        paramLabel = "R",
        description = "A task on rank R, at least 1, kills its process by SIGKILL.")
    private @Nullable Integer killRank;

    @Option(
        names = "--exit-rank",
        paramLabel = "R",
        description = "A task on rank R, at least 1, calls System.exit(9).")
    private @Nullable Integer exitRank;
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description = "Sleeping tasks, 0 for none (default: 2 per slot).")
  private @Nullable Integer tasks;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3600",
      description = "Time each of them sleeps, and the body too (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--wait",
      paramLabel = "sleep|get",
      defaultValue = "get",
      description = "How the body waits (default: ${DEFAULT-VALUE}).")
  private Wait wait = Wait.GET;

  @ArgGroup private Ending ending = new Ending();

  @Option(names = "--help", usageHelp = true, description = "Show this and end.")
  private boolean isHelp;

  private Options() {}

  /// Reads and checks the command line; `launcherRank` as of [#launcherRank()]. Errors: picocli's
  /// exception with one sentence for the user.
  static Options parse(@Nullable Integer launcherRank, String... args) {
    Options options = new Options();
    new CommandLine(options).registerConverter(Wait.class, Wait::of).parseArgs(args);
    if (!options.isHelp) {
      Integer endedRank = options.endedRank();
      String endedBy = options.ending.killRank == null ? "--exit-rank" : "--kill-rank";
      Integer exitCode = options.ending.exitCode;
      options.refuse(options.tasks != null && options.tasks < 0, "--tasks must not be negative");
      options.refuse(
          !(options.seconds >= 0 && options.seconds <= 1e9), "--seconds must be 0 to 1e9");
      options.refuse(
          exitCode != null && (exitCode < 0 || exitCode > 255), "--exit must be 0 to 255");
      options.refuse(endedRank != null && endedRank < 1, endedBy + " must be at least 1");
      options.refuse(
          endedRank != null && launcherRank == null,
          endedBy + " needs processes of its own: start it under MPI, as heddle run -n 4 does");
    }
    return options;
  }

  /// As [#parse], but ends the program: with 0 after `--help`, with 2 after a bad value. Every rank
  /// gets the same arguments and ends alike, one of them says why.
  static Options parseOrExit(String... args) {
    Integer rank = launcherRank();
    boolean isFirst = rank == null || rank == 0;
    try {
      Options options = parse(rank, args);
      if (options.isHelp) {
        if (isFirst) {
          CommandLine.usage(options, System.out);
        }
        System.exit(0);
      }
      return options;
    } catch (ParameterException bad) {
      if (isFirst) {
        System.err.println("hold: " + bad.getMessage() + "; see --help");
      }
      System.exit(2);
      throw bad;
    }
  }

  /// This process's rank by the launcher's word, or null without one.
  static @Nullable Integer launcherRank() {
    String rank =
        Stream.of("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "PALS_RANKID", "SLURM_PROCID")
            .map(System::getenv)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return rank == null ? null : Integer.valueOf(rank);
  }

  private void refuse(boolean isBad, String why) {
    if (isBad) {
      throw new ParameterException(spec.commandLine(), why);
    }
  }

  /// Number of sleeping tasks in a run with `slots` slots.
  long tasks(long slots) {
    return tasks == null ? 2 * slots : tasks;
  }

  long sleepMs() {
    return Math.round(seconds * 1e3);
  }

  Wait waiting() {
    return wait;
  }

  @Nullable Integer exitCode() {
    return ending.exitCode;
  }

  boolean isThrowing() {
    return ending.isThrowing;
  }

  /// The rank whose process a task ends, or null.
  @Nullable Integer endedRank() {
    return ending.killRank == null ? ending.exitRank : ending.killRank;
  }

  /// Whether it is ended by SIGKILL, else by `System.exit`.
  boolean isKilled() {
    return ending.killRank != null;
  }
}
