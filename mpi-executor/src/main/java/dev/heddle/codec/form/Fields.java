package dev.heddle.codec.form;

import dev.heddle.TaskSerializationException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/// The fields of a class that travel. An ordinary class sends all its fields that are not
/// transient, after the fields of users' classes above it. A record sends its components.
///
/// Shape: parallel arrays in the order of the wire. `kinds` are the first letters of descriptors,
/// `L` for all references; a getter is `(Object)int` or the like, a setter `(Object, int)void`, so
/// that both can be called exactly. Threading: immutable; don't write into the arrays.
public final class Fields {
  public final String[] names;

  /// The fields as a path shows them: `Sample.reader`.
  public final String[] steps;

  public final char[] kinds;
  public final MethodHandle[] getters;

  /// The setters of the fields; empty for records.
  public final MethodHandle[] setters;

  /// A hash of the fields' names and types.
  public final int fingerprint;

  /// Whether no field can hold a value that has a number in a graph.
  public final boolean areScalars;

  private Fields(
      List<String> names,
      List<String> steps,
      List<Class<?>> types,
      List<MethodHandle> getters,
      List<MethodHandle> setters) {
    int count = names.size();
    this.names = names.toArray(String[]::new);
    this.steps = steps.toArray(String[]::new);
    this.kinds = new char[count];
    this.getters = getters.toArray(MethodHandle[]::new);
    this.setters = setters.toArray(MethodHandle[]::new);
    int hash = 1;
    for (int i = 0; i < count; i++) {
      kinds[i] = kind(types.get(i));
      hash = 31 * hash + names.get(i).hashCode();
      hash = 31 * hash + types.get(i).getName().hashCode();
    }
    this.fingerprint = hash;
    this.areScalars = types.stream().allMatch(Fields::isScalar);
  }

  /// Whether values of fields of this type have no number.
  public static boolean isScalar(Class<?> type) {
    return type.isPrimitive()
        || type == String.class
        || type == Double.class
        || type == Integer.class
        || type == Long.class
        || type == Boolean.class
        || type == Float.class
        || type == Character.class
        || type == Short.class
        || type == Byte.class;
  }

  /// The first letter of a type's descriptor; `L` for arrays too.
  static char kind(Class<?> type) {
    return type.isPrimitive() ? type.descriptorString().charAt(0) : 'L';
  }

  private static MethodType getterType(Class<?> type) {
    return MethodType.methodType(type.isPrimitive() ? type : Object.class, Object.class);
  }

  private static MethodType setterType(Class<?> type) {
    return MethodType.methodType(
        void.class, Object.class, type.isPrimitive() ? type : Object.class);
  }

  /// The components of a record, read from its fields, since an accessor may return another value.
  public static Fields ofRecord(Class<?> type, MethodHandles.Lookup lookup, boolean isClosed)
      throws ReflectiveOperationException {
    List<String> names = new ArrayList<>();
    List<String> steps = new ArrayList<>();
    List<Class<?>> types = new ArrayList<>();
    List<MethodHandle> getters = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      names.add(component.getName());
      steps.add(Naming.of(type) + "." + component.getName());
      types.add(component.getType());
      MethodHandle getter =
          isClosed
              ? lookup.unreflect(component.getAccessor())
              : lookup.findGetter(type, component.getName(), component.getType());
      getters.add(getter.asType(getterType(component.getType())));
    }
    return new Fields(names, steps, types, getters, List.of());
  }

  /// The fields that `type` itself declares; with `isWithParents` also the fields of users' classes
  /// above it.
  ///
  /// Errors: [TaskSerializationException] that says which module to open.
  public static Fields ofClass(Class<?> type, boolean isWithParents) {
    List<Class<?>> chain = new ArrayList<>();
    for (Class<?> c = type; c != null && !JdkTypes.isOfTheJdk(c); c = c.getSuperclass()) {
      chain.addFirst(c);
      if (!isWithParents) {
        break;
      }
    }
    List<String> names = new ArrayList<>();
    List<String> steps = new ArrayList<>();
    List<Class<?>> types = new ArrayList<>();
    List<MethodHandle> getters = new ArrayList<>();
    List<MethodHandle> setters = new ArrayList<>();
    for (Class<?> c : chain) {
      if (!ClassOpener.isOpen(c)) {
        throw new TaskSerializationException(ClassOpener.remedy(c), null);
      }
      MethodHandles.Lookup lookup = ClassOpener.into(c, c.getName());
      for (Field field : c.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) || Modifier.isTransient(field.getModifiers())) {
          continue;
        }
        try {
          field.setAccessible(true);
          getters.add(lookup.unreflectGetter(field).asType(getterType(field.getType())));
          setters.add(lookup.unreflectSetter(field).asType(setterType(field.getType())));
        } catch (IllegalAccessException e) {
          throw new TaskSerializationException(
              "its field " + c.getName() + "." + field.getName() + " can't be reached: " + e, e);
        }
        names.add(field.getName());
        steps.add(Naming.of(c) + "." + field.getName());
        types.add(field.getType());
      }
    }
    return new Fields(names, steps, types, getters, setters);
  }
}
