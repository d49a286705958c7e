package dev.heddle.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Provides the memory for the segments of decoded values, and their lifetime.
///
/// Threading: one decode's thread.
@FunctionalInterface
public interface SegmentMemory {
  /// Segments that live as long as they are reachable. They are the reader's own, to read and to
  /// write, on any thread.
  SegmentMemory AUTOMATIC =
      new SegmentMemory() {
        @Override
        public MemorySegment copy(MemorySegment bytes) {
          return Arena.ofAuto().allocate(bytes.byteSize(), ALIGNMENT_BYTES).copyFrom(bytes);
        }
      };

  /// Segments begin at a multiple of this, the width of the widest vector.
  long ALIGNMENT_BYTES = 64;

  /// A segment with the same bytes, not on the heap. `bytes` belongs to the codec; use it during
  /// the call only.
  MemorySegment copy(MemorySegment bytes);

  /// A segment with the same bytes. They needn't be copied, since the caller leaves them alone as
  /// long as the segment lives.
  default MemorySegment view(MemorySegment bytes) {
    return copy(bytes);
  }
}
