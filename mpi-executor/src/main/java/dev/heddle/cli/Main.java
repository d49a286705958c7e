package dev.heddle.cli;

import dev.heddle.runtime.Versions;
import dev.heddle.runtime.launch.MpiInUse;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The commands behind `heddle` that are written in Java and measure nothing: `config`, `plan` and
/// `version`. Under a launcher rank 0 alone says anything. Exit codes: 0 done, 2 bad input.
public final class Main {
  static final int DONE = 0;
  static final int REFUSED = 2;

  private final PrintStream out;
  private final PrintStream err;

  Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /// See `heddle help`.
  @SuppressWarnings("SystemOut") // a command's report belongs to standard output
  public static void main(String[] args) {
    boolean isFirst = MpiInUse.launchedRank() == 0;
    PrintStream silence =
        new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    int code = new Main(isFirst ? System.out : silence, isFirst ? System.err : silence).run(args);
    if (code != DONE) {
      System.exit(code);
    }
  }

  /// Returns the exit code.
  int run(String... args) {
    List<String> line = Arrays.asList(args);
    String command = line.isEmpty() ? "" : line.getFirst();
    return switch (command) {
      case "config" -> config(line.subList(1, line.size()));
      case "plan" -> plan(line.subList(1, line.size()));
      case "version" -> version();
      default ->
          refuse(
              "there is no command '" + command + "' in Java: there are config, plan and version");
    };
  }

  private int config(List<String> args) {
    try {
      new ConfigCommand(args).run(out);
      return DONE;
    } catch (IllegalArgumentException bad) {
      return refuse(String.valueOf(bad.getMessage()));
    } catch (IOException e) {
      return refuse("the options could not be written: " + e);
    }
  }

  private int plan(List<String> args) {
    try {
      new PlanCommand(args).run(out);
      return DONE;
    } catch (IllegalArgumentException bad) {
      return refuse(String.valueOf(bad.getMessage()));
    }
  }

  private int version() {
    out.println("heddle " + Versions.heddle());
    out.println("java " + Runtime.version());
    out.flush();
    return DONE;
  }

  private int refuse(String why) {
    err.println("heddle: " + why);
    err.flush();
    return REFUSED;
  }
}
