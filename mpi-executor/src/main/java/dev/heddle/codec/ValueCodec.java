package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.failure.Failures;
import dev.heddle.codec.form.Admission;
import dev.heddle.codec.form.FieldCapture;
import dev.heddle.codec.form.RemedySentences;
import dev.heddle.codec.form.Tags;
import dev.heddle.codec.function.FunctionDefinition;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Turns arguments, captures and results into bytes and back.
///
/// Shape: the first byte is a tag ([Tags]). One writer has one set of rules for everything: boxes,
/// strings, arrays, records, enums, the JDK's values and containers, and objects of ordinary
/// classes. An object reached twice in a value arrives as one object, cycles included. Containers
/// arrive with the same behaviour (an immutable list stays immutable, a `TreeMap` sorted) and in
/// the same order; views such as `keySet()` and `subList` arrive as copies. No constructor of an
/// ordinary class runs; transient fields arrive as 0 or null. A class that chooses how it is
/// serialized (`writeObject`, `writeReplace`, `Externalizable`) is written that way
/// ([dev.heddle.codec.form.SerialForm]). A `MemorySegment`, whatever its memory, is sent by its
/// bytes, and arrives as a segment outside the heap ([SegmentMemory]).
///
/// Threading: thread-safe; user code (constructors of records, `hashCode`) runs on the caller's
/// thread, or, where a value is nested deeper than 64 levels, on a thread that the caller waits
/// for. Errors: [TaskSerializationException] that names path, type and remedy, or the class that is
/// missing here.
public final class ValueCodec {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// First size of the buffer for a composite value: most arguments fit without growth.
  private static final int EXPECTED_BYTES = 256;

  /// This many loaded classes are remembered by name; further classes are looked up each time.
  private static final int CLASSES_MAX = 4096;

  private final ClassLoader loader;
  private final Admission admission;
  private final String where;
  private final ConcurrentHashMap<String, Class<?>> classes;
  private final long valueBytesMax;
  private final ClassMentions mentions;
  private final AtomicReference<@Nullable FieldCapture> captures;
  private final ClassValue<ClassPlan> plans;

  /// A codec that loads classes by `loader` and admits JDK values and the classes in
  /// `serializablePackages` or below; `""` stands for the unnamed package.
  public ValueCodec(ClassLoader loader, List<String> serializablePackages) {
    this(loader, serializablePackages, Integer.MAX_VALUE);
  }

  /// As above; a value is refused as soon as its encoding is longer than `valueBytesMax`.
  public ValueCodec(ClassLoader loader, List<String> serializablePackages, long valueBytesMax) {
    this.loader = loader;
    this.valueBytesMax = valueBytesMax;
    this.mentions = new ClassMentions();
    this.captures = new AtomicReference<>();
    Admission admitted = new Admission(serializablePackages);
    this.admission = admitted;
    this.where = "this rank";
    this.classes = new ConcurrentHashMap<>();
    this.plans =
        new ClassValue<>() {
          @Override
          protected ClassPlan computeValue(Class<?> type) {
            return ClassPlan.of(type, admitted);
          }
        };
  }

  private ValueCodec(ValueCodec other, String where) {
    this.loader = other.loader;
    this.admission = other.admission;
    this.where = where;
    this.classes = other.classes;
    this.valueBytesMax = other.valueBytesMax;
    this.mentions = other.mentions;
    this.captures = other.captures;
    this.plans = other.plans;
  }

  /// The same codec with another place in its messages, such as `rank 3 on n2`.
  ///
  /// Shape: plans of classes are shared, so that many ranks in one JVM make each plan once.
  public ValueCodec at(String place) {
    return new ValueCodec(this, place);
  }

  /// The place that messages name; `this rank` if no place was given.
  public String where() {
    return where;
  }

  Admission admission() {
    return admission;
  }

  ClassPlan plan(Class<?> type) {
    return plans.get(type);
  }

  ClassMentions mentions() {
    return mentions;
  }

  /// A reader of the JDK's fields, for one thread, until it is given back or dropped.
  FieldCapture takeCapture() {
    FieldCapture spare = captures.getAndSet(null);
    return spare == null ? FieldCapture.create() : spare;
  }

