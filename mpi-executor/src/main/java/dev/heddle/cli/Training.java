package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/// The program that `heddle` runs once per build, on threads, so that the JVM can archive what a
/// rank loads and links as it starts: a run with a tree of ranks and values of several kinds, every
/// class of the rooms that make a rank, MPI's among them, and what the JDK needs to call C.
///
/// Threading: the body's thread on rank 0. Needs the executor's jar, the API's and the queues', no
/// other.
public final class Training {
  private static final int TASKS = 500;

  /// What the squares of 0 to TASKS - 1 are in sum.
  private static final long SQUARES = (TASKS - 1L) * TASKS * (2L * TASKS - 1) / 6;

  private static final int BIG_BYTES = 100_000;

  /// The rooms in which a rank spends its start.
  private static final List<String> ROOMS =
      List.of("wire", "graph", "core", "transport", "codec", "runtime");

  private Training() {}

  /// A value of the training.
  ///
  /// @param name any
  /// @param values any
  record Sample(String name, double[] values) {}

  /// Trains. Errors: [IllegalStateException] where a result is wrong; then nothing is archived.
  public static void main(String[] args)
      throws IOException, URISyntaxException, ClassNotFoundException {
    HeddleConfig config =
        HeddleConfig.builder()
            .serializablePackages(Training.class.getPackageName())
            .localRanks(4)
            .fanout(2)
            .build();
    loadRooms();
    callC();
    boolean _ = Heddle.run(config, args, Training::body);
  }

  /// Without initialising them: MPI's would load an MPI.
  private static void loadRooms() throws IOException, URISyntaxException, ClassNotFoundException {
    ClassLoader loader = Objects.requireNonNull(Training.class.getClassLoader(), "not the JDK's");
    CodeSource source = Training.class.getProtectionDomain().getCodeSource();
    try (JarFile jar = new JarFile(Path.of(source.getLocation().toURI()).toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        if (name.endsWith(".class")
            && ROOMS.stream().anyMatch(room -> name.startsWith("dev/heddle/" + room + "/"))
            && !name.endsWith("package-info.class")) {
          load(loader, name.substring(0, name.length() - ".class".length()).replace('/', '.'));
        }
      }
    }
  }

  private static void load(ClassLoader loader, String name) throws ClassNotFoundException {
    try {
      Class<?> _ = Class.forName(name, false, loader);
    } catch (NoClassDefFoundError _) {
      // its parent is in a library that a start doesn't need
    }
  }

  /// A call of C as those of MPI are, and what else a rank does before and after it: the JDK
  /// archives what was linked here.
  @SuppressWarnings("restricted")
  private static void callC() {
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom("heddle");
      long length =
          (long)
              linker
                  .downcallHandle(
                      FunctionDescriptor.of(word, word, word, word, word, word, word, word, word))
                  .invokeExact(
                      linker.defaultLookup().findOrThrow("strlen"),
                      text.address(),
                      0L,
                      0L,
                      0L,
                      0L,
                      0L,
                      0L,
                      0L);
      check(length == 6 && text.getString(0).equals("heddle"), "a call of C");
      MemorySegment words = arena.allocateFrom(word, 1, 2);
      words.setAtIndex(word, 1, words.getAtIndex(word, 0));
      check(words.toArray(word)[1] == 1, "words");
      MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 2);
      numbers.set(ValueLayout.JAVA_INT, 0, 3);
      numbers.setAtIndex(ValueLayout.JAVA_INT, 1, 4);
      check(numbers.toArray(ValueLayout.JAVA_INT)[1] == 4, "numbers");
      byte[] bytes = new byte[4];
      MemorySegment.copy(numbers, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
      MemorySegment.copy(bytes, 0, numbers, ValueLayout.JAVA_BYTE, 4, bytes.length);
      check(numbers.getAtIndex(ValueLayout.JAVA_INT, 1) == 3, "bytes");
      CompletableFuture<Integer> code = new CompletableFuture<>();
      Thread.ofPlatform().start(() -> code.complete(0));
      check(code.get(1, TimeUnit.MINUTES) == 0, "a thread");
    } catch (Throwable thrown) {
      throw new IllegalStateException("a call of C failed", thrown);
    }
  }

  private static void body(Heddle heddle) throws InterruptedException, ExecutionException {
    List<TaskFuture<Long>> tasks = new ArrayList<>();
    for (long i = 0; i < TASKS; i++) {
      tasks.add(heddle.submit(Training::square, i));
    }
    long sum = heddle.submit(Training::sum, heddle.all(tasks)).get();
    check(sum == SQUARES, "the sum");
    TaskFuture<Sample> sample = heddle.submit(Training::sample, "a", 3);
    check(sample.then(Training::length).get() == 3, "a record");
    check(
        heddle.with(sample, 2.0).submit((s, factor) -> s.values()[0] * factor).get() == 2,
        "a lambda");
    check(
        heddle.submit(Training::big, new byte[BIG_BYTES]).get().length == BIG_BYTES, "a big value");
    check(heddle.submit(Training::joined, List.of("a", "b")).get().equals("ab"), "a list");
    check(heddle.submit(Training::pair, 7L).get()[1] == 7, "an array");
    try {
      Object _ = heddle.submit(Training::failing, 1).get();
      throw new IllegalStateException("a task that throws has a result");
    } catch (ExecutionException planned) {
      check(planned.getCause() instanceof ArithmeticException, "an exception");
    }
  }

  private static void check(boolean isRight, String what) {
    if (!isRight) {
      throw new IllegalStateException("training: " + what + " came out wrong");
    }
  }

  static long square(long number) {
    return number * number;
  }

  static long sum(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).sum();
  }

  static long[] pair(long number) {
    return new long[] {number, number};
  }

  static Sample sample(String name, int count) {
    double[] values = new double[count];
    java.util.Arrays.fill(values, 1);
    return new Sample(name, values);
  }

  static int length(Sample sample) {
    return sample.values().length;
  }

  static byte[] big(byte[] value) {
    return value;
  }

  static String joined(List<String> words) {
    return String.join("", words);
  }

  static int failing(int one) {
    throw new ArithmeticException("planned " + one);
  }
}
