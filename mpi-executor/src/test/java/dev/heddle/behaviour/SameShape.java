package dev.heddle.behaviour;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whether a value arrived as it was: the same classes, elements, order and nulls, and what was one
/// object is one.
///
/// Shape: walks both at once, without recursion, so that depth is no matter. Views may arrive as
/// copies of the same kind; what a class hashes by identity may come in another order. Errors:
/// [AssertionError] that says where they differ.
@SuppressWarnings("ReferenceEquality") // identity is half of the question
public final class SameShape {
  private record Pair(@Nullable Object was, @Nullable Object is, String path) {}

  private final IdentityHashMap<Object, Object> copies = new IdentityHashMap<>();
  private final IdentityHashMap<Object, Object> originals = new IdentityHashMap<>();
  private final ArrayDeque<Pair> open = new ArrayDeque<>();

  private SameShape() {}

  /// Checks that `is` is a copy of `was`.
  public static void check(@Nullable Object was, @Nullable Object is) {
    SameShape walk = new SameShape();
    walk.later(was, is, "value");
    for (Pair pair = walk.open.poll(); pair != null; pair = walk.open.poll()) {
      try {
        walk.compare(pair.was, pair.is, pair.path);
      } catch (RuntimeException e) {
        throw new AssertionError("at " + pair.path, e);
      }
    }
  }

  private void later(@Nullable Object was, @Nullable Object is, String path) {
    open.push(new Pair(was, is, path.length() > 300 ? "..." + path.substring(150) : path));
  }

  private static void check(
      boolean isSame, String path, @Nullable Object was, @Nullable Object is) {
    if (!isSame) {
      throw new AssertionError("at " + path + ": was " + shown(was) + ", is " + shown(is));
    }
  }

  private static String shown(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    String text;
    try {
      text = value instanceof Object[] a ? Arrays.toString(a) : value.toString();
    } catch (RuntimeException | StackOverflowError e) {
      text = "?";
    }
    return value.getClass().getName()
        + " "
        + (text.length() > 200 ? text.substring(0, 200) + "..." : text);
  }

  private void compare(@Nullable Object was, @Nullable Object is, String path) {
    if (was == null || is == null) {
      check(was == is, path, was, is);
      return;
    }
    check(was != is || isShared(was), path + " (the very same object)", was, is);
    if (isScalar(was)) {
      check(was.equals(is) && was.getClass() == is.getClass(), path, was, is);
      return;
    }
    if (!isShared(was) && !isView(was)) {
      Object known = copies.put(was, is);
      check(known == null || known == is, path + " (was one object)", was, is);
      Object other = originals.put(is, was);
      check(other == null || other == was, path + " (were two objects)", was, is);
      if (known != null) {
        return;
      }
    }
    parts(was, is, path);
  }

  /// What has no identity that a program could rely on.
  private static boolean isScalar(Object value) {
    Class<?> type = value.getClass();
    return (value instanceof Number && type.getPackageName().equals("java.lang"))
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Character
        || type.getPackageName().startsWith("java.time")
        || type.getPackageName().startsWith("java.math")
        || type.getPackageName().startsWith("java.net")
        || type.getPackageName().startsWith("java.nio")
        || type.getPackageName().startsWith("sun.nio")
        || type.getPackageName().startsWith("java.io")
        || value instanceof java.util.UUID
        || value instanceof java.util.Locale
        || value instanceof java.util.Currency
        || value instanceof java.util.Date
        || value instanceof java.util.BitSet
        || value instanceof java.util.OptionalInt
        || value instanceof java.util.OptionalLong
        || value instanceof java.util.OptionalDouble;
  }

  /// Instances of which there is one: constants, and the JDK's empty values.
  private static boolean isShared(Object value) {
    return value instanceof Enum<?>
        || value instanceof Shapes.Singleton
        || isScalar(value)
        || (value instanceof Optional<?> o && o.isEmpty())
        || (value instanceof Collection<?> c && c.isEmpty())
        || (value instanceof Map<?, ?> m && m.isEmpty())
        || (value instanceof Comparator<?>);
  }

  /// What arrives as a copy of what it shows.
  private static boolean isView(Object value) {
    Class<?> type = value.getClass();
    String name = type.getName();
    return name.contains("SubList")
        || name.contains("Reverse")
        || name.contains("KeySet")
        || name.contains("Values")
        || name.contains("SubMap")
        || name.contains("EntrySet");
  }

