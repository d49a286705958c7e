package dev.heddle.runtime.slot;

import dev.heddle.codec.SegmentMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The memory segments among a task's arguments. They may be read on the task's thread, until the
/// task ends.
///
/// Shape: a large segment is the received memory itself. Other tasks of this rank may read it at
/// the same time, and it carries another value afterwards; hence these rules. A task that breaks
/// them gets an exception, never the bytes of another value. Threading: one slot's.
final class TaskMemory implements SegmentMemory {
  private @Nullable Arena arena;

  private Arena arena() {
    Arena open = arena;
    if (open == null) {
      open = Arena.ofConfined();
      arena = open;
    }
    return open;
  }

  @Override
  public MemorySegment copy(MemorySegment bytes) {
    return arena().allocate(bytes.byteSize(), ALIGNMENT_BYTES).copyFrom(bytes).asReadOnly();
  }

  @Override
  @SuppressWarnings("restricted") // the same bytes under a scope that ends with the task
  public MemorySegment view(MemorySegment bytes) {
    return bytes.isNative()
        ? bytes.reinterpret(arena(), new Keeping(bytes)).asReadOnly()
        : copy(bytes);
  }

  /// Keeps the memory from being collected until the task's arena closes.
  private record Keeping(MemorySegment bytes) implements Consumer<MemorySegment> {
    @Override
    public void accept(MemorySegment closed) {}
  }

  /// Closes the segments: the task has ended.
  void end() {
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
