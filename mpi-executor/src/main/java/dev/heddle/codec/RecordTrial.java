package dev.heddle.codec;

import dev.heddle.codec.form.Fields;
import dev.heddle.codec.form.Tags;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Tries whether a record can be made while some of its components are still empty. The reader must
/// do so where these components lead back to a holder of the record.
///
/// Shape: calls the record's constructor once, as the reader will. Threading: one encode, one
/// thread.
final class RecordTrial {
  private RecordTrial() {}

  /// Null if the constructor keeps its arguments and does not look into them; otherwise half a
  /// sentence that says why the record can't be sent.
  @SuppressWarnings("ReferenceEquality") // asks whether it is the very object that was handed over
  static @Nullable String objection(ValueWriter writer, Object record, ClassPlan plan) {
    Fields fields = Objects.requireNonNull(plan.fields);
    int count = fields.kinds.length;
    @Nullable Object[] components = new @Nullable Object[count];
    @Nullable Object[] blanks = new @Nullable Object[count];
    String name = "";
    try {
      for (int i = 0; i < count; i++) {
        Object component = fields.getters[i].invoke(record);
        components[i] = component;
        if (component != null && fields.kinds[i] == 'L' && writer.isUnfinished(component)) {
          blanks[i] = blank(component, writer.codec().plan(component.getClass()));
          components[i] = blanks[i];
        } else if (component != null && fields.kinds[i] == 'L') {
          components[i] = asItArrives(writer, component, new IdentityHashMap<>());
          name = components[i] != component ? fields.names[i] : name;
        }
      }
      Object made = (Object) Objects.requireNonNull(plan.constructor).invokeExact(components);
      for (int i = 0; i < count; i++) {
        if (blanks[i] != null && (Object) fields.getters[i].invokeExact(made) != blanks[i]) {
          return advice(fields.names[i], "copies it");
        }
      }
      return null;
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      for (int i = 0; i < count; i++) {
        name = blanks[i] != null ? fields.names[i] : name;
      }
      return advice(name, "looks into it: it threw " + e);
    }
  }

  private static String advice(String component, String what) {
    return "its component "
        + component
        + " leads back to what holds the record, so it is still empty when the record is made, and"
        + " its constructor "
        + what
        + "; let the constructor take it as it is, or make the record a class";
  }

  /// The object as the reader will have it at that moment: lists, arrays and similar containers
  /// with empty instances for unfinished elements; objects of any other kind unchanged.
  @SuppressWarnings("JdkObsolete") // what users have
  private static Object asItArrives(ValueWriter writer, Object object, Map<Object, Object> met)
      throws Exception {
    if (writer.isUnfinished(object)) {
      return blank(object, writer.codec().plan(object.getClass()));
    }
    Object known = met.putIfAbsent(object, object);
    if (known != null) {
      // the object holds itself
      return known;
    }
    if (!writer.holdsUnfinished(object)) {
      return object;
    }
    if (object instanceof Optional<?> optional && optional.isPresent()) {
      return Optional.of(asItArrives(writer, optional.get(), met));
    }
    if (object instanceof Object[] array) {
      @Nullable Object[] copy = array.clone();
      for (int i = 0; i < copy.length; i++) {
        Object element = copy[i];
        copy[i] = element == null ? null : asItArrives(writer, element, met);
      }
      return copy;
    }
    int tag = writer.codec().plan(object.getClass()).tag;
    if (tag != Tags.ARRAY_LIST
        && tag != Tags.LINKED_LIST
        && tag != Tags.FIXED_LIST
        && tag != Tags.IMMUTABLE_LIST) {
      return object;
    }
    List<@Nullable Object> copy = new ArrayList<>();
    for (Object element : (List<?>) object) {
      copy.add(element == null ? null : asItArrives(writer, element, met));
    }
    return switch (tag) {
      case Tags.LINKED_LIST -> new LinkedList<>(copy);
      case Tags.FIXED_LIST -> Arrays.asList(copy.toArray());
      case Tags.IMMUTABLE_LIST -> copy.stream().toList();
      default -> copy;
    };
  }

  /// An empty instance in the place of `component`, or `component` itself where it is made of its
  /// parts.
  @SuppressWarnings("JdkObsolete") // what users have
  private static Object blank(Object component, ClassPlan plan) throws Exception {
    return switch (plan.tag) {
      case Tags.ARRAY ->
          Array.newInstance(component.getClass().componentType(), Array.getLength(component));
      case Tags.ARRAY_LIST -> new ArrayList<>();
      case Tags.FIXED_LIST -> Arrays.asList(new Object[((java.util.List<?>) component).size()]);
      case Tags.LINKED_LIST -> new LinkedList<>();
      case Tags.ARRAY_DEQUE -> new ArrayDeque<>();
      case Tags.COPY_ON_WRITE_LIST -> new CopyOnWriteArrayList<>();
      case Tags.CONCURRENT_LINKED_QUEUE -> new ConcurrentLinkedQueue<>();
      case Tags.HASH_SET -> new HashSet<>();
      case Tags.LINKED_HASH_SET -> new LinkedHashSet<>();
      case Tags.TREE_SET -> new TreeSet<>();
      case Tags.CONCURRENT_SET -> ConcurrentHashMap.newKeySet();
      case Tags.HASH_MAP -> new HashMap<>();
      case Tags.LINKED_HASH_MAP -> new LinkedHashMap<>();
      case Tags.TREE_MAP -> new TreeMap<>();
      case Tags.CONCURRENT_HASH_MAP -> new ConcurrentHashMap<>();
      case Tags.ENUM_MAP -> {
        EnumMap<?, ?> copy = ((EnumMap<?, ?>) component).clone();
        copy.clear();
        yield copy;
      }
      case Tags.OBJECT -> Objects.requireNonNull(plan.allocator).newInstance();
      case Tags.SERIAL ->
          plan.isMadeOfParts()
              ? component
              : Objects.requireNonNull(plan.serial).allocator.newInstance();
      default -> component;
    };
  }
}
