package dev.heddle.core;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Runs tasks for a [Worker]: slot threads in a process, virtual time in the simulator.
public interface Starter {
  /// Starts the TASK in `frame` on a free slot; its end is told by [Worker#onFinished].
  ///
  /// Ownership: the frame is the starter's. `values` are the large values that its handles name, in
  /// the order of the handles, null where one could not be fetched; the array is null when there
  /// are no handles. They are read until [Worker#onFinished] at the latest: what comes into their
  /// memory afterwards is another value.
  void start(int slot, byte[] frame, @Nullable MemorySegment @Nullable [] values);

  /// Nobody wants the outcome of the task in `slot` any more; it still has to end by
  /// [Worker#onFinished]. `interrupt` asks for its thread to be interrupted.
  default void cancel(int slot, boolean interrupt) {}

  /// A function's definition has arrived, before any task that uses it.
  void define(int functionId, byte[] definition);
}
