package dev.heddle.core;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Large values that this rank has fetched, so that the next task that needs one, here or below,
/// doesn't fetch it again.
///
/// Shape: at most `bytesMax` bytes, the least recently used leave first; a value larger than the
/// bound is handed on and not kept. Ownership: the arrays are shared with tasks in progress, which
/// keep theirs whatever leaves here. Threading: the progress role.
final class ValueCache {
  private final long bytesMax;
  private @Nullable LinkedHashMap<Long, byte[]> values;
  private long bytes;

  ValueCache(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  byte @Nullable [] get(long valueId) {
    return values == null ? null : values.get(valueId);
  }

  void put(long valueId, byte[] value) {
    if (value.length > bytesMax) {
      return;
    }
    LinkedHashMap<Long, byte[]> map = values;
    if (map == null) {
      map = new LinkedHashMap<>(16, 0.75f, true);
      values = map;
    }
    byte[] previous = map.put(valueId, value);
    bytes += value.length - (previous == null ? 0 : previous.length);
    Iterator<Map.Entry<Long, byte[]>> eldest = map.entrySet().iterator();
    while (bytes > bytesMax) {
      bytes -= eldest.next().getValue().length;
      eldest.remove();
    }
  }
}
