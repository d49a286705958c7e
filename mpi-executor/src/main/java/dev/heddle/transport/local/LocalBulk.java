package dev.heddle.transport.local;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One side of a bulk transfer.
final class LocalBulk {
  final LocalNetwork.BulkKey key;
  final MemorySegment memory;

  /// Sending side: the other one, once found, and how far the copy is.
  @Nullable LocalBulk receive;

  long copiedBytes;

  LocalBulk(LocalNetwork.BulkKey key, MemorySegment memory) {
    this.key = key;
    this.memory = memory;
  }
}
