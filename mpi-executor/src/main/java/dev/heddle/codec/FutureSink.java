package dev.heddle.codec;

import java.util.concurrent.Future;

/// Takes the futures that an encoded value holds: they are the task's dependencies.
///
/// Shape: the same object gets the same index, another object another index; indexes count from 0
/// within one encoded value. The encoder may hand over a future more than once. Threading: called
/// on the encoding thread, during the call only. Errors: an exception of the sink ends the
/// encoding.
@FunctionalInterface
public interface FutureSink {
  /// The index of `future` in this value.
  int add(Future<?> future);
}
