package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.HeddleConfig.Kind;
import dev.heddle.HeddleConfig.Option;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The sources of options, the texts that are refused, and the words of each refusal.
class HeddleConfigTest {

  /// A builder over maps instead of this process's properties and environment.
  private static HeddleConfig.Builder builder(
      Map<String, String> properties, Map<String, String> environment) {
    Properties own = new Properties();
    own.putAll(properties);
    return new HeddleConfig.Builder(own, environment);
  }

  private static HeddleConfig.Builder builder() {
    return builder(Map.of(), Map.of());
  }

  private static String refusal(Executable code) {
    return Objects.requireNonNull(
        assertThrows(IllegalArgumentException.class, code).getMessage(), "a message");
  }

  private static String refusal(String option, String text) {
    return refusal(() -> HeddleConfig.fromMap(Map.of(option, text)));
  }

  @Test
  void shouldPreferBuilderThenPropertyThenEnvironmentThenDefault() {
    Map<String, String> environment =
        Map.of("HEDDLE_FANOUT", "4", "HEDDLE_SLOTS", "5", "HEDDLE_LOCAL_RANKS", " 6 ");
    Map<String, String> properties = Map.of("heddle.fanout", "7", "heddle.slots", "8");
    HeddleConfig config = builder(properties, environment).fanout(9).build();
    assertEquals(9, config.fanout());
    assertEquals("builder", config.source("fanout"));
    assertEquals(8, config.slots());
    assertEquals("property", config.source("slots"));
    assertEquals(6, config.count("localRanks"));
    assertEquals("environment", config.source("localRanks"));
    assertEquals(15_000_000_000L, config.livenessNs());
    assertEquals("default", config.source("liveness"));
  }

  @Test
  void shouldTakeABlankForUnset() {
    HeddleConfig config =
        builder(Map.of("heddle.fanout", " "), Map.of("HEDDLE_FANOUT", "")).build();
    assertEquals(128, config.fanout());
    assertEquals("default", config.source("fanout"));
  }

  static Stream<Option> numbers() {
    return HeddleConfig.options().stream()
        .filter(option -> option.kind() != Kind.TEXT && option.kind() != Kind.CHOICE);
  }

