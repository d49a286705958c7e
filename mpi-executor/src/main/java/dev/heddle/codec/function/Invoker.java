package dev.heddle.codec.function;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.ClassOpener;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/// Calls the function that a [FunctionDefinition] names, in this process.
///
/// Shape: captures and arguments in one array, boxed; primitives are unboxed and widened as the
/// method wants them, `void` gives `null`. Threading: immutable; any thread may call.
public final class Invoker {
  /// From this many values on, the method handle spreads the array.
  private static final int SPREAD_MIN = 5;

  private final MethodHandle direct;

  /// The method as a handle on objects: it takes single arguments, or an array from [#SPREAD_MIN]
  /// arguments on.
  private final MethodHandle handle;

  private final int parameterCount;
  private final String label;

  private Invoker(MethodHandle direct, MethodHandle handle, int parameterCount, String label) {
    this.direct = direct;
    this.handle = handle;
    this.parameterCount = parameterCount;
    this.label = label;
  }

  /// Number of values of a call: captures, a receiver if the method has one, and arguments.
  public int parameterCount() {
    return parameterCount;
  }

  /// The method itself, with its own types: captures, a receiver if it has one, and arguments.
  /// Loops that are compiled around the handle use it.
  public MethodHandle direct() {
    return direct;
  }

  /// Finds the method through `loader`.
  ///
  /// Errors: [TaskSerializationException] that names class and method if the class path lacks them,
  /// or the missing `opens`.
  public static Invoker resolve(FunctionDefinition definition, ClassLoader loader) {
    return resolve(definition, loader, "this rank");
  }

  /// As [#resolve(FunctionDefinition, ClassLoader)]; messages name the place `where`, as in `rank 3
  /// on n2`.
  public static Invoker resolve(FunctionDefinition definition, ClassLoader loader, String where) {
    String name = definition.implClass() + "." + definition.implMethod();
    try {
      Class<?> type = Class.forName(definition.implClass(), false, loader);
      MethodType signature =
          MethodType.fromMethodDescriptorString(definition.implDescriptor(), loader);
      MethodHandle handle = find(definition, type, signature).asFixedArity();
      int count = handle.type().parameterCount();
      return new Invoker(handle, generic(handle, count), count, definition.label());
    } catch (ClassNotFoundException | NoClassDefFoundError | TypeNotPresentException e) {
      throw new TaskSerializationException(
          "function "
              + definition.label()
              + ": the class path of "
              + where
              + " lacks class "
              + missingClass(e, definition)
              + " (needed for method "
              + name
              + definition.implDescriptor()
              + "); give all ranks the same class path",
          e);
    } catch (NoSuchMethodException e) {
      throw new TaskSerializationException(
          "function "
              + definition.label()
              + ": class "
              + definition.implClass()
              + " on "
              + where
              + " has no method "
              + definition.implMethod()
              + definition.implDescriptor()
              + ": another version is on the class path; give all ranks the same",
          e);
    } catch (IllegalAccessException | LinkageError | IllegalArgumentException e) {
      throw new TaskSerializationException(
          "function "
              + definition.label()
              + ": "
              + name
              + " can't be called on "
              + where
              + ": "
              + e,
          e);
    }
  }

  /// Adapts the method to objects. A method of few parameters is called with single arguments,
  /// since each adaptation of a handle is code that every rank must generate before it runs the
  /// function.
  private static MethodHandle generic(MethodHandle direct, int count) {
    MethodHandle handle = direct.asType(MethodType.genericMethodType(count));
    return count < SPREAD_MIN ? handle : handle.asSpreader(Object[].class, count);
  }

  private static String missingClass(Throwable e, FunctionDefinition definition) {
    String name =
        e instanceof TypeNotPresentException t ? t.typeName() : String.valueOf(e.getMessage());
    return name.equals("null") ? definition.implClass() : name.replace('/', '.');
  }

  private static MethodHandle find(
      FunctionDefinition definition, Class<?> type, MethodType signature)
      throws NoSuchMethodException, IllegalAccessException {
    // Public methods of exported packages (Math::sqrt) need no open module.
    try {
      return find(MethodHandles.publicLookup(), definition, type, signature);
    } catch (IllegalAccessException | NoSuchMethodException e) {
      return find(
          ClassOpener.into(type, "function " + definition.label()), definition, type, signature);
    }
  }

  private static MethodHandle find(
      MethodHandles.Lookup lookup,
      FunctionDefinition definition,
      Class<?> type,
      MethodType signature)
      throws NoSuchMethodException, IllegalAccessException {
    String method = definition.implMethod();
    return switch (definition.implKind()) {
      case MethodHandleInfo.REF_invokeStatic -> lookup.findStatic(type, method, signature);
      case MethodHandleInfo.REF_newInvokeSpecial -> lookup.findConstructor(type, signature);
      case MethodHandleInfo.REF_invokeSpecial -> lookup.findSpecial(type, method, signature, type);
      case MethodHandleInfo.REF_invokeVirtual, MethodHandleInfo.REF_invokeInterface ->
          lookup.findVirtual(type, method, signature);
      default -> throw new IllegalArgumentException("kind=" + definition.implKind());
    };
  }

  /// Calls the function with its captures, then its arguments.
  ///
  /// Errors: exceptions of the function, unchanged; [TaskSerializationException] if the number of
  /// values doesn't fit.
  public @Nullable Object invoke(@Nullable Object[] capturesThenArguments) throws Throwable {
    if (capturesThenArguments.length != parameterCount) {
      throw new TaskSerializationException(
          "function "
              + label
              + " takes "
              + parameterCount
              + " values (captures and arguments), given="
              + capturesThenArguments.length,
          null);
    }
    @Nullable Object[] v = capturesThenArguments;
    return switch (v.length) {
      case 0 -> (Object) handle.invokeExact();
      case 1 -> (Object) handle.invokeExact(v[0]);
      case 2 -> (Object) handle.invokeExact(v[0], v[1]);
      case 3 -> (Object) handle.invokeExact(v[0], v[1], v[2]);
      case 4 -> (Object) handle.invokeExact(v[0], v[1], v[2], v[3]);
      default -> (Object) handle.invokeExact(v);
    };
  }
}
