package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import java.io.Externalizable;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.SerializedLambda;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
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
final class ValueWriter extends ByteOutput {
  /*
   * Cycles. Objects have numbers in the order in which they are met, and an object that is met
   * again is written as its number. An array, a list or an object of an ordinary class is made
   * before its parts are read, so its parts may lead back to it. A record is made from its parts.
   * So the writer follows, for each object, whether a part leads back to an object that is still
   * being written (`open`: the least number of such objects), and:
   *
   * - a record that leads back to itself, through an object that can be empty first, is written
   *   once more where it is met again: there every way back is a number, and the record can be
   *   made. The outer record then is the inner one ([Tags#MADE_INSIDE]). Python's pickle has the
   *   same cure for tuples;
   * - a record that leads back to an enclosing object gets it while that object is still empty; the
   *   writer tries whether the record's constructor looks into it ([RecordTrial]);
   * - a hash map whose keys lead back would ask them for hashes before they have their fields. Its
   *   tag is marked, and the reader fills it when everything else is there. An object that holds
   *   such a map counts as open until the end (-1).
   */

  /// Deepest nesting on the caller's thread: at up to 1.5 KiB of stack per level, where the code
  /// isn't compiled yet, a thread of 256 KiB still holds it. Deeper values are written and read by
  /// a [DeepStack].
  static final int DEPTH_MAX = 64;

  /// Deepest nesting at all: a chain of 50,000 objects that hold each other in lists.
  static final int DEEP_MAX = 100_000;

  /// Strings longer than this are written once, as objects are.
  static final int SHARED_STRING_CHARS = 512;

  /// The bytes before the value of a template: its tag and the count of futures.
  static final int TEMPLATE_HEAD_BYTES = 5;

  /// The bytes before a graph: tag, flags, count of numbers.
  static final int GRAPH_HEAD_BYTES = 6;

  private static final int NOT_OPEN = Integer.MAX_VALUE;
  private static final int OPEN_TO_THE_END = -1;
  private static final int[] NO_PATH = {};
  private static final byte[] NO_HEAD = {};
  private static final ClassPlan[] NO_CLASSES = {};

  private final ValueCodec codec;
  private final int depthMax;

  /// The first object; most values have no other object.
  private @Nullable Object first;

  /// All objects, once there is a second object.
  private @Nullable Seen seen;

  private @Nullable Seen strings;
  private int depth;

  /// The numbers of the objects that are being written, by depth from 1, once there is a second
  /// object.
  private int[] path = NO_PATH;

  /// The least number of an open object to which the object that is being written leads back.
  private int open = NOT_OPEN;

  /// The same for objects that are written but lead back to an open object.
  private @Nullable Map<Integer, Integer> openByNumber;

  /// Where the fields of the last record or object begin.
  private int contentStart;

  /// Containers that are filled when everything else is there.
  private @Nullable BitSet filledLast;

  /// Sorted containers whose comparators are being written: a comparator is made before its
  /// container.
  private @Nullable BitSet unmade;

  /// The latest numbers of objects that are made of their parts and lead back to themselves, by
  /// their first number.
  private @Nullable Map<Integer, Integer> latestNumbers;

  /// The first exception that passed through a user's method, which may have caught it.
  private @Nullable RuntimeException failure;

  /// Whether a long string was written since this was set to false.
  private boolean hasLongString;

  private boolean hasBack;
  private ClassPlan[] classes = NO_CLASSES;
  private int classCount;
  private final @Nullable FutureSink futures;
  private int futureCount;

  /// Objects that hold futures, which may not be met again where no future may be.
  private @Nullable BitSet holdingFutures;

  /// Number of objects of ordinary classes that are being written.
  private int ordinaryDepth;

  private @Nullable FieldCapture capture;

  /// Throws [DeepStack.Deeper] beyond `depthMax`, unless that is [#DEEP_MAX].
  ValueWriter(ValueCodec codec, int bytesExpected, int depthMax, @Nullable FutureSink futures) {
    super(bytesExpected, codec.valueBytesMax());
    this.codec = codec;
    this.depthMax = depthMax;
    this.futures = futures;
  }

  byte[] result() {
    if (capture != null) {
      codec.giveCapture(capture);
    }
    return result(head());
  }

