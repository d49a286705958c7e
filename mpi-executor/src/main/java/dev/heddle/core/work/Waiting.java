package dev.heddle.core.work;

import dev.heddle.wire.frame.TaskFields;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A task on its worker that needs more than its frame: large values, results of other tasks.
///
/// Shape: `needs` are as of [TaskFrame#needs], `values` in the same order; a value is null until it
/// has arrived, and stays so where it can't be had.
final class Waiting {
  final byte[] frame;
  final long[] needs;
  final @Nullable MemorySegment[] values;

  /// Values that nobody else has: their memory is used again when the task has ended.
  final boolean[] owned;

  /// Places of large values that were asked for; null when all were at hand.
  boolean @Nullable [] asked;

  int openValues;

  /// Results of tasks that have not ended.
  int openResults;

  /// The task was given up, or went back; a search that finds it passes over it.
  boolean isGone;

  public Waiting(byte[] frame, long[] needs) {
    this.frame = frame;
    this.needs = needs;
    this.values = new @Nullable MemorySegment[needs.length / 2];
    this.owned = new boolean[needs.length / 2];
  }

  public long taskId() {
    return TaskFields.taskId(frame, 0);
  }

  /// The value at `index` isn't at hand.
  void ask(int index) {
    boolean[] places = asked;
    if (places == null) {
      places = new boolean[needs.length / 2];
      asked = places;
    }
    places[index] = true;
    openValues++;
  }

  /// Whether it waits for a large value at `index`.
  boolean asksFor(long valueId, int index) {
    boolean[] places = asked;
    return places != null && places[index] && needs[2 * index] == valueId;
  }

  /// A large value has arrived, or can't be had.
  public void onValue(int index, @Nullable MemorySegment value) {
    boolean[] places = asked;
    if (places != null) {
      places[index] = false;
      values[index] = value;
      openValues--;
    }
  }

  boolean isReady() {
    return openValues + openResults == 0;
  }
}
