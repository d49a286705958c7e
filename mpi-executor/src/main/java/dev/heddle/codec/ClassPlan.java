package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// How instances of one class are written: found once per class, kept in a `ClassValue`.
///
/// Shape: `tag` is one of [Tags]; accessors are `(Object)Object` and the constructor
/// `(Object[])Object`, so that both can be called exactly. `fingerprint` changes with the names and
/// types of components or constants: two ranks with different versions of a class notice.
final class ClassPlan {
  private static final MethodHandle[] NO_HANDLES = {};

  /// The JDK's containers by class name: package-private classes can't be named in code.
  private static final Map<String, Integer> CONTAINERS =
      Map.ofEntries(
          Map.entry("java.util.ArrayList", Tags.ARRAY_LIST),
          Map.entry("java.util.ArrayList$SubList", Tags.ARRAY_LIST),
          Map.entry("java.util.AbstractList$SubList", Tags.ARRAY_LIST),
          Map.entry("java.util.AbstractList$RandomAccessSubList", Tags.ARRAY_LIST),
          Map.entry("java.util.HashMap$Values", Tags.UNMODIFIABLE_COLLECTION),
          Map.entry("java.util.LinkedHashMap$LinkedValues", Tags.UNMODIFIABLE_COLLECTION),
          Map.entry("java.util.TreeMap$Values", Tags.UNMODIFIABLE_COLLECTION),
          Map.entry("java.util.Collections$UnmodifiableCollection", Tags.UNMODIFIABLE_COLLECTION),
          Map.entry("java.util.HashMap$KeySet", Tags.UNMODIFIABLE_SET),
          Map.entry("java.util.LinkedHashMap$LinkedKeySet", Tags.UNMODIFIABLE_SET),
          Map.entry("java.util.HashMap$EntrySet", Tags.UNMODIFIABLE_SET),
          Map.entry("java.util.LinkedHashMap$LinkedEntrySet", Tags.UNMODIFIABLE_SET),
          Map.entry("java.util.ImmutableCollections$List12", Tags.IMMUTABLE_LIST),
          Map.entry("java.util.ImmutableCollections$ListN", Tags.IMMUTABLE_LIST),
          Map.entry("java.util.ImmutableCollections$SubList", Tags.IMMUTABLE_LIST),
          Map.entry("java.util.Collections$UnmodifiableList", Tags.UNMODIFIABLE_LIST),
          Map.entry("java.util.Collections$UnmodifiableRandomAccessList", Tags.UNMODIFIABLE_LIST),
          Map.entry("java.util.Collections$CopiesList", Tags.UNMODIFIABLE_LIST),
          Map.entry("java.util.Arrays$ArrayList", Tags.FIXED_LIST),
          Map.entry("java.util.LinkedList", Tags.LINKED_LIST),
          Map.entry("java.util.concurrent.CopyOnWriteArrayList", Tags.COPY_ON_WRITE_LIST),
          Map.entry("java.util.concurrent.ConcurrentLinkedQueue", Tags.CONCURRENT_LINKED_QUEUE),
          Map.entry("java.util.Collections$SynchronizedList", Tags.SYNCHRONIZED_LIST),
          Map.entry("java.util.Collections$SynchronizedRandomAccessList", Tags.SYNCHRONIZED_LIST),
          Map.entry("java.util.ArrayDeque", Tags.ARRAY_DEQUE),
          Map.entry("java.util.Collections$EmptyList", Tags.EMPTY_LIST),
          Map.entry("java.util.Collections$SingletonList", Tags.SINGLETON_LIST),
          Map.entry("java.util.HashSet", Tags.HASH_SET),
          Map.entry("java.util.LinkedHashSet", Tags.LINKED_HASH_SET),
          Map.entry("java.util.TreeSet", Tags.TREE_SET),
          Map.entry("java.util.ImmutableCollections$Set12", Tags.IMMUTABLE_SET),
          Map.entry("java.util.ImmutableCollections$SetN", Tags.IMMUTABLE_SET),
          Map.entry("java.util.Collections$UnmodifiableSet", Tags.UNMODIFIABLE_SET),
          Map.entry("java.util.Collections$EmptySet", Tags.EMPTY_SET),
          Map.entry("java.util.Collections$SingletonSet", Tags.SINGLETON_SET),
          Map.entry("java.util.RegularEnumSet", Tags.ENUM_SET),
          Map.entry("java.util.JumboEnumSet", Tags.ENUM_SET),
          Map.entry("java.util.HashMap", Tags.HASH_MAP),
          Map.entry("java.util.LinkedHashMap", Tags.LINKED_HASH_MAP),
          Map.entry("java.util.TreeMap", Tags.TREE_MAP),
          Map.entry("java.util.ImmutableCollections$Map1", Tags.IMMUTABLE_MAP),
          Map.entry("java.util.ImmutableCollections$MapN", Tags.IMMUTABLE_MAP),
          Map.entry("java.util.Collections$UnmodifiableMap", Tags.UNMODIFIABLE_MAP),
          Map.entry("java.util.Collections$SynchronizedMap", Tags.SYNCHRONIZED_MAP),
          Map.entry("java.util.EnumMap", Tags.ENUM_MAP),
          Map.entry("java.util.concurrent.ConcurrentHashMap", Tags.CONCURRENT_HASH_MAP),
          Map.entry("java.util.Collections$EmptyMap", Tags.EMPTY_MAP),
          Map.entry("java.util.Collections$SingletonMap", Tags.SINGLETON_MAP),
          Map.entry("java.util.Optional", Tags.OPTIONAL),
          Map.entry("java.util.OptionalInt", Tags.OPTIONAL_INT),
          Map.entry("java.util.OptionalLong", Tags.OPTIONAL_LONG),
          Map.entry("java.util.OptionalDouble", Tags.OPTIONAL_DOUBLE),
          Map.entry("java.util.KeyValueHolder", Tags.ENTRY),
          Map.entry("java.util.HashMap$Node", Tags.ENTRY),
          Map.entry("java.util.HashMap$TreeNode", Tags.ENTRY),
          Map.entry("java.util.LinkedHashMap$Entry", Tags.ENTRY),
          Map.entry("java.util.TreeMap$Entry", Tags.ENTRY),
          Map.entry("java.util.AbstractMap$SimpleImmutableEntry", Tags.ENTRY),
          Map.entry("java.math.BigInteger", Tags.BIG_INTEGER),
          Map.entry("java.math.BigDecimal", Tags.BIG_DECIMAL),
          Map.entry("java.util.UUID", Tags.UUID),
          Map.entry("java.time.Duration", Tags.DURATION),
          Map.entry("java.time.Instant", Tags.INSTANT),
          Map.entry("java.time.LocalDate", Tags.LOCAL_DATE),
          Map.entry("java.time.LocalTime", Tags.LOCAL_TIME),
          Map.entry("java.time.LocalDateTime", Tags.LOCAL_DATE_TIME),
          Map.entry("java.util.BitSet", Tags.BIT_SET),
          Map.entry("java.net.URI", Tags.URI));

