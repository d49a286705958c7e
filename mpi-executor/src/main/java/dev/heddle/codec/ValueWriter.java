package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.SerializedLambda;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Writes one value into a growing array, in the layout of [Tags].
///
/// Shape: a tree; an object reached twice is written twice. Futures become indexes if there is a
/// sink for them; then the result is a template. Threading: one encode, one thread. Errors:
/// [Refusal] where our format ends.
final class ValueWriter {
  /// Deepest nesting: at about 600 bytes of stack per level, a thread of 256 KiB still holds it.
  static final int DEPTH_MAX = 256;

  /// What stands before the value of a template: its tag and the count of futures.
  static final int TEMPLATE_HEAD_BYTES = 5;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Strings up to here are copied char by char: cheaper than two passes with an allocation.
  private static final int SHORT_STRING_CHARS = 48;

  private final ValueCodec codec;
  private byte[] bytes;
  private int position;
  private int depth;
  private Class<?>[] classes = {};
  private int classCount;
  private final @Nullable FutureSink futures;
  private int futureCount;
  private final boolean withParts;

  /// With `withParts`, ordinary objects go to Fory one by one instead of ending our format.
  ValueWriter(
      ValueCodec codec, int bytesExpected, @Nullable FutureSink futures, boolean withParts) {
    this.codec = codec;
    this.bytes = new byte[bytesExpected];
    this.futures = futures;
    this.withParts = withParts;
  }

  byte[] result() {
    if (futureCount > 0) {
      byte[] template = new byte[Math.addExact(TEMPLATE_HEAD_BYTES, position)];
      template[0] = Tags.TEMPLATE;
      INT.set(template, 1, futureCount);
      System.arraycopy(bytes, 0, template, TEMPLATE_HEAD_BYTES, position);
      return template;
    }
    return position == bytes.length ? bytes : Arrays.copyOf(bytes, position);
  }

