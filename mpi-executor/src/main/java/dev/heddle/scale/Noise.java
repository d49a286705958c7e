package dev.heddle.scale;

/// Chance, from one seed: the same numbers on every JVM.
///
/// Shape: SplitMix64; normal deviates come from a table of quantiles made by [StrictMath].
/// Threading: one thread.
final class Noise {
  private static final int QUANTILES = 1 << 12;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final double[] factors;
  private long state;

  /// Factors of mean 1 with a lognormal distribution of `sigma`.
  Noise(long seed, double sigma) {
    this.state = mix(seed);
    this.factors = new double[QUANTILES];
    double sum = 0;
    for (int i = 0; i < QUANTILES; i++) {
      factors[i] = StrictMath.exp(sigma * normalQuantile((i + 0.5) / QUANTILES));
      sum += factors[i];
    }
    for (int i = 0; i < QUANTILES; i++) {
      factors[i] *= QUANTILES / sum;
    }
  }

  long next() {
    state += GOLDEN;
    return mixed(state);
  }

  /// A random factor.
  double factor() {
    return factors[(int) (next() >>> (Long.SIZE - 12))];
  }

  /// A well-spread function of `value`. Source: Steele, Lea and Flood, *Fast Splittable
  /// Pseudorandom Number Generators*, OOPSLA 2014.
  static long mix(long value) {
    return mixed(value + GOLDEN);
  }

  private static long mixed(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// The standard normal distribution's quantile, to 1e-9. Source: Acklam's rational approximation,
  /// 2003.
  static double normalQuantile(double p) {
    if (p > 0.5) {
      return -normalQuantile(1 - p);
    }
    if (p < 0.02425) {
      double q = StrictMath.sqrt(-2 * StrictMath.log(p));
      return (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00)
                                  * q
                              - 2.549732539343734e+00)
                          * q
                      + 4.374664141464968e+00)
                  * q
              + 2.938163982698783e+00)
          / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q
                      + 3.754408661907416e+00)
                  * q
              + 1);
    }
    double q = p - 0.5;
    double r = q * q;
    return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r
                            + 1.383577518672690e+02)
                        * r
                    - 3.066479806614716e+01)
                * r
            + 2.506628277459239e+00)
        * q
        / (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r
                            + 6.680131188771972e+01)
                        * r
                    - 1.328068155288572e+01)
                * r
            + 1);
  }
}
