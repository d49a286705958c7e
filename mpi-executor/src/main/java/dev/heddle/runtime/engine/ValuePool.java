package dev.heddle.runtime.engine;

import dev.heddle.core.frames.ValueMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// Memory outside the heap for large values, used again and again: a fresh page costs more than
/// copying into it.
///
/// Shape: sizes are rounded up to a quarter of a power of two, so that at most a fifth is left
/// unused, and from 1 MiB on to whole large pages ([HugePages]). At most `idleBytesMax` bytes wait
/// to be used again. Beyond that, memory of the size that was asked for longest ago is freed at
/// once. Memory that is never given back is freed once it is unreachable, as if it lay on the heap.
/// The sum of all memory is bounded as direct buffers are, by the size of the heap. Threading: any.
final class ValuePool implements ValueMemory {
  /// Idle bytes of a rank at most: a window of 16 values of 4 MiB.
  static final long IDLE_BYTES_MAX = 64L << 20;

  private static final long PAGE_BYTES = 4096;

  private final long idleBytesMax;

  /// Free memory by its size, in the order of its return. The memory used last is in a cache. In
  /// this core's cache it suits the next value received. In another core's cache, where a value was
  /// sent, each line must be taken away from there before it is overwritten, at 3 to 5 GB/s in
  /// place of 11 (2 cores, values of 1 MiB). Values are then read as soon as they are written, so
  /// that it stays so.
  private final Map<Long, Size> sizes = new HashMap<>();

  /// The arenas that free memory before the collector does, by address. They do not keep the memory
  /// from being collected.
  private final Map<Long, Arena> owners = new HashMap<>();

  private long idleBytes;
  private long clock;

  private static final class Size {
    final long bytes;
    final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
    long lastAsked;

    Size(long bytes) {
      this.bytes = bytes;
    }
  }

  ValuePool(long idleBytesMax) {
    this.idleBytesMax = idleBytesMax;
  }

  @Override
  public MemorySegment take(long bytes) {
    return take(bytes, false);
  }

  @Override
  public MemorySegment takeToFill(long bytes) {
    return take(bytes, true);
  }

  private synchronized MemorySegment take(long bytes, boolean isRested) {
    long room = room(bytes);
    Size size = sizes.computeIfAbsent(room, Size::new);
    size.lastAsked = ++clock;
    MemorySegment segment = isRested ? size.free.pollFirst() : size.free.pollLast();
    if (segment == null) {
      segment = allocate(room);
    } else {
      idleBytes -= room;
    }
    return segment.asSlice(0, bytes);
  }

  @Override
  @SuppressWarnings("restricted") // back to the length that `take` cut it from
  public synchronized void give(MemorySegment segment) {
    long room = room(segment.byteSize());
    MemorySegment whole = segment.reinterpret(room);
    sizes.computeIfAbsent(room, Size::new).free.addLast(whole);
    idleBytes += room;
    while (idleBytes > idleBytesMax) {
      free(longestUnasked());
    }
  }

  private Size longestUnasked() {
    Size found = null;
    for (Size size : sizes.values()) {
      if (!size.free.isEmpty() && (found == null || size.lastAsked < found.lastAsked)) {
        found = size;
      }
    }
    if (found == null) {
      throw new IllegalStateException("idleBytes=" + idleBytes + " and nothing is idle");
    }
    return found;
  }

  private void free(Size size) {
    MemorySegment segment = size.free.removeFirst();
    idleBytes -= size.bytes;
    Arena owner = owners.remove(segment.address());
    if (owner != null) {
      owner.close();
    }
  }

  private MemorySegment allocate(long room) {
    try {
      return fresh(room);
    } catch (OutOfMemoryError e) {
      if (idleBytes == 0) {
        throw e;
      }
      while (idleBytes > 0) {
        free(longestUnasked());
      }
      return fresh(room);
    }
  }

  /// Memory that is freed by its own arena, or else by the collector.
  @SuppressWarnings("restricted") // the same bytes under another scope, which closes theirs
  private MemorySegment fresh(long room) {
    Arena owner = Arena.ofShared();
    MemorySegment memory = owner.allocate(room, isHuge(room) ? HugePages.BYTES : PAGE_BYTES);
    if (isHuge(room)) {
      boolean _ = HugePages.advise(memory);
    }
    long address = memory.address();
    owners.put(address, owner);
    return memory.reinterpret(Arena.ofAuto(), _ -> collected(address, owner));
  }

  /// Called by the collector's cleaner, also for memory that [#free] has freed.
  private synchronized void collected(long address, Arena owner) {
    if (owners.remove(address, owner)) {
      owner.close();
    }
  }

  synchronized long idleBytes() {
    return idleBytes;
  }

  /// Pieces of memory that are idle or in use.
  synchronized int count() {
    return owners.size();
  }

  static long room(long bytes) {
    long step = Math.max(PAGE_BYTES, Long.highestOneBit(Math.max(bytes, 1)) / 4);
    long room = roundedUp(Math.max(bytes, 1), step);
    return isHuge(room) ? roundedUp(room, HugePages.BYTES) : room;
  }

  private static long roundedUp(long bytes, long step) {
    return (bytes + step - 1) / step * step;
  }

  /// Whether `room` is worth whole large pages, of which at most half is then left unused.
  private static boolean isHuge(long room) {
    return room >= HugePages.BYTES / 2;
  }
}
