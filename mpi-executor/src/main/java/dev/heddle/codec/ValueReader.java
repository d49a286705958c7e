package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.Fields;
import dev.heddle.codec.form.Tags;
import dev.heddle.codec.form.Wrappers;
import java.io.IOException;
import java.io.ObjectInputValidation;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Reads the bytes of a [ValueWriter], from input that may be forged.
///
/// Shape: containers and objects of ordinary classes are made before their contents; all other
/// objects are made of their parts. Threading: one decode, one thread. Errors:
/// [TaskSerializationException]; [ValueCodec] wraps exceptions of constructors and collections for
/// bad content.
final class ValueReader extends ByteInput {
  private static final ClassPlan[] NO_CLASSES = {};

  private final ValueCodec codec;
  private final int depthMax;
  private int depth;
  private ClassPlan[] classes = NO_CLASSES;
  private int classCount;
  private final @Nullable IntFunction<? extends Future<?>> source;
  private final SegmentMemory segments;
  private @Nullable ArrivingFutures futures;

  /// Objects by number, in a graph; null elsewhere.
  private @Nullable Object @Nullable [] numbered;

  private int numberCount;

  /// Long strings, in a graph, in the order in which they are read.
  private @Nullable List<String> strings;

  /// Containers that are filled when everything else is there, in the order in which they were
  /// read: an inner container comes before its outer one.
  private @Nullable List<Runnable> last;

  private @Nullable List<Validation> validations;

  private record Validation(ObjectInputValidation call, int priority) {}

  ValueReader(
      ValueCodec codec,
      byte[] bytes,
      int offset,
      int length,
      int depthMax,
      @Nullable IntFunction<? extends Future<?>> source,
      SegmentMemory segments) {
    super(bytes, offset, length);
    this.codec = codec;
    this.depthMax = depthMax;
    this.source = source;
    this.segments = segments;
  }

  /// Whether the value needs a reader with a long stack.
  static boolean isDeep(byte[] bytes, int offset, int length) {
    int at =
        length > Tags.TEMPLATE_HEAD_BYTES && bytes[offset] == Tags.TEMPLATE
            ? offset + Tags.TEMPLATE_HEAD_BYTES
            : offset;
    return at + Tags.GRAPH_HEAD_BYTES < offset + length
        && bytes[at] == Tags.GRAPH
        && (bytes[at + 1] & Tags.DEEP) != 0;
  }

  /// Reads the whole input as one value.
  @Nullable Object readAll() {
    if (position < end && bytes[position] == Tags.TEMPLATE) {
      openTemplate();
    }
    if (position < end && bytes[position] == Tags.GRAPH) {
      openGraph();
    }
    Object value = read();
    if (position != end) {
      throw malformed("bytes left over=" + (end - position));
    }
    if (last != null) {
      last.forEach(Runnable::run);
    }
    if (validations != null) {
      validate(validations);
    }
    return value;
  }

  private void openTemplate() {
    int count = ValueCodec.futureCount(bytes, position, end - position);
    if (source == null) {
      throw new TaskSerializationException(
          "a value holds futures where none may be: futures=" + count, null);
    }
    position += Tags.TEMPLATE_HEAD_BYTES;
    futures = new ArrivingFutures(source, count);
  }

  private void openGraph() {
    need(Tags.GRAPH_HEAD_BYTES);
    position += 2;
    int count = getInt();
    if (count < 0 || count > end - position) {
      throw malformed("numbers=" + count + " bytes left=" + (end - position));
    }
    numbered = new @Nullable Object[count];
    strings = new ArrayList<>();
  }

  private ArrivingFutures futures() {
    if (futures == null) {
      throw malformed("a future outside of a template");
    }
    return futures;
  }

  private static void validate(List<Validation> validations) {
    validations.sort(Comparator.comparingInt(Validation::priority).reversed());
    for (Validation validation : validations) {
      try {
        validation.call().validateObject();
      } catch (IOException e) {
        throw new TaskSerializationException("a value is not valid here: " + e, e);
      }
    }
  }

  // ---- numbers

  private int nextNumber() {
    if (numbered == null) {
      return -1;
    }
    if (numberCount == numbered.length) {
      throw malformed("more values than numbers=" + numbered.length);
    }
    return numberCount++;
  }

  /// Makes `value` the object with number `number`.
  <T> T known(int number, T value) {
    if (numbered != null && number >= 0) {
      numbered[number] = value;
    }
    return value;
  }

  private Object back() {
    int number = getVarint();
    Object value = numbered == null || number >= numberCount ? null : numbered[number];
    if (value == null) {
      throw malformed("value number=" + number + " of " + numberCount);
    }
    return value;
  }

