package dev.heddle.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Moves the calling thread to another of the cores that it may use.
///
/// Shape: Linux's `sched_setaffinity` without the present core, then as it was: the thread is moved
/// by the first call and stays by the second. Elsewhere, and with a single core, nothing happens.
/// Threading: any platform thread; at most one at a time.
final class CoreMove {
  /// Of `cpu_set_t` as the kernel knows it at most: 8,192 cores.
  private static final int MASK_BYTES = 1024;

  private static final @Nullable CoreMove CALLS = lookUp();

  private final MethodHandle currentCore;
  private final MethodHandle getMask;
  private final MethodHandle setMask;

  @SuppressWarnings("restricted") // that is what it is for
  private CoreMove(Linker linker, SymbolLookup libc) {
    FunctionDescriptor mask =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    this.currentCore =
        linker.downcallHandle(
            libc.findOrThrow("sched_getcpu"), FunctionDescriptor.of(ValueLayout.JAVA_INT));
    this.getMask = linker.downcallHandle(libc.findOrThrow("sched_getaffinity"), mask);
    this.setMask = linker.downcallHandle(libc.findOrThrow("sched_setaffinity"), mask);
  }

  private static @Nullable CoreMove lookUp() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup libc = linker.defaultLookup();
    return libc.find("sched_setaffinity").isPresent() && libc.find("sched_getcpu").isPresent()
        ? new CoreMove(linker, libc)
        : null;
  }

  /// Moves the calling thread. Returns whether it is on another core than before.
  static boolean move() {
    CoreMove calls = CALLS;
    if (calls == null) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      return calls.moveWith(arena.allocate(MASK_BYTES, 8), arena.allocate(MASK_BYTES, 8));
    } catch (Throwable e) {
      throw new IllegalStateException("sched_setaffinity could not be called", e);
    }
  }

  private boolean moveWith(MemorySegment before, MemorySegment others) throws Throwable {
    int core = (int) currentCore.invokeExact();
    if (core < 0
        || core >= 8 * MASK_BYTES
        || (int) getMask.invokeExact(0, (long) MASK_BYTES, before) < 0) {
      return false;
    }
    others.copyFrom(before);
    int at = core / 8;
    byte rest = (byte) (others.get(ValueLayout.JAVA_BYTE, at) & ~(1 << (core % 8)));
    others.set(ValueLayout.JAVA_BYTE, at, rest);
    // without another core the first call is refused, and the second changes nothing
    int moved = (int) setMask.invokeExact(0, (long) MASK_BYTES, others);
    int restored = (int) setMask.invokeExact(0, (long) MASK_BYTES, before);
    return moved == 0 && restored == 0;
  }
}
