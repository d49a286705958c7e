package dev.heddle.codec.form;

import java.io.Externalizable;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A class that is sent by its form for Java serialization: it is a value of the JDK or a subclass
/// of such a value, or its author has said how it is written.
///
/// Shape: a part for each class from the top down; a class of the JDK that has nothing to send has
/// no part. Threading: immutable. Errors: none; a member that a class lacks is null.
///
/// Source: *Java Object Serialization Specification*, chapters 2, 3 and 5.
public final class SerialForm {
  /*
   * The parts of Java serialization that are kept, and those that are not. A class's own
   * writeObject, readObject, writeReplace, readResolve and Externalizable methods are called, since
   * they were written to be called then. The JDK's collections rebuild themselves by these methods:
   * HashMap.readObject puts the entries into its table and calls neither put() nor
   * removeEldestEntry() of a subclass. All values inside are written by ValueWriter, so that
   * admission, sharing, paths and bounds are the same for all values. Constructors of users'
   * classes never run; Java runs the constructor of the first class above that isn't Serializable.
   * Fields of users' classes that aren't Serializable travel too.
   */

  /// Behind [Tags#SERIAL]: a value that stands for the object and becomes it when it has been read,
  /// a class by name, or, from here on, a class of the JDK by its number.
  public static final int SUBSTITUTE = 0;

  public static final int BY_NAME = 1;
  public static final int FIRST_NUMBER = 2;

  /// The part of one class of the chain.
  public static final class Part {
    public final Class<?> type;

    /// The plain fields of a class that isn't Serializable; the other fields of this part are null
    /// then.
    public final @Nullable Fields plain;

    public final @Nullable ObjectStreamClass stream;
    public final String[] names;
    public final String[] steps;
    public final char[] kinds;
    public final @Nullable MethodHandle write;
    public final @Nullable MethodHandle read;
    public final @Nullable MethodHandle defaultWrite;
    public final @Nullable MethodHandle defaultRead;

    private Part(Class<?> type) {
      this.type = type;
      boolean isSerializable = Serializable.class.isAssignableFrom(type);
      plain = isSerializable ? null : Fields.ofClass(type, false);
      stream = isSerializable ? ObjectStreamClass.lookup(type) : null;
      ObjectStreamField[] fields = stream == null ? new ObjectStreamField[0] : stream.getFields();
      names = new String[fields.length];
      steps = new String[fields.length];
      kinds = new char[fields.length];
      for (int i = 0; i < fields.length; i++) {
        names[i] = fields[i].getName();
        steps[i] = Naming.of(type) + "." + names[i];
        kinds[i] = Fields.kind(fields[i].getType());
      }
      write = isSerializable ? SerialAccess.writeObject(type) : null;
      read = isSerializable ? SerialAccess.readObject(type) : null;
      defaultWrite = isSerializable ? SerialAccess.defaultWrite(type) : null;
      defaultRead = isSerializable ? SerialAccess.defaultRead(type) : null;
    }

    /// The index of a field in this part, or -1.
    public int index(String name) {
      for (int i = 0; i < names.length; i++) {
        if (names[i].equals(name)) {
          return i;
        }
      }
      return -1;
    }
  }

  public final Class<?> type;
  public final Part[] parts;
  public final boolean isExternalizable;

  /// Whether the JDK's own part of the class is a collection or map, which may ask its elements for
  /// hashes.
  public final boolean isCollection;

  public final @Nullable MethodHandle replace;
  public final @Nullable MethodHandle resolve;
  public final Constructor<?> allocator;
  public final int fingerprint;

  /// The number of a class of the JDK, or -1.
  public final int number;

  private SerialForm(Class<?> type) {
    this.type = type;
    this.isExternalizable = Externalizable.class.isAssignableFrom(type);
    List<Part> found = new ArrayList<>();
    boolean isOfCollection = false;
    if (!isExternalizable) {
      for (Class<?> c = type; c != null; c = c.getSuperclass()) {
        if (!JdkTypes.isOfTheJdk(c) || JdkTypes.hasSerialForm(c.getName())) {
          found.addFirst(new Part(c));
          isOfCollection |=
              JdkTypes.isOfTheJdk(c)
                  && (Collection.class.isAssignableFrom(c) || Map.class.isAssignableFrom(c));
        }
      }
    }
    this.parts = found.toArray(Part[]::new);
    this.isCollection = isOfCollection;
    boolean isSerializable = Serializable.class.isAssignableFrom(type);
    this.replace = isSerializable ? SerialAccess.writeReplace(type) : null;
    this.resolve = isSerializable ? SerialAccess.readResolve(type) : null;
    this.allocator = allocator(type);
    this.number = JdkTypes.serialNumber(type);
    int hash = 1;
    for (Part part : parts) {
      hash = 31 * hash + part.type.getName().hashCode();
      for (int i = 0; i < part.names.length; i++) {
        hash = 31 * hash + part.names[i].hashCode();
        hash = 31 * hash + part.kinds[i];
      }
      hash = 31 * hash + (part.plain == null ? 0 : part.plain.fingerprint);
    }
    this.fingerprint = hash;
  }

  public static SerialForm of(Class<?> type) {
    return new SerialForm(type);
  }

  /// Whether a user's class has, or inherits, a serial form other than its plain fields.
  public static boolean isChosenBy(Class<?> type) {
    if (!Serializable.class.isAssignableFrom(type)) {
      return false;
    }
    if (Externalizable.class.isAssignableFrom(type)
        || SerialAccess.writeReplace(type) != null
        || SerialAccess.readResolve(type) != null) {
      return true;
    }
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      boolean isOfTheJdk = JdkTypes.isOfTheJdk(c);
      if (isOfTheJdk ? JdkTypes.hasSerialForm(c.getName()) : hasOwnMethods(c)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasOwnMethods(Class<?> type) {
    return Serializable.class.isAssignableFrom(type)
        && (SerialAccess.writeObject(type) != null
            || SerialAccess.readObject(type) != null
            || (SerialAccess.defaultWrite(type) == null && hasChosenFields(type)));
  }

  private static boolean hasChosenFields(Class<?> type) {
    ObjectStreamClass stream = ObjectStreamClass.lookup(type);
    return stream != null && stream.getFields().length > 0;
  }

  /// Half a sentence about a class of the JDK above a user's class whose state can't be sent, or
  /// null where there is no such class.
  public static @Nullable String strangerAbove(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (JdkTypes.isOfTheJdk(c)
          && !JdkTypes.isStateless(c)
          && !JdkTypes.hasSerialForm(c.getName())) {
        return "it extends "
            + c.getName()
            + ", which is not a value that Heddle knows; let it hold in fields what must arrive,"
            + " without extending that class";
      }
    }
    return null;
  }

  /// Makes instances of `type`. The constructor that runs is the JDK's, of the first class above
  /// that isn't Serializable; no constructor of a user's class runs.
  public static Constructor<?> allocator(Class<?> type) {
    Class<?> c = type;
    while (!JdkTypes.isOfTheJdk(c)
        || (Serializable.class.isAssignableFrom(c) && c != Object.class)) {
      c = Objects.requireNonNull(c.getSuperclass(), "only interfaces have none");
    }
    try {
      return SerialAccess.constructor(type, c.getDeclaredConstructor());
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("no instance of " + type.getName() + " can be made", e);
    }
  }
}
