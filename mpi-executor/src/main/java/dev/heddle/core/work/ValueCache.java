package dev.heddle.core.work;

import dev.heddle.wire.Ids;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Large values that this rank has fetched, so that the next task that needs one, here or below,
/// doesn't fetch it again.
///
/// Shape: at most `bytesMax` bytes, the least recently used leave first; a value larger than the
/// bound is handed on and not kept, nor is one that no other task can name. Ownership: the memory
/// is shared with tasks in progress, which keep theirs whatever leaves here. Threading: the
/// progress role.
public final class ValueCache {
  private final long bytesMax;
  private @Nullable LinkedHashMap<Long, MemorySegment> values;
  private long bytes;

  public ValueCache(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// Bytes that are kept.
  public long bytes() {
    return bytes;
  }

  public @Nullable MemorySegment get(long valueId) {
    return values == null ? null : values.get(valueId);
  }

  public void put(long valueId, MemorySegment value) {
    if (value.byteSize() > bytesMax || Ids.isSingleUse(valueId)) {
      return;
    }
    LinkedHashMap<Long, MemorySegment> map = values;
    if (map == null) {
      map = new LinkedHashMap<>(16, 0.75f, true);
      values = map;
    }
    MemorySegment previous = map.put(valueId, value);
    bytes += value.byteSize() - (previous == null ? 0 : previous.byteSize());
    Iterator<Map.Entry<Long, MemorySegment>> eldest = map.entrySet().iterator();
    while (bytes > bytesMax) {
      bytes -= eldest.next().getValue().byteSize();
      eldest.remove();
    }
  }
}
