package dev.heddle.wire.fault;

import java.lang.foreign.MemorySegment;

/// Which messages of a rank meet a fault.
///
/// Shape: a verdict is [#PASS], [#DROP], [#END], or, of a message that leaves, the nanoseconds
/// above 0 for which it is held. Threading: the progress role of its rank. Ownership: the message
/// may be read during the call only.
public interface Faults {
  /// The message goes on as it is.
  long PASS = 0;

  /// The message is lost.
  long DROP = -1;

  /// The process ends before the message leaves, or before it is taken in.
  long END = -2;

  /// The verdict on a message of `bytes` that is about to leave.
  long onSend(MemorySegment message, int bytes);

  /// The verdict on a message of `bytes` that has arrived; it can't be held.
  default long onReceive(MemorySegment message, int bytes) {
    return PASS;
  }
}
