package dev.heddle.bench.against;

import dev.heddle.bench.measure.Report;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// How much larger a figure is now than then: the ratio of the two builds' medians over their
/// starts, and the interval that holds it in 90 % of all resamples.
///
/// Idea: both builds are started in turns, so a start of one has a partner of the other in the same
/// minute of the machine. Pairs are drawn with replacement, as many as there are, and the ratio of
/// the two medians is taken; of [#RESAMPLES] such ratios the middle 90 % are the interval (a
/// percentile bootstrap). The same starts and seed give the same interval.
///
/// Source: Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13.
///
/// @param thenMedian of the starts of that commit's build
/// @param nowMedian of the starts of this build
/// @param ratio now / then; null, as the interval is, where a figure then is 0 or less
/// @param low the interval's lower end
/// @param high the interval's upper end
record AgainstRatio(
    double thenMedian,
    double nowMedian,
    @Nullable Double ratio,
    @Nullable Double low,
    @Nullable Double high) {
  /// One less than a round number, so that the ends are ratios that were drawn: the 500th and the
  /// 9,500th.
  static final int RESAMPLES = 9_999;

  static final int INTERVAL_PERCENT = 90;
  static final long SEED = 1;

  /// Compares pairs of starts. Shape: as many figures of one as of the other, at least one.
  static AgainstRatio of(double[] then, double[] now, long seed) {
    if (then.length != now.length || then.length == 0) {
      throw new IllegalArgumentException(
          "starts come in pairs: then=" + then.length + " now=" + now.length);
    }
    double thenMedian = median(then);
    double nowMedian = median(now);
    if (Arrays.stream(then).anyMatch(figure -> !(figure > 0))) {
      return new AgainstRatio(thenMedian, nowMedian, null, null, null);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] ratios = new double[RESAMPLES];
    double[] someThen = new double[then.length];
    double[] someNow = new double[now.length];
    for (int sample = 0; sample < RESAMPLES; sample++) {
      for (int i = 0; i < then.length; i++) {
        int pair = random.nextInt(then.length);
        someThen[i] = then[pair];
        someNow[i] = now[pair];
      }
      ratios[sample] = median(someNow) / median(someThen);
    }
    Arrays.sort(ratios);
    int outside = (RESAMPLES + 1) * (100 - INTERVAL_PERCENT) / 200;
    return new AgainstRatio(
        thenMedian,
        nowMedian,
        nowMedian / thenMedian,
        ratios[outside - 1],
        ratios[RESAMPLES - outside]);
  }

  /// True where the whole interval is worse than `percent` allows; false where there is no ratio.
  boolean isWorseBeyond(double percent, boolean isMoreBetter) {
    if (low == null || high == null) {
      return false;
    }
    return isMoreBetter ? high < 1 - percent / 100 : low > 1 + percent / 100;
  }

  private static double median(double[] values) {
    return Objects.requireNonNull(Report.median(values), "there are some");
  }
}