  private void parts(Object was, Object is, String path) {
    Class<?> type = was.getClass();
    if (!isView(was) && !type.getName().startsWith("java.util.ImmutableCollections")) {
      check(type == is.getClass(), path + " (class)", was, is);
    }
    if (type.isArray()) {
      array(was, is, path);
    } else if (was instanceof Map<?, ?> map) {
      map(map, (Map<?, ?>) is, path);
      fields(was, is, path);
    } else if (was instanceof Collection<?> elements) {
      collection(elements, (Collection<?>) is, path);
      fields(was, is, path);
    } else if (was instanceof Map.Entry<?, ?> entry) {
      later(entry.getKey(), ((Map.Entry<?, ?>) is).getKey(), path + ".key");
      later(entry.getValue(), ((Map.Entry<?, ?>) is).getValue(), path + ".value");
    } else if (was instanceof Optional<?> optional) {
      later(optional.orElse(null), ((Optional<?>) is).orElse(null), path + ".optional");
    } else if (type.isEnum() || was instanceof Enum<?> || was instanceof Shapes.Singleton) {
      check(was == is, path, was, is);
    } else if (was instanceof Pattern pattern) {
      Pattern other = (Pattern) is;
      check(
          pattern.pattern().equals(other.pattern()) && pattern.flags() == other.flags(),
          path,
          was,
          is);
    } else if (was instanceof AtomicReference<?> reference) {
      later(reference.get(), ((AtomicReference<?>) is).get(), path + ".get()");
    } else if (was instanceof AtomicInteger
        || was instanceof AtomicLong
        || was instanceof AtomicBoolean
        || was instanceof AtomicIntegerArray
        || was instanceof StringBuilder
        || was instanceof StringBuffer) {
      check(was.toString().equals(is.toString()), path, was, is);
    } else {
      fields(was, is, path);
    }
  }

  private void array(Object was, Object is, String path) {
    int length = Array.getLength(was);
    check(length == Array.getLength(is), path + " (length)", was, is);
    if (!(was instanceof Object[])) {
      check(Objects.deepEquals(was, is), path, was, is);
      return;
    }
    for (int i = 0; i < length; i++) {
      later(Array.get(was, i), Array.get(is, i), path + "[" + i + "]");
    }
  }

  private void collection(Collection<?> was, Collection<?> is, String path) {
    check(was.size() == is.size(), path + " (size)", was, is);
    check(!(was instanceof List<?>) || is instanceof List<?>, path + " (a list)", was, is);
    check(!(was instanceof Set<?>) || is instanceof Set<?>, path + " (a set)", was, is);
    if (was instanceof SortedSet<?> sorted) {
      comparator(sorted.comparator(), ((SortedSet<?>) is).comparator(), path);
    }
    if (was instanceof PriorityQueue<?> queue) {
      comparator(queue.comparator(), ((PriorityQueue<?>) is).comparator(), path);
    }
    boolean isOfIdentities = was.stream().anyMatch(Shapes.Ident.class::isInstance);
    if (isOfIdentities && was instanceof Set<?>) {
      pairs(byId(was), byId(is), path);
      return;
    }
    if (hasOrderOfItsOwn(was) || hasEnums(was, was)) {
      check(Set.copyOf(was).equals(Set.copyOf(is)), path, was, is);
      return;
    }
    pairs(new ArrayList<>(was), new ArrayList<>(is), path + was.getClass().getSimpleName());
  }

  /// What has no order that its documents tell, and another one in each JVM or each copy: the JDK's
  /// immutable sets and maps, hash tables by their own serial form.
  private static boolean hasOrderOfItsOwn(Object value) {
    String name = value.getClass().getName();
    return (name.contains("ImmutableCollections") && !(value instanceof List<?>))
        || value instanceof java.util.Hashtable
        || (value instanceof java.util.HashMap
            && !(value instanceof java.util.LinkedHashMap)
            && value.getClass() != java.util.HashMap.class)
        || (value instanceof java.util.HashSet
            && !(value instanceof java.util.LinkedHashSet)
            && value.getClass() != java.util.HashSet.class);
  }

