package dev.heddle.bench.measure;

/// A benchmark that ran and whose numbers are worth nothing; the message is the sentence for the
/// user.
public final class BenchFailure extends Exception {
  private static final long serialVersionUID = 1L;

  public BenchFailure(String message) {
    super(message);
  }

  /// The sentence alone: it is what the run's verdict shows.
  @Override
  @SuppressWarnings("OverrideThrowableToString") // the class's name is what has to go
  public String toString() {
    return String.valueOf(getMessage());
  }
}
