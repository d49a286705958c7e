package dev.heddle.wire.frame;

import java.lang.foreign.MemorySegment;

/// Fields of a [Frame#RESULT] before its payload. The byte map stands in [Frame].
///
/// Shape: `offset` is where the frame starts. Errors: nothing is checked here.
public final class ResultFields {
  private static final int TASK_ID = 8;
  private static final int TICKET = 16;
  private static final int RANK = 20;
  private static final int DURATION_NS = 24;
  private static final int PAYLOAD_LENGTH = 32;
  private static final int PREFETCH = 36;

  private ResultFields() {}

  /// The number of its task.
  public static long taskId(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + TASK_ID);
  }

  /// Sets this field.
  public static void putTaskId(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + TASK_ID, value);
  }

  /// As its task had it.
  public static int ticket(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + TICKET);
  }

  /// Sets it.
  public static void putTicket(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + TICKET, value);
  }

  /// The rank that ran it.
  public static int rank(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + RANK);
  }

  /// Sets this field.
  public static void putRank(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + RANK, value);
  }

  /// Duration of the execution, in nanoseconds.
  public static long durationNs(MemorySegment s, long offset) {
    return Frame.getLong(s, offset + DURATION_NS);
  }

  /// Sets this field.
  public static void putDurationNs(MemorySegment s, long offset, long value) {
    Frame.putLong(s, offset + DURATION_NS, value);
  }

  /// Bytes of the payload, without padding.
  public static int payloadLength(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + PAYLOAD_LENGTH);
  }

  /// Sets this field.
  public static void putPayloadLength(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + PAYLOAD_LENGTH, value);
  }

  /// The value in its TASK, copied.
  public static int prefetch(MemorySegment s, long offset) {
    return Frame.getInt(s, offset + PREFETCH);
  }

  /// Sets this field.
  public static void putPrefetch(MemorySegment s, long offset, int value) {
    Frame.putInt(s, offset + PREFETCH, value);
  }
}
