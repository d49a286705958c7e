package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#STATISTICS]. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. A question has the first field alone. Errors: nothing
/// is checked here.
public final class StatisticsFields {
  private static final int QUESTION = 8;
  private static final int RANKS = 16;
  private static final int SLOTS = 24;
  private static final int FREE_SLOTS = 32;
  private static final int TASKS_WAITING = 40;
  private static final int TASKS_ENDED = 48;
  private static final int TASK_TIME_NS = 56;
  private static final int VALUE_BYTES = 64;
  private static final int MESSAGES_SENT = 72;
  private static final int MESSAGES_RECEIVED = 80;
  private static final int MESSAGES_REFUSED = 88;
  private static final int UNUSED = 96;

  private StatisticsFields() {}

  /// The number of the question, from 1.
  public static long question(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + QUESTION);
  }

  /// Sets this field.
  public static void putQuestion(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + QUESTION, value);
  }

  /// Ranks that are summed up here.
  public static long ranks(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + RANKS);
  }

  /// Sets this field.
  public static void putRanks(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + RANKS, value);
  }

  /// Their slots.
  public static long slots(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + SLOTS);
  }

  /// Sets this field.
  public static void putSlots(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + SLOTS, value);
  }

  /// Slots without a task.
  public static long freeSlots(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + FREE_SLOTS);
  }

  /// Sets this field.
  public static void putFreeSlots(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + FREE_SLOTS, value);
  }

  /// Tasks at workers that have not begun.
  public static long tasksWaiting(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASKS_WAITING);
  }

  /// Sets this field.
  public static void putTasksWaiting(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TASKS_WAITING, value);
  }

  /// Outcomes that workers have sent since the start of the run.
  public static long tasksEnded(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASKS_ENDED);
  }

  /// Sets this field.
  public static void putTasksEnded(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TASKS_ENDED, value);
  }

  /// Time that ended tasks were in slots, in nanoseconds.
  public static long taskTimeNs(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASK_TIME_NS);
  }

  /// Sets this field.
  public static void putTaskTimeNs(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TASK_TIME_NS, value);
  }

  /// Bytes of large values that are kept.
  public static long valueBytes(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + VALUE_BYTES);
  }

  /// Sets this field.
  public static void putValueBytes(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + VALUE_BYTES, value);
  }

  /// Messages sent since the start of the run.
  public static long messagesSent(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + MESSAGES_SENT);
  }

  /// Sets this field.
  public static void putMessagesSent(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + MESSAGES_SENT, value);
  }

  /// Messages taken in since the start of the run.
  public static long messagesReceived(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + MESSAGES_RECEIVED);
  }

  /// Sets this field.
  public static void putMessagesReceived(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + MESSAGES_RECEIVED, value);
  }

  /// Messages refused since the start of the run.
  public static long messagesRefused(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + MESSAGES_REFUSED);
  }

  /// Sets this field.
  public static void putMessagesRefused(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + MESSAGES_REFUSED, value);
  }

  /// Whether all sums can be right: none is below 0, and what has no meaning as yet is zero.
  static boolean isRight(MemorySegment s, long offset) {
    long signs = 0;
    for (int at = QUESTION; at <= MESSAGES_REFUSED; at += 8) {
      signs |= Frame.getLong(s, offset + at);
    }
    return signs >= 0 && Frame.getLong(s, offset + UNUSED) == 0;
  }
}
