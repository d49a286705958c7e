package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Values whose encoding needs no array.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ShortEncodingTest {
  private static final List<@Nullable Object> SHORT =
      Arrays.asList(
          null,
          true,
          false,
          0,
          -1,
          Integer.MIN_VALUE,
          0L,
          -1L,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          0.0,
          -0.0,
          Double.NaN,
          Double.MIN_VALUE,
          -1e300);

  private final ValueCodec codec =
      new ValueCodec(ShortEncodingTest.class.getClassLoader(), List.of("dev.heddle.codec"));

  @Test
  void shouldBeTheBytesOfTheEncoding() {
    for (Object value : SHORT) {
      byte[] bytes = new byte[ShortEncoding.length(value)];
      bytes[0] = ShortEncoding.head(value);
      for (int i = 1; i < bytes.length; i++) {
        bytes[i] = (byte) (ShortEncoding.tail(value) >>> (8 * (i - 1)));
      }
      assertArrayEquals(codec.encode(value, "value"), bytes, "value=" + value);
    }
  }

  @Test
  void shouldDecodeWhatItEncodes() {
    for (Object value : SHORT) {
      assertEquals(
          value,
          codec.decodeShort(
              ShortEncoding.length(value), ShortEncoding.head(value), ShortEncoding.tail(value)));
    }
  }

  @Test
  void shouldLeaveOtherValuesAlone() {
    for (Object value : List.of("", "text", (short) 1, 'c', 1f, List.of(), new int[0])) {
      assertEquals(0, ShortEncoding.length(value), "value=" + value);
    }
  }

  @Test
  void shouldDecodeAnyShortEncoding() {
    // a short string: it isn't a number, and yet takes at most nine bytes
    byte[] bytes = codec.encode("abcd", "value");
    long tail = 0;
    for (int i = bytes.length - 1; i > 0; i--) {
      tail = tail << 8 | bytes[i];
    }
    assertEquals("abcd", codec.decodeShort(bytes.length, bytes[0], tail));
  }
}
