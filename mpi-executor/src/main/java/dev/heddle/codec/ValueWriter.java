package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.failure.Failures;
import dev.heddle.codec.form.FieldCapture;
import dev.heddle.codec.form.Fields;
import dev.heddle.codec.form.Naming;
import dev.heddle.codec.form.RemedySentences;
import dev.heddle.codec.form.SerialForm;
import dev.heddle.codec.form.Tags;
import dev.heddle.codec.form.Wrappers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Writes one value into a growing array, in the layout of [Tags].
///
/// Shape: an object that is reached twice is written once. Futures become indexes if there is a
/// sink for them; then the result is a template. Threading: one encode, one thread; a class's own
/// serialization code runs on that thread. Errors: [Refusal] with the path to the object that can't
/// be sent.
final class ValueWriter extends GraphOutput {
  private static final byte[] NO_HEAD = {};
  private static final ClassPlan[] NO_CLASSES = {};

  private final ValueCodec codec;

  /// Where the fields of the last record or object begin.
  private int contentStart;

  /// The first exception that passed through a user's method; that method may have caught it.
  private @Nullable RuntimeException failure;

  /// Whether a long string was written since this was set to false.
  private boolean hasLongString;

  private ClassPlan[] classes = NO_CLASSES;
  private int classCount;
  private final @Nullable FutureSink futures;
  private int futureCount;

  /// Objects that hold futures: such an object must not be met again where no future is allowed.
  private @Nullable BitSet holdingFutures;

  /// Number of objects of ordinary classes that are being written.
  int ordinaryDepth;

  private @Nullable FieldCapture capture;

  /// A writer that throws [DeepStack.Deeper] beyond `depthMax`, unless `depthMax` is
  /// [Tags#DEEP_MAX].
  ValueWriter(ValueCodec codec, int bytesExpected, int depthMax, @Nullable FutureSink futures) {
    super(bytesExpected, codec.valueBytesMax(), depthMax);
    this.codec = codec;
    this.futures = futures;
  }

  byte[] result() {
    if (capture != null) {
      codec.giveCapture(capture);
    }
    return result(head());
  }

  private byte[] head() {
    boolean isDeep = depthMax > Tags.DEPTH_MAX;
    if (futureCount == 0 && !hasBack && !isDeep) {
      return NO_HEAD;
    }
    int graphBytes = hasBack || isDeep ? Tags.GRAPH_HEAD_BYTES : 0;
    int templateBytes = futureCount > 0 ? Tags.TEMPLATE_HEAD_BYTES : 0;
    byte[] head = new byte[templateBytes + graphBytes];
    if (templateBytes > 0) {
      head[0] = Tags.TEMPLATE;
      setInt(head, 1, futureCount);
    }
    if (graphBytes > 0) {
      head[templateBytes] = Tags.GRAPH;
      head[templateBytes + 1] = (byte) (isDeep ? Tags.DEEP : 0);
      setInt(head, templateBytes + 2, objectCount());
    }
    return head;
  }

