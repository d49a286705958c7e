package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskSerializationException;
import dev.heddle.codec.Samples.Nested;
import dev.heddle.codec.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileReader;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.nio.channels.Channels;
import java.util.Formatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Scanner;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PathTest {
  private static final ValueCodec CODEC =
      new ValueCodec(PathTest.class.getClassLoader(), List.of("dev.heddle.codec"));

  private static String refusal(Object value) {
    return Objects.requireNonNull(
        assertThrows(
                TaskSerializationException.class,
                () -> CODEC.encode(value, "argument 0 of Chem.energy"))
            .getMessage());
  }

  private static void assertRefused(Object value, String start, String remedy) {
    String message = refusal(value);
    String expected = "argument 0 of Chem.energy: " + start + " can't be sent: ";
    assertTrue(message.startsWith(expected), () -> message + "\nexpected: " + expected);
    assertTrue(message.contains(remedy), message);
  }

  @Test
  void shouldNameThePathToWhatCannotBeSent() throws Exception {
    Sample sample = new Sample();
    File file = File.createTempFile("heddle", ".txt");
    try (FileReader reader = new FileReader(file, java.nio.charset.StandardCharsets.UTF_8)) {
      sample.reader = reader;
      assertRefused(sample, "Sample.reader -> java.io.FileReader", "open it in the task");
      assertRefused(
          List.of(1, sample),
          shortListName() + "[1] -> Sample.reader -> java.io.FileReader",
          "transient");
      assertRefused(
          Map.of("k", new Nested(sample)),
          "Map1[\"k\"] -> Nested.value -> Sample.reader -> java.io.FileReader",
          "transient");
      assertRefused(
          new Object[] {null, new Nested(reader)},
          "Object[1] -> Nested.value -> java.io.FileReader",
          "open");
      assertRefused(reader, "java.io.FileReader", "open");
    } finally {
      assertTrue(file.delete());
    }
  }

  private static String shortListName() {
    return List.of(1, 2).getClass().getSimpleName();
  }

  @Test
  void shouldSayWhatToDoForEachKind() throws Exception {
    Sample sample = new Sample();
    sample.extra = new ReentrantLock();
    assertRefused(
        sample, "Sample.extra -> java.util.concurrent.locks.ReentrantLock", "a lock belongs");
    sample.extra = Thread.currentThread();
    assertRefused(sample, "Sample.extra -> java.lang.Thread", "a thread belongs");
    sample.extra = null;
    sample.table = Map.of("future", new CompletableFuture<String>());
    assertRefused(
        sample,
        "Sample.table -> Map1[\"future\"] -> java.util.concurrent.CompletableFuture",
        "futures may be arguments");
    Runnable lambda = () -> {};
    assertRefused(
        new Nested(lambda), "Nested.value -> " + lambda.getClass().getName(), "Serializable");
    assertRefused(List.of(1).iterator(), List.of(1).iterator().getClass().getName(), "iterator");
    Stream<Integer> stream = Stream.of(1);
    assertRefused(stream, stream.getClass().getName(), "collect it");
    try (Socket socket = new Socket()) {
      assertRefused(socket, "java.net.Socket", "open");
    }
  }

  @Test
  void shouldSayWhatToDoWithWhatBelongsToThisProcess() throws Exception {
    assertHeld(new ByteArrayInputStream(new byte[1]), "send the name and open it in the task");
    assertHeld(Channels.newChannel(InputStream.nullInputStream()), "open it in the task");
    assertHeld(new Scanner("a b"), "open it in the task");
    assertHeld(ForkJoinPool.commonPool(), "an executor's threads belong to this process");
    assertHeld((Executor) Runnable::run, "it is a lambda that is not serializable");
    assertHeld(ThreadLocal.withInitial(() -> 1), "a ThreadLocal has a value per thread");
    assertHeld(new WeakReference<>("a"), "send what it refers to");
    assertHeld(new Semaphore(1), "threads of this process only");
    assertHeld(new CountDownLatch(1), "threads of this process only");
    assertHeld(Thread.currentThread().getThreadGroup(), "threads belong to this process");
    assertHeld(PathTest.class, "send its name");
    assertHeld(Objects.requireNonNull(PathTest.class.getClassLoader()), "class loaders don't");
    assertHeld(new Random(1), "send its seed");
    assertHeld(new SplittableRandom(1), "send its seed");
    assertHeld(Stream.of(1), "collect it to a list");
    assertHeld(List.of(1).iterator(), "send the collection");
    assertHeld(new Formatter(), "open it in the task");
    assertHeld(Runtime.getRuntime(), "this class of the JDK is not a value; send what it is made");
    AutoCloseable connection = new Connection();
    ValueCodec strict = new ValueCodec(PathTest.class.getClassLoader(), List.of("other"));
    String message =
        String.valueOf(
            assertThrows(
                    TaskSerializationException.class,
                    () -> strict.encode(List.of(connection), "result of A.b"))
                .getMessage());
    assertTrue(message.contains("[0] -> " + Connection.class.getName()), message);
    assertTrue(message.contains("open it in the task"), message);
  }

  /// Stands for a driver's connection to a database.
  private static final class Connection implements AutoCloseable {
    @Override
    public void close() {}
  }

  /// Checks the refusal of `value` in every kind of place, and as the whole value.
  private static void assertHeld(Object value, String remedy) {
    String name = value.getClass().getName();
    Sample sample = new Sample();
    sample.extra = value;
    assertRefused(sample, "Sample.extra -> " + name, remedy);
    assertRefused(new Nested(value), "Nested.value -> " + name, remedy);
    assertRefused(Optional.of(value), "Optional -> " + name, remedy);
    assertRefused(Map.of("k", value), "Map1[\"k\"] -> " + name, remedy);
    assertRefused(new Object[] {value}, "Object[0] -> " + name, remedy);
    String message = refusal(value);
    assertTrue(message.startsWith("argument 0 of Chem.energy: " + name + " can't be"), message);
    assertFalse(message.contains("transient"), "no field is there: " + message);
  }

  @Test
  void shouldTellTasksToLeaveTheExecutorAlone() {
    Heddle.run(
        new String[0],
        heddle -> {
          Sample sample = new Sample();
          sample.extra = heddle;
          assertRefused(
              sample, "Sample.extra -> " + heddle.getClass().getName(), "tasks can't submit tasks");
        });
    // The executor's own objects are refused, though their package begins as a user's might.
    ValueCodec own = new ValueCodec(PathTest.class.getClassLoader(), List.of("x"));
    String message =
        String.valueOf(
            assertThrows(
                    TaskSerializationException.class,
                    () ->
                        own.encode(new Object[] {dev.heddle.core.link.Limits.defaults()}, "result"))
                .getMessage());
    assertTrue(message.contains("it belongs to Heddle on this rank"), message);
  }

  @Test
  void shouldNameThePackageToAdd() {
    ValueCodec strict = new ValueCodec(PathTest.class.getClassLoader(), List.of("other"));
    String message =
        Objects.requireNonNull(
            assertThrows(
                    TaskSerializationException.class,
                    () -> strict.encode(List.of(new Nested(1)), "result of A.b"))
                .getMessage());
    assertTrue(message.contains("[0] -> dev.heddle.codec.Samples$Nested can't be sent"), message);
    assertTrue(message.contains("serializablePackages=[other]; add dev.heddle.codec"), message);
  }
}
