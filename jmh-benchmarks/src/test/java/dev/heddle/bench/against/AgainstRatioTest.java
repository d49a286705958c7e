package dev.heddle.bench.against;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The interval of the ratio of two builds, and what is worse.
final class AgainstRatioTest {
  private static double[] filled(int length, double value) {
    double[] values = new double[length];
    Arrays.fill(values, value);
    return values;
  }

  private static double known(@Nullable Double value) {
    return Objects.requireNonNull(value, "there is a ratio");
  }

  /// A median of 3 draws out of {1, 2, 3} is 1 in 7 of 27 cases, and 3 in as many.
  @Test
  void shouldFindTheIntervalOfThreeStarts() {
    AgainstRatio ratio = AgainstRatio.of(filled(3, 1), new double[] {3, 1, 2}, AgainstRatio.SEED);
    assertEquals(1, ratio.thenMedian());
    assertEquals(2, ratio.nowMedian());
    assertEquals(2, known(ratio.ratio()));
    assertEquals(1, known(ratio.low()));
    assertEquals(3, known(ratio.high()));
  }

  /// The median of 21 draws out of 1 to 21 is at most k with the probability of 11 or more
  /// successes among 21 whose chance is k / 21: 0.0183 for 6, 0.0557 for 7, 0.9443 for 14, 0.9817
  /// for 15.
  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void shouldFindTheIntervalThatIsKnown(long seed) {
    double[] now = IntStream.rangeClosed(1, 21).asDoubleStream().toArray();
    AgainstRatio ratio = AgainstRatio.of(filled(21, 1), now, seed);
    assertEquals(11, known(ratio.ratio()));
    assertEquals(7, known(ratio.low()));
    assertEquals(15, known(ratio.high()));
  }

  /// What both builds have from the machine's minute cancels out, since partners stay together.
  @Test
  void shouldKeepTheStartsOfARoundTogether() {
    SplittableRandom random = new SplittableRandom(7);
    double[] then = random.doubles(20, 50, 150).toArray();
    double[] now = Arrays.stream(then).map(figure -> figure * 1.25).toArray();
    AgainstRatio ratio = AgainstRatio.of(then, now, AgainstRatio.SEED);
    assertEquals(1.25, known(ratio.low()), 1e-12);
    assertEquals(1.25, known(ratio.high()), 1e-12);
  }

  @Test
  void shouldRepeatItselfBySeed() {
    SplittableRandom random = new SplittableRandom(11);
    double[] then = random.doubles(20, 50, 150).toArray();
    double[] now = random.doubles(20, 50, 150).toArray();
    AgainstRatio one = AgainstRatio.of(then, now, 5);
    assertEquals(one, AgainstRatio.of(then, now, 5));
    assertNotEquals(one, AgainstRatio.of(then, now, 6));
    assertTrue(known(one.low()) < known(one.ratio()));
    assertTrue(known(one.high()) > known(one.ratio()));
  }

  /// The worse side of a rate is below 1, that of a time above.
  @ParameterizedTest
  @CsvSource({
    "0.90, 0.96, true,  true",
    "0.90, 0.98, true,  false",
    "1.04, 1.20, true,  false",
    "0.50, 2.00, true,  false",
    "1.04, 1.20, false, true",
    "1.02, 1.20, false, false",
    "0.90, 0.96, false, false",
    "0.50, 2.00, false, false"
  })
  void shouldKnowWhichSideIsWorse(double low, double high, boolean isMoreBetter, boolean isWorse) {
    AgainstRatio ratio = new AgainstRatio(1, 1, 1.0, low, high);
    assertEquals(isWorse, ratio.isWorseBeyond(3, isMoreBetter));
  }

  @Test
  void shouldHaveNoRatioToNothing() {
    AgainstRatio ratio = AgainstRatio.of(new double[] {1, 0, 1}, filled(3, 2), AgainstRatio.SEED);
    assertEquals(1, ratio.thenMedian());
    assertNull(ratio.ratio());
    assertNull(ratio.low());
    assertFalse(ratio.isWorseBeyond(3, false));
    assertThrows(
        IllegalArgumentException.class,
        () -> AgainstRatio.of(filled(2, 1), filled(3, 1), AgainstRatio.SEED));
  }
}
