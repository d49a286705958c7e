package dev.heddle.codec.form;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The classes of the JDK whose instances are values in all respects, so that a copy behaves as the
/// original does. Classes with a resource, a thread or a place in this process are left out.
///
/// Shape: by name, since many of these classes are private to their package. A class has a layout
/// of Heddle's ([Tags]), or is sent by the serial form that it publishes ([SerialForm]). A user's
/// subclass is sent by that serial form too. A class in neither table is refused. Threading:
/// immutable.
public final class JdkTypes {
  /// Classes with a layout of Heddle's. A view shows a part of something larger, and arrives as a
  /// copy of that part.
  private static final Map<String, Integer> LAYOUTS = new HashMap<>();

  static {
    layout(Tags.ARRAY_LIST, "java.util.ArrayList");
    layout(
        Tags.ARRAY_LIST,
        "java.util.ArrayList$SubList",
        "java.util.AbstractList$SubList",
        "java.util.AbstractList$RandomAccessSubList",
        "java.util.ReverseOrderListView",
        "java.util.ReverseOrderListView$Rand");
    layout(
        Tags.IMMUTABLE_LIST,
        "java.util.ImmutableCollections$List12",
        "java.util.ImmutableCollections$ListN",
        "java.util.ImmutableCollections$SubList");
    layout(Tags.FIXED_LIST, "java.util.Arrays$ArrayList");
    layout(
        Tags.LINKED_LIST,
        "java.util.LinkedList",
        "java.util.LinkedList$ReverseOrderLinkedListView");
    layout(Tags.ARRAY_DEQUE, "java.util.ArrayDeque", "java.util.ReverseOrderDequeView");
    layout(Tags.EMPTY_LIST, "java.util.Collections$EmptyList");
    layout(Tags.SINGLETON_LIST, "java.util.Collections$SingletonList");
    layout(Tags.COPY_ON_WRITE_LIST, "java.util.concurrent.CopyOnWriteArrayList");
    layout(Tags.CONCURRENT_LINKED_QUEUE, "java.util.concurrent.ConcurrentLinkedQueue");
    layout(
        Tags.COLLECTION_VIEW,
        "java.util.HashMap$Values",
        "java.util.LinkedHashMap$LinkedValues",
        "java.util.TreeMap$Values",
        "java.util.EnumMap$Values",
        "java.util.IdentityHashMap$Values",
        "java.util.concurrent.ConcurrentHashMap$ValuesView",
        "java.util.concurrent.ConcurrentSkipListMap$Values",
        "java.util.AbstractMap$2");
    layout(Tags.HASH_SET, "java.util.HashSet");
    layout(Tags.LINKED_HASH_SET, "java.util.LinkedHashSet");
    layout(Tags.LINKED_HASH_SET, "java.util.LinkedHashSet$1ReverseLinkedHashSetView");
    layout(
        Tags.TREE_SET,
        "java.util.TreeSet",
        "java.util.TreeMap$KeySet",
        "java.util.ReverseOrderSortedSetView",
        "java.util.concurrent.ConcurrentSkipListMap$KeySet");
    layout(
        Tags.IMMUTABLE_SET,
        "java.util.ImmutableCollections$Set12",
        "java.util.ImmutableCollections$SetN");
    layout(
        Tags.SET_VIEW,
        "java.util.HashMap$KeySet",
        "java.util.HashMap$EntrySet",
        "java.util.LinkedHashMap$LinkedKeySet",
        "java.util.LinkedHashMap$LinkedEntrySet",
        "java.util.TreeMap$EntrySet",
        "java.util.EnumMap$KeySet",
        "java.util.EnumMap$EntrySet",
        "java.util.concurrent.ConcurrentHashMap$EntrySetView",
        "java.util.concurrent.ConcurrentSkipListMap$EntrySet",
        "java.util.Collections$UnmodifiableMap$UnmodifiableEntrySet",
        "java.util.ImmutableCollections$MapN$1",
        "java.util.AbstractMap$1");
    layout(Tags.ENUM_SET, "java.util.RegularEnumSet", "java.util.JumboEnumSet");
    layout(Tags.EMPTY_SET, "java.util.Collections$EmptySet");
    layout(Tags.SINGLETON_SET, "java.util.Collections$SingletonSet");
    layout(Tags.CONCURRENT_SET, "java.util.concurrent.ConcurrentHashMap$KeySetView");
    layout(Tags.HASH_MAP, "java.util.HashMap");
    layout(
        Tags.LINKED_HASH_MAP,
        "java.util.LinkedHashMap",
        "java.util.LinkedHashMap$ReversedLinkedHashMapView");
    layout(
        Tags.TREE_MAP,
        "java.util.TreeMap",
        "java.util.TreeMap$AscendingSubMap",
        "java.util.TreeMap$DescendingSubMap",
        "java.util.ReverseOrderSortedMapView");
    layout(Tags.SKIP_LIST_VIEW, "java.util.concurrent.ConcurrentSkipListMap$SubMap");
    layout(
        Tags.IMMUTABLE_MAP,
        "java.util.ImmutableCollections$Map1",
        "java.util.ImmutableCollections$MapN");
    layout(Tags.CONCURRENT_HASH_MAP, "java.util.concurrent.ConcurrentHashMap");
    layout(Tags.EMPTY_MAP, "java.util.Collections$EmptyMap");
    layout(Tags.SINGLETON_MAP, "java.util.Collections$SingletonMap");
    layout(Tags.ENUM_MAP, "java.util.EnumMap");
    layout(Tags.OPTIONAL, "java.util.Optional");
    layout(Tags.OPTIONAL_INT, "java.util.OptionalInt");
    layout(Tags.OPTIONAL_LONG, "java.util.OptionalLong");
    layout(Tags.OPTIONAL_DOUBLE, "java.util.OptionalDouble");
    layout(Tags.MAP_ENTRY, "java.util.KeyValueHolder");
    layout(
        Tags.ENTRY,
        "java.util.HashMap$Node",
        "java.util.HashMap$TreeNode",
        "java.util.LinkedHashMap$Entry",
        "java.util.TreeMap$Entry",
        "java.util.EnumMap$EntryIterator$Entry",
        "java.util.Hashtable$Entry",
        "java.util.IdentityHashMap$EntryIterator$Entry",
        "java.util.concurrent.ConcurrentHashMap$MapEntry",
        "java.util.Collections$UnmodifiableMap$UnmodifiableEntrySet$UnmodifiableEntry",
        "jdk.internal.util.NullableKeyValueHolder",
        "java.util.AbstractMap$SimpleImmutableEntry");
    layout(Tags.BIG_INTEGER, "java.math.BigInteger");
    layout(Tags.BIG_DECIMAL, "java.math.BigDecimal");
    layout(Tags.UUID, "java.util.UUID");
    layout(Tags.DURATION, "java.time.Duration");
    layout(Tags.INSTANT, "java.time.Instant");
    layout(Tags.LOCAL_DATE, "java.time.LocalDate");
    layout(Tags.LOCAL_TIME, "java.time.LocalTime");
    layout(Tags.LOCAL_DATE_TIME, "java.time.LocalDateTime");
    layout(Tags.BIT_SET, "java.util.BitSet");
    layout(Tags.URI, "java.net.URI");
    layout(Tags.INT_STATISTICS, "java.util.IntSummaryStatistics");
    layout(Tags.LONG_STATISTICS, "java.util.LongSummaryStatistics");
    layout(Tags.DOUBLE_STATISTICS, "java.util.DoubleSummaryStatistics");
    layout(Tags.PLAIN_OBJECT, "java.lang.Object");
  }

