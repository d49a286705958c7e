package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import dev.heddle.codec.function.Invoker;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// A user's module that exports its package, and does or doesn't open it.
class ModuleTest {
  private static final String ADVICE =
      "module sample doesn't open package sample.data to Heddle: write \"opens sample.data;\" in its"
          + " module-info.java, or start the JVM with --add-opens=sample/sample.data=ALL-UNNAMED";

  private static final Map<String, String> SOURCES =
      Map.of(
          "sample/data/Point.java",
          "package sample.data; public record Point(int x) {}",
          "sample/data/Molecule.java",
          """
          package sample.data;
          public class Molecule {
            private final double mass;
            private final String name;
            public Molecule(double mass, String name) {
              this.mass = mass;
              this.name = name;
            }
            @Override public String toString() { return name + " " + mass; }
          }
          """,
          "sample/data/Bag.java",
          """
          package sample.data;
          public class Bag {
            private final java.util.List<Object> content = new java.util.ArrayList<>();
            public Bag() { content.add("one"); }
            @Override public String toString() { return content.toString(); }
          }
          """,
          "sample/data/Work.java",
          """
          package sample.data;
          import java.io.Serializable;
          public class Work {
            public interface Function extends Serializable { int apply(int x); }
            private static int twice(int x) { return 2 * x; }
            public static Serializable reference() { return (Function) Work::twice; }
            public static Serializable capturing(int y) { return (Function) (x -> x * y); }
          }
          """);

  @TempDir Path directory;

  private ClassLoader load(String directives) throws Exception {
    Map<String, String> sources = new HashMap<>(SOURCES);
    sources.put("module-info.java", "module sample { exports sample.data; " + directives + "}");
    Path classes = Compiled.compile(directory, sources);
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("sample"));
    ClassLoader loader =
        ModuleLayer.boot()
            .defineModulesWithOneLoader(configuration, getClass().getClassLoader())
            .findLoader("sample");
    assertEquals("sample", loader.loadClass("sample.data.Point").getModule().getName());
    return loader;
  }

  private static ValueCodec codec(ClassLoader loader) {
    return new ValueCodec(loader, List.of("sample"));
  }

  private static Object make(ClassLoader loader, String name, Object... values) throws Exception {
    return loader.loadClass("sample.data." + name).getConstructors()[0].newInstance(values);
  }

  private static Serializable function(ClassLoader loader, String name, Object... values)
      throws Exception {
    Class<?>[] types = values.length == 0 ? new Class<?>[0] : new Class<?>[] {int.class};
    return (Serializable)
        Objects.requireNonNull(
            loader.loadClass("sample.data.Work").getMethod(name, types).invoke(null, values));
  }

  private static FunctionDefinition twice() {
    return new FunctionDefinition(
        "sample.data.Work",
        "twice",
        "(I)I",
        MethodHandleInfo.REF_invokeStatic,
        "sample.data.Work$Function",
        "apply",
        "(I)I",
        0,
        "Work.twice");
  }

  private static void assertAdvice(String before, Executable executable) {
    String message =
        String.valueOf(assertThrows(TaskSerializationException.class, executable).getMessage());
    assertEquals(before + ADVICE, message);
  }

  @Test
  void shouldSayWhatToWriteInAModuleThatDoesNotOpen() throws Exception {
    ClassLoader loader = load("");
    ValueCodec codec = codec(loader);
    Object point = make(loader, "Point", 1);
    assertAdvice(
        "argument 0 of A.b: sample.data.Point can't be sent: ",
        () -> codec.encode(point, "argument 0 of A.b"));
    Object bag = make(loader, "Bag");
    assertAdvice(
        "argument 0 of A.b: sample.data.Bag can't be sent: ",
        () -> codec.encode(bag, "argument 0 of A.b"));
    assertAdvice(
        "argument 0 of A.b: Object[1] -> sample.data.Bag can't be sent: ",
        () -> codec.encode(new Object[] {1, bag}, "argument 0 of A.b"));
    Object molecule = make(loader, "Molecule", 18.0, "water");
    assertAdvice(
        "argument 0 of A.b: sample.data.Molecule can't be sent: ",
        () -> codec.encode(molecule, "argument 0 of A.b"));
    Serializable reference = function(loader, "reference");
    assertAdvice("a lambda of sample.data.Work: ", () -> CapturedFunction.of(reference));
    Serializable capturing = function(loader, "capturing", 3);
    assertAdvice("a lambda of sample.data.Work: ", () -> CapturedFunction.of(capturing));
    assertAdvice("function Work.twice: ", () -> Invoker.resolve(twice(), loader));
  }

  @Test
  void shouldDoEverythingInAModuleThatOpens() throws Throwable {
    ClassLoader loader = load("opens sample.data; ");
    ValueCodec codec = codec(loader);
    for (Object value :
        new Object[] {
          make(loader, "Point", 1), make(loader, "Bag"), make(loader, "Molecule", 18.0, "water")
        }) {
      byte[] bytes = codec.encode(value, "argument 0 of A.b");
      Object copy = Objects.requireNonNull(codec.decode(bytes, 0, bytes.length));
      assertEquals(value.toString(), copy.toString());
      assertEquals(value.getClass(), copy.getClass());
    }
    CapturedFunction capturing = CapturedFunction.of(function(loader, "capturing", 3));
    @Nullable Object result =
        Invoker.resolve(capturing.definition(), loader)
            .invoke(new Object[] {capturing.captures()[0], 5});
    assertEquals(15, result);
    CapturedFunction reference = CapturedFunction.of(function(loader, "reference"));
    assertEquals(twice().implMethod(), reference.definition().implMethod());
    assertEquals(10, Invoker.resolve(twice(), loader).invoke(new Object[] {5}));
    assertTrue(loader.loadClass("sample.data.Work").getModule().isOpen("sample.data"));
  }
}
