package dev.heddle.codec.form;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The JDK's unmodifiable and synchronized wrappers: the wrapped object travels, and is wrapped
/// again.
///
/// Shape: numbers on the wire count from 0 in the order of the table. Threading: stateless.
public final class Wrappers {
  private static final String UNMODIFIABLE = "java.util.Collections$Unmodifiable";
  private static final String SYNCHRONIZED = "java.util.Collections$Synchronized";

  /// A kind of wrapper: its class, the class that holds the wrapped object, the field there, and
  /// the method that wraps again.
  private record Kind(String name, String holder, String field, Function<Object, Object> wrap) {}

  private static final List<Kind> KINDS = new ArrayList<>();
  private static final Map<String, Integer> NUMBERS = new HashMap<>();

  static {
    unmodifiable("Collection", "c", o -> Collections.unmodifiableCollection((Collection<?>) o));
    unmodifiable(
        "SequencedCollection",
        "c",
        o -> Collections.unmodifiableSequencedCollection((SequencedCollection<?>) o));
    unmodifiable("Set", "c", o -> Collections.unmodifiableSet((Set<?>) o));
    unmodifiable(
        "SequencedSet", "c", o -> Collections.unmodifiableSequencedSet((SequencedSet<?>) o));
    unmodifiable("SortedSet", "c", o -> Collections.unmodifiableSortedSet((SortedSet<?>) o));
    unmodifiable(
        "NavigableSet", "c", o -> Collections.unmodifiableNavigableSet((NavigableSet<?>) o));
    unmodifiable("List", "c", o -> Collections.unmodifiableList((List<?>) o));
    unmodifiable("RandomAccessList", "c", o -> Collections.unmodifiableList((List<?>) o));
    unmodifiable("Map", "m", o -> Collections.unmodifiableMap((Map<?, ?>) o));
    unmodifiable(
        "SequencedMap", "m", o -> Collections.unmodifiableSequencedMap((SequencedMap<?, ?>) o));
    unmodifiable("SortedMap", "m", o -> Collections.unmodifiableSortedMap((SortedMap<?, ?>) o));
    unmodifiable(
        "NavigableMap", "m", o -> Collections.unmodifiableNavigableMap((NavigableMap<?, ?>) o));
    unmodifiable("NavigableMap$EmptyNavigableMap", "m", _ -> Collections.emptyNavigableMap());
    unmodifiable("NavigableSet$EmptyNavigableSet", "c", _ -> Collections.emptyNavigableSet());
    synchronised("Collection", "c", o -> Collections.synchronizedCollection((Collection<?>) o));
    synchronised("Set", "c", o -> Collections.synchronizedSet((Set<?>) o));
    synchronised("SortedSet", "c", o -> Collections.synchronizedSortedSet((SortedSet<?>) o));
    synchronised(
        "NavigableSet", "c", o -> Collections.synchronizedNavigableSet((NavigableSet<?>) o));
    synchronised("List", "c", o -> Collections.synchronizedList((List<?>) o));
    synchronised("RandomAccessList", "c", o -> Collections.synchronizedList((List<?>) o));
    synchronised("Map", "m", o -> Collections.synchronizedMap((Map<?, ?>) o));
    synchronised("SortedMap", "m", o -> Collections.synchronizedSortedMap((SortedMap<?, ?>) o));
    synchronised(
        "NavigableMap", "m", o -> Collections.synchronizedNavigableMap((NavigableMap<?, ?>) o));
  }

  private static void unmodifiable(String kind, String field, Function<Object, Object> wrap) {
    add(UNMODIFIABLE, kind, field, wrap);
  }

  private static void synchronised(String kind, String field, Function<Object, Object> wrap) {
    add(SYNCHRONIZED, kind, field, wrap);
  }

  private static void add(String start, String kind, String field, Function<Object, Object> wrap) {
    NUMBERS.put(start + kind, KINDS.size());
    String holder = start + (field.equals("m") ? "Map" : "Collection");
    KINDS.add(new Kind(start + kind, holder, field, wrap));
  }

  /// Reads the field of a wrapper's holder. The class is loaded at the first wrapper of any kind.
  private static final class Holders {
    private static final Map<String, MethodHandle> READERS = new HashMap<>();

    static {
      for (Kind kind : KINDS) {
        READERS.computeIfAbsent(
            kind.holder(),
            name -> {
              try {
                return Objects.requireNonNull(
                    SerialAccess.defaultWrite(Class.forName(name)), "no fields of " + name);
              } catch (ClassNotFoundException e) {
                throw new IllegalStateException("not in this JDK: " + name, e);
              }
            });
      }
    }
  }

  private Wrappers() {}

  static Set<String> names() {
    return NUMBERS.keySet();
  }

  /// The number of a class, or -1.
  public static int number(Class<?> type) {
    Integer number = JdkTypes.isOfTheJdk(type) ? NUMBERS.get(type.getName()) : null;
    return number == null ? -1 : number;
  }

  public static boolean isSynchronized(int number) {
    return KINDS.get(number).name().startsWith(SYNCHRONIZED);
  }

  /// The object wrapped by `wrapper`, of kind `number`.
  public static Object unwrap(Object wrapper, int number, FieldCapture capture) {
    Kind kind = KINDS.get(number);
    MethodHandle fields = Objects.requireNonNull(Holders.READERS.get(kind.holder()));
    return Objects.requireNonNull(capture.of(wrapper, fields, kind.field()), kind.name());
  }

  /// A wrapper of kind `number`, or null for an unknown kind.
  ///
  /// Errors: [ClassCastException] for an object that such a wrapper can't wrap.
  public static @Nullable Object wrap(int number, Object wrapped) {
    return number < KINDS.size() ? KINDS.get(number).wrap().apply(wrapped) : null;
  }
}