  private byte[] head() {
    boolean isDeep = depthMax > DEPTH_MAX;
    if (futureCount == 0 && !hasBack && !isDeep) {
      return NO_HEAD;
    }
    int graphBytes = hasBack || isDeep ? GRAPH_HEAD_BYTES : 0;
    int templateBytes = futureCount > 0 ? TEMPLATE_HEAD_BYTES : 0;
    byte[] head = new byte[templateBytes + graphBytes];
    if (templateBytes > 0) {
      head[0] = Tags.TEMPLATE;
      setInt(head, 1, futureCount);
    }
    if (graphBytes > 0) {
      head[templateBytes] = Tags.GRAPH;
      head[templateBytes + 1] = (byte) (isDeep ? Tags.DEEP : 0);
      setInt(head, templateBytes + 2, seen == null ? 1 : seen.count());
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
    if (text.length() > SHARED_STRING_CHARS) {
      hasLongString = true;
      if (isKnown(text)) {
        return;
      }
    }
    putString(text);
  }

  private boolean isKnown(String text) {
    if (strings == null) {
      strings = new Seen();
    }
    int number = strings.number(text);
    if (number < 0) {
      return false;
    }
    hasBack = true;
    putByte(Tags.BACK_STRING);
    putCount(number);
    return true;
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

  /// Writes an object whose number is `number`, and was `firstNumber` when it was met first.
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

  /// See [Seen#number].
  @SuppressWarnings("ReferenceEquality") // whether it is this one
  private int number(Object value) {
    Seen all = seen;
    if (all != null) {
      return all.number(value);
    }
    if (first == null) {
      first = value;
      return -1;
    }
    if (first == value) {
      return 0;
    }
    all = new Seen();
    int _ = all.number(first);
    seen = all;
    path = new int[8];
    return all.number(value);
  }

  /// An object that holds no other object is written first and then looked up by its bytes: that is
  /// cheaper than an identity hash.
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
        // the first mentions that are taken back here would be missing later
        throw Containers.changed(value);
      }
      position = start;
      putBack(known);
    }
  }

  private int stringCount() {
    return strings == null ? 0 : strings.count();
  }

  private void enter(int number) {
    if (++depth > depthMax) {
      throw depthMax == DEEP_MAX ? Refusal.tooDeep() : new DeepStack.Deeper();
    }
    if (number > 0) {
      if (depth > path.length) {
        path = Arrays.copyOf(path, 2 * depth);
      }
      path[depth - 1] = number;
    }
  }

  // ---- objects that lead back

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
      int again = Objects.requireNonNull(seen, "something is between").again(value);
      if (latestNumbers == null) {
        latestNumbers = new HashMap<>();
      }
      latestNumbers.put(firstNumber, again);
      writeNumbered(value, plan, again, firstNumber);
      return;
    }
    if (isOpen && unmade != null && unmade.get(number)) {
      throw Refusal.of(
          value,
          "its comparator leads back to it, and it can't be made before its comparator; make that a"
              + " static class, or a lambda without captures");
    }
    if (ordinaryDepth > 0 && holdingFutures != null && holdingFutures.get(number)) {
      throw Refusal.of(value, Remedies.FUTURES_IN_CONTAINERS);
    }
    if (isOpen) {
      open = Math.min(open, number);
    } else if (openByNumber != null) {
      int left = openByNumber.getOrDefault(number, NOT_OPEN);
      if (left == OPEN_TO_THE_END || (left != NOT_OPEN && isOpen(left))) {
        open = Math.min(open, left);
      }
    }
    putBack(number);
  }

  /// Writes the comparator of the container that is being written.
  void writeComparator(Comparator<?> comparator) {
    int container = depth <= path.length ? path[depth - 1] : 0;
    BitSet all = unmade == null ? new BitSet() : unmade;
    unmade = all;
    all.set(container);
    write(comparator);
    all.clear(container);
  }

  /// The number under which the object first met as `firstNumber` is, or will be, made.
  private int latest(int firstNumber) {
    return latestNumbers == null
        ? firstNumber
        : latestNumbers.getOrDefault(firstNumber, firstNumber);
  }

  private void putBack(int number) {
    hasBack = true;
    putByte(Tags.BACK);
    putCount(number);
  }

  /// Whether object `number` is being written. Numbers grow along the path.
  private boolean isOpen(int number) {
    return number == 0 || Arrays.binarySearch(path, 0, depth, number) >= 0;
  }

  /// Whether the reader has made `object` by now, but not filled it.
  boolean isUnfinished(Object object) {
    int known = seen == null ? -1 : seen.find(object);
    if (known < 0) {
      return false;
    }
    int number = latest(known);
    return isOpen(number) || (filledLast != null && filledLast.get(number));
  }

  /// Whether the reader has made `object` by now, but an object in it isn't whole.
  boolean holdsUnfinished(Object object) {
    int known = seen == null || openByNumber == null ? -1 : seen.find(object);
    if (known < 0 || openByNumber == null) {
      return false;
    }
    int left = openByNumber.getOrDefault(latest(known), NOT_OPEN);
    return left == OPEN_TO_THE_END || (left != NOT_OPEN && isOpen(left));
  }

  ValueCodec codec() {
    return codec;
  }

  /// The least number of an open object to which `value` leads back after it has been written.
  private int close(Object value, ClassPlan plan, int number, int start) {
    int left = open < number ? open : NOT_OPEN;
    if (open <= number && plan.isOrderedByElements() && hasOpenKeys(value)) {
      if (plan.isMadeOfParts()) {
        throw Refusal.of(
            value,
            "its elements lead back to what holds it, and such a set or map can't be made before"
                + " they are whole; use a HashSet or HashMap");
      }
      bytes[start] |= (byte) Tags.FILLED_LAST;
      if (filledLast == null) {
        filledLast = new BitSet();
      }
      filledLast.set(number);
      left = OPEN_TO_THE_END;
    }
    if (left != NOT_OPEN) {
      if (openByNumber == null) {
        openByNumber = new HashMap<>();
      }
      openByNumber.put(number, left);
    }
    return left;
  }

  /// Values of a map don't matter: they are not hashed.
  private static boolean hasOpenKeys(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return true;
    }
    for (Object key : map.keySet()) {
      if (!(key instanceof String
          || key instanceof Number
          || key instanceof Enum<?>
          || key instanceof Character
          || key instanceof Boolean)) {
        return true;
      }
    }
    return false;
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
      case Tags.SERIAL -> writeSerial(value, Objects.requireNonNull(plan.serial));
      case Tags.WRAPPER -> writeWrapper(value, plan.wrapper);
      case Tags.SKIP_LIST_VIEW -> {
        // the set around the view needs a concurrent map
        SortedMap<?, ?> view = (SortedMap<?, ?>) value;
        putByte(Tags.SERIAL);
        putCount(SUBSTITUTE);
        write(new ConcurrentSkipListMap<>(view));
      }
      case Tags.LAMBDA -> writeLambda(value);
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

  /// Whether the object that is being written has a later number as well.
  private boolean hasBegunAgain(Object value) {
    return latestNumbers != null && seen != null && latest(seen.find(value)) != path[depth - 1];
  }

  private void writeFields(Object value, Fields fields) {
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

  // RETURN_VALUE: the handles' exact types are those of their kinds
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

  // ---- serial forms

  private void writeSerial(Object value, SerialForm form) {
    Object written = value;
    SerialForm as = form;
    // As ObjectOutputStream does: a substitute may have a substitute of another class.
    while (as.replace != null) {
      Object next = call(as, written);
      if (next == null || next.getClass() == written.getClass()) {
        written = next == null ? written : next;
        break;
      }
      ClassPlan plan = codec.plan(next.getClass());
      if (plan.serial == null) {
        putByte(Tags.SERIAL);
        putCount(SUBSTITUTE);
        write(next);
        return;
      }
      written = next;
      as = plan.serial;
    }
    putByte(Tags.SERIAL);
    if (as.number >= 0) {
      putCount(as.number + FIRST_NUMBER);
    } else {
      putCount(BY_NAME);
      putClass(codec.plan(as.type));
    }
    boolean isOrdinary = !JdkTypes.isOfTheJdk(as.type);
    ordinaryDepth += isOrdinary ? 1 : 0;
    if (as.isExternalizable) {
      writeBlock(written, null);
    }
    for (SerialForm.Part part : as.parts) {
      if (part.plain != null) {
        writeFields(written, part.plain);
      } else {
        writeBlock(written, part);
      }
    }
    ordinaryDepth -= isOrdinary ? 1 : 0;
  }

  /// Behind [Tags#SERIAL]: a value that stands for the object and becomes it when it has been read,
  /// a class by name, or, from here on, a class of the JDK by its number.
  static final int SUBSTITUTE = 0;

  static final int BY_NAME = 1;
  static final int FIRST_NUMBER = 2;

  private static @Nullable Object call(SerialForm form, Object value) {
    try {
      return (Object) Objects.requireNonNull(form.replace).invokeExact(value);
    } catch (Throwable e) {
      throw thrown(value, "writeReplace", e);
    }
  }

  private static RuntimeException thrown(Object value, String method, Throwable e) {
    return switch (e) {
      case Refusal refusal -> refusal;
      case VirtualMachineError fatal -> throw fatal;
      default -> Refusal.of(value, "its " + method + " threw " + e);
    };
  }

  /// Notes that the value can't be sent, whatever a user's method does with `thrown`: half of the
  /// bytes are missing.
  RuntimeException failed(RuntimeException thrown) {
    if (failure == null) {
      failure = thrown;
    }
    return failure;
  }

  private void writeBlock(Object value, SerialForm.@Nullable Part part) {
    try (SerialOutput out = new SerialOutput(this, value, part)) {
      if (part == null) {
        ((Externalizable) value).writeExternal(out);
      } else if (part.write != null) {
        part.write.invokeExact(value, (ObjectOutputStream) out);
      } else {
        out.defaultWriteObject();
      }
      if (failure != null) {
        throw failure;
      }
      out.end();
    } catch (DeepStack.Deeper | TaskSerializationException e) {
      throw e;
    } catch (Throwable e) {
      if (failure != null) {
        throw failure;
      }
      String method = part == null ? "writeExternal" : Naming.of(part.type) + ".writeObject";
      throw thrown(value, method, e);
    }
  }

  /// Writes the fields of a part, by its kinds; a null is 0.
  void writeNamed(@Nullable Object[] values, SerialForm.Part part) {
    int i = 0;
    try {
      for (; i < values.length; i++) {
        Object value = values[i];
        switch (part.kinds[i]) {
          case 'L' -> write(value);
          case 'I' -> putInt(value instanceof Integer n ? n : 0);
          case 'J' -> putLong(value instanceof Long n ? n : 0);
          case 'D' -> putLong(value instanceof Double n ? Double.doubleToRawLongBits(n) : 0);
          case 'F' -> putInt(value instanceof Float n ? Float.floatToRawIntBits(n) : 0);
          case 'Z' -> putByte(value instanceof Boolean b && b ? 1 : 0);
          case 'B' -> putByte(value instanceof Byte n ? n : 0);
          case 'S' -> putShort(value instanceof Short n ? n : (short) 0);
          default -> putShort((short) (value instanceof Character c ? (char) c : '\0'));
        }
      }
    } catch (Refusal refusal) {
      throw refusal.at(part.steps[i]);
    }
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

  /// A wrapper is no step of its own: the path shows the user's objects only.
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

  private void writeLambda(Object value) {
    SerializedLambda form;
    try {
      form = Lambdas.serializedForm(value);
    } catch (TaskSerializationException e) {
      throw Refusal.of(value, String.valueOf(e.getMessage()));
    }
    String capturing = form.getCapturingClass().replace('/', '.');
    if (!codec.admission().admitsPackageOf(capturing) && !JdkTypes.hasLambdas(capturing)) {
      throw Refusal.of(
          value,
          "it is a lambda of "
              + capturing
              + ", which"
              + (capturing.startsWith("java.")
                  ? " can't be built on another rank; write one of your own in its place"
                  : codec.admission().notAdmitted(capturing)));
    }
    putByte(Tags.LAMBDA);
    putByte(form.getImplMethodKind());
    putString(form.getCapturingClass());
    putString(form.getFunctionalInterfaceClass());
    putString(form.getFunctionalInterfaceMethodName());
    putString(form.getFunctionalInterfaceMethodSignature());
    putString(form.getImplClass());
    putString(form.getImplMethodName());
    putString(form.getImplMethodSignature());
    putString(form.getInstantiatedMethodType());
    putCount(form.getCapturedArgCount());
    for (int i = 0; i < form.getCapturedArgCount(); i++) {
      try {
        write(form.getCapturedArg(i));
      } catch (Refusal refusal) {
        throw refusal.at("capture " + i + " of a lambda of " + capturing);
      }
    }
  }
}
