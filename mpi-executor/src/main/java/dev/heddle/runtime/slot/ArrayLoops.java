package dev.heddle.runtime.slot;

import dev.heddle.TaskSerializationException;
import dev.heddle.core.frames.ArrayDescriptor;
import dev.heddle.graph.ArrayJob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.WrongMethodTypeException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Makes loops: a class for each function, form and combiner.
///
/// Shape: the classes live as long as the rank's run. Threading: any.
public final class ArrayLoops {
  private record Key(int functionId, int combinerId, int form, boolean isList) {}

  private static final MethodHandles.Lookup OWN = MethodHandles.lookup();
  private static final MethodType MAKER = MethodType.methodType(void.class, StopSignal.class);

  private final FunctionTable functions;
  private final ConcurrentHashMap<Key, MethodHandle> makers = new ConcurrentHashMap<>();

  public ArrayLoops(FunctionTable functions) {
    this.functions = functions;
  }

  /// A new loop for `array`, ended by `stop`. Errors: [TaskSerializationException] where this rank
  /// lacks the function, or has a function of another type.
  ArrayLoop loop(ArrayDescriptor array, StopSignal stop) {
    Key key = new Key(array.functionId(), array.combinerId(), array.form(), array.isList());
    MethodHandle maker = makers.get(key);
    if (maker == null) {
      maker = maker(array);
      makers.put(key, maker);
    }
    try {
      return (ArrayLoop) maker.invokeExact(stop);
    } catch (Throwable e) {
      throw new IllegalStateException("a loop that can't be made", e);
    }
  }

  private MethodHandle maker(ArrayDescriptor array) {
    Class<?> template =
        switch (array.form()) {
          case ArrayJob.KEEP_LONGS, ArrayJob.REDUCE_LONGS -> LongLoop.class;
          case ArrayJob.KEEP_DOUBLES, ArrayJob.REDUCE_DOUBLES -> DoubleLoop.class;
          default -> array.isList() ? ItemLoop.class : IndexLoop.class;
        };
    Class<?> result =
        template == LongLoop.class
            ? long.class
            : template == DoubleLoop.class ? double.class : Object.class;
    Class<?> item = template == ItemLoop.class ? Object.class : long.class;
    MethodHandle function =
        fitted(
            functions.get(array.functionId()),
            array.captures(),
            MethodType.methodType(result, item));
    List<MethodHandle> handles =
        array.combinerId() < 0
            ? List.of(function)
            : List.of(
                function,
                fitted(
                    functions.get(array.combinerId()),
                    array.combinerCaptures(),
                    MethodType.methodType(result, result, result)));
    try {
      MethodHandles.Lookup hidden =
          OWN.defineHiddenClassWithClassData(bytes(template), handles, true);
      return hidden
          .findConstructor(hidden.lookupClass(), MAKER)
          .asType(MethodType.methodType(ArrayLoop.class, StopSignal.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a loop that can't be made", e);
    }
  }

  /// The function with its captures in one array, then values of `type`.
  private static MethodHandle fitted(
      FunctionTable.Function function, int captures, MethodType type) {
    MethodHandle direct = function.invoker().direct();
    MethodType whole =
        type.insertParameterTypes(0, MethodType.genericMethodType(captures).parameterList());
    try {
      MethodHandle typed = direct.asType(whole);
      return captures == 0
          ? MethodHandles.dropArguments(typed, 0, Object[].class)
          : typed.asSpreader(0, Object[].class, captures);
    } catch (WrongMethodTypeException e) {
      throw new TaskSerializationException(
          function.definition().label()
              + " takes or gives other values than were sent: is the same jar on all ranks?",
          e);
    }
  }

  private static byte[] bytes(Class<?> template) {
    String name = template.getSimpleName() + ".class";
    try (InputStream in = template.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("Heddle's jar lacks " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
