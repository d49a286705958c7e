package dev.heddle.bench.measure;

/// A command of `heddle`: picocli fills its options, then they are checked once, then it runs.
public interface Command {
  /// Help was asked for: nothing is checked, and nothing runs.
  boolean isHelp();

  /// Errors: [picocli.CommandLine.ParameterException] with one sentence for the user.
  void check();

  /// Runs what was checked, and returns one of [ExitCode].
  int run(Invocation invocation);
}
