package dev.heddle.core;

import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;

/// What came out of one attempt of a task, on its way up.
///
/// @param taskId of the task
/// @param slot the coordinator's slot, echoed
/// @param attempt the execution, from 0
/// @param rank where it ran
/// @param flags [Frame#SUCCEEDED], [Frame#FAILED], [Frame#CANCELLED], [Frame#NOT_RUN] or
///   [Frame#RETURNED]
/// @param prefetch as its TASK had it
/// @param durationNs time on the worker's slot, decoding and encoding included
/// @param payload the encoded value, or host and failure, or nothing
public record Outcome(
    long taskId,
    int slot,
    int attempt,
    int rank,
    int flags,
    int prefetch,
    long durationNs,
    byte[] payload) {

  /// Bytes of its RESULT frame.
  int frameBytes() {
    return Frame.RESULT_BYTES + Frame.padded(payload.length);
  }

  /// Writes its RESULT frame.
  void write(MemorySegment s, long offset) {
    Frame.head(s, offset, Frame.RESULT, flags, attempt, frameBytes());
    Frame.putLong(s, offset + 8, taskId);
    Frame.putInt(s, offset + 16, slot);
    Frame.putInt(s, offset + 20, rank);
    Frame.putLong(s, offset + 24, durationNs);
    Frame.putInt(s, offset + 32, payload.length);
    Frame.putInt(s, offset + 36, prefetch);
    Frame.putBytes(s, offset + Frame.RESULT_BYTES, payload);
  }
}