  void giveCapture(FieldCapture capture) {
    captures.set(capture);
  }

  long valueBytesMax() {
    return valueBytesMax;
  }

  /// Encodes `value`; `what` starts the path in messages, as in `argument 0 of Chem.energy`.
  ///
  /// Shape: the array is exactly as long as the encoding. Ownership: the caller's.
  public byte[] encode(@Nullable Object value, String what) {
    byte[] bytes = ShortEncoding.of(value);
    return bytes != null
        ? bytes
        : encodeComposite(Objects.requireNonNull(value), what, -1, null, null);
  }

  /// As [#encode(Object, String)] with the path `ROLE INDEX of LABEL`, which is built only if it is
  /// needed. For the hot path of submitting.
  ///
  /// Shape: `role` is `argument`, `capture` or `result`; a negative `index` is left out.
  public byte[] encode(
      @Nullable Object value, String role, int index, FunctionDefinition definition) {
    byte[] bytes = ShortEncoding.of(value);
    return bytes != null
        ? bytes
        : encodeComposite(Objects.requireNonNull(value), role, index, definition, null);
  }

  /// As [#encode(Object, String, int, FunctionDefinition)], for a value that may be a future, or
  /// may hold futures: in lists, sets, maps, records, `Optional`, `Map.Entry` and arrays, at any
  /// depth.
  ///
  /// Shape: with futures in it the result is a template ([#futureCount] tells), which
  /// [#decode(byte[], int, int, IntFunction)] reads; without futures it is the encoding that the
  /// other methods give, and `futures` is not called. Any `Future` counts, done or not. A
  /// `CompletableFuture` arrives as a `CompletableFuture`; any other future arrives as the reader's
  /// source gives it.
  ///
  /// Errors: [TaskSerializationException], also for a future in a field of an ordinary object.
  public byte[] encode(
      @Nullable Object value,
      String role,
      int index,
      FunctionDefinition definition,
      FutureSink futures) {
    byte[] bytes = ShortEncoding.of(value);
    return bytes != null
        ? bytes
        : encodeComposite(Objects.requireNonNull(value), role, index, definition, futures);
  }

  /// The value whose encoding has `length` bytes, up to nine: `head`, then the bytes of `tail`.
  public @Nullable Object decodeShort(int length, byte head, long tail) {
    if (length == 9 && head == Tags.LONG) {
      return tail;
    }
    if (length == 9 && head == Tags.DOUBLE) {
      return Double.longBitsToDouble(tail);
    }
    return decode(ShortEncoding.tagged(head, tail), 0, length);
  }

  private byte[] encodeComposite(
      Object value,
      String role,
      int index,
      @Nullable FunctionDefinition definition,
      @Nullable FutureSink futures) {
    try {
      return written(value, futures);
    } catch (Refusal refusal) {
      throw refused(value, refusal, role, index, definition, futures != null);
    } catch (TaskSerializationException e) {
      throw new TaskSerializationException(
          what(role, index, definition) + ": " + e.getMessage(), e.getCause());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw failed(what(role, index, definition), value, e);
    }
  }

  private byte[] written(Object value, @Nullable FutureSink futures) {
    try {
      return write(value, Tags.DEPTH_MAX, futures);
    } catch (DeepStack.Deeper | StackOverflowError deeper) {
      // the caller's own calls may nearly fill its stack, too
      return DeepStack.call(() -> write(value, Tags.DEEP_MAX, futures));
    }
  }

  private byte[] write(Object value, int depthMax, @Nullable FutureSink futures) {
    ValueWriter writer = new ValueWriter(this, expectedBytes(value), depthMax, futures);
    writer.write(value);
    return writer.result();
  }

  private static String what(String role, int index, @Nullable FunctionDefinition definition) {
    return definition == null
        ? role
        : role + (index < 0 ? "" : " " + index) + " of " + definition.label();
  }

