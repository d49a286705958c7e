package dev.heddle.codec.form;

import dev.heddle.TaskSerializationException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.Objects;

/// Turns lambdas into their serialized form and back, without JDK serialization.
///
/// Source: the class that holds a serializable lambda has `$deserializeLambda$`, which builds its
/// own lambdas and nothing else; see `java.lang.invoke.SerializedLambda`.
public final class Lambdas {
  private static final MethodType WRITE_REPLACE = MethodType.methodType(Object.class);
  private static final MethodType DESERIALIZE =
      MethodType.methodType(Object.class, SerializedLambda.class);

  private Lambdas() {}

  /// A readable name for a class. A hidden class is named by the class that holds its code, since
  /// the JVM makes up the hidden class's own name.
  public static String nameOf(Class<?> type) {
    int cut = type.getName().indexOf("$$");
    return type.isHidden() && cut > 0
        ? "a lambda of " + type.getName().substring(0, cut)
        : type.getName();
  }

  /// The serialized form of a lambda or method reference.
  ///
  /// Errors: [TaskSerializationException] if the object isn't a serializable lambda, or its module
  /// isn't open.
  public static SerializedLambda serializedForm(Object lambda) {
    Class<?> type = lambda.getClass();
    Object form;
    try {
      MethodHandle ofTheJdk = JdkTypes.isOfTheJdk(type) ? SerialAccess.writeReplace(type) : null;
      MethodHandle handle =
          ofTheJdk != null
              ? ofTheJdk
              : ClassOpener.into(type, nameOf(type))
                  .findVirtual(type, "writeReplace", WRITE_REPLACE)
                  .asType(MethodType.methodType(Object.class, Object.class));
      form = (Object) handle.invokeExact(lambda);
    } catch (TaskSerializationException e) {
      throw e;
    } catch (Throwable e) {
      throw new TaskSerializationException(
          type.getName()
              + " is not a serializable lambda or method reference: let its interface extend"
              + " java.io.Serializable",
          e);
    }
    if (form instanceof SerializedLambda serialized) {
      return serialized;
    }
    throw new TaskSerializationException(
        type.getName() + " is not a lambda or method reference", null);
  }

  /// Builds the JDK's own lambda that `form` describes: only the JDK has access to these classes.
  public static Object reviveOfTheJdk(SerializedLambda form) {
    try {
      MethodHandle resolve =
          Objects.requireNonNull(SerialAccess.readResolve(SerializedLambda.class));
      return (Object) resolve.invokeExact((Object) form);
    } catch (Throwable e) {
      if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
        throw fatal;
      }
      throw new TaskSerializationException(
          "a lambda of "
              + form.getCapturingClass().replace('/', '.')
              + " can't be built here: do all ranks have the same JDK?",
          e);
    }
  }

  /// Builds the lambda that `form` describes, in the class `capturing` that holds it.
  public static Object revive(SerializedLambda form, Class<?> capturing) {
    String what = "a lambda of " + capturing.getName();
    MethodHandles.Lookup lookup = ClassOpener.into(capturing, what);
    try {
      MethodHandle deserialize = lookup.findStatic(capturing, "$deserializeLambda$", DESERIALIZE);
      return (Object) deserialize.invokeExact(form);
    } catch (Throwable e) {
      if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
        throw fatal;
      }
      throw new TaskSerializationException(
          what
              + " can't be built here (method "
              + form.getImplMethodName()
              + "): do all ranks have the same class path?",
          e);
    }
  }
}
