package dev.heddle.scale;

import dev.heddle.wire.MessageBuffer;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// What an object and everything that only it leads to weighs, found by walking over the real
/// objects.
///
/// Shape: sizes are those of a JVM with compressed references and headers of 12 bytes, aligned to
/// eight, whatever the flags of this one, so that the numbers of two runs can be compared.
/// Collections of the JDK, whose fields can't be read, count with their elements and a node or a
/// place for each; their spare room doesn't. Classes, enums, strings of the program, message
/// buffers and the simulator's own objects count nothing.
final class Footprint {
  private static final int HEADER_BYTES = 12;
  private static final int REFERENCE_BYTES = 4;
  private static final int ARRAY_HEADER_BYTES = 16;
  private static final int COLLECTION_BYTES = 48;
  private static final int NODE_BYTES = 40;
  private static final int JDK_OBJECT_BYTES = 16;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ArrayDeque<Object> open = new ArrayDeque<>();
  private final Predicate<Object> isOutside;
  private long bytes;

  private Footprint(Predicate<Object> isOutside) {
    this.isOutside = isOutside;
  }

  /// Bytes of `root`; what belongs to the package of this class is not its own.
  @SuppressWarnings("ReferenceEquality") // the very objects
  static long of(Object root, Object... outside) {
    Footprint walk =
        new Footprint(
            object ->
                object.getClass().getPackage() == Footprint.class.getPackage()
                    || Arrays.stream(outside).anyMatch(one -> one == object));
    walk.reach(root);
    while (!walk.open.isEmpty()) {
      walk.visit(walk.open.poll());
    }
    return walk.bytes;
  }

  private void reach(Object object) {
    if (object == null
        || object instanceof Class<?>
        || object instanceof Enum<?>
        || object instanceof String
        || object.getClass().isHidden()
        || object instanceof MessageBuffer
        || isOutside.test(object)
        || !seen.add(object)) {
      return;
    }
    open.add(object);
  }

  private void visit(Object object) {
    Class<?> type = object.getClass();
    if (type.isArray()) {
      visitArray(object, type.getComponentType());
    } else if (object instanceof Collection<?> all) {
      bytes += COLLECTION_BYTES + (long) REFERENCE_BYTES * all.size();
      if (object instanceof Set<?>) {
        bytes += (long) NODE_BYTES * all.size();
      }
      all.forEach(this::reach);
    } else if (object instanceof Map<?, ?> map) {
      bytes += COLLECTION_BYTES + (long) NODE_BYTES * map.size();
      map.forEach(
          (key, value) -> {
            reach(key);
            reach(value);
          });
    } else if (type.getClassLoader() == null) {
      bytes += JDK_OBJECT_BYTES;
    } else {
      visitFields(object, type);
    }
  }

  private void visitArray(Object array, Class<?> component) {
    int length = Array.getLength(array);
    int each = component.isPrimitive() ? bytes(component) : REFERENCE_BYTES;
    bytes += aligned(ARRAY_HEADER_BYTES + (long) each * length);
    if (!component.isPrimitive()) {
      for (Object element : (Object[]) array) {
        reach(element);
      }
    }
  }

  private void visitFields(Object object, Class<?> type) {
    long size = HEADER_BYTES;
    for (Field field : fields(type)) {
      if (field.getType().isPrimitive()) {
        size += bytes(field.getType());
        continue;
      }
      size += REFERENCE_BYTES;
      try {
        field.setAccessible(true);
        reach(field.get(object));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("a field can't be read: " + field, e);
      }
    }
    bytes += aligned(size);
  }

  private static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          fields.add(field);
        }
      }
    }
    return fields;
  }

  private static int bytes(Class<?> primitive) {
    if (primitive == long.class || primitive == double.class) {
      return Long.BYTES;
    }
    if (primitive == int.class || primitive == float.class) {
      return Integer.BYTES;
    }
    return primitive == short.class || primitive == char.class ? Short.BYTES : Byte.BYTES;
  }

  private static long aligned(long size) {
    return (size + 7) & -8L;
  }
}
