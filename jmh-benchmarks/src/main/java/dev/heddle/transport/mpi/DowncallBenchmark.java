package dev.heddle.transport.mpi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does the way from Java into C cost, before MPI does anything? Units: nanoseconds per call.
/// Claims 0 B/op.
///
/// `shim` is `heddle_forget`, which writes one pointer, through [MpiCalls], return code checked: the
/// way of all our calls. `libc` is `abs` with nothing around it, and `libcCritical` the same as a
/// critical call, which ours must not be. What they do not show: MPI.
///
/// `shim` needs a built shim (`./heddle test` builds it, or `mvn -Pnative`; `HEDDLE_NATIVE_DIR`
/// names another folder, `HEDDLE_MPI` one of several) and says so where there is none; the other
/// two need none.
///
/// From the top folder, with JDK 25, after `mvn -q -DskipTests package`:
///
///     $JAVA_HOME/bin/java -cp 'jmh-benchmarks/target/lib/*:jmh-benchmarks/target/classes' \
///       org.openjdk.jmh.Main DowncallBenchmark -prof gc
@NullMarked
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
public class DowncallBenchmark {
  private static final MethodHandle ABS = abs();
  private static final MethodHandle ABS_CRITICAL = abs(Linker.Option.critical(false));

  /// For JMH.
  public DowncallBenchmark() {}

  @SuppressWarnings("restricted")
  private static MethodHandle abs(Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("abs"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
        options);
  }

  /// A set of requests in the shim; MPI is loaded, and not initialized.
  @State(Scope.Thread)
  public static class Shim {
    private long requests;

    /// For JMH.
    public Shim() {}

    /// Loads the shim. Errors: [IllegalStateException] where none is built.
    @Setup
    public void load() {
      List<String> built = MpiLibrary.available();
      if (built.isEmpty()) {
        throw new IllegalStateException(
            "DowncallBenchmark.shim can't run: no shim is built. Remedy: build it (./heddle test, or"
                + " mvn -Pnative), or name its folder in HEDDLE_NATIVE_DIR");
      }
      if (System.getProperty("heddle.mpi") == null && System.getenv("HEDDLE_MPI") == null) {
        System.setProperty("heddle.mpi", built.getFirst());
      }
      requests = MpiCalls.newRequests(1);
    }
  }

  /// A value that the compiler doesn't know.
  @State(Scope.Thread)
  public static class Operand {
    private int value = -7;

    /// For JMH.
    public Operand() {}

    /// The calls reach the function that is meant.
    @Setup
    public void check() throws Throwable {
      int plain = (int) ABS.invokeExact(value);
      int critical = (int) ABS_CRITICAL.invokeExact(value);
      if (plain != -value || critical != -value) {
        throw new IllegalStateException("abs: plain=" + plain + " critical=" + critical);
      }
    }
  }

  /// The shim by way of [MpiCalls].
  @Benchmark
  public long shim(Shim shim) {
    MpiCalls.forget(shim.requests, 0);
    return shim.requests;
  }

  /// The least that a call can cost.
  @Benchmark
  public int libc(Operand operand) throws Throwable {
    return (int) ABS.invokeExact(operand.value);
  }

  /// The same without a change of the thread's state.
  @Benchmark
  public int libcCritical(Operand operand) throws Throwable {
    return (int) ABS_CRITICAL.invokeExact(operand.value);
  }
}