  /// Makes room for `count` more bytes.
  private void reserve(long count) {
    long needed = position + count;
    if (needed > bytes.length) {
      if (needed > Integer.MAX_VALUE - 16) {
        throw new TaskSerializationException(
            "larger than 2 GiB when encoded: split it, or send a file's name", null);
      }
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, bytes.length * 2L)));
    }
  }

  private void putByte(int value) {
    reserve(1);
    bytes[position++] = (byte) value;
  }

  private void putInt(int value) {
    reserve(4);
    INT.set(bytes, position, value);
    position += 4;
  }

  private void putLong(long value) {
    reserve(8);
    LONG.set(bytes, position, value);
    position += 8;
  }

  private void putCount(int value) {
    reserve(5);
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
  }

  private void putBytes(byte[] value) {
    putCount(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, position, value.length);
    position += value.length;
  }

  /// Writes any value with its tag.
  void write(@Nullable Object value) {
    // not a switch: see FlatValues
    if (value == null) {
      putByte(Tags.NULL);
    } else if (value instanceof String text) {
      writeString(text);
    } else if (value instanceof Number number) {
      writeNumber(number);
    } else if (value instanceof Boolean is) {
      putByte(is ? Tags.TRUE : Tags.FALSE);
    } else if (value instanceof Character character) {
      putByte(Tags.CHARACTER);
      putShort((short) (char) character);
    } else {
      writeNested(value);
    }
  }

  private void writeNumber(Number value) {
    if (value instanceof Integer number) {
      putByte(Tags.INTEGER);
      putInt(number);
    } else if (value instanceof Long number) {
      putByte(Tags.LONG);
      putLong(number);
    } else if (value instanceof Double number) {
      putByte(Tags.DOUBLE);
      putLong(Double.doubleToRawLongBits(number));
    } else if (value instanceof Float number) {
      putByte(Tags.FLOAT);
      putInt(Float.floatToRawIntBits(number));
    } else if (value instanceof Byte number) {
      putByte(Tags.BYTE);
      putByte(number);
    } else if (value instanceof Short number) {
      putByte(Tags.SHORT);
      putShort(number);
    } else {
      writeNested(value);
    }
  }

  private void putShort(short value) {
    reserve(Short.BYTES);
    SHORT.set(bytes, position, value);
    position += Short.BYTES;
  }

  private void writeNested(Object value) {
    if (++depth > DEPTH_MAX) {
      throw new Refusal(true);
    }
    if (value.getClass().isArray()) {
      writeArray(value);
    } else {
      writePlanned(value, codec.plan(value.getClass()));
    }
    depth--;
  }

  private void writeString(String s) {
    int length = s.length();
    reserve(length + 6L);
    int start = position;
    bytes[position++] = Tags.STRING_LATIN1;
    putCount(length);
    if (length <= SHORT_STRING_CHARS) {
      byte[] target = bytes;
      int at = position;
      for (int i = 0; i < length; i++) {
        char c = s.charAt(i);
        if (c > 0xff) {
          writeUtf16(s, start);
          return;
        }
        target[at++] = (byte) c;
      }
      position = at;
      return;
    }
    byte[] latin1 = s.getBytes(StandardCharsets.ISO_8859_1);
    // A char above 0xff became '?': the way back tells, and is a plain copy for the JDK.
    if (latin1.length != length || !new String(latin1, StandardCharsets.ISO_8859_1).equals(s)) {
      writeUtf16(s, start);
      return;
    }
    System.arraycopy(latin1, 0, bytes, position, length);
    position += length;
  }

  private void writeUtf16(String s, int start) {
    position = start;
    reserve(6 + 2L * s.length());
    bytes[position++] = Tags.STRING_UTF16;
    putCount(s.length());
    view(2L * s.length()).asCharBuffer().put(s);
    position += 2 * s.length();
  }

  /// The next `count` bytes as a little-endian buffer; the caller moves the position.
  private ByteBuffer view(long count) {
    reserve(count);
    return ByteBuffer.wrap(bytes, position, (int) count).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void writeArray(Object array) {
    if (array instanceof byte[] a) {
      putByte(Tags.BYTES);
      putBytes(a);
    } else if (array instanceof boolean[] a) {
      putByte(Tags.BOOLEANS);
      putCount(a.length);
      reserve(a.length);
      for (boolean b : a) {
        bytes[position++] = (byte) (b ? 1 : 0);
      }
    } else if (array instanceof Object[] a) {
      writeReferences(a);
    } else {
      writeFlat(array);
    }
  }

  private void writeReferences(@Nullable Object[] array) {
    Class<?> component = array.getClass().getComponentType();
    if (component == String.class) {
      putByte(Tags.STRING_ARRAY);
    } else if (component == Object.class) {
      putByte(Tags.OBJECT_ARRAY);
    } else {
      putByte(Tags.TYPED_ARRAY);
      putClass(component);
    }
    putCount(array.length);
    for (Object element : array) {
      write(element);
    }
  }

  /// Writes a class: its number within this value, or 0, its name, its fingerprint and its count of
  /// record components.
  private void putClass(Class<?> type) {
    for (int i = 0; i < classCount; i++) {
      if (classes[i] == type) {
        putCount(i + 1);
        return;
      }
    }
    if (classCount == classes.length) {
      classes = Arrays.copyOf(classes, Math.max(4, 2 * classCount));
    }
    classes[classCount++] = type;
    putCount(0);
    writeString(type.getName());
    if (type.isArray() || type.isPrimitive() || type.isInterface()) {
      putInt(0);
      putCount(0);
    } else {
      ClassPlan plan = codec.plan(type);
      putInt(plan.fingerprint);
      putCount(plan.accessors.length);
    }
  }

  private void writePlanned(Object value, ClassPlan plan) {
    switch (plan.tag) {
      case Tags.RECORD -> writeRecord(value, plan);
      case Tags.ENUM -> {
        putByte(Tags.ENUM);
        putClass(plan.type);
        putCount(number((Enum<?>) value));
      }
      case Tags.ARRAY_LIST,
          Tags.IMMUTABLE_LIST,
          Tags.UNMODIFIABLE_LIST,
          Tags.FIXED_LIST,
          Tags.LINKED_LIST,
          Tags.ARRAY_DEQUE,
          Tags.EMPTY_LIST,
          Tags.SINGLETON_LIST,
          Tags.UNMODIFIABLE_COLLECTION,
          Tags.HASH_SET,
          Tags.LINKED_HASH_SET,
          Tags.IMMUTABLE_SET,
          Tags.UNMODIFIABLE_SET,
          Tags.EMPTY_SET,
          Tags.SINGLETON_SET -> {
        putByte(plan.tag);
        writeElements((Collection<?>) value);
      }
      case Tags.TREE_SET -> {
        putByte(Tags.TREE_SET);
        writeComparator(((SortedSet<?>) value).comparator());
        writeElements((Collection<?>) value);
      }
      case Tags.COPY_ON_WRITE_LIST, Tags.CONCURRENT_LINKED_QUEUE -> {
        putByte(plan.tag);
        // others may add meanwhile: as of one moment
        writeElements(Arrays.asList(((Collection<?>) value).toArray()));
      }
      case Tags.SYNCHRONIZED_LIST -> {
        putByte(plan.tag);
        synchronized (value) {
          writeElements((Collection<?>) value);
        }
      }
      case Tags.ENUM_SET -> writeEnumSet((EnumSet<?>) value);
      case Tags.HASH_MAP,
          Tags.LINKED_HASH_MAP,
          Tags.IMMUTABLE_MAP,
          Tags.UNMODIFIABLE_MAP,
          Tags.CONCURRENT_HASH_MAP,
          Tags.EMPTY_MAP,
          Tags.SINGLETON_MAP -> {
        putByte(plan.tag);
        writeEntries((Map<?, ?>) value);
      }
      case Tags.SYNCHRONIZED_MAP -> {
        putByte(plan.tag);
        synchronized (value) {
          writeEntries((Map<?, ?>) value);
        }
      }
      case Tags.ENUM_MAP -> writeEnumMap((EnumMap<?, ?>) value);
      case Tags.TREE_MAP -> {
        putByte(Tags.TREE_MAP);
        writeComparator(((SortedMap<?, ?>) value).comparator());
        writeEntries((Map<?, ?>) value);
      }
      case Tags.ENTRY -> {
        putByte(Tags.ENTRY);
        write(((Map.Entry<?, ?>) value).getKey());
        write(((Map.Entry<?, ?>) value).getValue());
      }
      case Tags.LAMBDA -> writeLambda(value);
      case Tags.SEGMENT -> writeSegment((MemorySegment) value);
      case Tags.THROWABLE -> {
        putByte(Tags.THROWABLE);
        putBytes(Failures.encode((Throwable) value, codec));
      }
      case Tags.FUTURE, Tags.COMPLETABLE_FUTURE -> writeFuture((Future<?>) value, plan.tag);
      case Tags.ORDINARY, Tags.REFUSED -> leaveToFory(value);
      default -> writeJdkValue(value, plan.tag);
    }
  }

  /// An array of numbers or chars.
  private void writeFlat(Object array) {
    long count = FlatValues.bytes(array);
    reserve(count);
    FlatValues.write(array, MemorySegment.ofArray(bytes), position);
    position += (int) count;
  }

  private void writeSegment(MemorySegment segment) {
    int length = (int) Math.min(segment.byteSize(), Integer.MAX_VALUE);
    putByte(Tags.SEGMENT);
    putByte(0);
    putCount(length);
    // what is larger ends here
    reserve(length);
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, bytes, position, length);
    position += length;
  }

  private void writeFuture(Future<?> future, int tag) {
    if (futures == null) {
      throw new Refusal(false);
    }
    int index = futures.add(future);
    futureCount = Math.max(futureCount, index + 1);
    putByte(tag);
    putCount(index);
  }

  private void leaveToFory(Object value) {
    if (!withParts) {
      throw new Refusal(false);
    }
    byte[] part = codec.fory().encode(value);
    putByte(Tags.FORY_PART);
    putInt(part.length);
    reserve(part.length);
    System.arraycopy(part, 0, bytes, position, part.length);
    position += part.length;
  }

  // An ordinal is short and safe here: the fingerprint of all constants travels with the class.
  @SuppressWarnings("EnumOrdinal")
  private static int number(Enum<?> constant) {
    return constant.ordinal();
  }

  private void writeRecord(Object value, ClassPlan plan) {
    putByte(Tags.RECORD);
    putClass(plan.type);
    for (int i = 0; i < plan.accessors.length; i++) {
      Object component;
      try {
        component = (Object) plan.accessors[i].invokeExact(value);
      } catch (Throwable e) {
        throw new TaskSerializationException(
            plan.type.getName() + "." + plan.componentNames[i] + "() threw " + e, e);
      }
      write(component);
    }
  }

  /// A container may be changed under our hands; the count is written first, so it must hold.
  private static TaskSerializationException changed(Object container) {
    return new TaskSerializationException(
        container.getClass().getName()
            + " was changed while it was encoded: hand over a copy, or change it later",
        null);
  }

  private void writeElements(Collection<?> elements) {
    int count = elements.size();
    putCount(count);
    int written = 0;
    for (Object element : elements) {
      if (written++ == count) {
        throw changed(elements);
      }
      write(element);
    }
    if (written != count) {
      throw changed(elements);
    }
  }

  private void writeEntries(Map<?, ?> map) {
    int count = map.size();
    putCount(count);
    int written = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (written++ == count) {
        throw changed(map);
      }
      write(entry.getKey());
      write(entry.getValue());
    }
    if (written != count) {
      throw changed(map);
    }
  }

  private void writeEnumSet(EnumSet<?> set) {
    // The class of an empty set shows in its complement only.
    Object sample = set.isEmpty() ? first(EnumSet.complementOf(set)) : first(set);
    Class<?> type = sample == null ? null : ((Enum<?>) sample).getDeclaringClass();
    if (type == null || codec.plan(type).tag != Tags.ENUM) {
      leaveToFory(set);
      return;
    }
    putByte(Tags.ENUM_SET);
    putClass(type);
    putCount(set.size());
    for (Enum<?> element : set) {
      putCount(number(element));
    }
  }

  private void writeEnumMap(EnumMap<?, ?> map) {
    // An empty one doesn't show its class.
    Class<?> type = map.isEmpty() ? null : map.keySet().iterator().next().getDeclaringClass();
    if (type == null || codec.plan(type).tag != Tags.ENUM) {
      leaveToFory(map);
      return;
    }
    putByte(Tags.ENUM_MAP);
    putClass(type);
    putCount(map.size());
    for (Map.Entry<? extends Enum<?>, ?> entry : map.entrySet()) {
      putCount(number(entry.getKey()));
      write(entry.getValue());
    }
  }

  private static @Nullable Object first(EnumSet<?> set) {
    return set.isEmpty() ? null : set.iterator().next();
  }

  private void writeComparator(@Nullable Comparator<?> comparator) {
    if (comparator == null) {
      putByte(0);
    } else if (comparator.equals(Collections.reverseOrder())) {
      putByte(1);
    } else if (comparator.equals(String.CASE_INSENSITIVE_ORDER)) {
      putByte(2);
    } else if (comparator.equals(Comparator.naturalOrder())) {
      putByte(3);
    } else {
      putByte(4);
      write(comparator);
    }
  }

  private void writeLambda(Object value) {
    SerializedLambda form = Lambdas.serializedForm(value);
    if (!codec.admission().admitsPackageOf(form.getCapturingClass().replace('/', '.'))) {
      leaveToFory(value);
      return;
    }
    putByte(Tags.LAMBDA);
    putByte(form.getImplMethodKind());
    writeString(form.getCapturingClass());
    writeString(form.getFunctionalInterfaceClass());
    writeString(form.getFunctionalInterfaceMethodName());
    writeString(form.getFunctionalInterfaceMethodSignature());
    writeString(form.getImplClass());
    writeString(form.getImplMethodName());
    writeString(form.getImplMethodSignature());
    writeString(form.getInstantiatedMethodType());
    putCount(form.getCapturedArgCount());
    for (int i = 0; i < form.getCapturedArgCount(); i++) {
      write(form.getCapturedArg(i));
    }
  }

  private void writeJdkValue(Object value, int tag) {
    putByte(tag);
    switch (value) {
      case BigInteger v -> putBytes(v.toByteArray());
      case BigDecimal v -> {
        putInt(v.scale());
        putBytes(v.unscaledValue().toByteArray());
      }
      case UUID v -> {
        putLong(v.getMostSignificantBits());
        putLong(v.getLeastSignificantBits());
      }
      case Duration v -> {
        putLong(v.getSeconds());
        putInt(v.getNano());
      }
      case Instant v -> {
        putLong(v.getEpochSecond());
        putInt(v.getNano());
      }
      case LocalDate v -> putLong(v.toEpochDay());
      case LocalTime v -> putLong(v.toNanoOfDay());
      case LocalDateTime v -> {
        putLong(v.toLocalDate().toEpochDay());
        putLong(v.toLocalTime().toNanoOfDay());
      }
      case BitSet v -> putBytes(v.toByteArray());
      case URI v -> writeString(v.toString());
      case Optional<?> v -> write(v.orElse(null));
      case OptionalInt v -> write(v.isPresent() ? (Object) v.getAsInt() : null);
      case OptionalLong v -> write(v.isPresent() ? (Object) v.getAsLong() : null);
      case OptionalDouble v -> write(v.isPresent() ? (Object) v.getAsDouble() : null);
      default ->
          throw new IllegalStateException("no layout for tag=" + tag + " " + value.getClass());
    }
  }
}
