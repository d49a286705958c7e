package dev.heddle.codec;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.TaskSerializationException;
import dev.heddle.codec.Samples.Nested;
import dev.heddle.codec.Samples.Sample;
import java.io.File;
import java.io.FileReader;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PathTest {
  private static final ValueCodec CODEC =
      new ValueCodec(PathTest.class.getClassLoader(), List.of("dev.heddle.codec"));

  private static void assertRefused(Object value, String start, String remedy) {
    String message =
        Objects.requireNonNull(
            assertThrows(
                    TaskSerializationException.class,
                    () -> CODEC.encode(value, "argument 0 of Chem.energy"))
                .getMessage());
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