  private TaskSerializationException refused(
      Object value,
      Refusal refusal,
      String role,
      int index,
      @Nullable FunctionDefinition definition,
      boolean isFutureWelcome) {
    String what = what(role, index, definition);
    Object object = refusal.object();
    String advice = refusal.advice();
    if (advice == null) {
      Object at = Objects.requireNonNull(object, "either says what is wrong");
      advice = new RemedySentences(admission, what, isFutureWelcome).of(at, at.getClass());
    }
    String way = refusal.way();
    if (way.isEmpty()) {
      // the value itself can't be sent, and no field leads to it
      advice =
          advice
              .replace(", or make the field transient", "")
              .replace("make the field transient", "make it inside the task");
    }
    String name = (object == null ? value : object).getClass().getTypeName();
    return new TaskSerializationException(
        what + ": " + way + name + " can't be sent: " + advice, null);
  }

  private static TaskSerializationException failed(String what, Object value, Throwable e) {
    return new TaskSerializationException(
        what + ": " + value.getClass().getName() + " can't be sent: " + e, e);
  }

  /// Sizes are exact where they are known: a large array must not be copied while its buffer grows.
  private static int expectedBytes(Object value) {
    long bytes = EXPECTED_BYTES;
    if (value instanceof String text) {
      bytes = text.length() + 6L;
    } else if (value instanceof boolean[] array) {
      bytes = sized(array.length, 1);
    } else {
      long flat = FlatValues.bytes(value);
      // the writer refuses a longer value
      bytes = flat > Integer.MAX_VALUE ? bytes : Math.max(bytes, flat);
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE - 16);
  }

  /// Tag, count and elements of an array.
  private static long sized(int count, int elementBytes) {
    int countBytes = Math.max(1, (38 - Integer.numberOfLeadingZeros(count)) / 7);
    return 1L + countBytes + (long) count * elementBytes;
  }

  /// Writes the [FlatValues#bytes] of a value to `target`, copying it once.
  ///
  /// Errors: as [#encode], where a segment can't be read on this thread, or is closed.
  public void encodeFlat(
      Object value,
      String role,
      int index,
      FunctionDefinition definition,
      MemorySegment target,
      long offset) {
    try {
      FlatValues.write(value, target, offset);
    } catch (RuntimeException e) {
      throw failed(what(role, index, definition), value, e);
    }
  }

  /// Decodes the value in `length` bytes from `offset`.
  ///
  /// Ownership: `bytes` is read during the call only. Errors: [TaskSerializationException] for
  /// bytes that are damaged, for a class that is missing here or may not be received. The memory
  /// used is proportional to `length`.
  public @Nullable Object decode(byte[] bytes, int offset, int length) {
    return decoded(bytes, offset, length, null, SegmentMemory.AUTOMATIC);
  }

  /// As [#decode(byte[], int, int)], for a value that may be a template: its future number `i`
  /// becomes `futures.apply(i)`, called once for each `i`.
  ///
  /// Shape: where the value holds `CompletableFuture`s, the given futures must be done, since the
  /// `CompletableFuture`s are completed from them.
  public @Nullable Object decode(
      byte[] bytes, int offset, int length, IntFunction<? extends Future<?>> futures) {
    return decoded(bytes, offset, length, futures, SegmentMemory.AUTOMATIC);
  }

  /// As above, with memory segments in `segments`; `futures` is null where the value may hold no
  /// futures.
  public @Nullable Object decode(
      byte[] bytes,
      int offset,
      int length,
      @Nullable IntFunction<? extends Future<?>> futures,
      SegmentMemory segments) {
    return decoded(bytes, offset, length, futures, segments);
  }

  /// As above, from the whole of `encoded`: primitive arrays are copied once, a memory segment is
  /// made by `segments`.
  public @Nullable Object decode(
      MemorySegment encoded,
      @Nullable IntFunction<? extends Future<?>> futures,
      SegmentMemory segments) {
    Object flat = FlatValues.read(encoded, segments);
    if (flat != null) {
      return flat;
    }
    byte[] bytes = encoded.toArray(ValueLayout.JAVA_BYTE);
    return decoded(bytes, 0, bytes.length, futures, segments);
  }

  /// Decodes an exception that [Failures] encoded; never throws.
  public Throwable decodeFailure(byte[] bytes) {
    return Failures.decode(bytes, loader, admission);
  }

