package dev.heddle.runtime.progress;

import dev.heddle.transport.mpi.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Moves the calling thread to another of the cores that it may use.
///
/// Shape: Linux's `sched_setaffinity` is called twice, without the present core and then with the
/// mask as it was: the thread is moved by the first call and stays by the second. Elsewhere, and
/// with a single core, nothing happens. Threading: any platform thread; at most one thread at a
/// time.
final class CoreMove {
  /// The size of the largest `cpu_set_t` that the kernel knows: 8,192 cores.
  private static final int MASK_BYTES = 1024;

  /// The calling thread.
  private static final int SELF = 0;

  private static final @Nullable CoreMove CALLS = lookUp();

  private final MemorySegment currentCore;
  private final MemorySegment getMask;
  private final MemorySegment setMask;

  private CoreMove(SymbolLookup libc) {
    this.currentCore = libc.findOrThrow("sched_getcpu");
    this.getMask = libc.findOrThrow("sched_getaffinity");
    this.setMask = libc.findOrThrow("sched_setaffinity");
  }

  private static @Nullable CoreMove lookUp() {
    SymbolLookup libc = Linker.nativeLinker().defaultLookup();
    return libc.find("sched_setaffinity").isPresent() && libc.find("sched_getcpu").isPresent()
        ? new CoreMove(libc)
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
    }
  }

  private boolean moveWith(MemorySegment before, MemorySegment others) {
    int core = (int) NativeCall.call(currentCore, 0, 0, 0, 0);
    if (core < 0 || core >= 8 * MASK_BYTES || call(getMask, before) < 0) {
      return false;
    }
    others.copyFrom(before);
    int at = core / 8;
    byte rest = (byte) (others.get(ValueLayout.JAVA_BYTE, at) & ~(1 << (core % 8)));
    others.set(ValueLayout.JAVA_BYTE, at, rest);
    // without another core the first call is refused, and the second changes nothing
    int moved = call(setMask, others);
    int restored = call(setMask, before);
    return moved == 0 && restored == 0;
  }

  private static int call(MemorySegment function, MemorySegment mask) {
    return (int) NativeCall.call(function, SELF, MASK_BYTES, mask.address(), 0);
  }
}
