package dev.heddle.core;

import dev.heddle.graph.ArrayJob;
import dev.heddle.wire.Frame;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// An array as a rank knows it: function, combiner and arguments, once for all its ranges.
///
/// Ownership: frame and values are never changed. Threading: immutable, any thread.
///
/// @param frame the ARRAY frame
/// @param values the large values that its handles name, in the order of the handles, null where
///   one could not be fetched; the array is null when there are no handles
public record ArrayDescriptor(byte[] frame, @Nullable MemorySegment @Nullable [] values) {

  /// The task's id.
  public long taskId() {
    return Frame.getLong(frame, 8);
  }

  /// The coordinator's number for the task.
  public int slot() {
    return Frame.getInt(frame, 16);
  }

  /// Number of the function.
  public int functionId() {
    return Frame.getInt(frame, 20);
  }

  /// Higher runs first.
  public int priority() {
    return Frame.getInt(frame, 24);
  }

  /// Number of the combiner, -1 for none.
  public int combinerId() {
    return Frame.getInt(frame, 32);
  }

  /// How results travel: a form of [ArrayJob] without its bit for lists.
  public int form() {
    return Frame.getInt(frame, 36) & ~ArrayJob.LIST_INPUT;
  }

  /// Whether the function gets elements of a list.
  public boolean isList() {
    return (Frame.getInt(frame, 36) & ArrayJob.LIST_INPUT) != 0;
  }

  /// Whether each result is kept.
  public boolean isKept() {
    return form() <= ArrayJob.KEEP_DOUBLES;
  }

  /// The index at a place.
  public long index(long place) {
    return Frame.getLong(frame, 40) + place * step();
  }

  /// From one index to the next.
  public long step() {
    return Frame.getLong(frame, 48);
  }

  /// Number of places.
  public long count() {
    return Frame.getLong(frame, 56);
  }

  /// How many of the first values belong to the combiner.
  public int combinerCaptures() {
    return Frame.getInt(frame, 64);
  }

  /// How many of the next arguments belong to the function object.
  public int captures() {
    return Frame.getInt(frame, 68);
  }
}
