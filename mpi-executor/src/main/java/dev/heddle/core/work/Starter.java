package dev.heddle.core.work;

import dev.heddle.core.frames.ArrayDescriptor;
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

  /// Starts to work on places `from` to `to` of an array on a free slot; after some milliseconds at
  /// most, a place that takes longer aside, [Worker#onFinished] gets a PART frame for as far as it
  /// got. What is left comes back in another chunk.
  default void startChunk(int slot, ArrayDescriptor array, long from, long to) {
    throw new IllegalStateException("nobody runs arrays here: taskId=" + array.taskId());
  }

  /// Combines encoded values of an array in their order, on a thread of its own; the end is told by
  /// [Role#onFolded] with `token`.
  default void fold(ArrayDescriptor array, long token, byte[][] values) {
    throw new IllegalStateException("nobody combines here: taskId=" + array.taskId());
  }

  /// A function's definition has arrived, before any task that uses it.
  void define(int functionId, byte[] definition);
}
