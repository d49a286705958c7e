package dev.heddle.transport.mpi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Calls functions of C, all by one handle.
///
/// Why: for each combination of types the JDK makes code, by code that is still interpreted when a
/// rank starts. This takes 10 to 20 ms of a core, a fifth of the start with 32 ranks on two cores.
///
/// Shape: eight words in, one out. In the calling conventions of 64-bit Linux (x86-64, AArch64,
/// little-endian POWER, RISC-V) whole numbers and addresses travel in registers of that width, or
/// in slots of that width on the stack, which the caller clears: a function reads as many words as
/// it declares, and of each word the part that it declares. An `int` is returned in the lower half.
/// Nothing here is `Linker.Option.critical`: most of these functions may make MPI progress.
/// Threading: any; allocates nothing.
public final class NativeCall {
  @SuppressWarnings("restricted")
  private static final MethodHandle HANDLE =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG, JAVA_LONG));

  private NativeCall() {}

  /// Calls a function of up to four parameters. Memory that is passed must live until the call
  /// returns.
  public static long call(MemorySegment function, long a, long b, long c, long d) {
    return call(function, a, b, c, d, 0, 0, 0, 0);
  }

  static long call(
      MemorySegment function, long a, long b, long c, long d, long e, long f, long g, long h) {
    try {
      return (long) HANDLE.invokeExact(function, a, b, c, d, e, f, g, h);
    } catch (Throwable t) {
      throw rethrow(t);
    }
  }

  /// Passes runtime exceptions and errors of a downcall on; there are no checked exceptions.
  static RuntimeException rethrow(Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    throw new IllegalStateException("a downcall threw a checked exception", thrown);
  }
}
