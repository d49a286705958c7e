package dev.heddle;

import dev.heddle.HeddleConfig.Option;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads an option's text and writes its numbers. `libexec/heddle-options.sh` reads the same texts
/// and gives the same messages.
final class OptionText {
  private static final Pattern COUNT = Pattern.compile("(-?\\d+)()");
  private static final Pattern BYTES = Pattern.compile("(-?\\d+)([kKmMgGtT]?)");
  private static final Pattern DURATION = Pattern.compile("(-?\\d+)(ns|us|ms|s|m|h)?");

  private static final String[] DURATION_UNITS = {"h", "m", "s", "ms", "us", "ns"};
  private static final String[] BYTES_UNITS = {"t", "g", "m", "k"};

  private OptionText() {}

  /// The number that `text` stands for: a count, nanoseconds, bytes, the index of a choice, 0 for
  /// free text.
  ///
  /// @param given how the value was given, such as `HEDDLE_FANOUT=1`, for the error
  static long number(Option option, String text, String given) {
    return switch (option.kind()) {
      case TEXT -> 0;
      case CHOICE -> choice(option, text, given);
      case COUNT -> parse(option, text, given, COUNT, "a whole number");
      case BYTES -> parse(option, text, given, BYTES, "a size such as 65536, 64k, 256m or 1g");
      case DURATION -> parse(option, text, given, DURATION, "a duration such as 15s, 250ms or 2m");
    };
  }

  /// The lowest and the highest value, or the choices; empty for free text.
  static String bounds(Option option) {
    return switch (option.kind()) {
      case TEXT -> "";
      case CHOICE -> String.join(", ", option.choices());
      case COUNT, BYTES, DURATION ->
          show(option, option.min()) + " to " + show(option, option.max());
    };
  }

  /// A duration as options are written; a duration too long for nanoseconds is given in seconds,
  /// which is out of every option's range.
  static String text(Duration duration) {
    try {
      return showDuration(duration.toNanos());
    } catch (ArithmeticException _) {
      return duration.toSeconds() + "s";
    }
  }

  /// A number as options are written, in the largest unit that fits it.
  static String show(Option option, long value) {
    return switch (option.kind()) {
      case DURATION -> showDuration(value);
      case BYTES -> showBytes(value);
      case CHOICE -> option.choices().get(Math.toIntExact(value));
      case COUNT, TEXT -> Long.toString(value);
    };
  }

  private static String showDuration(long ns) {
    for (String unit : DURATION_UNITS) {
      if (ns % factor(unit) == 0 && ns != 0) {
        return ns / factor(unit) + unit;
      }
    }
    return "0s";
  }

  private static String showBytes(long bytes) {
    for (String unit : BYTES_UNITS) {
      if (bytes % bytesFactor(unit) == 0 && bytes != 0) {
        return bytes / bytesFactor(unit) + unit;
      }
    }
    return Long.toString(bytes);
  }

  private static long choice(Option option, String text, String given) {
    int index = option.choices().indexOf(text.strip());
    if (index < 0) {
      throw new IllegalArgumentException(given + " is none of " + bounds(option));
    }
    return index;
  }

  private static long parse(
      Option option, String text, String given, Pattern pattern, String what) {
    Matcher matcher = pattern.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          given + " is not " + what + "; allowed: " + bounds(option));
    }
    try {
      String unit = matcher.group(2) == null ? "s" : matcher.group(2);
      long factor = option.kind() == HeddleConfig.Kind.DURATION ? factor(unit) : bytesFactor(unit);
      long value = Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
      if (value >= option.min() && value <= option.max()) {
        return value;
      }
    } catch (ArithmeticException | NumberFormatException _) {
      // A value too large for a number is out of range too.
    }
    throw new IllegalArgumentException(given + " is out of range: " + bounds(option));
  }

  private static long factor(String unit) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> 1_000_000_000L;
    };
  }

  private static long bytesFactor(String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "k" -> 1L << 10;
      case "m" -> 1L << 20;
      case "g" -> 1L << 30;
      case "t" -> 1L << 40;
      default -> 1L;
    };
  }
}
