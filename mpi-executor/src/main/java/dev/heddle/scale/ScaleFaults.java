package dev.heddle.scale;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What goes wrong in a run.
///
/// Shape of a file: one fault per line, times in seconds since the first submit, `#` for comments:
///
///     die RANK AT              the rank stops for ever
///     hang RANK AT FOR         its process is stopped, and goes on
///     slow RANK FACTOR         its tasks and handlers take so many times as long
///     delay RANK AT FOR BY     what it sends in that time comes later by so much
///     rate die PER_HOUR        ranks die at random, so many of all per hour
///
/// @param list in the order of the file
/// @param deathsPerHour of all ranks together
public record ScaleFaults(List<Fault> list, double deathsPerHour) {
  /// Nothing goes wrong.
  public static final ScaleFaults NONE = new ScaleFaults(List.of(), 0);

  private static final double SECONDS_MAX = 1e9;
  private static final double FACTOR_MAX = 1e6;

  /// One fault.
  public sealed interface Fault {
    /// The rank it happens to.
    int rank();

    /// Ends for ever at a time after the first submit.
    record Die(int rank, long atNs) implements Fault {}

    /// Is stopped for a time.
    record Hang(int rank, long atNs, long forNs) implements Fault {}

    /// Is slow all the time.
    record Slow(int rank, double factor) implements Fault {}

    /// What it sends for a time comes later.
    record Delay(int rank, long atNs, long forNs, long byNs) implements Fault {}
  }

  /// Whether somebody can fall silent, so that ranks must watch each other.
  public boolean needsLiveness() {
    return deathsPerHour > 0
        || list.stream().anyMatch(f -> f instanceof Fault.Die || f instanceof Fault.Hang);
  }

  /// Reads a file. Errors: [IllegalArgumentException] that names file and line.
  public static ScaleFaults read(Path file) {
    try {
      return parse(Files.readAllLines(file), file.toString());
    } catch (IOException e) {
      throw new IllegalArgumentException("the faults file " + file + " can't be read: " + e, e);
    }
  }

  static ScaleFaults parse(List<String> lines, String name) {
    List<Fault> faults = new ArrayList<>();
    double rate = 0;
    for (int i = 0; i < lines.size(); i++) {
      int comment = lines.get(i).indexOf('#');
      String line = (comment < 0 ? lines.get(i) : lines.get(i).substring(0, comment)).strip();
      if (line.isEmpty()) {
        continue;
      }
      try {
        String[] words = line.split("\\s+");
        if (words[0].equals("rate")) {
          expect(words, 3, "rate die PER_HOUR");
          if (!words[1].equals("die")) {
            throw new IllegalArgumentException("only 'rate die' is known");
          }
          rate += number(words[2], FACTOR_MAX);
        } else {
          faults.add(fault(words));
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            name + ", line " + (i + 1) + " '" + line + "': " + e.getMessage(), e);
      }
    }
    return new ScaleFaults(List.copyOf(faults), rate);
  }

  private static Fault fault(String[] words) {
    return switch (words[0]) {
      case "die" -> {
        expect(words, 3, "die RANK AT");
        yield new Fault.Die(rank(words[1], 1), ns(words[2]));
      }
      case "hang" -> {
        expect(words, 4, "hang RANK AT FOR");
        yield new Fault.Hang(rank(words[1], 0), ns(words[2]), ns(words[3]));
      }
      case "slow" -> {
        expect(words, 3, "slow RANK FACTOR");
        double factor = number(words[2], FACTOR_MAX);
        if (factor < 1) {
          throw new IllegalArgumentException("a factor is at least 1");
        }
        yield new Fault.Slow(rank(words[1], 0), factor);
      }
      case "delay" -> {
        expect(words, 5, "delay RANK AT FOR BY");
        yield new Fault.Delay(rank(words[1], 0), ns(words[2]), ns(words[3]), ns(words[4]));
      }
      default ->
          throw new IllegalArgumentException("there are die, hang, slow, delay and rate die");
    };
  }

  private static void expect(String[] words, int count, String form) {
    if (words.length != count) {
      throw new IllegalArgumentException("it is: " + form);
    }
  }

  private static int rank(String text, int min) {
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min) {
      throw new IllegalArgumentException("'" + text + "' is no rank from " + min + " on");
    }
    return Integer.parseInt(text);
  }

  private static long ns(String text) {
    number(text, SECONDS_MAX);
    return new BigDecimal(text).movePointRight(9).longValue();
  }

  private static double number(String text, double max) {
    try {
      double value = new BigDecimal(text).doubleValue();
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new IllegalArgumentException(
        String.format(Locale.ROOT, "'%s' is no number from 0 to %.0f", text, max));
  }
}
