package dev.heddle.runtime.engine;

import dev.heddle.transport.mpi.NativeCall;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Asks the kernel for pages of 2 MiB for the memory of large values.
///
/// Why: with pages of 4 KiB a value of 1 MiB takes 256 entries for the translation of addresses, on
/// either side. MPI also pins page by page the memory that it copies from another process. 16 such
/// values in flight, copied once at the sender, arrived at 5.5 GB/s from small pages and at 12 GB/s
/// from large pages (2 cores, virtual, MPICH; bare MPI from one buffer 9.8 GB/s).
///
/// Shape: Linux's `madvise`. Where it is missing, or the kernel has no such pages, nothing happens:
/// the kernel may decline the advice. Threading: any.
final class HugePages {
  static final long BYTES = 2L << 20;

  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;

  private static final @Nullable MemorySegment MADVISE =
      System.getProperty("os.name", "").equals("Linux")
          ? Linker.nativeLinker().defaultLookup().find("madvise").orElse(null)
          : null;

  private HugePages() {}

  /// Puts fresh memory into large pages, from its next use on. The memory's content is lost. The
  /// memory begins and ends at multiples of [#BYTES]. Returns whether the kernel took the advice.
  static boolean advise(MemorySegment memory) {
    MemorySegment madvise = MADVISE;
    if (madvise == null) {
      return false;
    }
    if (memory.address() % BYTES != 0 || memory.byteSize() % BYTES != 0) {
      throw new IllegalArgumentException(
          "no whole pages: address=" + memory.address() + " bytes=" + memory.byteSize());
    }
    // The allocation has written zeros to the memory, so it has small pages: they are dropped.
    return call(madvise, memory, MADV_HUGEPAGE) && call(madvise, memory, MADV_DONTNEED);
  }

  private static boolean call(MemorySegment madvise, MemorySegment memory, int advice) {
    return (int) NativeCall.call(madvise, memory.address(), memory.byteSize(), advice, 0) == 0;
  }
}
