package dev.heddle.bench.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// `100us`, `2ms` or `1s`, in nanoseconds.
final class IntervalConverter implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})(us|ms|s)");
  private static final long NS_MAX = 10_000_000_000L;

  @Override
  public Long convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      long factor =
          switch (matcher.group(2)) {
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            default -> 1_000_000_000;
          };
      long ns = Long.parseLong(matcher.group(1)) * factor;
      if (ns <= NS_MAX) {
        return ns;
      }
    }
    throw new TypeConversionException(
        "'" + text + "' is none: write 100us, 2ms or 1s, at most 10s");
  }
}
