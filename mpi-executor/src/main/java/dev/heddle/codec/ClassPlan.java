package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.Admission;
import dev.heddle.codec.form.ClassOpener;
import dev.heddle.codec.form.Fields;
import dev.heddle.codec.form.JdkTypes;
import dev.heddle.codec.form.SerialForm;
import dev.heddle.codec.form.Tags;
import dev.heddle.codec.form.Wrappers;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Says how instances of one class are written and made: found once per class, kept in a
/// `ClassValue`.
///
/// Shape: `tag` is one of [Tags]; a record's constructor is `(Object[])Object`, so that it can be
/// called exactly. `fingerprint` changes with the names and types of fields, components or
/// constants, so that two ranks notice when their versions of a class differ. Threading: immutable.
final class ClassPlan {
  private static final Object[] NO_CONSTANTS = {};

  /// The result of `keySet()` of a concurrent map, which has the class of an independent set.
  static final ClassPlan CONCURRENT_VIEW = plain(ConcurrentHashMap.KeySetView.class, Tags.SET_VIEW);

  final Class<?> type;
  final int tag;
  final int fingerprint;

  /// The fields of a record or an ordinary class; null for any other class.
  final @Nullable Fields fields;

  /// The constructor of a record; null for any other class.
  final @Nullable MethodHandle constructor;

  /// Makes an instance of an ordinary class without running that class's code.
  final @Nullable Constructor<?> allocator;

  /// The form of a class that is sent by its serial form; null for any other class.
  final @Nullable SerialForm serial;

  final Object[] constants;

  /// The number of a wrapper's kind.
  final int wrapper;

  /// The bytes for the class at its first mention in a value: its name, its fingerprint, a varint
  /// count of fields or components and the kind of each ([Fields#kinds]).
  final byte[] reference;

  /// Why instances can't be sent, where the class alone doesn't say it.
  final @Nullable String advice;

  private ClassPlan(
      Class<?> type,
      int tag,
      int fingerprint,
      @Nullable Fields fields,
      @Nullable MethodHandle constructor,
      @Nullable Constructor<?> allocator,
      @Nullable SerialForm serial,
      Object[] constants,
      int wrapper,
      @Nullable String advice) {
    this.type = type;
    this.tag = tag;
    this.fingerprint = fingerprint;
    this.fields = fields;
    this.constructor = constructor;
    this.allocator = allocator;
    this.serial = serial;
    this.constants = constants;
    this.wrapper = wrapper;
    this.advice = advice;
    this.reference = reference(type, fingerprint, fields);
  }

  private static byte[] reference(Class<?> type, int fingerprint, @Nullable Fields fields) {
    ByteOutput out = new ByteOutput(64, Integer.MAX_VALUE);
    out.putString(type.getName());
    out.putInt(fingerprint);
    out.putCount(fields == null ? 0 : fields.kinds.length);
    if (fields != null) {
      for (char kind : fields.kinds) {
        out.putByte(kind);
      }
    }
    return out.result(new byte[0]);
  }

  private static ClassPlan plain(Class<?> type, int tag) {
    return new ClassPlan(type, tag, 0, null, null, null, null, NO_CONSTANTS, -1, null);
  }

  private static ClassPlan refused(Class<?> type, @Nullable String advice) {
    return new ClassPlan(type, Tags.REFUSED, 0, null, null, null, null, NO_CONSTANTS, -1, advice);
  }

  /// Whether instances are made from their parts, so that nothing in them can lead back to them.
  boolean isMadeOfParts() {
    return switch (tag) {
      case Tags.ARRAY,
          Tags.ARRAY_LIST,
          Tags.FIXED_LIST,
          Tags.LINKED_LIST,
          Tags.ARRAY_DEQUE,
          Tags.COPY_ON_WRITE_LIST,
          Tags.CONCURRENT_LINKED_QUEUE,
          Tags.HASH_SET,
          Tags.LINKED_HASH_SET,
          Tags.TREE_SET,
          Tags.CONCURRENT_SET,
          Tags.HASH_MAP,
          Tags.LINKED_HASH_MAP,
          Tags.TREE_MAP,
          Tags.CONCURRENT_HASH_MAP,
          Tags.ENUM_MAP,
          Tags.OBJECT ->
          false;
      case Tags.SERIAL -> serial != null && (serial.resolve != null || serial.replace != null);
      default -> true;
    };
  }

  /// Whether instances that are made of their parts may be made a second time, where they lead back
  /// to themselves. No user's code may run twice.
  boolean isMadeInside() {
    return isMadeInside(tag);
  }

  static boolean isMadeInside(int tag) {
    return switch (tag) {
      case Tags.RECORD,
          Tags.IMMUTABLE_LIST,
          Tags.STREAM_LIST,
          Tags.SINGLETON_LIST,
          Tags.COLLECTION_VIEW,
          Tags.IMMUTABLE_MAP,
          Tags.SINGLETON_MAP,
          Tags.OPTIONAL,
          Tags.ENTRY,
          Tags.MAP_ENTRY,
          Tags.WRAPPER ->
          true;
      default -> false;
    };
  }

  /// Whether instances ask their elements for hashes, or compare them, while they are filled.
  boolean isOrderedByElements() {
    return switch (tag) {
      case Tags.HASH_SET,
          Tags.LINKED_HASH_SET,
          Tags.CONCURRENT_SET,
          Tags.HASH_MAP,
          Tags.LINKED_HASH_MAP,
          Tags.CONCURRENT_HASH_MAP,
          Tags.IMMUTABLE_SET,
          Tags.IMMUTABLE_MAP,
          Tags.SET_VIEW ->
          true;
      case Tags.SERIAL -> serial != null && serial.isCollection;
      default -> false;
    };
  }