  private static void layout(int tag, String... names) {
    for (String name : names) {
      LAYOUTS.put(name, tag);
    }
  }

  /// Classes that are sent by their own serial form, in the order of their numbers on the wire: all
  /// ranks of a run have one version of Heddle. Classes with a layout of Heddle's are here too, for
  /// users' subclasses.
  private static final List<String> SERIAL =
      List.of(
          "java.io.File",
          "java.lang.String$CaseInsensitiveComparator",
          "java.lang.StringBuffer",
          "java.lang.StringBuilder",
          "java.math.MathContext",
          "java.time.Clock$FixedClock",
          "java.time.Clock$OffsetClock",
          "java.time.Clock$SystemClock",
          "java.time.Clock$TickClock",
          "java.time.MonthDay",
          "java.time.OffsetDateTime",
          "java.time.OffsetTime",
          "java.time.Period",
          "java.time.Ser",
          "java.time.Year",
          "java.time.YearMonth",
          "java.time.ZoneOffset",
          "java.time.ZoneRegion",
          "java.time.ZonedDateTime",
          "java.time.chrono.ChronoLocalDateTimeImpl",
          "java.time.chrono.ChronoPeriodImpl",
          "java.time.chrono.ChronoZonedDateTimeImpl",
          "java.time.chrono.HijrahChronology",
          "java.time.chrono.HijrahDate",
          "java.time.chrono.IsoChronology",
          "java.time.chrono.JapaneseChronology",
          "java.time.chrono.JapaneseDate",
          "java.time.chrono.JapaneseEra",
          "java.time.chrono.MinguoChronology",
          "java.time.chrono.MinguoDate",
          "java.time.chrono.Ser",
          "java.time.chrono.ThaiBuddhistChronology",
          "java.time.chrono.ThaiBuddhistDate",
          "java.time.temporal.ValueRange",
          "java.time.temporal.WeekFields",
          "java.time.zone.Ser",
          "java.time.zone.ZoneOffsetTransition",
          "java.time.zone.ZoneOffsetTransitionRule",
          "java.time.zone.ZoneRules",
          "java.util.AbstractMap$SimpleEntry",
          "java.util.AbstractMap$SimpleImmutableEntry",
          "java.util.ArrayDeque",
          "java.util.ArrayList",
          "java.util.BitSet",
          "java.util.Collections$AsLIFOQueue",
          "java.util.Collections$CopiesList",
          "java.util.Collections$ReverseComparator",
          "java.util.Collections$ReverseComparator2",
          "java.util.Collections$SequencedSetFromMap",
          "java.util.Collections$SetFromMap",
          "java.util.Comparators$NullComparator",
          "java.util.Currency",
          "java.util.Date",
          "java.util.HashMap",
          "java.util.HashSet",
          "java.util.Hashtable",
          "java.util.IdentityHashMap",
          "java.util.LinkedHashMap",
          "java.util.LinkedHashSet",
          "java.util.LinkedList",
          "java.util.Locale",
          "java.util.PriorityQueue",
          "java.util.Properties",
          "java.util.Stack",
          "java.util.TreeMap",
          "java.util.TreeSet",
          "java.util.Vector",
          "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentHashMap$KeySetView",
          "java.util.concurrent.ConcurrentLinkedDeque",
          "java.util.concurrent.ConcurrentLinkedQueue",
          "java.util.concurrent.ConcurrentSkipListMap",
          "java.util.concurrent.ConcurrentSkipListSet",
          "java.util.concurrent.CopyOnWriteArrayList",
          "java.util.concurrent.CopyOnWriteArraySet",
          "java.util.concurrent.atomic.AtomicBoolean",
          "java.util.concurrent.atomic.AtomicInteger",
          "java.util.concurrent.atomic.AtomicIntegerArray",
          "java.util.concurrent.atomic.AtomicLong",
          "java.util.concurrent.atomic.AtomicLongArray",
          "java.util.concurrent.atomic.AtomicReference",
          "java.util.concurrent.atomic.AtomicReferenceArray",
          "java.util.regex.Pattern");

