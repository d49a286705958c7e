package dev.heddle.core.frames;

import java.lang.foreign.MemorySegment;

/// Where large values lie while they are sent, received and read.
///
/// Shape: a segment is as long as was asked for, with any contents. Ownership: a segment that is
/// given back has no other user left; one that is never given back stays valid as long as somebody
/// can reach it. Threading: any.
public interface ValueMemory {
  /// Arrays on the heap, which the collector takes back; for tests and the simulator.
  ValueMemory HEAP =
      new ValueMemory() {
        @Override
        public MemorySegment take(long bytes) {
          return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        }

        @Override
        public void give(MemorySegment segment) {}
      };

  /// Memory of `bytes` bytes, which begin at a multiple of 64 bytes where they lie outside the
  /// heap.
  MemorySegment take(long bytes);

  /// The same for what this rank writes and another one reads: of the memory that is used again,
  /// what has rested longest, since the caches of another core may still hold what was read last.
  default MemorySegment takeToFill(long bytes) {
    return take(bytes);
  }

  /// Takes back what [#take] or [#takeToFill] gave.
  void give(MemorySegment segment);
}
