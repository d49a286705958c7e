package dev.heddle.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.HeddleConfig;
import dev.heddle.HeddleConfig.Option;
import dev.heddle.core.Limits;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Where options come from, what is refused, and how they reach the other ranks.
class ConfigurationTest {

  /// A builder over maps instead of this process's properties and environment.
  private static HeddleConfig.Builder builder(
      Map<String, String> properties, Map<String, String> environment)
      throws ReflectiveOperationException {
    Constructor<HeddleConfig.Builder> constructor =
        HeddleConfig.Builder.class.getDeclaredConstructor(UnaryOperator.class, UnaryOperator.class);
    constructor.setAccessible(true);
    UnaryOperator<@Nullable String> property = properties::get;
    UnaryOperator<@Nullable String> variable = environment::get;
    return constructor.newInstance(property, variable);
  }

  @Test
  void shouldPreferBuilderThenPropertyThenEnvironmentThenDefault() throws Exception {
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
  void shouldTakeABlankForUnset() throws Exception {
    HeddleConfig config =
        builder(Map.of("heddle.fanout", " "), Map.of("HEDDLE_FANOUT", "")).build();
    assertEquals(128, config.fanout());
    assertEquals("default", config.source("fanout"));
  }

  static Stream<Option> numbers() {
    return HeddleConfig.options().stream()
        .filter(option -> option.kind() != HeddleConfig.Kind.TEXT);
  }

  private static String refusal(String option, String text) {
    return Objects.requireNonNull(
        assertThrows(
                IllegalArgumentException.class, () -> HeddleConfig.fromMap(Map.of(option, text)))
            .getMessage());
  }

  private static String text(Option option, long value) {
    return value + (option.kind() == HeddleConfig.Kind.DURATION ? "ns" : "");
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void shouldHoldEveryOptionToItsBounds(Option option) {
    String name = option.name();
    assertEquals(
        option.min(), HeddleConfig.fromMap(Map.of(name, text(option, option.min()))).number(name));
    assertEquals(
        option.max(), HeddleConfig.fromMap(Map.of(name, text(option, option.max()))).number(name));
    for (long value : new long[] {option.min() - 1, option.max() + 1}) {
      String said = refusal(name, text(option, value));
      assertTrue(said.startsWith(name + "=" + value) && said.contains(" is out of range: "), said);
    }
    for (String wrong : new String[] {"many", "1.5", "12 34", "0x10", "5 parsecs", "--1"}) {
      String said = refusal(name, wrong);
      assertTrue(said.startsWith(name + "=" + wrong + " is not a "), said);
    }
    String huge = refusal(name, "99999999999999999999");
    assertTrue(huge.startsWith(name + "=9999") && huge.contains("out of range"), huge);
  }

  @Test
  void shouldNameUnknownOptions() {
    String said = refusal("fanOut", "4");
    assertTrue(said.contains("unknown option: fanOut") && said.contains("fanout"), said);
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
    "valueBytesMax, 3M, 3145728"
  })
  void shouldReadUnits(String option, String text, long expected) {
    assertEquals(expected, HeddleConfig.fromMap(Map.of(option, text)).number(option));
  }

  @Test
  void shouldReachTheOtherRanksUnchanged() {
    Map<String, String> sent = new LinkedHashMap<>(HeddleConfig.builder().build().toMap());
    sent.put("serializablePackages", "a b=c:d#!\\\u00fc\u20ac \u0009end ");
    sent.put("serializablePackages", "org.example,net.example");
    sent.put("fanout", "5");
    Map<String, String> received = Settings.fromBytes(Settings.toBytes(sent));
    assertEquals(sent, received);
    HeddleConfig config = HeddleConfig.fromMap(received);
    assertEquals(5, config.fanout());
    assertEquals(sent.get("serializablePackages"), config.text("serializablePackages"));
  }

  @Test
  void shouldReadWhatWasWrittenByHand() {
    Map<String, String> none = Map.of();
    assertEquals(none, Settings.fromBytes(Settings.toBytes(none)));
    assertArrayEquals(
        new String[] {"fanout"},
        Settings.fromBytes("fanout=3\n".getBytes(StandardCharsets.UTF_8))
            .keySet()
            .toArray(new String[0]));
  }

  @Test
  void shouldBoundTheProtocolByTheOptions() {
    HeddleConfig config =
        HeddleConfig.fromMap(Map.of("liveness", "7s", "inlineBytesMax", "1k", "prefetchMax", "3"));
    Limits limits = Settings.limits(config);
    assertEquals(7_000_000_000L, limits.livenessNs());
    assertEquals(1024, limits.inlineBytesMax());
    assertEquals(3, limits.prefetchMax());
    assertTrue(limits.frameBytesMax() > config.number("valueBytesMax"));
  }
}
