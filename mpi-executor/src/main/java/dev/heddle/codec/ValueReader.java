package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.SerializedLambda;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
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
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what [ValueWriter] wrote, from input that may be forged.
///
/// Shape: reads within `offset .. offset + length` only. Every count is held against the bytes left
/// and against a budget of one element per byte of input, so that nested counts can't multiply.
/// Threading: one decode, one thread. Errors: [TaskSerializationException]; what constructors and
/// collections throw at bad content is wrapped by [ValueCodec].
final class ValueReader {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ValueCodec codec;
  private final byte[] bytes;
  private final int end;
  private int position;
  private int elementsLeft;
  private int depth;
  private Class<?>[] classes = {};
  private int classCount;
  private final @Nullable IntFunction<? extends Future<?>> source;
  private final SegmentMemory segments;
  private @Nullable ArrivingFutures futures;

  ValueReader(
      ValueCodec codec,
      byte[] bytes,
      int offset,
      int length,
      @Nullable IntFunction<? extends Future<?>> source,
      SegmentMemory segments) {
    this.source = source;
    this.segments = segments;
    this.codec = codec;
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
    this.elementsLeft = length;
  }

  private static TaskSerializationException malformed(String fact) {
    return new TaskSerializationException("a value's bytes are damaged: " + fact, null);
  }

  /// Reads the whole input as one value.
  @Nullable Object readAll() {
    if (position < end && bytes[position] == Tags.TEMPLATE) {
      openTemplate();
    }
    Object value = read();
    if (position != end) {
      throw malformed("bytes left over=" + (end - position));
    }
    return value;
  }

  private void openTemplate() {
    int count = ValueCodec.futureCount(bytes, position, end - position);
    if (source == null) {
      throw new TaskSerializationException(
          "a value holds futures where none may be: futures=" + count, null);
    }
    position += ValueWriter.TEMPLATE_HEAD_BYTES;
    futures = new ArrivingFutures(source, count);
  }

  private ArrivingFutures futures() {
    if (futures == null) {
      throw malformed("a future outside of a template");
    }
    return futures;
  }

  private @Nullable Object readPart() {
    int length = getInt();
    if (length < 0) {
      throw malformed("bytes of an object=" + length);
    }
    need(length);
    position += length;
    return codec.fory().decode(bytes, position - length, length);
  }

  private void need(long count) {
    if (count > end - position) {
      throw malformed("bytes needed=" + count + " left=" + (end - position));
    }
  }

  private int getByte() {
    need(1);
    return bytes[position++];
  }

  private int getInt() {
    need(4);
    int value = (int) INT.get(bytes, position);
    position += 4;
    return value;
  }

  private long getLong() {
    need(8);
    long value = (long) LONG.get(bytes, position);
    position += 8;
    return value;
  }

  private short getShort() {
    need(2);
    short value = (short) SHORT.get(bytes, position);
    position += 2;
    return value;
  }

