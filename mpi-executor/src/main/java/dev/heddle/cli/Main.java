package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.runtime.Versions;
import dev.heddle.runtime.launch.MpiInUse;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// The commands behind `heddle` that are written in Java: `bench`, `simulate`, `study`, `config`,
/// `version`, and for the script itself `check`, which looks at a command line without doing it.
///
/// Under a launcher every rank runs this; rank 0 alone says anything. Exit codes: 0 done, 1 the
/// measurement failed, 2 bad input, 3 a target was missed.
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int REFUSED = 2;
  static final int MISSED = 3;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean isUnderLauncher;

  /// Prints to `out` and `err`; `isUnderLauncher` as of [MpiInUse#isUnderLauncher()].
  Main(PrintStream out, PrintStream err, boolean isUnderLauncher) {
    this.out = out;
    this.err = err;
    this.isUnderLauncher = isUnderLauncher;
  }

  /// See `heddle help`.
  @SuppressWarnings("SystemOut") // a command's report belongs to standard output
  public static void main(String[] args) {
    boolean isFirst = MpiInUse.launchedRank() == 0;
    PrintStream silence =
        new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    int code =
        new Main(
                isFirst ? System.out : silence,
                isFirst ? System.err : silence,
                MpiInUse.isUnderLauncher())
            .run(args);
    if (code != DONE) {
      System.exit(code);
    }
  }

  /// Returns the exit code.
  int run(String... args) {
    List<String> line = Arrays.asList(args);
    String command = line.isEmpty() ? "" : line.getFirst();
    try {
      return switch (command) {
        case "bench" -> bench(rest(line));
        case "simulate" -> simulate(rest(line));
        case "study" -> study(rest(line));
        case "config" -> config(rest(line));
        case "check" -> check(rest(line));
        case "version" -> version();
        default ->
            refuse(
                "there is no command '"
                    + command
                    + "' in Java: there are bench, config, simulate, study and version",
                "bench");
      };
    } catch (ParameterException bad) {
      return refuse(sentence(bad), command);
    }
  }

  private static List<String> rest(List<String> line) {
    return line.subList(1, line.size());
  }

  private int bench(List<String> args) {
    if (isAll(args)) {
      return all(rest(args));
    }
    if (isCosts(args)) {
      return CostsCommand.parse(args.toArray(String[]::new)).run(out, err);
    }
    if (isAgainst(args)) {
      return against(rest(args));
    }
    if (args.contains(PeersOptions.NAME)) {
      return peers(args);
    }
    BenchOptions options = BenchOptions.parse(args.toArray(String[]::new));
    if (options.isHelp()) {
      CommandLine.usage(options, out);
      return DONE;
    }
    options.checkPlace(isUnderLauncher);
    return bench(options.benchmark(), options, args);
  }

  private static boolean isCosts(List<String> args) {
    return !args.isEmpty() && args.getFirst().equals("costs");
  }

  private static boolean isAgainst(List<String> args) {
    return !args.isEmpty() && args.getFirst().equals(AgainstOptions.NAME);
  }

  private static boolean isAll(List<String> args) {
    return !args.isEmpty() && args.getFirst().equals("all");
  }

  /// Starts other processes, and no run of its own.
  private int peers(List<String> args) {
    PeersOptions options = PeersOptions.parse(args.toArray(String[]::new));
    if (options.isHelp()) {
      CommandLine.usage(options, out);
      return DONE;
    }
    try {
      new Peers(options, out, err).run();
      return DONE;
    } catch (BenchFailure failure) {
      return tell(FAILED, String.valueOf(failure.getMessage()));
    } catch (IOException e) {
      return tell(FAILED, "bench peers: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return tell(FAILED, "bench peers: interrupted");
    }
  }

  /// Starts other builds' processes, and no run of its own.
  private int against(List<String> args) {
    AgainstOptions options = AgainstOptions.parse(args.toArray(String[]::new));
    if (options.isHelp()) {
      options.printUsage(out);
      return DONE;
    }
    try {
      return new Against(options, out, err).run() ? MISSED : DONE;
    } catch (BenchRefusal refusal) {
      return tell(REFUSED, String.valueOf(refusal.getMessage()));
    } catch (BenchFailure failure) {
      return tell(FAILED, String.valueOf(failure.getMessage()));
    } catch (IOException e) {
      return tell(FAILED, "bench against: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return tell(FAILED, "bench against: interrupted");
    }
  }

  /// Starts a process for each benchmark, and no run of its own.
  private int all(List<String> args) {
    AllOptions options = AllOptions.parse(args.toArray(String[]::new));
    if (options.isHelp()) {
      CommandLine.usage(options, out);
      return DONE;
    }
    try {
      return new AllCommand(options, out, err).run();
    } catch (IOException e) {
      return tell(FAILED, "bench all: a file could not be read or written: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  /// Runs a benchmark on all ranks.
  int bench(Benchmark benchmark, BenchOptions options, List<String> args) {
    Harness harness = new Harness(benchmark, options, out, err);
    if (benchmark.launchesRuns()) {
      return alone(harness);
    }
    try {
      if (isUnderLauncher) {
        benchmark.prepare(options);
      }
      boolean _ = Heddle.run(options.config(), args.toArray(String[]::new), harness::run);
      return harness.isMissed() ? MISSED : DONE;
    } catch (Throwable thrown) {
      if (thrown instanceof BenchFailure failure) {
        tellFailure(failure);
        return FAILED;
      }
      throw thrown;
    }
  }

  private int alone(Harness harness) {
    try {
      harness.run(null);
      return harness.isMissed() ? MISSED : DONE;
    } catch (BenchFailure failure) {
      tellFailure(failure);
    } catch (IOException | ExecutionException e) {
      return tell(FAILED, "the measurement failed: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return tell(FAILED, "the measurement was interrupted");
    }
    return FAILED;
  }

  /// The `heddle` command shows a run's verdict itself, where there is one.
  private void tellFailure(BenchFailure failure) {
    if (System.getenv("HEDDLE_STARTED_FD") == null) {
      err.println("heddle: " + failure.getMessage());
      err.flush();
    }
  }

  private int simulate(List<String> args) {
    SimulateOptions options = SimulateOptions.parse(args.toArray(String[]::new));
    if (options.isHelp()) {
      CommandLine.usage(options, out);
      return DONE;
    }
    return new SimulateCommand(options, out, err).run();
  }

  private int study(List<String> args) {
    StudyOptions options = StudyOptions.parse(args.toArray(String[]::new));
    if (options.isHelp()) {
      CommandLine.usage(options, out);
      return DONE;
    }
    return new StudyCommand(options, out, err).run();
  }

  private int config(List<String> args) {
    try {
      new ConfigCommand(args).run(out);
      return DONE;
    } catch (IllegalArgumentException bad) {
      return tell(REFUSED, String.valueOf(bad.getMessage()));
    } catch (IOException e) {
      return tell(REFUSED, "the options could not be written: " + e);
    }
  }

  /// Bad input is found before a launcher starts anything.
  private int check(List<String> line) {
    String[] args = line.isEmpty() ? new String[0] : rest(line).toArray(String[]::new);
    switch (line.isEmpty() ? "" : line.getFirst()) {
      case "bench" -> checkBench(rest(line));
      case "simulate" -> SimulateOptions.parse(args);
      case "study" -> StudyOptions.parse(args);
      default -> {}
    }
    return DONE;
  }

  private static void checkBench(List<String> args) {
    if (isAll(args)) {
      AllOptions _ = AllOptions.parse(rest(args).toArray(String[]::new));
    } else if (isCosts(args)) {
      CostsCommand _ = CostsCommand.parse(args.toArray(String[]::new));
    } else if (isAgainst(args)) {
      AgainstOptions _ = AgainstOptions.parse(rest(args).toArray(String[]::new));
    } else if (args.contains(PeersOptions.NAME)) {
      PeersOptions _ = PeersOptions.parse(args.toArray(String[]::new));
    } else {
      BenchOptions _ = BenchOptions.parse(args.toArray(String[]::new));
    }
  }

  private int version() {
    out.println("heddle " + Versions.heddle());
    out.println("java " + Runtime.version());
    out.flush();
    return DONE;
  }

  private int refuse(String why, String command) {
    String known = command.equals("check") ? "bench" : command;
    return tell(REFUSED, why + "; see 'heddle " + known + " --help'");
  }

  private int tell(int code, String why) {
    err.println("heddle: " + why);
    err.flush();
    return code;
  }

  /// picocli's messages, in one line; a converter's own sentence stands without its introduction.
  private static String sentence(ParameterException bad) {
    String message = String.valueOf(bad.getMessage());
    int own = message.indexOf("there is no benchmark");
    return (own < 0 ? message : message.substring(own)).replaceAll("\\s*\\R\\s*", " ");
  }
}