  /// The number of futures in an encoded value, 0 for a value that is no template.
  ///
  /// Errors: [TaskSerializationException] if the number is larger than the bytes can hold.
  public static int futureCount(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0 || bytes[offset] != Tags.TEMPLATE) {
      return 0;
    }
    int head = Tags.TEMPLATE_HEAD_BYTES;
    int count = length < head ? 0 : (int) INT.get(bytes, offset + 1);
    // A future takes two bytes or more.
    if (count < 1 || count > (length - head) / 2) {
      throw new TaskSerializationException(
          "a value's bytes are damaged: futures=" + count + " bytes=" + length, null);
    }
    return count;
  }

  /// As [#futureCount(byte[], int, int)], for the whole of `encoded`.
  public static int futureCount(MemorySegment encoded) {
    if (encoded.byteSize() == 0 || encoded.get(ValueLayout.JAVA_BYTE, 0) != Tags.TEMPLATE) {
      return 0;
    }
    byte[] bytes = encoded.toArray(ValueLayout.JAVA_BYTE);
    return futureCount(bytes, 0, bytes.length);
  }

  /// An encoding that is the same for equal values and can serve as a key; null where there is no
  /// such encoding ([#unhashable] says why).
  ///
  /// Shape: elements of hash sets and hash maps are in the order of their bytes; linked sets and
  /// maps, and wrappers and views that may hide such a set or map, keep their order. Values of
  /// different classes differ, and so do versions of a class. The result can't be decoded.
  /// Ownership: the caller's.
  ///
  /// Errors: [TaskSerializationException] for damaged bytes.
  public static byte @Nullable [] canonical(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return Canonical.of(bytes, offset, length);
  }

  /// Why an encoded value has no canonical form, such as `it holds a lambda`; null if it has a
  /// canonical form.
  ///
  /// Shape: objects of ordinary classes, lambdas, exceptions and futures have no canonical form.
  public static @Nullable String unhashable(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return Canonical.reason(bytes, offset, length);
  }

  /// Whether [#canonical] returns an encoding.
  public static boolean isHashable(byte[] bytes, int offset, int length) {
    return unhashable(bytes, offset, length) == null;
  }

  private @Nullable Object decoded(
      byte[] bytes,
      int offset,
      int length,
      @Nullable IntFunction<? extends Future<?>> futures,
      SegmentMemory segments) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 9 && bytes[offset] == Tags.LONG) {
      return (long) LONG.get(bytes, offset + 1);
    }
    if (length == 0) {
      throw new TaskSerializationException("a value's bytes are damaged: there are none", null);
    }
    try {
      if (!ValueReader.isDeep(bytes, offset, length)) {
        try {
          return read(bytes, offset, length, Tags.DEPTH_MAX, futures, segments);
        } catch (StackOverflowError _) {
          // the caller's own calls may nearly fill its stack
        }
      }
      return DeepStack.call(() -> read(bytes, offset, length, Tags.DEEP_MAX, futures, segments));
    } catch (TaskSerializationException e) {
      throw e;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw undecodable(e);
    }
  }

  private @Nullable Object read(
      byte[] bytes,
      int offset,
      int length,
      int depthMax,
      @Nullable IntFunction<? extends Future<?>> futures,
      SegmentMemory segments) {
    return new ValueReader(this, bytes, offset, length, depthMax, futures, segments).readAll();
  }

  private TaskSerializationException undecodable(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError) {
        return missing(String.valueOf(cause.getMessage()).replace('/', '.'), e);
      }
    }
    return new TaskSerializationException(
        "a value can't be decoded on "
            + where
            + " (bytes damaged, or classes that differ between ranks): "
            + e,
        e);
  }

  private TaskSerializationException missing(String className, Throwable e) {
    return new TaskSerializationException(
        "class " + className + " is missing on " + where + ": give all ranks the same class path",
        e);
  }

  /// Loads a class by the name that `Class.getName()` gives, without initializing it.
  Class<?> load(String name) {
    Class<?> type = classes.get(name);
    if (type == null) {
      try {
        type = Class.forName(name, false, loader);
      } catch (ClassNotFoundException | LinkageError e) {
        throw missing(name, e);
      }
      if (classes.size() < CLASSES_MAX) {
        classes.put(name, type);
      }
    }
    return type;
  }
}
