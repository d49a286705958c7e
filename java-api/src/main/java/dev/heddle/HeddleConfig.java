package dev.heddle;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The configuration of a run: checked once, then immutable. Rank 0's is sent to all ranks.
///
/// Shape: every option `x` is also the property `heddle.x` and the environment variable `HEDDLE_X`
/// (`localRanks` is `HEDDLE_LOCAL_RANKS`); the order is builder, property, environment, default.
/// Durations are written `15s`, `250ms`, `2m`, sizes `64k`, `256m`, `1g`. Errors:
/// [IllegalArgumentException] names option, value and bounds.
public final class HeddleConfig {

  /// One option: its name, how it is read, what it means.
  ///
  /// @param name as in the property `heddle.name`
  /// @param kind how its text is read
  /// @param defaultText the value where nobody says another
  /// @param min lowest value; nanoseconds for durations, bytes for sizes
  /// @param max highest value, in the same unit
  /// @param meaning one sentence, with unit and trade-off
  public record Option(
      String name, Kind kind, String defaultText, long min, long max, String meaning) {
    /// Name of the environment variable.
    public String environment() {
      return "HEDDLE_" + name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }

    /// Name of the system property.
    public String property() {
      return "heddle." + name;
    }
  }

  /// How an option's text is read.
  public enum Kind {
    /// A whole number.
    COUNT,
    /// A time span, kept in nanoseconds.
    DURATION,
    /// A number of bytes.
    BYTES,
    /// Free text.
    TEXT
  }

  private static final long SECOND_NS = 1_000_000_000L;

  private static final Map<String, Option> OPTIONS = new LinkedHashMap<>();

  private static void option(
      String name, Kind kind, String defaultText, long min, long max, String meaning) {
    OPTIONS.put(name, new Option(name, kind, defaultText, min, max, meaning));
  }

  static {
    option(
        "fanout",
        Kind.COUNT,
        "128",
        2,
        4096,
        "Children of one process at most; a lower one makes a deeper tree, with less state and more hops.");
    option(
        "slots",
        Kind.COUNT,
        "0",
        0,
        4096,
        "Tasks at the same time on one rank; 0 is the number of cores without MPI, 1 with it.");
    option(
        "localRanks",
        Kind.COUNT,
        "1",
        1,
        1024,
        "Ranks inside this JVM when there is no MPI launcher.");
    option(
        "liveness",
        Kind.DURATION,
        "15s",
        SECOND_NS / 5,
        3_600 * SECOND_NS,
        "A lost rank is reported within this time; a shorter one takes a long pause for a death.");
    option(
        "startTimeout",
        Kind.DURATION,
        "120s",
        SECOND_NS,
        86_400 * SECOND_NS,
        "A start-up that takes longer is given up, on every rank.");
    option(
        "pendingTasksMax",
        Kind.COUNT,
        "1000000",
        1,
        1L << 30,
        "Tasks submitted and not done at most; submit waits when it is reached.");
    option(
        "inlineBytesMax",
        Kind.BYTES,
        "32k",
        256,
        1L << 20,
        "A larger value is sent to a rank once and kept there, a smaller one travels with each task.");
    option(
        "valueBytesMax",
        Kind.BYTES,
        "1g",
        1024,
        Integer.MAX_VALUE - 64L,
        "A larger argument or result is refused.");
    option(
        "inFlightBulkBytesMax",
        Kind.BYTES,
        "256m",
        65536,
        1L << 40,
        "Large messages a rank receives at the same time, in bytes.");
    option(
        "cacheBytesMax",
        Kind.BYTES,
        "256m",
        0,
        1L << 40,
        "Large values a rank keeps for further tasks, in bytes.");
    option(
        "prefetchMax",
        Kind.COUNT,
        "1024",
        0,
        65536,
        "Short tasks a worker holds beyond its slots; more hides latency, fewer balance better.");
    option(
        "serializablePackages",
        Kind.TEXT,
        "",
        0,
        0,
        "Packages whose classes may be sent, besides the JDK's; by default those of the main class and of the caller.");
    option(
        "parkMax",
        Kind.DURATION,
        "1ms",
        10_000,
        SECOND_NS,
        "Longest sleep of an idle rank: the cost of the first task after silence, per level of the tree.");
  }

  private final Map<String, String> texts;
  private final Map<String, String> sources;
  private final Map<String, Long> numbers = new HashMap<>();

  private HeddleConfig(Map<String, String> texts, Map<String, String> sources) {
    this.texts = texts;
    this.sources = sources;
    for (Option option : OPTIONS.values()) {
      numbers.put(option.name(), check(option, text(option.name())));
    }
  }

  /// All options in the order of the documentation.
  public static List<Option> options() {
    return List.copyOf(OPTIONS.values());
  }

  /// A builder over the properties and the environment of this process.
  public static Builder builder() {
    return new Builder(System::getProperty, System::getenv);
  }

  /// The configuration that another rank sent by [#toMap()].
  public static HeddleConfig fromMap(Map<String, String> texts) {
    Builder builder = new Builder(_ -> null, _ -> null);
    texts.forEach(builder::set);
    return builder.build();
  }

  /// Every option's text, for another rank.
  public Map<String, String> toMap() {
    return Collections.unmodifiableMap(texts);
  }

  /// Where an option's value comes from: `builder`, `property`, `environment` or `default`.
  public String source(String option) {
    return require(sources.get(option), option);
  }

  /// An option's value as text.
  public String text(String option) {
    return require(texts.get(option), option);
  }

  /// An option's value as a number: a count, nanoseconds or bytes.
  public long number(String option) {
    return require(numbers.get(option), option);
  }