  private static String text(Option option, long value) {
    return value + (option.kind() == Kind.DURATION ? "ns" : "");
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void shouldHoldEveryOptionToItsBounds(Option option) {
    String name = option.name();
    for (long value : new long[] {option.min(), option.max()}) {
      assertEquals(value, HeddleConfig.fromMap(Map.of(name, text(option, value))).number(name));
      String shown = OptionText.show(option, value);
      assertEquals(value, HeddleConfig.fromMap(Map.of(name, shown)).number(name), shown);
    }
    for (long value : new long[] {option.min() - 1, option.max() + 1}) {
      String text = text(option, value);
      assertEquals(name + "=" + text + " is out of range: " + option.bounds(), refusal(name, text));
    }
    for (String wrong :
        new String[] {"many", "1.5", "12 34", "0x10", "5 parsecs", "--1", "", "s"}) {
      String said = refusal(name, wrong);
      assertTrue(said.startsWith(name + "=" + wrong + " is not a "), said);
      assertTrue(said.endsWith("; allowed: " + option.bounds()), said);
    }
    List<String> huge = new ArrayList<>(List.of("99999999999999999999", "-99999999999999999999"));
    huge.add("9223372036854775807" + (option.kind() == Kind.DURATION ? "h" : ""));
    for (String text : huge) {
      assertEquals(name + "=" + text + " is out of range: " + option.bounds(), refusal(name, text));
    }
  }

  @Test
  void shouldHoldChoicesToTheirWords() {
    for (Option option : HeddleConfig.options()) {
      if (option.kind() == Kind.CHOICE) {
        for (String choice : option.choices()) {
          HeddleConfig config = HeddleConfig.fromMap(Map.of(option.name(), choice));
          assertEquals(choice, config.text(option.name()));
          assertEquals(option.choices().indexOf(choice), config.number(option.name()));
        }
        for (String wrong : new String[] {"", "yes", "0", "ON"}) {
          assertEquals(
              option.name() + "=" + wrong + " is none of " + String.join(", ", option.choices()),
              refusal(option.name(), wrong));
        }
      }
    }
    assertEquals(List.of("collect", "files", "inherit"), OptionTable.get("taskOutput").choices());
  }

  @Test
  void shouldNameTheWayAWrongValueCame() {
    assertEquals(
        "HEDDLE_FANOUT=x is not a whole number; allowed: 2 to 4096",
        refusal(() -> builder(Map.of(), Map.of("HEDDLE_FANOUT", "x")).build()));
    assertEquals(
        "-Dheddle.fanout=1 is out of range: 2 to 4096",
        refusal(() -> builder(Map.of("heddle.fanout", "1"), Map.of()).build()));
    assertEquals("fanout=1 is out of range: 2 to 4096", refusal(() -> builder().fanout(1).build()));
    assertEquals(
        "liveness=100ms is out of range: 200ms to 1h",
        refusal(() -> builder().liveness(Duration.ofMillis(100)).build()));
    assertEquals(
        "startTimeout=9223372036854775807s is out of range: 1s to 24h",
        refusal(() -> builder().startTimeout(Duration.ofSeconds(Long.MAX_VALUE)).build()));
    assertEquals(
        "memoBytesMax=-1 is out of range: 0 to 1t",
        refusal(() -> builder().memoBytesMax(-1).build()));
  }

  @ParameterizedTest
  @CsvSource({
    "fanOut, fanout",
    "fanotu, fanout",
    "slot, slots",
    "livenes, liveness",
    "localranks, localRanks",
    "inlineByteMax, inlineBytesMax",
    "parkmax, parkMax"
  })
  void shouldGuessWhatAMisspeltNameMeans(String wrong, String meant) {
    String known = OptionTable.get(meant).environment();
    String variable =
        wrong.equals("fanOut") || wrong.equals("localranks") || wrong.equals("parkmax")
            ? known + "S"
            : "HEDDLE_" + wrong.replaceAll("([A-Z])", "_$1").toUpperCase(java.util.Locale.ROOT);
    assertEquals("unknown option: " + wrong + "; did you mean " + meant + "?", refusal(wrong, "4"));
    assertEquals(
        "unknown option: -Dheddle." + wrong + "=4; did you mean heddle." + meant + "?",
        refusal(() -> builder(Map.of("heddle." + wrong, "4"), Map.of()).build()));
    assertEquals(
        "unknown option: " + variable + "=4; did you mean " + known + "?",
        refusal(() -> builder(Map.of(), Map.of(variable, "4")).build()));
  }

  @Test
  void shouldGuessNothingFromAFarAwayName() {
    assertEquals(
        "unknown option: zzzzzzzz; 'heddle config' lists all that there are",
        refusal("zzzzzzzz", "4"));
    assertNull(OptionTable.nearest("QWERTZ", List.of("FANOUT", "DIRTY"), 3));
  }

  /// Variables that Lmod, Spack, EasyBuild and Cray's modules set for a package of our name.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ROOT",
        "DIR",
        "BIN",
        "INC",
        "LIB",
        "VERSION",
        "BASE",
        "PREFIX",
        "LICENSE",
        "INCLUDE",
        "HOME",
        "DOC",
        "CC",
        "PATH",
        "JAVA_HOEM"
      })
  void shouldLetVariablesOfModulesBe(String name) {
    assertEquals(128, builder(Map.of(), Map.of("HEDDLE_" + name, "/opt/heddle")).build().fanout());
  }

  @Test
  void shouldLetOtherNamesBe() {
    HeddleConfig config =
        builder(
                Map.of(
                    "heddle.mpi", "mpich", "heddle.nativeDir", "/x", "heddle.test.y", "1", "a", ""),
                Map.of("HEDDLE_RUN_DIR", "/x", "HEDDLE_TEST_MARK", "1", "PATH", "", "HEDDLES", ""))
            .build();
    assertEquals(128, config.fanout());
  }

  @ParameterizedTest
  @CsvSource({
    "liveness, 250ms, 250000000",
    "liveness, 2m, 120000000000",
    "liveness, 3, 3000000000",
    "startTimeout, 1h, 3600000000000",
    "parkMax, 20us, 20000",
    "inlineBytesMax, 64k, 65536",
    "inlineBytesMax, 300, 300",
    "cacheBytesMax, 1G, 1073741824",
    "memoBytesMax, 1t, 1099511627776",
    "valueBytesMax, 3M, 3145728"
  })
  void shouldReadUnits(String option, String text, long expected) {
    assertEquals(expected, HeddleConfig.fromMap(Map.of(option, text)).number(option));
  }

  /// Each option has a setter of its name, and the value given there arrives.
  @Test
  void shouldHaveASetterForEveryOption() throws ReflectiveOperationException {
    for (Option option : HeddleConfig.options()) {
      List<Method> setters =
          Arrays.stream(HeddleConfig.Builder.class.getMethods())
              .filter(method -> method.getName().equals(option.name()))
              .toList();
      assertEquals(1, setters.size(), option.name());
      Method setter = setters.getFirst();
      Class<?> type = setter.getParameterTypes()[0];
      long number = option.kind() == Kind.DURATION ? 200_000_000L : Math.max(option.min(), 512);
      Object given =
          type == int.class
              ? (Object) (int) number
              : type == long.class
                  ? (Object) Math.max(number, 65536)
                  : type == Duration.class
                      ? Duration.ofNanos(Math.max(number, option.min()))
                      : type == boolean.class
                          ? (Object) false
                          : type == String.class
                              ? option.choices().getLast()
                              : new String[] {"a", "b"};
      HeddleConfig.Builder builder = builder();
      assertEquals(builder, setter.invoke(builder, given));
      HeddleConfig config = builder.build();
      assertEquals("builder", config.source(option.name()));
      Object expected =
          switch (given) {
            case Integer count -> (long) count;
            case Duration time -> time.toNanos();
            case String _, Boolean _ -> option.choices().size() - 1L;
            case String[] _ -> 0L;
            default -> given;
          };
      assertEquals(expected, config.number(option.name()), option.name());
      for (Option other : HeddleConfig.options()) {
        assertEquals(other.equals(option) ? "builder" : "default", config.source(other.name()));
      }
    }
    assertEquals(
        "a,b", builder().serializablePackages("a", "b").build().text("serializablePackages"));
  }

  @Test
  void shouldHaveDefaultsThatAreAllowed() {
    HeddleConfig config = builder().build();
    HeddleConfig again = HeddleConfig.fromMap(config.toMap());
    assertEquals(config.toMap(), again.toMap());
    assertArrayEquals(
        HeddleConfig.options().stream().map(Option::name).toArray(),
        config.toMap().keySet().toArray());
  }
}
