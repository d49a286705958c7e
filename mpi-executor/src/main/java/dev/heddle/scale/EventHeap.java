package dev.heddle.scale;

import java.util.Arrays;

/// What will happen, in the order of its time.
///
/// Shape: a radix heap over primitive arrays, 16 bytes per event. Nothing may be added before the
/// time of the event taken last, as time doesn't run backwards. An event moves to a lower bucket at
/// most once per bit of its distance in time, and moves are sequential in memory: with millions of
/// events a heap of comparisons would miss the cache at every level. What happens at the same time
/// comes in an order that depends on nothing but the calls made so far, so it is the same in every
/// run. Threading: one thread.
///
/// Source: Ahuja, Mehlhorn, Orlin and Tarjan, *Faster Algorithms for the Shortest Path Problem*,
/// Journal of the ACM 37, 1990.
final class EventHeap {
  private static final int BUCKETS = 64;

  /// Bucket b > 0 has the times whose highest bit that differs from `lastNs` is bit b - 1.
  private final long[][] times = new long[BUCKETS][16];

  private final long[][] events = new long[BUCKETS][16];
  private final int[] sizes = new int[BUCKETS];

  /// Bit b is set where bucket b has something.
  private long occupied;

  private long lastNs;
  private int size;
  private int sizeMax;

  /// Errors: [IllegalArgumentException] for a time before that of the event taken last.
  void add(long atNs, long event) {
    if (atNs < lastNs) {
      throw new IllegalArgumentException("atNs=" + atNs + " is before nowNs=" + lastNs);
    }
    put(atNs, event);
    size++;
    sizeMax = Math.max(sizeMax, size);
  }

  private void put(long atNs, long event) {
    int bucket = BUCKETS - Long.numberOfLeadingZeros(atNs ^ lastNs);
    int at = sizes[bucket]++;
    if (at == times[bucket].length) {
      times[bucket] = Arrays.copyOf(times[bucket], at * 2);
      events[bucket] = Arrays.copyOf(events[bucket], at * 2);
    }
    times[bucket][at] = atNs;
    events[bucket][at] = event;
    occupied |= 1L << bucket;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// Most events that were kept at the same time.
  int sizeMax() {
    return sizeMax;
  }

  /// Takes the next event; [#timeNs] is its time. Errors: [IllegalStateException] when there is
  /// none.
  long poll() {
    if (size == 0) {
      throw new IllegalStateException("nothing will ever happen again");
    }
    if (sizes[0] == 0) {
      spread();
    }
    size--;
    int at = --sizes[0];
    if (at == 0) {
      occupied &= ~1L;
    }
    return events[0][at];
  }

  /// Moves time on to the next event, and the events of its bucket to lower ones.
  private void spread() {
    int bucket = Long.numberOfTrailingZeros(occupied);
    long[] from = times[bucket];
    long[] what = events[bucket];
    int count = sizes[bucket];
    long least = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, from[i]);
    }
    lastNs = least;
    sizes[bucket] = 0;
    occupied &= ~(1L << bucket);
    for (int i = 0; i < count; i++) {
      put(from[i], what[i]);
    }
  }

  /// The time of the event taken last.
  long timeNs() {
    return lastNs;
  }
}
