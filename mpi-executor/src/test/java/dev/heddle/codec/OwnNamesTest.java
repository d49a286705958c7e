package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.form.Admission;
import dev.heddle.codec.function.CapturedFunction;
import dev.heddle.codec.function.FunctionDefinition;
import dev.heddle.codec.function.Invoker;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The codec knows Heddle's own types by name. Here other types have these names: they are as small
/// as can be, and have a class loader of their own.
class OwnNamesTest {
  private static final Map<String, String> SOURCES =
      Map.of(
          "dev/heddle/Fn0.java",
          """
          package dev.heddle;
          public interface Fn0<R> extends java.io.Serializable { R call() throws Exception; }
          """,
          "dev/heddle/Proc1.java",
          """
          package dev.heddle;
          public interface Proc1<A> extends java.io.Serializable { void run(A a) throws Exception; }
          """,
          "dev/heddle/SerializableCallable.java",
          """
          package dev.heddle;
          public interface SerializableCallable<V>
              extends java.util.concurrent.Callable<V>, java.io.Serializable {}
          """,
          "dev/heddle/WorkerLocal.java",
          """
          package dev.heddle;
          public record WorkerLocal<T>(java.util.UUID id, Fn0<? extends T> maker) {
            public static WorkerLocal<String> sample() {
              return new WorkerLocal<>(new java.util.UUID(1, 2), user.Model::load);
            }
          }
          """,
          "dev/heddle/TaskContext.java",
          "package dev.heddle; public record TaskContext(int attempt) {}",
          "user/Model.java",
          "package user; public class Model { public static String load() { return \"loaded\"; } }",
          "user/Doer.java",
          """
          package user;
          public class Doer implements java.util.function.IntSupplier, dev.heddle.Proc1<String> {
            public static String done;
            public int getAsInt() { return 1; }
            public void run(String a) { done = a; }
          }
          """,
          "user/Asker.java",
          """
          package user;
          public class Asker
              implements java.util.function.IntSupplier, dev.heddle.SerializableCallable<String> {
            public int getAsInt() { return 1; }
            public String call() { return "asked"; }
          }
          """,
          "user/Torn.java",
          """
          package user;
          public class Torn implements java.io.Serializable, java.util.function.IntSupplier,
              java.util.function.LongSupplier {
            public int getAsInt() { return 1; }
            public long getAsLong() { return 1; }
          }
          """);

  @TempDir Path directory;
  private URLClassLoader loader;

  @BeforeEach
  void compile() throws Exception {
    URL classes = Compiled.compile(directory, SOURCES).toUri().toURL();
    loader = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
  }

  @AfterEach
  void close() throws Exception {
    loader.close();
  }

  private Object make(String name) throws Exception {
    return loader.loadClass(name).getConstructor().newInstance();
  }

  @Test
  void shouldSendWorkerLocalsWhateverThePackages() throws Throwable {
    ValueCodec codec = new ValueCodec(loader, List.of("dev.heddle", "user"));
    Object local =
        Objects.requireNonNull(
            loader.loadClass("dev.heddle.WorkerLocal").getMethod("sample").invoke(null));
    byte[] bytes = codec.encode(local, "capture 0 of A.b");
    Object copy = Objects.requireNonNull(codec.decode(bytes, 0, bytes.length));
    assertSame(local.getClass(), copy.getClass());
    assertEquals(
        local.getClass().getMethod("id").invoke(local),
        copy.getClass().getMethod("id").invoke(copy));
    Serializable maker =
        (Serializable) Objects.requireNonNull(copy.getClass().getMethod("maker").invoke(copy));
    assertEquals(
        "loaded",
        Invoker.resolve(CapturedFunction.of(maker).definition(), loader).invoke(new Object[0]));
    Admission bare = new Admission(List.of("user"));
    assertTrue(bare.admits("dev.heddle.WorkerLocal"));
    assertFalse(bare.admits("dev.heddle.TaskContext"));
    Object context =
        loader.loadClass("dev.heddle.TaskContext").getConstructor(int.class).newInstance(1);
    String message =
        String.valueOf(
            assertThrows(
                    TaskSerializationException.class,
                    () -> new ValueCodec(loader, List.of("user")).encode(context, "result of A.b"))
                .getMessage());
    assertEquals(
        "result of A.b: dev.heddle.TaskContext can't be sent: it belongs to Heddle on this rank; use"
            + " values and futures instead",
        message);
  }

  @Test
  void shouldCallObjectsByHeddlesInterfacesFirst() throws Throwable {
    Serializable doer = (Serializable) make("user.Doer");
    FunctionDefinition definition = CapturedFunction.of(doer).definition();
    assertEquals("dev.heddle.Proc1", definition.interfaceClass());
    Invoker.resolve(definition, loader).invoke(new Object[] {doer, "heat"});
    assertEquals("heat", doer.getClass().getField("done").get(null));
    Serializable asker = (Serializable) make("user.Asker");
    definition = CapturedFunction.of(asker).definition();
    assertEquals("call", definition.implMethod());
    assertEquals("asked", Invoker.resolve(definition, loader).invoke(new Object[] {asker}));
    Serializable torn = (Serializable) make("user.Torn");
    String message =
        String.valueOf(
            assertThrows(TaskSerializationException.class, () -> CapturedFunction.of(torn))
                .getMessage());
    assertTrue(message.contains("implements 2 functional interfaces"), message);
    assertTrue(message.contains("Fn0 to Fn5 and Proc0 to Proc5"), message);
  }
}
