package dev.heddle.codec;

import dev.heddle.codec.form.Naming;
import dev.heddle.codec.form.Tags;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.AbstractMap;
import java.util.BitSet;
import java.util.DoubleSummaryStatistics;
import java.util.IntSummaryStatistics;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes and reads the JDK's single values, each in the layout of its tag.
///
/// Threading: one encode or decode, one thread. Errors: [Refusal] for a value that can't be made
/// again; [ValueCodec] wraps exceptions of constructors for bad content.
final class JdkValues {
  private JdkValues() {}

  static void write(ValueWriter out, Object value, int tag) {
    out.putByte(tag);
    switch (value) {
      case BigInteger v -> out.putBytes(v.toByteArray());
      case BigDecimal v -> {
        out.putInt(v.scale());
        out.putBytes(v.unscaledValue().toByteArray());
      }
      case UUID v -> {
        out.putLong(v.getMostSignificantBits());
        out.putLong(v.getLeastSignificantBits());
      }
      case Duration v -> {
        out.putLong(v.getSeconds());
        out.putInt(v.getNano());
      }
      case Instant v -> {
        out.putLong(v.getEpochSecond());
        out.putInt(v.getNano());
      }
      case LocalDate v -> out.putLong(v.toEpochDay());
      case LocalTime v -> out.putLong(v.toNanoOfDay());
      case LocalDateTime v -> {
        out.putLong(v.toLocalDate().toEpochDay());
        out.putLong(v.toLocalTime().toNanoOfDay());
      }
      case BitSet v -> out.putBytes(v.toByteArray());
      case URI v -> out.putString(v.toString());
      case Path v -> {
        if (!v.getFileSystem().equals(FileSystems.getDefault())) {
          throw Refusal.of(v, "it lies in a file system of its own; send its text or its bytes");
        }
        out.putString(v.toString());
      }
      case Charset v -> out.putString(v.name());
      case IntSummaryStatistics v -> {
        out.putLong(v.getCount());
        out.putInt(v.getMin());
        out.putInt(v.getMax());
        out.putLong(v.getSum());
      }
      case LongSummaryStatistics v -> {
        out.putLong(v.getCount());
        out.putLong(v.getMin());
        out.putLong(v.getMax());
        out.putLong(v.getSum());
      }
      case DoubleSummaryStatistics v -> writeStatistics(out, v);
      case Map.Entry<?, ?> v -> {
        String name = Naming.of(v.getClass());
        writePart(out, v.getKey(), name + " key");
        writePart(out, v.getValue(), name + " value");
      }
      default -> writeOptional(out, value, tag);
    }
  }

  private static void writeOptional(ValueWriter out, Object value, int tag) {
    switch (value) {
      case Optional<?> v -> writePart(out, v.orElse(null), "Optional");
      case OptionalInt v -> out.write(v.isPresent() ? (Object) v.getAsInt() : null);
      case OptionalLong v -> out.write(v.isPresent() ? (Object) v.getAsLong() : null);
      case OptionalDouble v -> out.write(v.isPresent() ? (Object) v.getAsDouble() : null);
      default -> {
        if (tag != Tags.PLAIN_OBJECT) {
          throw new IllegalStateException("no layout for tag=" + tag + " " + value.getClass());
        }
      }
    }
  }

  private static void writePart(ValueWriter out, @Nullable Object part, String step) {
    try {
      out.write(part);
    } catch (Refusal refusal) {
      throw refusal.at(step);
    }
  }

  private static void writeStatistics(ValueWriter out, DoubleSummaryStatistics v) {
    try {
      Object _ = new DoubleSummaryStatistics(v.getCount(), v.getMin(), v.getMax(), v.getSum());
    } catch (IllegalArgumentException e) {
      // -Infinity and Infinity, whose sum is NaN
      throw Refusal.of(
          v, "statistics with both infinities can't be made again; send count, min, max and sum");
    }
    out.putLong(v.getCount());
    out.putLong(Double.doubleToRawLongBits(v.getMin()));
    out.putLong(Double.doubleToRawLongBits(v.getMax()));
    out.putLong(Double.doubleToRawLongBits(v.getSum()));
  }

  static Object read(ValueReader in, int tag) {
    return switch (tag) {
      case Tags.BIG_INTEGER -> new BigInteger(in.getBytes());
      case Tags.BIG_DECIMAL -> {
        int scale = in.getInt();
        yield new BigDecimal(new BigInteger(in.getBytes()), scale);
      }
      case Tags.UUID -> new UUID(in.getLong(), in.getLong());
      case Tags.DURATION -> Duration.ofSeconds(in.getLong(), in.getInt());
      case Tags.INSTANT -> Instant.ofEpochSecond(in.getLong(), in.getInt());
      case Tags.LOCAL_DATE -> LocalDate.ofEpochDay(in.getLong());
      case Tags.LOCAL_TIME -> LocalTime.ofNanoOfDay(in.getLong());
      case Tags.LOCAL_DATE_TIME ->
          LocalDateTime.of(LocalDate.ofEpochDay(in.getLong()), LocalTime.ofNanoOfDay(in.getLong()));
      case Tags.BIT_SET -> BitSet.valueOf(in.getBytes());
      case Tags.URI -> URI.create(in.getString());
      case Tags.PATH -> Path.of(in.getString());
      case Tags.CHARSET -> Charset.forName(in.getString());
      case Tags.OPTIONAL -> Optional.ofNullable(in.read());
      case Tags.OPTIONAL_INT ->
          in.read() instanceof Integer i ? OptionalInt.of(i) : OptionalInt.empty();
      case Tags.OPTIONAL_LONG ->
          in.read() instanceof Long l ? OptionalLong.of(l) : OptionalLong.empty();
      case Tags.OPTIONAL_DOUBLE ->
          in.read() instanceof Double d ? OptionalDouble.of(d) : OptionalDouble.empty();
      case Tags.ENTRY -> new AbstractMap.SimpleImmutableEntry<>(in.read(), in.read());
      case Tags.MAP_ENTRY ->
          Map.entry(Objects.requireNonNull(in.read()), Objects.requireNonNull(in.read()));
      case Tags.INT_STATISTICS ->
          new IntSummaryStatistics(in.getLong(), in.getInt(), in.getInt(), in.getLong());
      case Tags.LONG_STATISTICS ->
          new LongSummaryStatistics(in.getLong(), in.getLong(), in.getLong(), in.getLong());
      case Tags.DOUBLE_STATISTICS ->
          new DoubleSummaryStatistics(in.getLong(), in.getDouble(), in.getDouble(), in.getDouble());
      case Tags.PLAIN_OBJECT -> new Object();
      default -> throw ByteInput.malformed("unknown tag=" + tag);
    };
  }
}