  private String backString() {
    int number = getVarint();
    if (strings == null || number >= strings.size()) {
      throw malformed("string number=" + number);
    }
    return strings.get(number);
  }

  // ---- values

  ValueCodec codec() {
    return codec;
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
      case Tags.DOUBLE -> getDouble();
      case Tags.STRING_LATIN1, Tags.STRING_UTF16 -> readString(tag);
      default -> readOther(tag);
    };
  }

  private String readString(int tag) {
    String text = getString(tag);
    if (strings != null && text.length() > Tags.SHARED_STRING_CHARS) {
      strings.add(text);
    }
    return text;
  }

  /// Reads every value but scalars. The two are apart so that the JIT compiles the scalars into the
  /// loops that read them.
  private Object readOther(int tag) {
    return switch (tag) {
      case Tags.ENUM -> constant(getPlan(Tags.ENUM));
      case Tags.FUTURE -> futures().at(getVarint());
      case Tags.COMPLETABLE_FUTURE -> futures().completableAt(getVarint());
      case Tags.BACK -> back();
      case Tags.BACK_STRING -> backString();
      default -> {
        if (++depth > depthMax) {
          throw malformed("nested deeper than " + depthMax);
        }
        int number = nextNumber();
        Object value = readNested(tag & 0x7f, number, tag < 0);
        if (tag < 0 && ClassPlan.isMadeInside(tag & 0x7f)) {
          value = back();
        }
        depth--;
        yield known(number, value);
      }
    };
  }

  private Object readNested(int tag, int number, boolean isFilledLast) {
    return switch (tag) {
      case Tags.RECORD -> isFilledLast ? readPartsOfRecord() : readRecord();
      case Tags.OBJECT -> readObject(number);
      case Tags.SERIAL -> SerialFormReader.read(this, number, isFilledLast);
      case Tags.STRING_ARRAY -> fill(known(number, new @Nullable String[getElementCount()]));
      case Tags.OBJECT_ARRAY -> fill(known(number, new @Nullable Object[getElementCount()]));
      case Tags.TYPED_ARRAY -> {
        Class<?> component = getClassReference();
        if (component.isPrimitive()) {
          throw malformed("an array of references with component " + component);
        }
        yield fill(
            known(number, (@Nullable Object[]) Array.newInstance(component, getElementCount())));
      }
      case Tags.WRAPPER -> {
        int kind = getByte() & 0xff;
        Object wrapper = Wrappers.wrap(kind, Objects.requireNonNull(read()));
        if (wrapper == null) {
          throw malformed("wrapper kind=" + kind);
        }
        yield wrapper;
      }
      case Tags.LAMBDA -> LambdaValues.read(this);
      case Tags.THROWABLE -> codec.decodeFailure(getBytes());
      case Tags.SEGMENT -> readSegment();
      default ->
          tag >= Tags.ARRAY_LIST && tag < Tags.OPTIONAL
              ? ContainerInput.read(this, tag, number, isFilledLast)
              : tag >= Tags.BYTES && tag <= Tags.DOUBLES
                  ? getArray(tag)
                  : JdkValues.read(this, tag);
    };
  }

  /// Puts content into a container when everything else is there.
  void fillLast(Runnable fill) {
    if (last == null) {
      last = new ArrayList<>();
    }
    last.add(fill);
  }

  void addValidation(ObjectInputValidation call, int priority) {
    if (validations == null) {
      validations = new ArrayList<>();
    }
    validations.add(new Validation(call, priority));
  }

  private MemorySegment readSegment() {
    int zeroes = getByte() & 0xff;
    need(zeroes);
    position += zeroes;
    int count = getCount(1);
    position += count;
    return segments.copy(MemorySegment.ofArray(bytes).asSlice(position - count, count));
  }

  <T> @Nullable T[] fill(@Nullable T[] array) {
    for (int i = 0; i < array.length; i++) {
      @SuppressWarnings("unchecked") // the array checks each element
      T element = (T) read();
      array[i] = element;
    }
    return array;
  }

  // ---- classes

  private Class<?> getClassReference() {
    return getClassPlan().type;
  }

  private ClassPlan getClassPlan() {
    int index = getVarint();
    if (index > 0) {
      if (index > classCount) {
        throw malformed("class number=" + index + " of " + classCount);
      }
      return classes[index - 1];
    }
    ClassPlan plan = codec.mentions().find(bytes, position, end);
    if (plan == null) {
      int start = position;
      plan = readClass();
      codec.mentions().remember(plan, bytes, start, position);
    } else {
      position += plan.reference.length;
    }
    if (classCount == classes.length) {
      classes = Arrays.copyOf(classes, Math.max(4, 2 * classCount));
    }
    classes[classCount++] = plan;
    return plan;
  }

  private ClassPlan readClass() {
    String name = getString();
    int fingerprint = getInt();
    Class<?> type = codec.load(name);
    ClassPlan plan = codec.plan(type);
    if (!haveSameParts(plan)
        || (fingerprint != 0 && plan.fingerprint != 0 && plan.fingerprint != fingerprint)) {
      throw new TaskSerializationException(
          type.getName()
              + " differs between the rank that wrote it and "
              + codec.where()
              + ": its fields, components or constants are not the same; give all ranks one version"
              + " of it",
          null);
    }
    return plan;
  }

  /// Reads the kinds of fields or components. A class that may not be received has no plan.
  private boolean haveSameParts(ClassPlan plan) {
    int count = getCount(1);
    position += count;
    if (plan.fields == null) {
      return true;
    }
    char[] kinds = plan.fields.kinds;
    boolean isSame = kinds.length == count;
    for (int i = 0; isSame && i < count; i++) {
      isSame = bytes[position - count + i] == kinds[i];
    }
    return isSame;
  }

  ClassPlan getPlan(int tag) {
    ClassPlan plan = getClassPlan();
    if (plan.tag != tag) {
      throw new TaskSerializationException(
          plan.type.getName()
              + " may not be received on "
              + codec.where()
              + ": it is not "
              + switch (tag) {
                case Tags.ENUM -> "an enum";
                case Tags.RECORD -> "a record";
                default -> "a class that can be sent, or not";
              }
              + " below serializablePackages="
              + codec.admission(),
          null);
    }
    return plan;
  }

  Object constant(ClassPlan plan) {
    int ordinal = getVarint();
    if (ordinal >= plan.constants.length) {
      throw malformed(plan.type.getName() + " has no constant number " + ordinal);
    }
    return plan.constants[ordinal];
  }

  private @Nullable Object readPart(char kind) {
    return switch (kind) {
      case 'L' -> read();
      case 'I' -> getInt();
      case 'J' -> getLong();
      case 'D' -> getDouble();
      case 'F' -> Float.intBitsToFloat(getInt());
      case 'Z' -> getByte() != 0;
      case 'B' -> (byte) getByte();
      case 'S' -> getShort();
      default -> (char) getShort();
    };
  }

  @Nullable Object[] readParts(char[] kinds) {
    @Nullable Object[] parts = new @Nullable Object[kinds.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = readPart(kinds[i]);
    }
    return parts;
  }

  /// Reads the parts of a record that was made inside its own parts.
  private Object readPartsOfRecord() {
    return readParts(Objects.requireNonNull(getPlan(Tags.RECORD).fields).kinds);
  }

  private Object readRecord() {
    ClassPlan plan = getPlan(Tags.RECORD);
    @Nullable Object[] components = readParts(Objects.requireNonNull(plan.fields).kinds);
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

  private Object readObject(int number) {
    ClassPlan plan = getPlan(Tags.OBJECT);
    Object object;
    try {
      object = known(number, Objects.requireNonNull(plan.allocator).newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no instance of " + plan.type.getName(), e);
    }
    readFields(object, Objects.requireNonNull(plan.fields));
    return object;
  }

  void readFields(Object object, Fields fields) {
    int i = 0;
    try {
      for (; i < fields.kinds.length; i++) {
        readField(object, fields, i);
      }
    } catch (ClassCastException e) {
      throw new TaskSerializationException(
          "what was sent for " + fields.steps[i] + " does not fit: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(fields.steps[i] + " can't be set", e);
    }
  }

  private void readField(Object object, Fields fields, int i) throws Throwable {
    MethodHandle setter = fields.setters[i];
    switch (fields.kinds[i]) {
      case 'L' -> setter.invokeExact(object, read());
      case 'I' -> setter.invokeExact(object, getInt());
      case 'J' -> setter.invokeExact(object, getLong());
      case 'D' -> setter.invokeExact(object, getDouble());
      case 'F' -> setter.invokeExact(object, Float.intBitsToFloat(getInt()));
      case 'Z' -> setter.invokeExact(object, getByte() != 0);
      case 'B' -> setter.invokeExact(object, (byte) getByte());
      case 'S' -> setter.invokeExact(object, getShort());
      default -> setter.invokeExact(object, (char) getShort());
    }
  }
}