  /// An option's value as an `int`.
  public int count(String option) {
    return Math.toIntExact(number(option));
  }

  /// Most children of one process.
  public int fanout() {
    return count("fanout");
  }

  /// Slots per rank, 0 for the default of the way to run.
  public int slots() {
    return count("slots");
  }

  /// Time after which a silent rank is reported, in nanoseconds.
  public long livenessNs() {
    return number("liveness");
  }

  private static <T> T require(@Nullable T value, String option) {
    if (value == null) {
      throw new IllegalArgumentException(
          "unknown option: " + option + "; known: " + OPTIONS.keySet());
    }
    return value;
  }

  private static long check(Option option, String text) {
    long value =
        switch (option.kind()) {
          case TEXT -> 0;
          case COUNT -> parse(option, text, Pattern.compile("(-?\\d+)()"), _ -> "1");
          case BYTES ->
              parse(option, text, Pattern.compile("(-?\\d+)([kKmMgG]?)"), HeddleConfig::bytesUnit);
          case DURATION ->
              parse(
                  option,
                  text,
                  Pattern.compile("(-?\\d+)(ns|us|ms|s|m|h)?"),
                  HeddleConfig::durationUnit);
        };
    if (option.kind() != Kind.TEXT && (value < option.min() || value > option.max())) {
      throw new IllegalArgumentException(
          option.name()
              + "="
              + text
              + " is out of range: "
              + show(option, option.min())
              + " to "
              + show(option, option.max()));
    }
    return value;
  }

  private static String show(Option option, long value) {
    return switch (option.kind()) {
      case DURATION -> Duration.ofNanos(value).toString().substring(2).toLowerCase(Locale.ROOT);
      case BYTES -> value + " bytes";
      case COUNT, TEXT -> Long.toString(value);
    };
  }

  private static String bytesUnit(String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "k" -> "1024";
      case "m" -> "1048576";
      case "g" -> "1073741824";
      default -> "1";
    };
  }

  private static String durationUnit(String unit) {
    return switch (unit) {
      case "ns" -> "1";
      case "us" -> "1000";
      case "ms" -> "1000000";
      case "m" -> "60000000000";
      case "h" -> "3600000000000";
      default -> "1000000000";
    };
  }

  private static long parse(
      Option option, String text, Pattern pattern, UnaryOperator<String> unit) {
    Matcher matcher = pattern.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          option.name()
              + "="
              + text
              + " is not a "
              + switch (option.kind()) {
                case COUNT -> "whole number";
                case BYTES -> "size such as 65536, 64k, 256m or 1g";
                case DURATION, TEXT -> "duration such as 15s, 250ms or 2m";
              });
    }
    try {
      String suffix = matcher.group(2);
      return Math.multiplyExact(
          Long.parseLong(matcher.group(1)),
          Long.parseLong(unit.apply(suffix == null ? "" : suffix)));
    } catch (ArithmeticException | NumberFormatException tooLarge) {
      throw new IllegalArgumentException(
          option.name() + "=" + text + " is out of range: at most " + show(option, option.max()),
          tooLarge);
    }
  }

  /// Collects options; not thread-safe.
  public static final class Builder {
    private final UnaryOperator<@Nullable String> properties;
    private final UnaryOperator<@Nullable String> environment;
    private final Map<String, String> set = new LinkedHashMap<>();

    Builder(
        UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
      this.properties = properties;
      this.environment = environment;
    }

    /// Sets an option by its name and text.
    public Builder set(String option, String text) {
      require(OPTIONS.get(option), option);
      set.put(option, text);
      return this;
    }

    /// Most children of one process, 2 to 4,096; default 128.
    public Builder fanout(int fanout) {
      return set("fanout", Integer.toString(fanout));
    }

    /// Tasks at the same time on one rank; 0, the default, is the number of cores without MPI and 1
    /// with it.
    public Builder slots(int slots) {
      return set("slots", Integer.toString(slots));
    }

    /// Ranks inside this JVM when there is no MPI launcher; default 1.
    public Builder localRanks(int ranks) {
      return set("localRanks", Integer.toString(ranks));
    }

    /// Time within which a lost rank is reported; default 15 s.
    public Builder liveness(Duration liveness) {
      return set("liveness", liveness.toNanos() + "ns");
    }

    /// Tasks submitted and not done at most; default 1,000,000.
    public Builder pendingTasksMax(int tasks) {
      return set("pendingTasksMax", Integer.toString(tasks));
    }

    /// Packages whose classes may be sent, besides the JDK's; by default those of the main class
    /// and of the caller.
    public Builder serializablePackages(String... packages) {
      return set("serializablePackages", String.join(",", packages));
    }

    /// Checks every option and freezes them.
    public HeddleConfig build() {
      Map<String, String> texts = new LinkedHashMap<>();
      Map<String, String> sources = new LinkedHashMap<>();
      for (Option option : OPTIONS.values()) {
        String name = option.name();
        String fromBuilder = set.get(name);
        String fromProperty = properties.apply(option.property());
        String fromEnvironment = environment.apply(option.environment());
        if (fromBuilder != null) {
          texts.put(name, fromBuilder);
          sources.put(name, "builder");
        } else if (fromProperty != null && !fromProperty.isBlank()) {
          texts.put(name, fromProperty.strip());
          sources.put(name, "property");
        } else if (fromEnvironment != null && !fromEnvironment.isBlank()) {
          texts.put(name, fromEnvironment.strip());
          sources.put(name, "environment");
        } else {
          texts.put(name, option.defaultText());
          sources.put(name, "default");
        }
      }
      return new HeddleConfig(texts, sources);
    }
  }
}
