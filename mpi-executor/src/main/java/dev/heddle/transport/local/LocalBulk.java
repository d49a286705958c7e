package dev.heddle.transport.local;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One side of a bulk transfer.
final class LocalBulk {
  final LocalNetwork.BulkKey key;
  final MemorySegment memory;

  /// Sending side: the receiving side, once found, and the bytes copied so far.
  @Nullable LocalBulk receive;

  long copiedBytes;

  LocalBulk(LocalNetwork.BulkKey key, MemorySegment memory) {
    this.key = key;
    this.memory = memory;
  }
}
