package dev.heddle.codec.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Fn0;
import dev.heddle.Fn1;
import dev.heddle.Fn2;
import dev.heddle.Proc1;
import dev.heddle.Proc2;
import dev.heddle.SerializableCallable;
import dev.heddle.SerializableRunnable;
import dev.heddle.TaskSerializationException;
import dev.heddle.WorkerLocal;
import dev.heddle.codec.Samples.Color;
import dev.heddle.codec.Samples.Point;
import dev.heddle.codec.ValueCodec;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FunctionTest {
  private static final ClassLoader LOADER =
      Objects.requireNonNull(FunctionTest.class.getClassLoader());
  private static final ValueCodec CODEC = new ValueCodec(LOADER, List.of("dev.heddle.codec"));

  record Chem(double factor) {
    static double energy(String molecule) {
      return molecule.length() * 1.5;
    }

    double scaled(String molecule) {
      return energy(molecule) * factor;
    }

    private double hidden(double by) {
      return factor + by;
    }

    static int sum(int... all) {
      return Arrays.stream(all).sum();
    }

    static String over(int value) {
      return "int" + value;
    }

    static String over(long value) {
      return "long" + value;
    }

    static @Nullable Object fail(String message) throws IOException {
      throw new IOException(message);
    }

    Fn1<Double, Double> privately() {
      return this::hidden;
    }
  }

  interface Shape {
    double area();

    default double twice() {
      return 2 * area();
    }
  }

  record Square(double side) implements Shape {
    @Override
    public double area() {
      return side * side;
    }
  }

  static final class Doubler implements Fn1<Integer, Integer>, Serializable {
    private static final long serialVersionUID = 1L;
    final int by;

    Doubler(int by) {
      this.by = by;
    }

    @Override
    public Integer call(Integer a) {
      return a * by;
    }
  }

  static class Base {
    String greet(String name) {
      return "hello " + name;
    }
  }

  static final class Derived extends Base implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    String greet(String name) {
      return "hi " + name;
    }

    Fn1<String, String> above() {
      return super::greet;
    }
  }

  /// Sends definition and captures as bytes and calls what arrives.
  private static @Nullable Object call(Serializable function, @Nullable Object... arguments)
      throws Throwable {
    CapturedFunction captured = CapturedFunction.of(function);
    FunctionDefinition definition = FunctionDefinition.fromBytes(captured.definition().toBytes());
    assertEquals(captured.definition(), definition);
    assertEquals(definition.captureCount(), captured.captures().length);
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < captured.captures().length; i++) {
      byte[] bytes = CODEC.encode(captured.captures()[i], "capture", i, definition);
      values.add(CODEC.decode(bytes, 0, bytes.length));
    }
    values.addAll(Arrays.asList(arguments));
    Invoker invoker = Invoker.resolve(definition, LOADER);
    assertEquals(values.size(), invoker.parameterCount());
    return invoker.invoke(values.toArray());
  }

  private static Serializable one(Fn1<String, Double> function) {
    return function;
  }

  @Test
  void shouldCallFunctionsOfEveryKind() throws Throwable {
    Chem chem = new Chem(2);
    assertEquals(6.0, call(one(Chem::energy), "heat"));
    assertEquals(12.0, call(one(chem::scaled), "heat"));
    Fn2<Chem, String, Double> unbound = Chem::scaled;
    assertEquals(12.0, call(unbound, chem, "heat"));
    assertEquals(5.0, call(chem.privately(), 3.0));
    Fn1<Double, Chem> constructor = Chem::new;
    assertEquals(chem, call(constructor, 2.0));
    Fn2<Integer, Integer, Integer> varargs = Chem::sum;
    assertEquals(7, call(varargs, 3, 4));
    Fn1<Integer, Object[]> array = Object[]::new;
    assertArrayEquals(new Object[3], (Object[]) call(array, 3));
    Fn1<Shape, Double> ofInterface = Shape::area;
    assertEquals(9.0, call(ofInterface, new Square(3)));
    Fn1<Shape, Double> ofDefault = Shape::twice;
    assertEquals(18.0, call(ofDefault, new Square(3)));
    Fn1<Integer, String> overloaded = Chem::over;
    assertEquals("int5", call(overloaded, 5));
    Fn1<Long, String> other = Chem::over;
    assertEquals("long5", call(other, 5L));
    Fn1<Integer, Long> widened = Long::valueOf;
    assertEquals(-5L, call(widened, -5));
    Fn1<Double, Double> jdk = Math::sqrt;
    assertEquals(3.0, call(jdk, 9.0));
    Fn1<String, Integer> length = String::length;
    assertEquals(4, call(length, "heat"));
    Fn1<Color, String> enumMethod = Color::wave;
    assertEquals("520", call(enumMethod, Color.GREEN));
    assertEquals("hello you", call(new Derived().above(), "you"));
    Fn2<String, Object, String> format = String::format;
    assertEquals("<7>", call(format, "<%s>", 7));
  }

  @Test
  void shouldCallLambdasWithTheirCaptures() throws Throwable {
    int a = 1;
    long b = 2;
    String c = "c";
    double[] d = {0.5};
    Point e = new Point(1, 2, "p");
    Fn0<String> lambda = () -> a + b + c + d[0] + e;
    assertEquals("3c0.5" + e, call(lambda));
    Fn0<@Nullable String> nothing = () -> null;
    assertNull(call(nothing));
    Runnable action = (Runnable & Serializable) () -> {};
    assertNull(call((Serializable) action));
    Callable<Integer> callable = (Callable<Integer> & Serializable) () -> a + 1;
    assertEquals(2, call((Serializable) callable));
    IOException thrown =
        assertThrows(
            IOException.class,
            () -> {
              Fn1<String, @Nullable Object> failing = Chem::fail;
              call(failing, "no heat");
            });
    assertEquals("no heat", thrown.getMessage());
  }

  @Test
  void shouldCallObjectsOfNamedClasses() throws Throwable {
    assertEquals(12, call(new Doubler(3), 4));
    assertEquals("Doubler.call", CapturedFunction.of(new Doubler(1)).definition().label());
    Fn1<Integer, Integer> anonymous =
        new Fn1<>() {
          private static final long serialVersionUID = 1L;

          @Override
          public Integer call(Integer a) {
            return a + 1;
          }
        };
    assertSame(
        CapturedFunction.of(anonymous).definition(), CapturedFunction.of(anonymous).definition());
  }

  @Test
  void shouldShareDefinitionsBetweenCallSites() {
    Fn1<String, Double> first = Chem::energy;
    Fn1<String, Double> second = Chem::energy;
    assertNotSame(first.getClass(), second.getClass());
    assertEquals(CapturedFunction.of(first).definition(), CapturedFunction.of(second).definition());
    assertSame(CapturedFunction.of(first), CapturedFunction.of(first));
    assertEquals("Chem.energy", CapturedFunction.of(first).definition().label());
    List<Fn1<String, Double>> bound = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Chem chem = new Chem(i);
      bound.add(chem::scaled);
    }
    CapturedFunction zero = CapturedFunction.of(bound.get(0));
    CapturedFunction one = CapturedFunction.of(bound.get(1));
    assertSame(zero.definition(), one.definition());
    assertArrayEquals(new Object[] {new Chem(0)}, zero.captures());
    assertArrayEquals(new Object[] {new Chem(1)}, one.captures());
    Fn0<Integer> lambda = () -> 1;
    String label = CapturedFunction.of(lambda).definition().label();
    assertTrue(
        label.startsWith("FunctionTest.shouldShareDefinitionsBetweenCallSites:lambda"), label);
  }

  /// Two functional interfaces: Heddle's own decides.
  private record Counting(int[] calls) implements Proc1<Integer>, LongSupplier {
    @Override
    public void run(Integer by) {
      calls[0] += by;
    }

    @Override
    public long getAsLong() {
      return calls[0];
    }
  }

  @Test
  void shouldCallObjectsByProceduresAndSendWorkerLocals() throws Throwable {
    int[] calls = {0};
    assertNull(call(new Counting(calls), 5));
    Proc2<int[], Integer> lambda = (counter, by) -> counter[0] += by;
    assertNull(call(lambda, calls, 6));
    SerializableRunnable runnable = () -> {};
    assertNull(call(runnable));
    SerializableCallable<Integer> callable = () -> 7;
    assertEquals(7, call(callable));
    ValueCodec strict = new ValueCodec(LOADER, List.of("dev.heddle.codec"));
    WorkerLocal<Integer> local = WorkerLocal.of(() -> 3);
    byte[] bytes = strict.encode(local, "x");
    WorkerLocal<?> copy =
        (WorkerLocal<?>) Objects.requireNonNull(strict.decode(bytes, 0, bytes.length));
    assertEquals(local.id(), copy.id());
    assertEquals(3, copy.maker().call());
  }

  @Test
  void shouldNameWhatThisRankLacks() {
    Fn1<String, Double> function = Chem::energy;
    FunctionDefinition definition = CapturedFunction.of(function).definition();
    ClassLoader bare = new ClassLoader(ClassLoader.getPlatformClassLoader()) {};
    assertMessage(
        () -> Invoker.resolve(definition, bare),
        "Chem.energy",
        "lacks class dev.heddle.codec.function.FunctionTest$Chem");
    assertMessage(
        () -> Invoker.resolve(definition, bare, "rank 3 on n2"),
        "function Chem.energy: the class path of rank 3 on n2 lacks class");
    FunctionDefinition renamed =
        new FunctionDefinition(
            definition.implClass(),
            "enthalpy",
            definition.implDescriptor(),
            definition.implKind(),
            definition.interfaceClass(),
            definition.interfaceMethod(),
            definition.interfaceDescriptor(),
            0,
            definition.label());
    assertMessage(() -> Invoker.resolve(renamed, LOADER), "no method enthalpy", "another version");
    assertMessage(
        () -> Invoker.resolve(renamed, LOADER, "rank 3 on n2"), "on rank 3 on n2 has no method");
    assertMessage(
        () -> Invoker.resolve(definition, LOADER).invoke(new Object[] {1, 2}),
        "takes 1",
        "given=2");
    assertMessage(
        () -> CapturedFunction.of(new ArrayList<>(List.of(1))),
        "ArrayList",
        "functional interfaces",
        "Fn0 to Fn5 and Proc0 to Proc5");
  }

  private static void assertMessage(
      org.junit.jupiter.api.function.Executable executable, String... parts) {
    String message =
        String.valueOf(assertThrows(TaskSerializationException.class, executable).getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void shouldRefuseForgedDefinitions() {
    Fn1<String, Double> function = Chem::energy;
    byte[] original = CapturedFunction.of(function).definition().toBytes();
    for (int seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = Arrays.copyOf(original, 1 + random.nextInt(original.length));
      for (int i = random.nextInt(4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        Invoker.resolve(FunctionDefinition.fromBytes(bytes), LOADER);
      } catch (TaskSerializationException e) {
        // refused
      } catch (Throwable e) {
        throw new AssertionError("seed=" + seed, e);
      }
    }
  }
}
