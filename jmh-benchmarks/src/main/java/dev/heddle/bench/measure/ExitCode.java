package dev.heddle.bench.measure;

/// The exit codes of the commands that measure, as in `heddle help`.
public final class ExitCode {
  public static final int DONE = 0;

  /// The measurement failed.
  public static final int FAILED = 1;

  /// Bad input.
  public static final int REFUSED = 2;

  /// A target was missed.
  public static final int MISSED = 3;

  private ExitCode() {}
}
