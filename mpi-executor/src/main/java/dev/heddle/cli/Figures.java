package dev.heddle.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Numbers for people.
final class Figures {
  private static final int DIGITS = 4;

  private Figures() {}

  /// Four digits; those before the point are all shown, in groups of three.
  static String shown(double value) {
    if (Math.abs(value) >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value).round(new MathContext(DIGITS)).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }
}
