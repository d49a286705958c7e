package dev.heddle.bench;

import dev.heddle.bench.against.AgainstOptions;
import dev.heddle.bench.all.AllOptions;
import dev.heddle.bench.costs.CostsCommand;
import dev.heddle.bench.measure.Command;
import dev.heddle.bench.measure.ExitCode;
import dev.heddle.bench.measure.Invocation;
import dev.heddle.bench.peers.PeersOptions;
import dev.heddle.bench.run.BenchOptions;
import dev.heddle.bench.simulate.SimulateOptions;
import dev.heddle.bench.study.StudyOptions;
import dev.heddle.runtime.launch.MpiInUse;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The commands behind `heddle` that measure or simulate: `bench`, with those below it, `simulate`
/// and `study`; for the script itself also `check`, which looks at a command line without doing it.
///
/// Under a launcher every rank runs this; rank 0 alone says anything. Exit codes are those of
/// [ExitCode].
public final class BenchMain {
  private static final String CHECK = "check";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean isUnderLauncher;

  /// Prints to `out` and `err`; `isUnderLauncher` as of [MpiInUse#isUnderLauncher()].
  public BenchMain(PrintStream out, PrintStream err, boolean isUnderLauncher) {
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
        new BenchMain(
                isFirst ? System.out : silence,
                isFirst ? System.err : silence,
                MpiInUse.isUnderLauncher())
            .run(args);
    if (code != ExitCode.DONE) {
      System.exit(code);
    }
  }

  @CommandLine.Command(name = "heddle")
  private static final class Root {}

  /// All commands as picocli knows them; each has a [Command] that picocli fills.
  static CommandLine commands() {
    CommandLine bench =
        new CommandLine(new BenchOptions())
            .addSubcommand(new AllOptions())
            .addSubcommand(new PeersOptions())
            .addSubcommand(new CostsCommand())
            .addSubcommand(new AgainstOptions().commandLine());
    return new CommandLine(new Root())
        .addSubcommand(bench)
        .addSubcommand(new SimulateOptions())
        .addSubcommand(new StudyOptions())
        .setOverwrittenOptionsAllowed(true)
        // as in `bench metg --pattern all`
        .setAllowSubcommandsAsOptionParameters(true);
  }

  /// Returns the exit code.
  public int run(String... args) {
    boolean isCheck = args.length > 0 && args[0].equals(CHECK);
    List<String> line = Arrays.asList(args).subList(isCheck ? 1 : 0, args.length);
    String name = line.isEmpty() ? "" : line.getFirst();
    CommandLine commands = commands();
    if (!commands.getSubcommands().containsKey(name)) {
      return refuse(
          "there is no command '"
              + name
              + "' that measures: there are "
              + String.join(", ", commands.getSubcommands().keySet()),
          "bench");
    }
    try {
      ParseResult parsed = chosen(commands.parseArgs(line.toArray(String[]::new)).subcommand());
      Command command = (Command) parsed.commandSpec().userObject();
      if (command.isHelp()) {
        if (!isCheck) {
          // the command itself comes behind its check, and shows it
          parsed.commandSpec().commandLine().usage(out);
        }
        return ExitCode.DONE;
      }
      command.check();
      return isCheck
          ? ExitCode.DONE
          : command.run(new Invocation(line.subList(1, line.size()), out, err, isUnderLauncher));
    } catch (ParameterException bad) {
      String refusing = bad.getCommandLine().getCommandSpec().qualifiedName();
      return refuse(
          String.valueOf(bad.getMessage()).replaceAll("\\s*\\R\\s*", " "),
          refusing.substring(refusing.indexOf(' ') + 1));
    }
  }

  /// The innermost command. What stands before its name would be an option of the outer one, which
  /// doesn't run.
  private static ParseResult chosen(ParseResult outer) {
    if (!outer.hasSubcommand()) {
      return outer;
    }
    ParseResult inner = outer.subcommand();
    if (!outer.matchedArgs().isEmpty()) {
      String name = outer.commandSpec().name() + " " + inner.commandSpec().name();
      throw new ParameterException(
          inner.commandSpec().commandLine(),
          "what '" + name + "' is told stands behind its name: say 'heddle " + name + " OPTIONS'");
    }
    return chosen(inner);
  }

  private int refuse(String why, String command) {
    err.println("heddle: " + why + "; see 'heddle " + command + " --help'");
    err.flush();
    return ExitCode.REFUSED;
  }
}
