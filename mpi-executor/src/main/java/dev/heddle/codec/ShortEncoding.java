package dev.heddle.codec;

import dev.heddle.codec.form.Tags;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The encodings of values that need no array: null, booleans and the most frequent numbers, in a
/// byte and a long.
///
/// Shape: the bytes are those of [ValueCodec#encode], which [ValueCodec#decodeShort] reads too.
/// Threading: stateless.
public final class ShortEncoding {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private ShortEncoding() {}

  /// The encoding itself, or null for any other value.
  static byte @Nullable [] of(@Nullable Object value) {
    return switch (length(value)) {
      case 1 -> new byte[] {head(value)};
      case 5 -> tagged((int) tail(value));
      case 9 -> tagged(head(value), tail(value));
      default -> null;
    };
  }

  /// Bytes of the encoding where it needs no array, at most nine; 0 for any other value.
  public static int length(@Nullable Object value) {
    // not a switch: see FlatValues
    if (value instanceof Long || value instanceof Double) {
      return 9;
    }
    if (value instanceof Integer) {
      return 5;
    }
    return value == null || value instanceof Boolean ? 1 : 0;
  }

  /// The first byte of the encoding of a value that has a [#length].
  public static byte head(@Nullable Object value) {
    if (value == null) {
      return Tags.NULL;
    }
    if (value instanceof Long) {
      return Tags.LONG;
    }
    if (value instanceof Double) {
      return Tags.DOUBLE;
    }
    if (value instanceof Integer) {
      return Tags.INTEGER;
    }
    if (value instanceof Boolean is) {
      return (byte) (is ? Tags.TRUE : Tags.FALSE);
    }
    throw new IllegalArgumentException("not short: " + value.getClass().getName());
  }

  /// The other bytes of that encoding, the lowest first.
  public static long tail(@Nullable Object value) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Double number) {
      return Double.doubleToRawLongBits(number);
    }
    return value instanceof Integer number ? number & 0xffff_ffffL : 0;
  }

  static byte[] tagged(int tag, long bits) {
    byte[] bytes = new byte[9];
    bytes[0] = (byte) tag;
    LONG.set(bytes, 1, bits);
    return bytes;
  }

  private static byte[] tagged(int value) {
    byte[] bytes = new byte[5];
    bytes[0] = Tags.INTEGER;
    INT.set(bytes, 1, value);
    return bytes;
  }
}