  private int getVarint() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = getByte();
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        if (value < 0) {
          break;
        }
        return value;
      }
    }
    throw malformed("a count is out of range");
  }

  /// A count of elements of `elementBytes` each, all of which must still be there.
  private int getCount(int elementBytes) {
    int count = getVarint();
    need((long) count * elementBytes);
    return count;
  }

  /// A count of nested values; each takes a byte or more, over the whole input.
  private int getElementCount() {
    int count = getCount(1);
    if (count > elementsLeft) {
      throw malformed("elements claimed=" + count + " possible=" + elementsLeft);
    }
    elementsLeft -= count;
    return count;
  }

  private byte[] getBytes() {
    int count = getCount(1);
    position += count;
    return Arrays.copyOfRange(bytes, position - count, position);
  }

  private String getString() {
    return readString(getByte());
  }

  private String readString(int tag) {
    if (tag == Tags.STRING_LATIN1) {
      int count = getCount(1);
      position += count;
      return new String(bytes, position - count, count, StandardCharsets.ISO_8859_1);
    }
    if (tag == Tags.STRING_UTF16) {
      int count = getCount(2);
      char[] chars = new char[count];
      view(2 * count).asCharBuffer().get(chars);
      return new String(chars);
    }
    throw malformed("tag=" + tag + " where a string must be");
  }

  /// The next `count` bytes, known to be there, as a little-endian buffer; moves on.
  private ByteBuffer view(int count) {
    position += count;
    return ByteBuffer.wrap(bytes, position - count, count).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Reads one value with its tag.
  @Nullable Object read() {
    int tag = getByte();
    return switch (tag) {
      case Tags.NULL -> null;
      case Tags.FALSE -> false;
      case Tags.TRUE -> true;
      case Tags.BYTE -> (byte) getByte();
      case Tags.SHORT -> getShort();
      case Tags.CHARACTER -> (char) getShort();
      case Tags.INTEGER -> getInt();
      case Tags.LONG -> getLong();
      case Tags.FLOAT -> Float.intBitsToFloat(getInt());
      case Tags.DOUBLE -> Double.longBitsToDouble(getLong());
      case Tags.STRING_LATIN1, Tags.STRING_UTF16 -> readString(tag);
      default -> {
        if (++depth > ValueWriter.DEPTH_MAX) {
          throw malformed("nested deeper than " + ValueWriter.DEPTH_MAX);
        }
        Object value = readNested(tag);
        depth--;
        yield value;
      }
    };
  }

  private @Nullable Object readNested(int tag) {
    return switch (tag) {
      case Tags.RECORD -> readRecord();
      case Tags.ENUM -> constant(getPlan(Tags.ENUM));
      case Tags.STRING_ARRAY -> fill(new @Nullable String[getElementCount()]);
      case Tags.OBJECT_ARRAY -> fill(new @Nullable Object[getElementCount()]);
      case Tags.TYPED_ARRAY -> {
        Class<?> component = getClassReference();
        if (component.isPrimitive()) {
          throw malformed("an array of references with component " + component);
        }
        yield fill((@Nullable Object[]) Array.newInstance(component, getElementCount()));
      }
      case Tags.ENUM_SET -> readEnumSet(getPlan(Tags.ENUM));
      case Tags.ENTRY -> new AbstractMap.SimpleImmutableEntry<>(read(), read());
      case Tags.LAMBDA -> readLambda();
      case Tags.THROWABLE -> Failures.decode(getBytes(), codec);
      case Tags.FUTURE -> futures().at(getVarint());
      case Tags.COMPLETABLE_FUTURE -> futures().completableAt(getVarint());
      case Tags.FORY_PART -> readPart();
      case Tags.SEGMENT -> readSegment();
      case Tags.ENUM_MAP -> readEnumMap(getPlan(Tags.ENUM));
      case Tags.OPTIONAL -> Optional.ofNullable(read());
      case Tags.OPTIONAL_INT ->
          read() instanceof Integer i ? OptionalInt.of(i) : OptionalInt.empty();
      case Tags.OPTIONAL_LONG ->
          read() instanceof Long l ? OptionalLong.of(l) : OptionalLong.empty();
      case Tags.OPTIONAL_DOUBLE ->
          read() instanceof Double d ? OptionalDouble.of(d) : OptionalDouble.empty();
      default ->
          tag >= Tags.HASH_MAP
              ? readMap(tag)
              : tag >= Tags.ARRAY_LIST ? readCollection(tag) : readJdkValue(tag);
    };
  }

  private MemorySegment readSegment() {
    int zeroes = getByte() & 0xff;
    need(zeroes);
    position += zeroes;
    int count = getCount(1);
    position += count;
    return segments.copy(MemorySegment.ofArray(bytes).asSlice(position - count, count));
  }

  private @Nullable Object[] fill(@Nullable Object[] array) {
    for (int i = 0; i < array.length; i++) {
      array[i] = read();
    }
    return array;
  }

  private Object readJdkValue(int tag) {
    return switch (tag) {
      case Tags.BYTES -> getBytes();
      case Tags.BOOLEANS -> {
        boolean[] array = new boolean[getCount(1)];
        for (int i = 0; i < array.length; i++) {
          array[i] = bytes[position++] != 0;
        }
        yield array;
      }
      case Tags.SHORTS -> {
        short[] array = new short[getCount(2)];
        view(2 * array.length).asShortBuffer().get(array);
        yield array;
      }
      case Tags.CHARACTERS -> {
        char[] array = new char[getCount(2)];
        view(2 * array.length).asCharBuffer().get(array);
        yield array;
      }
      case Tags.INTEGERS -> {
        int[] array = new int[getCount(4)];
        view(4 * array.length).asIntBuffer().get(array);
        yield array;
      }
      case Tags.LONGS -> {
        long[] array = new long[getCount(8)];
        view(8 * array.length).asLongBuffer().get(array);
        yield array;
      }
      case Tags.FLOATS -> {
        float[] array = new float[getCount(4)];
        view(4 * array.length).asFloatBuffer().get(array);
        yield array;
      }
      case Tags.DOUBLES -> {
        double[] array = new double[getCount(8)];
        view(8 * array.length).asDoubleBuffer().get(array);
        yield array;
      }
      case Tags.BIG_INTEGER -> new BigInteger(getBytes());
      case Tags.BIG_DECIMAL -> {
        int scale = getInt();
        yield new BigDecimal(new BigInteger(getBytes()), scale);
      }
      case Tags.UUID -> new UUID(getLong(), getLong());
      case Tags.DURATION -> Duration.ofSeconds(getLong(), getInt());
      case Tags.INSTANT -> Instant.ofEpochSecond(getLong(), getInt());
      case Tags.LOCAL_DATE -> LocalDate.ofEpochDay(getLong());
      case Tags.LOCAL_TIME -> LocalTime.ofNanoOfDay(getLong());
      case Tags.LOCAL_DATE_TIME ->
          LocalDateTime.of(LocalDate.ofEpochDay(getLong()), LocalTime.ofNanoOfDay(getLong()));
      case Tags.BIT_SET -> BitSet.valueOf(getBytes());
      case Tags.URI -> URI.create(getString());
      default -> throw malformed("unknown tag=" + tag);
    };
  }

  private Class<?> getClassReference() {
    int index = getVarint();
    if (index > 0) {
      if (index > classCount) {
        throw malformed("class number=" + index + " of " + classCount);
      }
      return classes[index - 1];
    }
    String name = getString();
    int fingerprint = getInt();
    Class<?> type = codec.load(name);
    int components = getVarint();
    ClassPlan plan = codec.plan(type);
    if (fingerprint != 0
        && plan.fingerprint != 0
        && (plan.fingerprint != fingerprint || plan.accessors.length != components)) {
      throw new TaskSerializationException(
          type.getName()
              + " differs between the rank that wrote it and "
              + codec.where()
              + ": its components or constants are not the same; give all ranks one version of it",
          null);
    }
    if (classCount == classes.length) {
      classes = Arrays.copyOf(classes, Math.max(4, 2 * classCount));
    }
    classes[classCount++] = type;
    return type;
  }

  private ClassPlan getPlan(int tag) {
    ClassPlan plan = codec.plan(getClassReference());
    if (plan.tag != tag) {
      throw new TaskSerializationException(
          plan.type.getName()
              + " may not be received on "
              + codec.where()
              + ": it is not "
              + (tag == Tags.ENUM ? "an enum" : "a record")
              + " below serializablePackages="
              + codec.admission(),
          null);
    }
    return plan;
  }

  private Object constant(ClassPlan plan) {
    int ordinal = getVarint();
    if (ordinal >= plan.constants.length) {
      throw malformed(plan.type.getName() + " has no constant number " + ordinal);
    }
    return plan.constants[ordinal];
  }

  private Object readRecord() {
    ClassPlan plan = getPlan(Tags.RECORD);
    @Nullable Object[] components = fill(new @Nullable Object[plan.accessors.length]);
    MethodHandle constructor = Objects.requireNonNull(plan.constructor);
    try {
      return (Object) constructor.invokeExact(components);
    } catch (Throwable e) {
      if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
        throw fatal;
      }
      throw new TaskSerializationException(
          "the constructor of record " + plan.type.getName() + " refused its components: " + e, e);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Object readEnumSet(ClassPlan plan) {
    int count = getElementCount();
    EnumSet set = EnumSet.noneOf((Class) plan.type);
    for (int i = 0; i < count; i++) {
      set.add(constant(plan));
    }
    return set;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Object readEnumMap(ClassPlan plan) {
    int count = getElementCount();
    EnumMap map = new EnumMap((Class) plan.type);
    for (int i = 0; i < count; i++) {
      Object key = constant(plan);
      map.put((Enum) key, read());
    }
    return map;
  }

  @SuppressWarnings("unchecked")
  private @Nullable Comparator<Object> readComparator() {
    int kind = getByte();
    return switch (kind) {
      case 0 -> null;
      case 1 -> (Comparator<Object>) (Comparator<?>) Collections.reverseOrder();
      case 2 -> (Comparator<Object>) (Comparator<?>) String.CASE_INSENSITIVE_ORDER;
      case 3 -> (Comparator<Object>) (Comparator<?>) Comparator.naturalOrder();
      case 4 -> (Comparator<Object>) Objects.requireNonNull(read());
      default -> throw malformed("comparator kind=" + kind);
    };
  }

  private <C extends Collection<@Nullable Object>> C addTo(C target, int count) {
    for (int i = 0; i < count; i++) {
      target.add(read());
    }
    return target;
  }

  // The JDK's collections take nulls where the writer found them; NullAway sees the strict types.
  // A LinkedList comes back as what it was.
  @SuppressWarnings({"NullAway", "JdkObsolete"})
  private Object readCollection(int tag) {
    Comparator<Object> comparator = tag == Tags.TREE_SET ? readComparator() : null;
    int count = getElementCount();
    return switch (tag) {
      case Tags.ARRAY_LIST -> addTo(new ArrayList<>(count), count);
      case Tags.IMMUTABLE_LIST -> {
        Object[] elements = fill(new Object[count]);
        // Stream.toList() allows null and List.of doesn't; `contains(null)` tells them apart.
        yield Arrays.asList(elements).contains(null)
            ? Stream.of(elements).toList()
            : List.of(elements);
      }
      case Tags.UNMODIFIABLE_LIST ->
          Collections.unmodifiableList(addTo(new ArrayList<>(count), count));
      case Tags.UNMODIFIABLE_COLLECTION ->
          Collections.unmodifiableCollection(addTo(new ArrayList<>(count), count));
      case Tags.FIXED_LIST -> Arrays.asList(fill(new Object[count]));
      case Tags.LINKED_LIST -> addTo(new LinkedList<>(), count);
      case Tags.ARRAY_DEQUE -> addTo(new ArrayDeque<>(count), count);
      case Tags.COPY_ON_WRITE_LIST ->
          new CopyOnWriteArrayList<>(addTo(new ArrayList<>(count), count));
      case Tags.SYNCHRONIZED_LIST ->
          Collections.synchronizedList(addTo(new ArrayList<>(count), count));
      case Tags.CONCURRENT_LINKED_QUEUE -> addTo(new ConcurrentLinkedQueue<>(), count);
      case Tags.EMPTY_LIST -> Collections.emptyList();
      case Tags.SINGLETON_LIST -> Collections.singletonList(read());
      case Tags.HASH_SET -> addTo(HashSet.newHashSet(count), count);
      case Tags.LINKED_HASH_SET -> addTo(LinkedHashSet.newLinkedHashSet(count), count);
      case Tags.TREE_SET -> addTo(new TreeSet<>(comparator), count);
      case Tags.IMMUTABLE_SET -> Set.of(fill(new Object[count]));
      case Tags.UNMODIFIABLE_SET ->
          Collections.unmodifiableSet(addTo(LinkedHashSet.newLinkedHashSet(count), count));
      case Tags.EMPTY_SET -> Collections.emptySet();
      case Tags.SINGLETON_SET -> Collections.singleton(read());
      default -> throw malformed("unknown tag=" + tag);
    };
  }

  private <M extends Map<@Nullable Object, @Nullable Object>> M putInto(M target, int count) {
    for (int i = 0; i < count; i++) {
      Object key = read();
      target.put(key, read());
    }
    return target;
  }

  @SuppressWarnings("NullAway")
  private Object readMap(int tag) {
    Comparator<Object> comparator = tag == Tags.TREE_MAP ? readComparator() : null;
    int count = getElementCount();
    return switch (tag) {
      case Tags.HASH_MAP -> putInto(HashMap.newHashMap(count), count);
      case Tags.LINKED_HASH_MAP -> putInto(LinkedHashMap.newLinkedHashMap(count), count);
      case Tags.TREE_MAP -> putInto(new TreeMap<>(comparator), count);
      case Tags.IMMUTABLE_MAP -> Map.copyOf(putInto(LinkedHashMap.newLinkedHashMap(count), count));
      case Tags.UNMODIFIABLE_MAP ->
          Collections.unmodifiableMap(putInto(LinkedHashMap.newLinkedHashMap(count), count));
      case Tags.SYNCHRONIZED_MAP ->
          Collections.synchronizedMap(putInto(LinkedHashMap.newLinkedHashMap(count), count));
      case Tags.CONCURRENT_HASH_MAP -> putInto(new ConcurrentHashMap<>(count), count);
      case Tags.EMPTY_MAP -> Collections.emptyMap();
      case Tags.SINGLETON_MAP -> {
        Object key = read();
        yield Collections.singletonMap(key, read());
      }
      default -> throw malformed("unknown tag=" + tag);
    };
  }

  private Object readLambda() {
    int kind = getByte();
    String capturing = getString();
    String[] names = new String[7];
    for (int i = 0; i < names.length; i++) {
      names[i] = getString();
    }
    @Nullable Object[] captures = fill(new @Nullable Object[getElementCount()]);
    String capturingName = capturing.replace('/', '.');
    if (!codec.admission().admitsPackageOf(capturingName)) {
      throw new TaskSerializationException(
          "a lambda of "
              + capturingName
              + " may not be received on "
              + codec.where()
              + ": it is not below serializablePackages="
              + codec.admission(),
          null);
    }
    Class<?> type = codec.load(capturingName);
    return Lambdas.revive(
        new SerializedLambda(
            type, names[0], names[1], names[2], kind, names[3], names[4], names[5], names[6],
            captures),
        type);
  }
}
