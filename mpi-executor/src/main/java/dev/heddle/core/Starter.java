package dev.heddle.core;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Runs tasks for a [Worker]: slot threads in a process, virtual time in the simulator.
public interface Starter {
  /// Starts the TASK in `frame` on a free slot; its end is told by [Worker#onFinished].
  ///
  /// Ownership: the frame is the starter's. `values` are what the frame names, in that order: for a
  /// handle the VALUE frame, null where it could not be fetched, and for the result of a task the
  /// encoded value; not to be changed. The array is null when the frame names nothing. They are
  /// read until [Worker#onFinished] at the latest: what comes into their memory afterwards is
  /// another value.
  void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values);

  /// Nobody wants the outcome of the task in `slot` any more; it still has to end by
  /// [Worker#onFinished]. `interrupt` asks for its thread to be interrupted.
  default void cancel(int slot, boolean interrupt) {}

  /// A function's definition has arrived, before any task that uses it.
  void define(int functionId, byte[] definition);
}
