package dev.heddle.codec.form;

import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;

/// The JDK's access for serialization libraries: instances without their constructor, and the
/// methods by which a class has chosen its serial form, in closed packages too.
///
/// Shape: the types of the handles are exactly `Object` and the streams. Threading: stateless.
/// Errors: none of the methods throws for a class that lacks the member asked for; the answer is
/// null.
///
/// Source: `sun.reflect.ReflectionFactory` of the module `jdk.unsupported`, in JDK 25; JEP 260
/// keeps it for this use. It is called by name, since javac warns at each mention.
public final class SerialAccess {
  private static final Class<?> TYPE;
  private static final Object FACTORY;
  private static final MethodType WRITE =
      MethodType.methodType(void.class, Object.class, ObjectOutputStream.class);
  private static final MethodType READ =
      MethodType.methodType(void.class, Object.class, ObjectInputStream.class);
  private static final MethodType REPLACE = MethodType.methodType(Object.class, Object.class);
  private static final MethodHandle CONSTRUCTOR;

  static {
    try {
      TYPE = Class.forName("sun.reflect.ReflectionFactory");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      FACTORY =
          (Object)
              lookup
                  .findStatic(TYPE, "getReflectionFactory", MethodType.methodType(TYPE))
                  .asType(MethodType.methodType(Object.class))
                  .invokeExact();
      CONSTRUCTOR =
          lookup
              .findVirtual(
                  TYPE,
                  "newConstructorForSerialization",
                  MethodType.methodType(Constructor.class, Class.class, Constructor.class))
              .bindTo(FACTORY);
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private SerialAccess() {}

  private static @Nullable MethodHandle find(String method, Class<?> type, MethodType as) {
    try {
      MethodHandle finder =
          MethodHandles.publicLookup()
              .findVirtual(TYPE, method, MethodType.methodType(MethodHandle.class, Class.class))
              .bindTo(FACTORY);
      MethodHandle found = (MethodHandle) finder.invokeExact(type);
      return found == null ? null : found.asType(as);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("no " + method + " in this JDK", e);
    }
  }

  /// The private `writeObject`.
  static @Nullable MethodHandle writeObject(Class<?> type) {
    return find("writeObjectForSerialization", type, WRITE);
  }

  /// The private `readObject`.
  static @Nullable MethodHandle readObject(Class<?> type) {
    return find("readObjectForSerialization", type, READ);
  }

  /// Puts the fields of `type` alone into the stream's `putFields`, then calls `writeFields`.
  public static @Nullable MethodHandle defaultWrite(Class<?> type) {
    return find("defaultWriteObjectForSerialization", type, WRITE);
  }

  /// Sets the fields of `type` alone from the stream's `readFields`, final ones too.
  static @Nullable MethodHandle defaultRead(Class<?> type) {
    return find("defaultReadObjectForSerialization", type, READ);
  }

  static @Nullable MethodHandle writeReplace(Class<?> type) {
    return find("writeReplaceForSerialization", type, REPLACE);
  }

  static @Nullable MethodHandle readResolve(Class<?> type) {
    return find("readResolveForSerialization", type, REPLACE);
  }

  /// A constructor that makes instances of `type` and runs only `parent`, a constructor of a class
  /// above.
  static Constructor<?> constructor(Class<?> type, Constructor<?> parent) {
    try {
      return (Constructor<?>) CONSTRUCTOR.invokeExact(type, (Constructor<?>) parent);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("no instance of " + type.getName() + " can be made", e);
    }
  }
}
