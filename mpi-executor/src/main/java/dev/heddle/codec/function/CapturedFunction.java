package dev.heddle.codec.function;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.ClassOpener;
import dev.heddle.codec.form.Lambdas;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A function as a user gave it: its definition, equal on all call sites of one method, and its
/// captures.
///
/// Shape: for a lambda or method reference the captures come before the arguments, a bound receiver
/// first; an object of a named class is itself the only capture, and is called through its
/// interface. Ownership: `captures()` may be shared between calls; don't write into it. Threading:
/// immutable.
public final class CapturedFunction {
  private static final @Nullable Object[] NO_CAPTURES = {};

  /// Heddle's functional interfaces; the search begins with these.
  private static final Pattern OWN_INTERFACES =
      Pattern.compile(
          "dev\\.heddle\\.(Fn\\d+|Proc\\d+|(Long|Double)(Fn|Combiner)|Combiner|SerializableCallable|SerializableRunnable)");

  private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

  /*
   * Every call site has its own class, so a class stands for a call site: its data is found once,
   * kept in a ClassValue, and goes away with the class. Calling writeReplace each time would cost a
   * SerializedLambda and eight strings per submit; the captures are private fields of the lambda's
   * hidden class, read by method handles in the order of the constructor (arg$1, arg$2, ...), which
   * is the order of SerializedLambda's captures. If a JVM should name or count them otherwise, the
   * counts differ, and writeReplace is called after all.
   */
  private static final ClassValue<Site> SITES =
      new ClassValue<>() {
        @Override
        protected Site computeValue(Class<?> type) {
          return new Site();
        }
      };

  /// The data of one call site, filled by the first function of its class, since the serialized
  /// form needs an instance.
  private static final class Site {
    private volatile @Nullable Known known;
  }

  /// The data that all functions of a class share; `whole` is the complete answer if nothing is
  /// captured.
  private record Known(
      FunctionDefinition definition,
      @Nullable List<MethodHandle> getters,
      @Nullable CapturedFunction whole) {}

  private final FunctionDefinition definition;
  private final @Nullable Object[] captures;

  private CapturedFunction(FunctionDefinition definition, @Nullable Object[] captures) {
    this.definition = definition;
    this.captures = captures;
  }

  /// The function's name on all ranks; always the same instance for a call site.
  public FunctionDefinition definition() {
    return definition;
  }

  /// The captured values, `definition().captureCount()` of them.
  public @Nullable Object[] captures() {
    return captures;
  }

  /// Takes a function apart.
  ///
  /// Errors: [TaskSerializationException] if the function isn't a serializable lambda, a method
  /// reference, or an object of exactly one functional interface, or if its module isn't open to
  /// Heddle.
  public static CapturedFunction of(Serializable function) {
    Site site = SITES.get(function.getClass());
    Known known = site.known;
    if (known == null) {
      known = analyse(function);
      site.known = known;
    }
    return known.whole != null
        ? known.whole
        : new CapturedFunction(known.definition, capturesOf(function, known));
  }

  private static @Nullable Object[] capturesOf(Serializable function, Known known) {
    if (!function.getClass().isHidden()) {
      return new @Nullable Object[] {function};
    }
    List<MethodHandle> getters = known.getters;
    if (getters == null) {
      return capturesOf(Lambdas.serializedForm(function));
    }
    @Nullable Object[] captures = new @Nullable Object[getters.size()];
    try {
      for (int i = 0; i < captures.length; i++) {
        captures[i] = (Object) getters.get(i).invokeExact((Object) function);
      }
    } catch (Throwable e) {
      throw new TaskSerializationException(
          "captures of " + known.definition.label() + " can't be read: " + e, e);
    }
    return captures;
  }

  private static @Nullable Object[] capturesOf(SerializedLambda form) {
    @Nullable Object[] captures = new @Nullable Object[form.getCapturedArgCount()];
    for (int i = 0; i < captures.length; i++) {
      captures[i] = form.getCapturedArg(i);
    }
    return captures;
  }