  /// The class under which instances of `type` travel: an enum constant with a body has a class of
  /// its own.
  static Class<?> travelling(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    return parent != null && parent.isEnum() ? parent : type;
  }

  static ClassPlan of(Class<?> type, Admission admission) {
    if (type.isArray()) {
      return plain(type, Tags.ARRAY);
    }
    if (travelling(type).isEnum()) {
      return ofEnum(travelling(type), admission);
    }
    if (Future.class.isAssignableFrom(type)) {
      return plain(
          type,
          CompletableFuture.class.isAssignableFrom(type) ? Tags.COMPLETABLE_FUTURE : Tags.FUTURE);
    }
    if (type.isRecord()) {
      return admission.admits(type.getName()) ? ofRecord(type) : refused(type, null);
    }
    Integer layout = JdkTypes.layout(type);
    if (layout != null) {
      return plain(type, layout);
    }
    int wrapper = Wrappers.number(type);
    if (wrapper >= 0) {
      return new ClassPlan(
          type, Tags.WRAPPER, 0, null, null, null, null, NO_CONSTANTS, wrapper, null);
    }
    if (type.isHidden()) {
      return plain(type, Serializable.class.isAssignableFrom(type) ? Tags.LAMBDA : Tags.REFUSED);
    }
    if (Throwable.class.isAssignableFrom(type)) {
      return plain(type, Tags.THROWABLE);
    }
    if (MemorySegment.class.isAssignableFrom(type)) {
      return plain(type, Tags.SEGMENT);
    }
    return JdkTypes.isOfTheJdk(type) ? ofTheJdk(type) : ofClass(type, admission);
  }

  private static ClassPlan ofTheJdk(Class<?> type) {
    return JdkTypes.hasSerialForm(type.getName())
        ? ofTheJdk(JdkTypes.serialNumber(type))
        : refused(type, null);
  }

  /// Plans of the JDK's classes with a serial form, by number: the same for every codec.
  private static final @Nullable ClassPlan[] SERIAL =
      new @Nullable ClassPlan[JdkTypes.serialCount()];

  /// The plan of a class of the JDK that is sent by its serial form.
  ///
  /// Errors: [TaskSerializationException] for a number that no class has.
  static ClassPlan ofTheJdk(int number) {
    String name = JdkTypes.serialName(number);
    if (name == null) {
      throw ByteInput.malformed("class of the JDK number=" + number);
    }
    ClassPlan plan = SERIAL[number];
    if (plan == null) {
      try {
        plan = ofSerial(SerialForm.of(Class.forName(name, false, null)));
      } catch (ClassNotFoundException e) {
        throw new TaskSerializationException("this JDK has no class " + name, e);
      }
      // several threads may make the same plan
      SERIAL[number] = plan;
    }
    return plan;
  }

  private static ClassPlan ofSerial(SerialForm form) {
    return new ClassPlan(
        form.type, Tags.SERIAL, form.fingerprint, null, null, null, form, NO_CONSTANTS, -1, null);
  }

  private static ClassPlan ofClass(Class<?> type, Admission admission) {
    if (!admission.admits(type.getName()) || type.isInterface()) {
      return refused(type, null);
    }
    if (!ClassOpener.isOpen(type)) {
      return refused(type, ClassOpener.remedy(type));
    }
    String stranger = SerialForm.strangerAbove(type);
    if (stranger != null) {
      return refused(type, stranger);
    }
    if (SerialForm.isChosenBy(type)) {
      return ofSerial(SerialForm.of(type));
    }
    Fields fields = Fields.ofClass(type, true);
    return new ClassPlan(
        type,
        Tags.OBJECT,
        fields.fingerprint,
        fields,
        null,
        SerialForm.allocator(type),
        null,
        NO_CONSTANTS,
        -1,
        null);
  }

  private static ClassPlan ofEnum(Class<?> type, Admission admission) {
    if (!admission.admits(type.getName()) && !JdkTypes.isOfTheJdk(type)) {
      return refused(type, null);
    }
    Object[] constants = type.getEnumConstants();
    if (constants == null) {
      return refused(type, null);
    }
    int hash = 1;
    for (Object constant : constants) {
      hash = 31 * hash + ((Enum<?>) constant).name().hashCode();
    }
    return new ClassPlan(type, Tags.ENUM, hash, null, null, null, null, constants, -1, null);
  }

  private static ClassPlan ofRecord(Class<?> type) {
    // Heddle's own records are public: its module is open to no other module.
    boolean isClosed = type.getPackageName().equals("dev.heddle");
    if (!isClosed && !ClassOpener.isOpen(type)) {
      return refused(type, ClassOpener.remedy(type));
    }
    MethodHandles.Lookup lookup =
        isClosed ? MethodHandles.publicLookup() : ClassOpener.into(type, type.getName());
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
    }
    try {
      Fields fields = Fields.ofRecord(type, lookup, isClosed);
      MethodHandle constructor =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, types))
              .asFixedArity()
              .asType(MethodType.genericMethodType(types.length))
              .asSpreader(Object[].class, types.length);
      return new ClassPlan(
          type,
          Tags.RECORD,
          fields.fingerprint,
          fields,
          constructor,
          null,
          null,
          NO_CONSTANTS,
          -1,
          null);
    } catch (ReflectiveOperationException e) {
      throw new TaskSerializationException(
          "record " + type.getName() + " can't be taken apart: " + e, e);
    }
  }
}