  FieldCapture capture() {
    FieldCapture taken = capture;
    if (taken == null) {
      taken = codec.takeCapture();
      capture = taken;
    }
    return taken;
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

  private void writeString(String text) {
    if (text.length() > Tags.SHARED_STRING_CHARS) {
      hasLongString = true;
      if (isKnown(text)) {
        return;
      }
    }
    putString(text);
  }

  private void writeNested(Object value) {
    ClassPlan plan = codec.plan(value.getClass());
    if (plan.tag == Tags.CONCURRENT_SET && Containers.isViewOfMap(value)) {
      plan = ClassPlan.CONCURRENT_VIEW;
    }
    int tag = plan.tag;
    if (tag == Tags.ENUM) {
      putByte(Tags.ENUM);
      putClass(plan.type == value.getClass() ? plan : codec.plan(plan.type));
      putCount(Containers.number((Enum<?>) value));
      return;
    }
    if (tag == Tags.FUTURE || tag == Tags.COMPLETABLE_FUTURE) {
      writeFuture((Future<?>) value, tag);
      return;
    }
    if (seen != null && !seen.isFew() && Leaves.isLeaf(value, plan)) {
      writeLeaf(seen, value, plan);
      return;
    }
    int known = number(value);
    if (known >= 0) {
      writeBack(known, value, plan);
    } else {
      writeNumbered(value, plan, -1 - known, -1 - known);
    }
  }

  /// Writes an object under `number`; it was `firstNumber` when it was first met.
  private void writeNumbered(Object value, ClassPlan plan, int number, int firstNumber) {
    enter(number);
    int start = position;
    int futuresBefore = futureCount;
    int openBefore = open;
    open = NOT_OPEN;
    writePlanned(value, plan);
    int latest = latest(firstNumber);
    if (latest != number) {
      // the object was made further inside
      bytes[start] |= (byte) Tags.MADE_INSIDE;
      putCount(latest);
    }
    int mine = open == NOT_OPEN ? NOT_OPEN : close(value, plan, number, start);
    open = Math.min(openBefore, mine);
    if (futureCount > futuresBefore) {
      BitSet holding = holdingFutures == null ? new BitSet() : holdingFutures;
      holding.set(number);
      holdingFutures = holding;
    }
    depth--;
  }

  /// Writes an object that holds no other object, then looks it up by its bytes: that is cheaper
  /// than an identity hash.
  private void writeLeaf(Seen all, Object value, ClassPlan plan) {
    if (depth == depthMax) {
      enter(all.count());
    }
    int start = position;
    int count = all.count();
    int openBefore = open;
    int classesBefore = classCount;
    int stringsBefore = stringCount();
    contentStart = start;
    hasLongString = false;
    open = NOT_OPEN;
    depth++;
    writePlanned(value, plan);
    depth--;
    open = openBefore;
    if (all.count() != count) {
      throw Containers.changed(value);
    }
    // a long string has other bytes when it is met again
    int known =
        hasLongString
            ? all.number(value)
            : all.leaf(value, Leaves.hash(bytes, contentStart, position));
    if (known >= 0) {
      if (classCount != classesBefore || stringCount() != stringsBefore) {
        // first mentions of classes would be taken back here, and be missing later
        throw Containers.changed(value);
      }
      position = start;
      putBack(known);
    }
  }

  private void writeBack(int firstNumber, Object value, ClassPlan plan) {
    int number = latest(firstNumber);
    boolean isOpen = isOpen(number);
    if (isOpen && plan.isMadeOfParts()) {
      if (!plan.isMadeInside()) {
        throw Refusal.of(
            value,
            "it leads back to itself, and such an object can't be made before its parts; let it"
                + " hold a number or name in the place of what leads back");
      }
      writeNumbered(value, plan, again(value, firstNumber), firstNumber);
      return;
    }
    if (isOpen && isUnmade(number)) {
      throw Refusal.of(
          value,
          "its comparator leads back to it, and it can't be made before its comparator; make that a"
              + " static class, or a lambda without captures");
    }
    if (ordinaryDepth > 0 && holdingFutures != null && holdingFutures.get(number)) {
      throw Refusal.of(value, RemedySentences.FUTURES_IN_CONTAINERS);
    }
    leadBack(number, isOpen);
    putBack(number);
  }

  /// Writes the comparator of the container that is being written.
  void writeComparator(Comparator<?> comparator) {
    int container = beginComparator();
    write(comparator);
    endComparator(container);
  }

  ValueCodec codec() {
    return codec;
  }

  // ---- by class

  private void writePlanned(Object value, ClassPlan plan) {
    switch (plan.tag) {
      case Tags.ARRAY -> writeArray(value);
      case Tags.RECORD -> writeRecord(value, plan);
      case Tags.OBJECT -> {
        putByte(Tags.OBJECT);
        putClass(plan);
        contentStart = position;
        ordinaryDepth++;
        writeFields(value, Objects.requireNonNull(plan.fields));
        ordinaryDepth--;
      }
      case Tags.SERIAL -> SerialFormWriter.write(this, value, Objects.requireNonNull(plan.serial));
      case Tags.WRAPPER -> writeWrapper(value, plan.wrapper);
      case Tags.SKIP_LIST_VIEW -> {
        // the set around the view needs a concurrent map
        SortedMap<?, ?> view = (SortedMap<?, ?>) value;
        putByte(Tags.SERIAL);
        putCount(SerialForm.SUBSTITUTE);
        write(new ConcurrentSkipListMap<>(view));
      }
      case Tags.LAMBDA -> LambdaValues.write(this, value);
      case Tags.SEGMENT -> writeSegment((MemorySegment) value);
      case Tags.THROWABLE -> writeThrowable((Throwable) value);
      case Tags.REFUSED ->
          throw plan.advice == null ? Refusal.of(value) : Refusal.of(value, plan.advice);
      default -> {
        if (plan.tag < Tags.ARRAY_LIST || plan.tag >= Tags.OPTIONAL) {
          JdkValues.write(this, value, plan.tag);
        } else {
          Containers.write(this, value, plan.tag);
        }
      }
    }
  }

  private void writeThrowable(Throwable part) {
    byte[] whole = Failures.encodeWhole(part);
    if (whole == null) {
      throw Refusal.of(
          part,
          "an exception inside a value goes by Java serialization, which can't write it, or it is too"
              + " large; let all that it holds be Serializable, or send its message");
    }
    putByte(Tags.THROWABLE);
    putBytes(whole);
  }

  private void writeArray(Object array) {
    if (array instanceof boolean[] a) {
      putByte(Tags.BOOLEANS);
      putCount(a.length);
      reserve(a.length);
      for (boolean b : a) {
        bytes[position++] = (byte) (b ? 1 : 0);
      }
    } else if (array instanceof Object[] a) {
      writeReferences(a);
    } else {
      long count = FlatValues.bytes(array);
      reserve(count);
      FlatValues.write(array, MemorySegment.ofArray(bytes), position);
      position += (int) count;
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
      putClass(codec.plan(component));
    }
    putCount(array.length);
    for (int i = 0; i < array.length; i++) {
      try {
        write(array[i]);
      } catch (Refusal refusal) {
        throw refusal.at(Naming.of(component) + "[" + i + "]");
      }
    }
  }

  /// Writes a class: its number within this value, or 0 and its description.
  void putClass(ClassPlan plan) {
    for (int i = 0; i < classCount; i++) {
      if (classes[i] == plan) {
        putCount(i + 1);
        return;
      }
    }
    if (classCount == classes.length) {
      classes = Arrays.copyOf(classes, Math.max(4, 2 * classCount));
    }
    classes[classCount++] = plan;
    byte[] reference = plan.reference;
    putByte(0);
    reserve(reference.length);
    System.arraycopy(reference, 0, bytes, position, reference.length);
    position += reference.length;
  }

  private void writeFuture(Future<?> future, int tag) {
    if (futures == null || ordinaryDepth > 0) {
      throw Refusal.of(future);
    }
    int index = futures.add(future);
    futureCount = Math.max(futureCount, index + 1);
    putByte(tag);
    putCount(index);
  }

  private void writeRecord(Object value, ClassPlan plan) {
    putByte(Tags.RECORD);
    putClass(plan);
    contentStart = position;
    Fields fields = Objects.requireNonNull(plan.fields);
    writeFields(value, fields);
    if (open != NOT_OPEN && !hasBegunAgain(value)) {
      String minds = RecordTrial.objection(this, value, plan);
      if (minds != null) {
        throw Refusal.of(value, minds);
      }
    }
  }

  void writeFields(Object value, Fields fields) {
    int i = 0;
    try {
      for (; i < fields.kinds.length; i++) {
        writeField(value, fields, i);
      }
    } catch (Refusal refusal) {
      throw refusal.at(fields.steps[i]);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new TaskSerializationException(fields.steps[i] + " can't be read: " + e, e);
    }
  }

  // RETURN_VALUE: each handle has the exact type of its kind
  private void writeField(Object value, Fields fields, int i) throws Throwable {
    switch (fields.kinds[i]) {
      case 'L' -> write((Object) fields.getters[i].invokeExact(value));
      case 'I' -> putInt((int) fields.getters[i].invokeExact(value));
      case 'J' -> putLong((long) fields.getters[i].invokeExact(value));
      case 'D' ->
          putLong(Double.doubleToRawLongBits((double) fields.getters[i].invokeExact(value)));
      case 'F' -> putInt(Float.floatToRawIntBits((float) fields.getters[i].invokeExact(value)));
      case 'Z' -> putByte((boolean) fields.getters[i].invokeExact(value) ? 1 : 0);
      case 'B' -> putByte((byte) fields.getters[i].invokeExact(value));
      case 'S' -> putShort((short) fields.getters[i].invokeExact(value));
      default -> putShort((short) (char) fields.getters[i].invokeExact(value));
    }
  }

  /// Notes that the value can't be sent, whatever a user's method does with `thrown`: half of the
  /// bytes are missing.
  RuntimeException failed(RuntimeException thrown) {
    if (failure == null) {
      failure = thrown;
    }
    return failure;
  }

  /// The exception of the first [#failed], or null.
  @Nullable RuntimeException failure() {
    return failure;
  }

  private void writeWrapper(Object value, int kind) {
    putByte(Tags.WRAPPER);
    putByte(kind);
    if (!Wrappers.isSynchronized(kind)) {
      writeWrapped(value, kind);
      return;
    }
    synchronized (value) {
      writeWrapped(value, kind);
    }
  }

  /// Writes the wrapped object. A wrapper is not a step of the path, which shows the user's objects
  /// only.
  private void writeWrapped(Object value, int kind) {
    write(Wrappers.unwrap(value, kind, capture()));
  }

  private void writeSegment(MemorySegment segment) {
    int length = (int) Math.min(segment.byteSize(), Integer.MAX_VALUE);
    putByte(Tags.SEGMENT);
    putByte(0);
    putCount(length);
    // a larger segment is refused here
    reserve(length);
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, bytes, position, length);
    position += length;
  }
}
