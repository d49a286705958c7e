package dev.heddle.codec;

import java.util.List;
import java.util.Set;

/// Which classes may travel, by name: JDK values, and what lies in the configured packages.
///
/// Shape: a package admits itself and its sub-packages; the entry `""` admits the unnamed package
/// alone. Threading: immutable.
final class Admission {
  /// JDK classes that are values through and through, so that a copy behaves as the original;
  /// everything with a resource, a thread or an identity is left out.
  private static final Set<String> JDK_VALUES =
      Set.of(
          "java.lang.Object",
          "java.lang.Boolean",
          "java.lang.Byte",
          "java.lang.Short",
          "java.lang.Character",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Float",
          "java.lang.Double",
          "java.lang.Number",
          "java.lang.String",
          "java.lang.CharSequence",
          "java.lang.Comparable",
          "java.lang.Iterable",
          "java.lang.StringBuilder",
          "java.lang.StringBuffer",
          "java.lang.invoke.SerializedLambda",
          "java.io.Serializable",
          "java.net.URI",
          "java.nio.charset.Charset",
          "java.util.AbstractMap$SimpleEntry",
          "java.util.AbstractMap$SimpleImmutableEntry",
          "java.util.ArrayDeque",
          "java.util.ArrayList",
          "java.util.Arrays$ArrayList",
          "java.util.BitSet",
          "java.util.Collection",
          "java.util.Collections$CopiesList",
          "java.util.Collections$EmptyList",
          "java.util.Collections$EmptyMap",
          "java.util.Collections$EmptySet",
          "java.util.Collections$ReverseComparator",
          "java.util.Collections$ReverseComparator2",
          "java.util.Collections$SetFromMap",
          "java.util.Collections$SingletonList",
          "java.util.Collections$SingletonMap",
          "java.util.Collections$SingletonSet",
          "java.util.Collections$SynchronizedCollection",
          "java.util.Collections$SynchronizedList",
          "java.util.Collections$SynchronizedMap",
          "java.util.Collections$SynchronizedRandomAccessList",
          "java.util.Collections$SynchronizedSet",
          "java.util.Collections$UnmodifiableCollection",
          "java.util.Collections$UnmodifiableList",
          "java.util.Collections$UnmodifiableMap",
          "java.util.Collections$UnmodifiableRandomAccessList",
          "java.util.Collections$UnmodifiableSet",
          "java.util.Comparator",
          "java.util.Comparators$NaturalOrderComparator",
          "java.util.Currency",
          "java.util.Date",
          "java.util.EnumMap",
          "java.util.EnumSet",
          "java.util.HashMap",
          "java.util.HashSet",
          "java.util.Hashtable",
          "java.util.IdentityHashMap",
          "java.util.ImmutableCollections$List12",
          "java.util.ImmutableCollections$ListN",
          "java.util.ImmutableCollections$SubList",
          "java.util.ImmutableCollections$Map1",
          "java.util.ImmutableCollections$MapN",
          "java.util.ImmutableCollections$Set12",
          "java.util.ImmutableCollections$SetN",
          "java.util.JumboEnumSet",
          "java.util.LinkedHashMap",
          "java.util.LinkedHashSet",
          "java.util.LinkedList",
          "java.util.List",
          "java.util.Locale",
          "java.util.Map",
          "java.util.Map$Entry",
          "java.util.Optional",
          "java.util.OptionalDouble",
          "java.util.OptionalInt",
          "java.util.OptionalLong",
          "java.util.PriorityQueue",
          "java.util.Properties",
          "java.util.RegularEnumSet",
          "java.util.Set",
          "java.util.Stack",
          "java.util.TreeMap",
          "java.util.TreeSet",
          "java.util.UUID",
          "java.util.Vector",
          "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentLinkedDeque",
          "java.util.concurrent.ConcurrentLinkedQueue",
          "java.util.concurrent.ConcurrentSkipListMap",
          "java.util.concurrent.ConcurrentSkipListSet",
          "java.util.concurrent.CopyOnWriteArrayList",
          "java.util.concurrent.CopyOnWriteArraySet",
          "java.util.concurrent.TimeUnit",
          "java.util.concurrent.atomic.AtomicBoolean",
          "java.util.concurrent.atomic.AtomicInteger",
          "java.util.concurrent.atomic.AtomicLong",
          "java.util.concurrent.atomic.AtomicReference",
          "java.util.regex.Pattern");

  /// Heddle's own values.
  private static final Set<String> OWN_VALUES = Set.of("dev.heddle.WorkerLocal");

  private final List<String> packages;

  Admission(List<String> packages) {
    this.packages = packages.stream().map(String::strip).distinct().toList();
  }

  /// Whether instances of `className` may travel; array names, as `Class.getName()` gives them, are
  /// judged by their component.
  boolean admits(String className) {
    String name = className;
    if (name.startsWith("[")) {
      name = name.substring(name.lastIndexOf('[') + 1);
      if (!name.startsWith("L")) {
        return name.length() == 1;
      }
      name = name.substring(1, name.endsWith(";") ? name.length() - 1 : name.length());
    }
    return JDK_VALUES.contains(name)
        || OWN_VALUES.contains(name)
        || name.startsWith("java.time.")
        || name.startsWith("java.math.Big")
        || admitsPackageOf(name);
  }

  /// Whether the class lies in a configured package.
  boolean admitsPackageOf(String className) {
    int dot = className.lastIndexOf('.');
    String packageName = dot < 0 ? "" : className.substring(0, dot);
    for (String admitted : packages) {
      if (packageName.equals(admitted)
          || (!admitted.isEmpty()
              && packageName.length() > admitted.length()
              && packageName.charAt(admitted.length()) == '.'
              && packageName.startsWith(admitted))) {
        return true;
      }
    }
    return false;
  }

  /// The configured packages, for messages.
  @Override
  public String toString() {
    return packages.isEmpty()
        ? "none"
        : packages.stream().map(p -> p.isEmpty() ? "(unnamed)" : p).toList().toString();
  }
}