  private static final Set<String> SERIAL_SET = Set.copyOf(SERIAL);

  /// Classes above users' classes that have nothing to send: they have no fields, or caches only.
  private static final Set<String> STATELESS =
      Set.of(
          "java.lang.Object",
          "java.lang.Number",
          "java.util.AbstractCollection",
          "java.util.AbstractList",
          "java.util.AbstractMap",
          "java.util.AbstractQueue",
          "java.util.AbstractSequentialList",
          "java.util.AbstractSet",
          "java.util.Dictionary");

  /// JDK classes whose lambdas may be sent: `Comparator.comparing` and its kin.
  private static final Set<String> LAMBDAS = Set.of("java.util.Comparator", "java.util.Map$Entry");

  private JdkTypes() {}

  /// Whether `type` is in a module of the JDK, rather than a user's or a library's class.
  public static boolean isOfTheJdk(Class<?> type) {
    String module = type.getModule().getName();
    return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
  }

  /// The tag of the layout of a class, or null.
  public static @Nullable Integer layout(Class<?> type) {
    Integer tag = isOfTheJdk(type) ? LAYOUTS.get(type.getName()) : null;
    if (tag == null && isOfTheJdk(type)) {
      if (java.nio.file.Path.class.isAssignableFrom(type)) {
        return Tags.PATH;
      }
      if (java.nio.charset.Charset.class.isAssignableFrom(type)) {
        return Tags.CHARSET;
      }
    }
    return tag;
  }

  /// Whether instances of the class are sent by the serial form; the same for the part of a
  /// subclass's instance that this class declares.
  public static boolean hasSerialForm(String className) {
    return SERIAL_SET.contains(className);
  }

  /// The number of a class with a serial form, or -1.
  public static int serialNumber(Class<?> type) {
    return isOfTheJdk(type) ? SERIAL.indexOf(type.getName()) : -1;
  }

  /// The name of class `number`, or null.
  public static @Nullable String serialName(int number) {
    return number >= 0 && number < SERIAL.size() ? SERIAL.get(number) : null;
  }

  public static int serialCount() {
    return SERIAL.size();
  }

  static boolean isStateless(Class<?> type) {
    return STATELESS.contains(type.getName());
  }

  /// Whether the lambdas of `className` count as values of the JDK.
  public static boolean hasLambdas(String className) {
    return LAMBDAS.contains(className);
  }

  /// The names in both tables, for exceptions, which travel by Java serialization.
  static Set<String> names() {
    List<String> names = new ArrayList<>(SERIAL);
    names.addAll(LAYOUTS.keySet());
    names.addAll(
        Arrays.asList(
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Short",
            "java.lang.Character",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Float",
            "java.lang.Double",
            "java.lang.String",
            "java.lang.invoke.SerializedLambda"));
    names.addAll(Wrappers.names());
    return Set.copyOf(names);
  }
}
