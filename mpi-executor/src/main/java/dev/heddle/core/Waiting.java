package dev.heddle.core;

import dev.heddle.wire.Frame;
import org.jspecify.annotations.Nullable;

/// A task on its worker that needs more than its frame: large values, results of other tasks.
///
/// Shape: `needs` are as of [TaskFrame#needs], `values` in the same order; a value is null until it
/// has come, and stays so where it can't be had.
final class Waiting {
  final byte[] frame;
  final long[] needs;
  final byte[] @Nullable [] values;

  /// Places of large values that were asked for; null when all were at hand.
  boolean @Nullable [] asked;

  int openValues;

  /// Results of tasks that have not ended.
  int openResults;

  /// It was given up, or went back; whoever finds it passes over it.
  boolean isGone;

  Waiting(byte[] frame, long[] needs) {
    this.frame = frame;
    this.needs = needs;
    this.values = new byte[needs.length][];
  }

  long taskId() {
    return Frame.getLong(frame, 8);
  }

  /// The value at `index` isn't at hand.
  void ask(int index) {
    boolean[] places = asked;
    if (places == null) {
      places = new boolean[needs.length];
      asked = places;
    }
    places[index] = true;
    openValues++;
  }

  /// A large value has come, or can't be had.
  void onValue(long valueId, byte @Nullable [] value) {
    boolean[] places = asked;
    for (int i = 0; places != null && i < places.length; i++) {
      if (places[i] && needs[i] == valueId) {
        places[i] = false;
        values[i] = value;
        openValues--;
      }
    }
  }

  boolean isReady() {
    return openValues + openResults == 0;
  }
}
