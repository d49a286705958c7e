package dev.heddle.sim;

import java.util.Arrays;

/// What will happen, in the order of its time; what happens at the same time, in the order it was
/// added.
///
/// Shape: a binary heap over primitive arrays, 24 bytes per event. Threading: one thread.
final class EventQueue {
  private long[] times = new long[1024];
  private long[] orders = new long[1024];
  private long[] payloads = new long[1024];
  private int size;
  private long added;

  private long timeNs;
  private long payload;

  /// `argument` is kept as given, all 32 bits.
  void add(long atNs, int kind, int argument) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      orders = Arrays.copyOf(orders, size * 2);
      payloads = Arrays.copyOf(payloads, size * 2);
    }
    long order = added++;
    int hole = size++;
    while (hole > 0) {
      int above = (hole - 1) >>> 1;
      if (isBefore(times[above], orders[above], atNs, order)) {
        break;
      }
      move(above, hole);
      hole = above;
    }
    set(hole, atNs, order, (long) kind << 32 | Integer.toUnsignedLong(argument));
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// Takes the first event; [#timeNs], [#kind] and [#argument] tell about it.
  void poll() {
    timeNs = times[0];
    payload = payloads[0];
    size--;
    long lastTime = times[size];
    long lastOrder = orders[size];
    int hole = 0;
    while (true) {
      int below = 2 * hole + 1;
      if (below >= size) {
        break;
      }
      if (below + 1 < size
          && isBefore(times[below + 1], orders[below + 1], times[below], orders[below])) {
        below++;
      }
      if (isBefore(lastTime, lastOrder, times[below], orders[below])) {
        break;
      }
      move(below, hole);
      hole = below;
    }
    set(hole, lastTime, lastOrder, payloads[size]);
  }

  long timeNs() {
    return timeNs;
  }

  int kind() {
    return (int) (payload >>> 32);
  }

  int argument() {
    return (int) payload;
  }

  private static boolean isBefore(long time, long order, long otherTime, long otherOrder) {
    return time < otherTime || (time == otherTime && order < otherOrder);
  }

  private void move(int from, int to) {
    set(to, times[from], orders[from], payloads[from]);
  }

  private void set(int at, long time, long order, long what) {
    times[at] = time;
    orders[at] = order;
    payloads[at] = what;
  }
}
