package dev.heddle.codec;

import dev.heddle.TaskSerializationException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Walks an object graph before Fory gets it, so that what can't be sent is named by its path.
///
/// Shape: iterative and once per object, so that deep lists and cycles are no trouble. Threading:
/// one walk, one thread. Errors: [TaskSerializationException], as in `argument 0 of Chem.energy:
/// Sample.reader -> java.io.FileReader can't be sent: ...`.
final class GraphCheck {
  /// Instance fields that are written, of a class and those above it; made accessible once.
  private static final ClassValue<Field[]> FIELDS =
      new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
          return fieldsOf(type);
        }
      };

  /// An object to look at, and how it was reached: `step` is `Sample.reader` or `ArrayList[3]`.
  private record Place(Object value, @Nullable Place from, String step) {}

  private final ValueCodec codec;
  private final String what;
  private final Remedies remedies;
  private final IdentityHashMap<Object, Boolean> seen = new IdentityHashMap<>();
  private final ArrayDeque<Place> open = new ArrayDeque<>();

  /// Ordinary objects in the value's containers and records, to look into after those: what is
  /// found in here is Fory's, and Fory knows no futures.
  private final ArrayDeque<Place> ordinary = new ArrayDeque<>();

  private boolean isFutureWelcome;
  private boolean hasFutures;

  GraphCheck(ValueCodec codec, String what, boolean isFutureWelcome) {
    this.codec = codec;
    this.what = what;
    this.isFutureWelcome = isFutureWelcome;
    this.remedies = new Remedies(codec.admission(), what, isFutureWelcome);
  }

  /// True if there are futures, all in places where they may be.
  boolean check(Object root) {
    push(root, null, "");
    visitOpen();
    isFutureWelcome = false;
    seen.clear(); // a container in an ordinary object may be one that is known from outside
    open.addAll(ordinary);
    visitOpen();
    return hasFutures;
  }

  private void visitOpen() {
    for (Place place = open.poll(); place != null; place = open.poll()) {
      visit(place);
    }
  }

  private void push(@Nullable Object value, @Nullable Place from, String step) {
    if (value == null || isLeaf(value.getClass()) || seen.put(value, true) != null) {
      return;
    }
    open.push(new Place(value, from, step));
  }

  private static boolean isLeaf(Class<?> type) {
    return type == String.class
        || type == Integer.class
        || type == Long.class
        || type == Double.class
        || type == Boolean.class
        || type == Float.class
        || type == Byte.class
        || type == Short.class
        || type == Character.class
        || (type.isArray() && type.componentType().isPrimitive());
  }

  private void visit(Place place) {
    Object value = place.value;
    Class<?> type = value.getClass();
    String name = shortName(type);
    if (value instanceof Object[] array) {
      for (int i = 0; i < array.length; i++) {
        push(array[i], place, shortName(type.componentType()) + "[" + i + "]");
      }
      return;
    }
    ClassPlan plan;
    try {
      plan = codec.plan(type);
    } catch (TaskSerializationException e) {
      throw cannot(place, e.getMessage());
    }
    switch (plan.tag) {
      case Tags.REFUSED -> throw cannot(place, remedies.of(value, type));
      case Tags.FUTURE, Tags.COMPLETABLE_FUTURE -> {
        if (!isFutureWelcome) {
          throw cannot(place, remedies.of(value, type));
        }
        hasFutures = true;
      }
      case Tags.RECORD -> {
        for (int i = 0; i < plan.accessors.length; i++) {
          push(component(plan, i, value), place, name + "." + plan.componentNames[i]);
        }
      }
      case Tags.LAMBDA -> visitLambda(place);
      case Tags.OPTIONAL -> push(((Optional<?>) value).orElse(null), place, "Optional");
      default -> {
        if (plan.tag == Tags.ORDINARY && isFutureWelcome) {
          ordinary.add(place);
          return;
        }
        if (value instanceof Collection<?> elements) {
          int i = 0;
          for (Object element : elements) {
            push(element, place, name + "[" + i++ + "]");
          }
        } else if (value instanceof Map<?, ?> map) {
          map.forEach(
              (key, mapped) -> {
                push(key, place, name + " key " + brief(key));
                push(mapped, place, name + "[" + brief(key) + "]");
              });
        } else if (value instanceof Map.Entry<?, ?> entry) {
          push(entry.getKey(), place, name + " key");
          push(entry.getValue(), place, name + " value");
        }
        if (plan.tag == Tags.ORDINARY && codec.admission().admitsPackageOf(type.getName())) {
          visitFields(place, type);
        }
      }
    }
  }

  private void visitFields(Place place, Class<?> type) {
    if (!Opening.isOpen(type)) {
      throw cannot(place, Opening.remedy(type));
    }
    Field[] fields;
    try {
      fields = FIELDS.get(type);
    } catch (InaccessibleObjectException e) {
      throw cannot(place, Opening.remedy(type));
    }
    for (Field field : fields) {
      Object child;
      try {
        child = field.get(place.value);
      } catch (IllegalAccessException e) {
        throw cannot(place, Opening.remedy(type));
      }
      push(child, place, shortName(field.getDeclaringClass()) + "." + field.getName());
    }
  }

  private void visitLambda(Place place) {
    SerializedLambda form;
    try {
      form = Lambdas.serializedForm(place.value);
    } catch (TaskSerializationException e) {
      throw cannot(place, e.getMessage());
    }
    String capturing = form.getCapturingClass().replace('/', '.');
    if (!codec.admission().admitsPackageOf(capturing)) {
      throw cannot(
          place, "it is a lambda of " + capturing + ", which" + remedies.notAdmitted(capturing));
    }
    for (int i = 0; i < form.getCapturedArgCount(); i++) {
      push(form.getCapturedArg(i), place, "capture " + i + " of a lambda of " + capturing);
    }
  }

  private @Nullable Object component(ClassPlan plan, int index, Object value) {
    try {
      return (Object) plan.accessors[index].invokeExact(value);
    } catch (Throwable e) {
      throw new TaskSerializationException(
          what + ": " + plan.type.getName() + "." + plan.componentNames[index] + "() threw " + e,
          e);
    }
  }

  private static Field[] fieldsOf(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      if (c.getModule() == Object.class.getModule()) {
        break; // the JDK's own fields: closed to us, known to Fory
      }
      for (Field field : c.getDeclaredFields()) {
        boolean isWritten =
            !Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers());
        if (isWritten && !field.getType().isPrimitive() && !isLeaf(field.getType())) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
    }
    return fields.toArray(Field[]::new);
  }

  private static String shortName(Class<?> type) {
    String simple = type.getSimpleName();
    return simple.isEmpty()
        ? type.getName().substring(type.getName().lastIndexOf('.') + 1)
        : simple;
  }

  private static String brief(@Nullable Object key) {
    return switch (key) {
      case null -> "null";
      case String s -> s.length() <= 40 ? "\"" + s + "\"" : "\"" + s.substring(0, 40) + "...\"";
      case Number n -> n.toString();
      case Enum<?> e -> e.name();
      default -> "a " + shortName(key.getClass());
    };
  }

  private TaskSerializationException cannot(Place place, @Nullable String remedy) {
    StringBuilder path = new StringBuilder();
    for (Place p = place; p != null && !p.step.isEmpty(); p = p.from) {
      path.insert(0, p.step + " -> ");
    }
    String advice = String.valueOf(remedy);
    if (path.isEmpty()) {
      // the value itself, where there is no field
      advice =
          advice
              .replace(", or make the field transient", "")
              .replace("make the field transient", "make it inside the task");
    }
    return new TaskSerializationException(
        what + ": " + path + place.value.getClass().getName() + " can't be sent: " + advice, null);
  }
}
