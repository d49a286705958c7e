package dev.heddle.bench.measure;

/// What the user asked for can't be had, which was found before anything was measured; the message
/// is the sentence for the user. Exit code 2.
public final class BenchRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  public BenchRefusal(String message) {
    super(message);
  }
}
