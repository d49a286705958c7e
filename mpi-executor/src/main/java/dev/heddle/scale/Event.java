package dev.heddle.scale;

/// Event of a run as longs: a kind and its argument.
final class Event {
  /// A rank takes a turn, if it still wants to.
  static final int WAKE = 0;

  /// A message has arrived; its number.
  static final int ARRIVED = 1;

  /// A task has ended; its rank and slot.
  static final int FINISHED = 2;

  /// A fault begins; its place in the plan.
  static final int FAULT = 3;

  /// Values of an array have been combined; the number of that work.
  static final int FOLDED = 4;

  /// A core is free, perhaps; its number.
  static final int CORE = 5;

  private static final int KIND_SHIFT = 60;
  private static final int SLOT_SHIFT = 32;

  private Event() {}

  static long of(int kind, int argument) {
    return (long) kind << KIND_SHIFT | Integer.toUnsignedLong(argument);
  }

  static long finished(int rank, int slot) {
    return of(FINISHED, rank) | (long) slot << SLOT_SHIFT;
  }

  static int kind(long event) {
    return (int) (event >>> KIND_SHIFT);
  }

  static int argument(long event) {
    return (int) event;
  }

  static int slot(long event) {
    return (int) (event >>> SLOT_SHIFT) & 0xffff;
  }
}
