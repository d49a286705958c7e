package dev.heddle;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The configuration of a run: checked once, then immutable. Rank 0's is sent to all ranks.
///
/// Shape: every option `x` is also the property `heddle.x` and the environment variable `HEDDLE_X`
/// (`localRanks` is `HEDDLE_LOCAL_RANKS`); the order is builder, property, environment, default.
/// Durations are written `15s`, `250ms`, `2m`, sizes `64k`, `256m`, `1g`. `heddle config` prints
/// all options. Errors: [IllegalArgumentException] names option, value and bounds.
public final class HeddleConfig {

  /// One option: its name, its form, its meaning.
  ///
  /// @param name as in the property `heddle.name`
  /// @param kind how its text is read
  /// @param defaultText the value where no other value is given
  /// @param unit the unit of a number without a suffix; `s` for durations
  /// @param min lowest value; nanoseconds for durations, bytes for sizes
  /// @param max highest value, in the same unit
  /// @param choices the words allowed; empty unless `kind` is [Kind#CHOICE]
  /// @param meaning one sentence, with unit and trade-off
  public record Option(
      String name,
      Kind kind,
      String defaultText,
      String unit,
      long min,
      long max,
      List<String> choices,
      String meaning) {
    /// Name of the environment variable.
    ///
    /// @return `HEDDLE_` and the name in capitals: `HEDDLE_PARK_MAX` for `parkMax`
    public String environment() {
      return "HEDDLE_" + name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }

    /// Name of the system property.
    ///
    /// @return `heddle.` and the name
    public String property() {
      return "heddle." + name;
    }

    /// The allowed values, for people.
    ///
    /// @return as in `200ms to 1h` or `collect, files, inherit`; empty for free text
    public String bounds() {
      return OptionText.bounds(this);
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
    /// One of a few words.
    CHOICE,
    /// Free text.
    TEXT
  }

  private final Map<String, String> texts;
  private final Map<String, String> sources;
  private final Map<String, Long> numbers;

  private HeddleConfig(
      Map<String, String> texts, Map<String, String> sources, Map<String, Long> numbers) {
    this.texts = texts;
    this.sources = sources;
    this.numbers = numbers;
  }

  /// All options.
  ///
  /// @return in the order of the documentation
  public static List<Option> options() {
    return List.copyOf(OptionTable.all());
  }

  /// A builder over the properties and the environment of this process.
  ///
  /// @return a builder with no option set
  public static Builder builder() {
    return new Builder(System.getProperties(), System.getenv());
  }

  /// The configuration that another rank sent by [#toMap()].
  ///
  /// @param texts the texts that it sent
  /// @return the same configuration
  /// @throws IllegalArgumentException for an option that isn't known here, or a wrong value
  public static HeddleConfig fromMap(Map<String, String> texts) {
    Builder builder = new Builder(new Properties(), Map.of());
    for (Map.Entry<String, String> text : texts.entrySet()) {
      builder.set(text.getKey(), text.getValue());
    }
    return builder.build();
  }

  /// Every option's text, for another rank.
  ///
  /// @return unmodifiable, by name
  public Map<String, String> toMap() {
    return Collections.unmodifiableMap(texts);
  }

  /// The origin of an option's value.
  ///
  /// @param option its name, such as `parkMax`
  /// @return `builder`, `property`, `environment` or `default`
  /// @throws IllegalArgumentException where there is no such option
  public String source(String option) {
    return of(sources, option);
  }

  /// An option's value as text.
  ///
  /// @param option its name, such as `parkMax`
  /// @return as it was given
  /// @throws IllegalArgumentException where there is no such option
  public String text(String option) {
    return of(texts, option);
  }

  /// An option's value as a number.
  ///
  /// @param option its name, such as `parkMax`
  /// @return a count, nanoseconds, bytes, or the index of a choice
  /// @throws IllegalArgumentException where there is no such option
  public long number(String option) {
    return of(numbers, option);
  }

  /// An option's value as an `int`.
  ///
  /// @param option its name, such as `fanout`
  /// @return as [#number(String)]
  /// @throws IllegalArgumentException where there is no such option
  /// @throws ArithmeticException where the value needs a `long`
  public int count(String option) {
    return Math.toIntExact(number(option));
  }

  /// Most children of one process.
  ///
  /// @return 2 to 4,096
  public int fanout() {
    return count("fanout");
  }

  /// Slots per rank.
  ///
  /// @return number of slots; 0 for the default, which differs with and without MPI
  public int slots() {
    return count("slots");
  }

  /// Time after which a silent rank is reported.
  ///
  /// @return nanoseconds
  public long livenessNs() {
    return number("liveness");
  }

  private static <T> T of(Map<String, T> values, String option) {
    T value = values.get(OptionTable.get(option).name());
    if (value == null) {
      throw new IllegalStateException("an option without a value: " + option);
    }
    return value;
  }

  /// Collects options; not thread-safe. Before [#build()] only names are checked.
  public static final class Builder {
    private final Properties properties;
    private final Map<String, String> environment;
    private final Map<String, String> set = new LinkedHashMap<>();

    Builder(Properties properties, Map<String, String> environment) {
      this.properties = properties;
      this.environment = environment;
    }

    /// Sets an option by its name and text.
    ///
    /// @param option its name, such as `parkMax`
    /// @param text its value, written as in a property
    /// @return this builder
    /// @throws IllegalArgumentException where there is no such option; names the nearest option
    public Builder set(String option, String text) {
      set.put(OptionTable.get(option).name(), text);
      return this;
    }

    /// Most children of one process, 2 to 4,096; default 128.
    ///
    /// @param fanout number of children
    /// @return this builder
    public Builder fanout(int fanout) {
      return set("fanout", Integer.toString(fanout));
    }

    /// Tasks at the same time on one rank, up to 4,096; 0, the default, is the number of cores
    /// without MPI and 1 with it.
    ///
    /// @param slots number of tasks
    /// @return this builder
    public Builder slots(int slots) {
      return set("slots", Integer.toString(slots));
    }

    /// Ranks inside this JVM when there is no MPI launcher, up to 1,024; default 1.
    ///
    /// @param ranks number of ranks
    /// @return this builder
    public Builder localRanks(int ranks) {
      return set("localRanks", Integer.toString(ranks));
    }

    /// Time within which a lost rank is reported, 200 ms to 1 h; default 15 s.
    ///
    /// @param liveness time span
    /// @return this builder
    public Builder liveness(Duration liveness) {
      return set("liveness", OptionText.text(liveness));
    }

    /// Time after which a start-up is given up, 1 s to 24 h; default 120 s.
    ///
    /// @param timeout time span
    /// @return this builder
    public Builder startTimeout(Duration timeout) {
      return set("startTimeout", OptionText.text(timeout));
    }

    /// Whether hosts whose class path differs from rank 0's are refused at the start; default true.
    ///
    /// @param isOn false leaves the comparison out
    /// @return this builder
    public Builder classCheck(boolean isOn) {
      return set("classCheck", isOn ? "on" : "off");
    }

    /// Tasks submitted and not done, 1 to 2^30; default 1,000,000.
    ///
    /// @param tasks number of tasks
    /// @return this builder
    public Builder pendingTasksMax(int tasks) {
      return set("pendingTasksMax", Integer.toString(tasks));
    }

    /// Bytes of a value that travels with each task that uses it, 256 to 1 MiB; default 32 KiB.
    ///
    /// @param bytes number of bytes
    /// @return this builder
    public Builder inlineBytesMax(long bytes) {
      return set("inlineBytesMax", Long.toString(bytes));
    }

    /// Bytes of the largest argument or result, 1 KiB to 2 GiB; default 1 GiB.
    ///
    /// @param bytes number of bytes
    /// @return this builder
    public Builder valueBytesMax(long bytes) {
      return set("valueBytesMax", Long.toString(bytes));
    }

    /// Bytes of large messages that a rank receives at the same time, 64 KiB to 1 TiB; default 256
    /// MiB.
    ///
    /// @param bytes number of bytes
    /// @return this builder
    public Builder inFlightBulkBytesMax(long bytes) {
      return set("inFlightBulkBytesMax", Long.toString(bytes));
    }

    /// Bytes of large values that a rank keeps for further tasks, up to 1 TiB; default 256 MiB.
    ///
    /// @param bytes number of bytes
    /// @return this builder
    public Builder cacheBytesMax(long bytes) {
      return set("cacheBytesMax", Long.toString(bytes));
    }

    /// Bytes of results that rank 0 keeps for memoized calls, up to 1 TiB; default 64 MiB.
    ///
    /// @param bytes number of bytes
    /// @return this builder
    public Builder memoBytesMax(long bytes) {
      return set("memoBytesMax", Long.toString(bytes));
    }

    /// Tasks that a worker holds beyond its slots at most, up to 65,536; default 1,024. Only tasks
    /// of functions that are known to be short wait there, enough for about a millisecond. With 0
    /// these tasks wait on rank 0 too.
    ///
    /// @param tasks number of tasks
    /// @return this builder
    public Builder prefetchMax(int tasks) {
      return set("prefetchMax", Integer.toString(tasks));
    }

    /// Depth of joins in joins, 1 to 10,000,000; default 100,000.
    ///
    /// @param joins number of joins
    /// @return this builder
    public Builder joinDepthMax(int joins) {
      return set("joinDepthMax", Integer.toString(joins));
    }

    /// Where the output of tasks goes: `collect`, the default, `files` or `inherit`.
    ///
    /// @param choice `collect`, `files` or `inherit`
    /// @return this builder
    public Builder taskOutput(String choice) {
      return set("taskOutput", choice);
    }

    /// Bytes of tasks' output that one rank sends to rank 0, up to 1 GiB; default 1 MiB.
    ///
    /// @param bytes number of bytes
    /// @return this builder
    public Builder taskOutputBytesMax(long bytes) {
      return set("taskOutputBytesMax", Long.toString(bytes));
    }

    /// Packages whose classes may be sent, besides the JDK's; by default the packages of the main
    /// class and of the caller.
    ///
    /// @param packages their names; classes in packages below count too
    /// @return this builder
    public Builder serializablePackages(String... packages) {
      return set("serializablePackages", String.join(",", packages));
    }

    /// Longest sleep of an idle rank, 10 µs to 1 s; default 1 ms. Where more than 8 ranks share a
    /// core the sleep is longer in proportion, up to 10 ms, since each look takes 20 µs of the
    /// core.
    ///
    /// @param park time span
    /// @return this builder
    public Builder parkMax(Duration park) {
      return set("parkMax", OptionText.text(park));
    }

    /// Checks and freezes all options.
    ///
    /// @return every option with its value
    /// @throws IllegalArgumentException names option, value and bounds, or a property or variable
    ///   that begins as options do but isn't an option
    public HeddleConfig build() {
      for (String name : properties.stringPropertyNames()) {
        OptionTable.checkProperty(name, properties.getProperty(name));
      }
      environment.forEach(OptionTable::checkVariable);
      Map<String, String> texts = new LinkedHashMap<>();
      Map<String, String> sources = new HashMap<>();
      Map<String, Long> numbers = new HashMap<>();
      for (Option option : OptionTable.all()) {
        String name = option.name();
        String fromBuilder = set.get(name);
        String fromProperty = filled(properties.getProperty(option.property()));
        String fromEnvironment = filled(environment.get(option.environment()));
        String text;
        String given;
        if (fromBuilder != null) {
          text = fromBuilder;
          given = name;
          sources.put(name, "builder");
        } else if (fromProperty != null) {
          text = fromProperty;
          given = "-D" + option.property();
          sources.put(name, "property");
        } else if (fromEnvironment != null) {
          text = fromEnvironment;
          given = option.environment();
          sources.put(name, "environment");
        } else {
          text = option.defaultText();
          given = name;
          sources.put(name, "default");
        }
        texts.put(name, text);
        numbers.put(name, OptionText.number(option, text, given + "=" + text));
      }
      return new HeddleConfig(texts, sources, numbers);
    }

    private static @Nullable String filled(@Nullable String text) {
      return text == null || text.isBlank() ? null : text.strip();
    }
  }
}
