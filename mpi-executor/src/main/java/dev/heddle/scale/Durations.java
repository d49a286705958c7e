package dev.heddle.scale;

/// How long tasks take: a function of the seed and the task's number alone, so that it is the same
/// whoever runs it, and when.
///
/// @param meanNs mean duration
/// @param shape of the distribution
/// @param sigma of the lognormal one, else 0
public record Durations(long meanNs, Shape shape, double sigma) {
  /// What is drawn.
  public enum Shape {
    /// Always the mean.
    CONSTANT,
    /// As of a memoryless end.
    EXPONENTIAL,
    /// With stragglers: the heavier, the larger sigma is.
    LOGNORMAL
  }

  private static final double LOGNORMAL_SIGMA_MAX = 5;

  /// Reads `constant`, `exponential` or `lognormal:SIGMA`. Errors: [IllegalArgumentException].
  public static Durations parse(String text, long meanNs) {
    if (text.equals("constant")) {
      return new Durations(meanNs, Shape.CONSTANT, 0);
    }
    if (text.equals("exponential")) {
      return new Durations(meanNs, Shape.EXPONENTIAL, 0);
    }
    if (text.startsWith("lognormal:")) {
      try {
        double sigma = Double.parseDouble(text.substring("lognormal:".length()));
        if (sigma > 0 && sigma <= LOGNORMAL_SIGMA_MAX) {
          return new Durations(meanNs, Shape.LOGNORMAL, sigma);
        }
      } catch (NumberFormatException _) {
        // told below
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no distribution: there are constant, exponential and lognormal:SIGMA with"
            + " SIGMA above 0 and at most "
            + LOGNORMAL_SIGMA_MAX);
  }

  /// The duration of a task.
  public long ns(long seed, long taskId) {
    if (shape == Shape.CONSTANT || meanNs == 0) {
      return meanNs;
    }
    double uniform = ((Noise.mix(Noise.mix(seed ^ 0x5bd1e995) + taskId) >>> 11) + 0.5) * 0x1.0p-53;
    double factor =
        shape == Shape.EXPONENTIAL
            ? -StrictMath.log(uniform)
            : StrictMath.exp(sigma * Noise.normalQuantile(uniform) - sigma * sigma / 2);
    return Math.max(1, (long) (meanNs * factor));
  }

  /// As on the command line.
  public String text() {
    return switch (shape) {
      case CONSTANT -> "constant";
      case EXPONENTIAL -> "exponential";
      case LOGNORMAL -> "lognormal:" + sigma;
    };
  }
}