  private static Known analyse(Serializable function) {
    Class<?> type = function.getClass();
    if (!type.isHidden()) {
      return new Known(definitionOfObject(type), null, null);
    }
    SerializedLambda form = Lambdas.serializedForm(function);
    String implClass = form.getImplClass().replace('/', '.');
    FunctionDefinition definition =
        new FunctionDefinition(
            implClass,
            form.getImplMethodName(),
            form.getImplMethodSignature(),
            form.getImplMethodKind(),
            form.getFunctionalInterfaceClass().replace('/', '.'),
            form.getFunctionalInterfaceMethodName(),
            form.getFunctionalInterfaceMethodSignature(),
            form.getCapturedArgCount(),
            FunctionDefinition.labelOf(implClass, form.getImplMethodName()));
    if (form.getCapturedArgCount() == 0) {
      return new Known(definition, null, new CapturedFunction(definition, NO_CAPTURES));
    }
    return new Known(definition, getters(type, form.getCapturedArgCount()), null);
  }

  private static @Nullable List<MethodHandle> getters(Class<?> type, int count) {
    Field[] fields =
        Arrays.stream(type.getDeclaredFields())
            .filter(f -> !Modifier.isStatic(f.getModifiers()) && f.getName().startsWith("arg$"))
            .sorted(Comparator.comparingInt(f -> Integer.parseInt(f.getName().substring(4))))
            .toArray(Field[]::new);
    if (fields.length != count) {
      return null;
    }
    MethodHandles.Lookup lookup = ClassOpener.into(type, Lambdas.nameOf(type));
    MethodHandle[] getters = new MethodHandle[count];
    try {
      for (int i = 0; i < count; i++) {
        getters[i] = lookup.unreflectGetter(fields[i]).asType(GETTER);
      }
    } catch (IllegalAccessException e) {
      return null;
    }
    return List.of(getters);
  }

  private static FunctionDefinition definitionOfObject(Class<?> type) {
    Method method = functionalMethod(type);
    return new FunctionDefinition(
        method.getDeclaringClass().getName(),
        method.getName(),
        descriptor(method),
        MethodHandleInfo.REF_invokeInterface,
        method.getDeclaringClass().getName(),
        method.getName(),
        descriptor(method),
        1,
        FunctionDefinition.labelOf(type.getName(), method.getName()));
  }

  private static String descriptor(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
        .toMethodDescriptorString();
  }

  /// The method by which an object of a named class is called. It belongs to one of Heddle's own
  /// interfaces, else to `Callable` or `Runnable`, else to the only functional interface of the
  /// class.
  private static Method functionalMethod(Class<?> type) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      collectInterfaces(c, interfaces);
    }
    List<Method> candidates = new ArrayList<>();
    for (Class<?> candidate : interfaces) {
      List<Method> abstracts =
          Arrays.stream(candidate.getMethods())
              .filter(m -> Modifier.isAbstract(m.getModifiers()))
              .toList();
      if (abstracts.size() == 1) {
        Method only = abstracts.getFirst();
        if (OWN_INTERFACES.matcher(candidate.getName()).matches()
            || OWN_INTERFACES.matcher(only.getDeclaringClass().getName()).matches()) {
          return only;
        }
        if (isCallable(only.getDeclaringClass()) && !candidates.contains(only)) {
          candidates.add(only);
        }
      }
    }
    for (Method method : candidates) {
      if (method.getDeclaringClass() == Callable.class
          || method.getDeclaringClass() == Runnable.class) {
        return method;
      }
    }
    if (candidates.size() != 1) {
      throw new TaskSerializationException(
          type.getName()
              + " can't be used as a task's function: it implements "
              + candidates.size()
              + " functional interfaces; use a lambda, a method reference or one of dev.heddle.Fn0"
              + " to Fn5 and Proc0 to Proc5",
          null);
    }
    return candidates.getFirst();
  }

  /// One-method interfaces of the JDK that are not meant as tasks, such as `Iterable` and
  /// `Comparable`, don't count.
  private static boolean isCallable(Class<?> type) {
    return type.getModule() != Object.class.getModule()
        || type == Callable.class
        || type == Runnable.class
        || type.getPackageName().equals("java.util.function");
  }

  private static void collectInterfaces(Class<?> type, Set<Class<?>> found) {
    for (Class<?> parent : type.getInterfaces()) {
      if (found.add(parent)) {
        collectInterfaces(parent, found);
      }
    }
  }
}