  /// An enum constant has another hash in each JVM, so what may be a hash table, or a view or a
  /// wrapper of one, has another order there.
  private static boolean hasEnums(Object value, Collection<?> keys) {
    return (value instanceof Map<?, ?> || value instanceof Set<?>)
        && !(value instanceof SortedMap<?, ?>
            || value instanceof SortedSet<?>
            || value instanceof java.util.LinkedHashMap
            || value instanceof java.util.LinkedHashSet)
        && keys.stream().anyMatch(Enum.class::isInstance);
  }

  private static List<@Nullable Object> byId(Collection<?> elements) {
    List<@Nullable Object> list = new ArrayList<>(elements);
    list.sort(Comparator.comparingInt(e -> e instanceof Shapes.Ident ident ? ident.id : -1));
    return list;
  }

  private void pairs(List<?> was, List<?> is, String path) {
    for (int i = 0; i < was.size(); i++) {
      later(was.get(i), is.get(i), path + "[" + i + "]");
    }
  }

  private void map(Map<?, ?> was, Map<?, ?> is, String path) {
    check(was.size() == is.size(), path + " (size)", was, is);
    if (was instanceof SortedMap<?, ?> sorted) {
      comparator(sorted.comparator(), ((SortedMap<?, ?>) is).comparator(), path);
    }
    List<?> keys = new ArrayList<>(was.keySet());
    List<?> others = new ArrayList<>(is.keySet());
    if (keys.stream().anyMatch(Shapes.Ident.class::isInstance)) {
      keys = byId(keys);
      others = byId(others);
    } else if (hasOrderOfItsOwn(was) || hasEnums(was, keys)) {
      Comparator<Object> byText =
          Comparator.comparing((Object key) -> key.getClass().getName())
              .thenComparing(String::valueOf);
      keys = keys.stream().sorted(byText).toList();
      others = others.stream().sorted(byText).toList();
    }
    // in order of access, a look changes the order: by entries, then
    IdentityHashMap<Object, @Nullable Object> before = new IdentityHashMap<>();
    IdentityHashMap<Object, @Nullable Object> after = new IdentityHashMap<>();
    was.forEach(before::put);
    is.forEach(after::put);
    for (int i = 0; i < keys.size(); i++) {
      later(before.get(keys.get(i)), after.get(others.get(i)), path + "{" + i + "}");
      later(keys.get(i), others.get(i), path + was.getClass().getSimpleName() + " key " + i);
    }
    // what is found by one is found by the other
    if (!(was instanceof java.util.LinkedHashMap)) {
      for (Object key : others) {
        check(is.containsKey(key), path + " (find)", key, is);
      }
    }
  }

  private void comparator(@Nullable Comparator<?> was, @Nullable Comparator<?> is, String path) {
    check((was == null) == (is == null), path + " (comparator)", was, is);
    if (was == null || is == null) {
      return;
    }
    @SuppressWarnings("unchecked")
    Comparator<Object> one = (Comparator<Object>) was;
    @SuppressWarnings("unchecked")
    Comparator<Object> other = (Comparator<Object>) is;
    for (String a : new TreeSet<>(List.of("a", "bb", "B", "ccc"))) {
      check(
          Integer.signum(one.compare(a, "bc")) == Integer.signum(other.compare(a, "bc")),
          path + " (comparator)",
          was,
          is);
    }
  }

  /// Fields of the test's own classes; of the JDK's nothing is seen.
  private void fields(Object was, Object is, String path) {
    for (Class<?> c = was.getClass(); c != null; c = c.getSuperclass()) {
      if (!c.getName().startsWith("dev.heddle.")) {
        continue;
      }
      for (Field field : c.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())) {
          continue;
        }
        try {
          field.setAccessible(true);
          Object there = field.get(is);
          if (Modifier.isTransient(field.getModifiers()) && !(was instanceof Shapes.Celsius)) {
            check(there == null, path + "." + field.getName() + " (transient)", null, there);
          } else if (field.getType() == double.class && was instanceof Shapes.Celsius) {
            check(
                Math.abs(field.getDouble(was) - field.getDouble(is)) < 1e-9,
                path + "." + field.getName(),
                field.get(was),
                there);
          } else {
            later(field.get(was), there, path + "." + field.getName());
          }
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
