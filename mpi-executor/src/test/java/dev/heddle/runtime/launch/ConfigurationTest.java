package dev.heddle.runtime.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.HeddleConfig;
import dev.heddle.core.link.Limits;
import dev.heddle.runtime.engine.Settings;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How options reach the other ranks and the rooms below.
class ConfigurationTest {

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
  void shouldRefuseWhatWasCutOff() {
    Map<String, String> none = Map.of();
    assertEquals(none, Settings.fromBytes(Settings.toBytes(none)));
    byte[] whole = Settings.toBytes(Map.of("fanout", "3"));
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(UncheckedIOException.class, () -> Settings.fromBytes(part));
    }
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
