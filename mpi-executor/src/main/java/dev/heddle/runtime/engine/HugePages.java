package dev.heddle.runtime.engine;

import dev.heddle.transport.mpi.NativeCall;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Asks the kernel for pages of 2 MiB where large values lie.
///
/// Why: with pages of 4 KiB a value of 1 MiB is 256 entries for the translation of addresses, on
/// either side, and what MPI copies from another process it pins page by page. 16 such values in
/// flight, copied once at the sender, went over at 5.5 GB/s in small pages and at 12 in large ones
/// (2 cores, virtual, MPICH; bare MPI from one buffer 9.8).
///
/// Shape: Linux's `madvise`. Where there is none, or the kernel gives no such pages, nothing
/// happens: pages are an offer that the kernel may decline. Threading: any.
final class HugePages {
  static final long BYTES = 2L << 20;

  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;

  private static final @Nullable MemorySegment MADVISE =
      System.getProperty("os.name", "").equals("Linux")
          ? Linker.nativeLinker().defaultLookup().find("madvise").orElse(null)
          : null;

  private HugePages() {}

  /// Has fresh memory, whose content nobody needs, lie in large pages from its next use on; it
  /// begins and ends at multiples of [#BYTES]. Returns whether the kernel took note.
  static boolean advise(MemorySegment memory) {
    MemorySegment madvise = MADVISE;
    if (madvise == null) {
      return false;
    }
    if (memory.address() % BYTES != 0 || memory.byteSize() % BYTES != 0) {
      throw new IllegalArgumentException(
          "no whole pages: address=" + memory.address() + " bytes=" + memory.byteSize());
    }
    // Whoever allocated it has written to it, so that it has small pages: they are dropped.
    return call(madvise, memory, MADV_HUGEPAGE) && call(madvise, memory, MADV_DONTNEED);
  }

  private static boolean call(MemorySegment madvise, MemorySegment memory, int advice) {
    return (int) NativeCall.call(madvise, memory.address(), memory.byteSize(), advice, 0) == 0;
  }
}
