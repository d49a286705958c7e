package dev.heddle.cli;

import dev.heddle.Heddle;
import dev.heddle.HeddleConfig;
import dev.heddle.TaskFuture;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
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
  private static final int BIG_BYTES = 100_000;

  /// The rooms in which a rank spends its start, and two programs.
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
    load(loader, FirstTasks.class.getName());
    load(loader, InitOnly.class.getName());
  }

  private static void load(ClassLoader loader, String name) throws ClassNotFoundException {
    try {
      Class<?> _ = Class.forName(name, false, loader);
    } catch (NoClassDefFoundError _) {
      // its parent is in a library that a start doesn't need
    }
  }

  /// The same combinations of types as the calls of MPI: for each the JDK makes code.
  @SuppressWarnings("restricted")
  private static void callC() {
    MemoryLayout i = ValueLayout.JAVA_INT;
    MemoryLayout j = ValueLayout.JAVA_LONG;
    MemoryLayout[][] shapes = {
      {j, i, i, i, i, j, i, j},
      {j, i, i, i, i, j, i},
      {j, j, i, i, i, j, i, i},
      {j, i, i, j, j, j},
      {j, i, j, j, j},
      {j, i, j}
    };
    Linker linker = Linker.nativeLinker();
    MemorySegment labs = linker.defaultLookup().findOrThrow("labs");
    try (Arena arena = Arena.ofConfined()) {
      for (MemoryLayout[] shape : shapes) {
        MethodHandle _ = linker.downcallHandle(labs, FunctionDescriptor.of(i, shape));
      }
      // labs reads the first of its words only
      int one =
          (int)
              linker
                  .downcallHandle(FunctionDescriptor.of(i, j, j, j, j))
                  .invokeExact(labs, -1L, 0L, 0L, 0L);
      long length =
          (long)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("strlen"),
                      FunctionDescriptor.of(j, ValueLayout.ADDRESS))
                  .invokeExact(arena.allocateFrom("heddle"));
      check(one == 1 && length == 6, "calls of C");
    } catch (Throwable thrown) {
      throw new IllegalStateException("a call of C failed", thrown);
    }
  }

  private static void body(Heddle heddle) throws InterruptedException, ExecutionException {
    List<TaskFuture<Long>> tasks = new ArrayList<>();
    for (long i = 0; i < TASKS; i++) {
      tasks.add(heddle.submit(Work::mix64, i));
    }
    long sum = heddle.submit(Work::sum, heddle.all(tasks)).get();
    check(sum == Work.expectedSum(0, TASKS), "the sum");
    TaskFuture<Sample> sample = heddle.submit(Training::sample, "a", 3);
    check(sample.then(Training::length).get() == 3, "a record");
    check(
        heddle.with(sample, 2.0).submit((s, factor) -> s.values()[0] * factor).get() == 2,
        "a lambda");
    check(
        heddle.submit(Training::big, new byte[BIG_BYTES]).get().length == BIG_BYTES, "a big value");
    check(heddle.submit(Training::joined, List.of("a", "b")).get().equals("ab"), "a list");
    check(heddle.submit(FirstTasks::mix64AndRank, 0L).get()[0] == Work.mix64(0), "an array");
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
