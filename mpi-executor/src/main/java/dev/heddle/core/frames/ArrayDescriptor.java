package dev.heddle.core.frames;

import dev.heddle.graph.ArrayJob;
import dev.heddle.wire.frame.ArrayFields;
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
    return ArrayFields.taskId(frame, 0);
  }

  /// The coordinator's number for the task.
  public int ticket() {
    return ArrayFields.ticket(frame, 0);
  }

  /// Number of the function.
  public int functionId() {
    return ArrayFields.functionId(frame, 0);
  }

  /// Higher runs first.
  public int priority() {
    return ArrayFields.priority(frame, 0);
  }

  /// Number of the combiner, -1 for none.
  public int combinerId() {
    return ArrayFields.combinerId(frame, 0);
  }

  /// How results travel: a form of [ArrayJob] without its bit for lists.
  public int form() {
    return ArrayFields.form(frame, 0) & ~ArrayJob.LIST_INPUT;
  }

  /// Whether the function gets elements of a list.
  public boolean isList() {
    return (ArrayFields.form(frame, 0) & ArrayJob.LIST_INPUT) != 0;
  }

  /// Whether each result is kept.
  public boolean isKept() {
    return form() <= ArrayJob.KEEP_DOUBLES;
  }

  /// The index at a place.
  public long index(long place) {
    return ArrayFields.firstIndex(frame, 0) + place * step();
  }

  /// From one index to the next.
  public long step() {
    return ArrayFields.step(frame, 0);
  }

  /// Number of places.
  public long count() {
    return ArrayFields.indexCount(frame, 0);
  }

  /// How many of the first values belong to the combiner.
  public int combinerCaptures() {
    return ArrayFields.combinerCaptures(frame, 0);
  }

  /// How many of the next arguments belong to the function object.
  public int captures() {
    return ArrayFields.captures(frame, 0);
  }
}