  final Class<?> type;
  final int tag;
  final int fingerprint;
  final MethodHandle[] accessors;
  final String[] componentNames;
  final @Nullable MethodHandle constructor;
  final Object[] constants;

  private ClassPlan(
      Class<?> type,
      int tag,
      int fingerprint,
      MethodHandle[] accessors,
      String[] componentNames,
      @Nullable MethodHandle constructor,
      Object[] constants) {
    this.type = type;
    this.tag = tag;
    this.fingerprint = fingerprint;
    this.accessors = accessors;
    this.componentNames = componentNames;
    this.constructor = constructor;
    this.constants = constants;
  }

  private static ClassPlan plain(Class<?> type, int tag) {
    return new ClassPlan(type, tag, 0, NO_HANDLES, new String[0], null, new Object[0]);
  }

  /// The class under which instances of `type` travel: an enum constant with a body has its own.
  static Class<?> travelling(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    return parent != null && parent.isEnum() ? parent : type;
  }

  static ClassPlan of(Class<?> type, Admission admission) {
    if (type.isArray()) {
      return plain(type, Tags.TYPED_ARRAY);
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
      return admission.admits(type.getName()) ? ofRecord(type) : plain(type, Tags.REFUSED);
    }
    Integer container = CONTAINERS.get(type.getName());
    if (container != null) {
      return plain(type, container);
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
    return plain(type, admission.admits(type.getName()) ? Tags.ORDINARY : Tags.REFUSED);
  }

  private static ClassPlan ofEnum(Class<?> type, Admission admission) {
    if (!admission.admits(type.getName()) && type.getModule() != Object.class.getModule()) {
      return plain(type, Tags.REFUSED);
    }
    Object[] constants = type.getEnumConstants();
    if (constants == null) {
      return plain(type, Tags.REFUSED);
    }
    int hash = 1;
    for (Object constant : constants) {
      hash = 31 * hash + ((Enum<?>) constant).name().hashCode();
    }
    return new ClassPlan(type, Tags.ENUM, hash, NO_HANDLES, new String[0], null, constants);
  }

  private static ClassPlan ofRecord(Class<?> type) {
    // Heddle's own records are public: its module is open to nobody.
    MethodHandles.Lookup lookup =
        type.getPackageName().equals("dev.heddle")
            ? MethodHandles.publicLookup()
            : Opening.into(type, type.getName());
    RecordComponent[] components = type.getRecordComponents();
    MethodHandle[] accessors = new MethodHandle[components.length];
    String[] names = new String[components.length];
    Class<?>[] types = new Class<?>[components.length];
    int hash = 1;
    try {
      for (int i = 0; i < components.length; i++) {
        names[i] = components[i].getName();
        types[i] = components[i].getType();
        hash = 31 * hash + names[i].hashCode();
        hash = 31 * hash + types[i].getName().hashCode();
        accessors[i] =
            lookup
                .unreflect(components[i].getAccessor())
                .asType(MethodType.methodType(Object.class, Object.class));
      }
      MethodHandle constructor =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, types))
              .asFixedArity()
              .asType(MethodType.genericMethodType(types.length))
              .asSpreader(Object[].class, types.length);
      return new ClassPlan(type, Tags.RECORD, hash, accessors, names, constructor, new Object[0]);
    } catch (ReflectiveOperationException e) {
      throw new TaskSerializationException(
          "record " + type.getName() + " can't be taken apart: " + e, e);
    }
  }
}
